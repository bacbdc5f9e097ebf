"""What does a calendar's invitation say? (iCalendar, RFC 5545; what is asked or answered by it, iTIP, RFC 5546)

The library resolves time zones, also those of Outlook's names. Whatever it stumbles over is no invitation.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from leadwell.formats.mime import whole_characters

MOST_BYTES: Final = 1_000_000
_MOST_PARTIES: Final = 50
_MOST_EVENTS: Final = 50
_MOST_TEXT: Final = 50_000
_KINDS: Final = ("VEVENT", "VTODO", "VJOURNAL", "VFREEBUSY")
_THINGS: Final = ("RESOURCE", "ROOM")


@dataclass(frozen=True)
class Party:
    """Whoever invites or is invited. `answer`: in small letters, as `accepted`."""

    address: str
    name: str = ""
    answer: str = ""


@dataclass(frozen=True)
class Invitation:
    """`method`: REQUEST, CANCEL, REPLY, COUNTER …, in capitals; '' where it says none. `kind`: VEVENT, or what else the
    calendar holds; '' where it cannot be read. `version`: the greater of two is the one that stands (RFC 5546, 2.1.5).
    `starts`, `ends`: ISO 8601, as a day where it says no hour, without a zone where it says none."""

    method: str
    kind: str
    uid: str = ""
    version: str = ""
    changed: bool = False
    starts: str = ""
    ends: str = ""
    summary: str = ""
    description: str = ""
    place: str = ""
    comment: str = ""
    organizer: Party | None = None
    attendees: tuple[Party, ...] = ()
    cancelled: bool = False


def read_invitations(raw: bytes) -> tuple[Invitation, ...]:
    """Of each event, its exceptions aside; none where it is no calendar. One that cannot be read has no `kind`."""
    if len(raw) > MOST_BYTES or not raw.lstrip().removeprefix(b"\xef\xbb\xbf").upper().startswith(b"BEGIN:VCALENDAR"):
        return ()
    import icalendar  # noqa: PLC0415  only where a calendar hangs on a mail

    try:
        calendar = icalendar.Calendar.from_ical(raw)
        parts = [one for one in calendar.walk() if one.name in _KINDS]
        events = [one for one in parts if one.name == "VEVENT"]
        each: dict[str, Any] = {}
        for one in [one for one in events if not _is_exception(one)] or events[:1]:
            each.setdefault(_text(one, "UID"), one)
        found = [_invitation(calendar, one) for one in list(each.values())[:_MOST_EVENTS]]
        kind = str(parts[0].name) if parts else ""
        return tuple(found) or (Invitation(_text(calendar, "METHOD").upper(), kind),)
    except Exception:  # noqa: BLE001  on what is broken the library raises errors of every kind
        return (Invitation("", ""),)


def _is_exception(event: Any) -> bool:
    """Of one day of what comes again and again."""
    return event.get("RECURRENCE-ID") is not None


def when(instant: str, zone: str = "") -> str:
    """The words by which it is read when somebody is to be seen, by the clock of `zone`: `2026-12-03 at 10:30`.

    '' where it is no time."""
    try:
        at = datetime.fromisoformat(instant)
    except ValueError:
        return ""
    if len(instant) <= len("2026-12-03"):
        return instant
    if zone and at.tzinfo is not None:
        with suppress(ValueError, OSError, OverflowError):  # no zone of that name
            at = at.astimezone(ZoneInfo(zone))
    return f"{at:%Y-%m-%d at %H:%M}"


def _invitation(calendar: Any, event: Any) -> Invitation:
    status = _text(event, "STATUS").upper()
    method = _text(calendar, "METHOD").upper()
    sequence = _number(_text(event, "SEQUENCE"))
    return Invitation(
        method=method,
        kind="VEVENT",
        uid=_text(event, "UID"),
        version=f"{sequence:09d} {_instant(event, 'DTSTAMP')}",
        changed=sequence > 0,
        starts=_instant(event, "DTSTART"),
        ends=_instant(event, "DTEND") or _after(event),
        summary=_text(event, "SUMMARY"),
        description=_text(event, "DESCRIPTION"),
        place=_text(event, "LOCATION"),
        comment=_text(event, "COMMENT"),
        organizer=next(_parties(event.get("ORGANIZER")), None),
        attendees=tuple(_parties(event.get("ATTENDEE"))),
        cancelled=method == "CANCEL" or status == "CANCELLED",
    )


def _text(component: Any, name: str) -> str:
    value = component.get(name)
    found = "\n".join(map(str, value)) if isinstance(value, list) else str(value or "")
    return whole_characters(found[:_MOST_TEXT]).replace("\0", "").strip()


def _number(said: str) -> int:
    return int(said) if said.isascii() and said.isdigit() and len(said) < 10 else 0


def _instant(event: Any, name: str) -> str:
    value = getattr(event.get(name), "dt", None)
    return value.isoformat() if isinstance(value, date | datetime) else ""


def _after(event: Any) -> str:
    """The end of what says only how long it is."""
    starts, lasts = getattr(event.get("DTSTART"), "dt", None), getattr(event.get("DURATION"), "dt", None)
    return (starts + lasts).isoformat() if isinstance(starts, date) and isinstance(lasts, timedelta) else ""


def _parties(value: Any) -> Iterator[Party]:
    """People, not rooms. An address is written `mailto:ana@example.com`."""
    listed: Iterable[Any] = value if isinstance(value, list) else [] if value is None else [value]
    for one in list(listed)[:_MOST_PARTIES]:
        told = getattr(one, "params", {})
        address = str(told.get("EMAIL") or one).strip()
        address = address[7:] if address.lower().startswith("mailto:") else address
        if str(told.get("CUTYPE") or "").upper() not in _THINGS and "@" in address:
            name, answer = str(told.get("CN") or "").strip(), str(told.get("PARTSTAT") or "").lower()
            named = "" if "@" in name else whole_characters(name)
            yield Party(whole_characters(address), named, answer)
