"""What does a calendar's invitation say? (iCalendar, RFC 5545; what is asked or answered by it, iTIP, RFC 5546)

The library resolves time zones, also those of Outlook's names. Whatever it stumbles over is no invitation.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from leadwell.formats.mime import whole_characters

MOST_BYTES: Final = 1_000_000
_MOST_PARTIES: Final = 50
_MOST_TEXT: Final = 50_000
_THINGS: Final = ("RESOURCE", "ROOM")


@dataclass(frozen=True)
class Party:
    """Whoever invites or is invited. `answer`: in small letters, as `accepted`."""

    address: str
    name: str = ""
    answer: str = ""


@dataclass(frozen=True)
class Invitation:
    """`method`: REQUEST, CANCEL, REPLY, COUNTER …, in capitals; '' where it says none. `starts`, `ends`: ISO 8601, as a
    day where it says no hour, without a zone where it says none."""

    method: str
    uid: str
    sequence: int
    starts: str
    ends: str
    summary: str = ""
    description: str = ""
    place: str = ""
    comment: str = ""
    organizer: Party | None = None
    attendees: tuple[Party, ...] = ()
    cancelled: bool = False


def read_invitation(raw: bytes) -> Invitation | None:
    """Of its first event; None where there is none that can be read."""
    if len(raw) > MOST_BYTES or b"VEVENT" not in raw.upper():
        return None
    import icalendar  # noqa: PLC0415  only where a calendar hangs on a mail

    try:
        calendar = icalendar.Calendar.from_ical(raw)
        events = calendar.walk("VEVENT")
        return _invitation(calendar, events[0]) if events else None
    except Exception:  # noqa: BLE001  on what is no calendar the library raises errors of every kind
        return None


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
    return Invitation(
        method=method,
        uid=_text(event, "UID"),
        sequence=_number(_text(event, "SEQUENCE")),
        starts=_instant(event, "DTSTART"),
        ends=_instant(event, "DTEND"),
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
