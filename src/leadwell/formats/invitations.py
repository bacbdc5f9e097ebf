"""What does a calendar's invitation say? (iCalendar, RFC 5545; what is asked or answered by it, iTIP, RFC 5546)

The library resolves time zones, also those of Outlook's names. Whatever it stumbles over is no invitation. Of what
comes again and again (`recurring`) the next hour that stands is the appointment's.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from leadwell.formats.mime import decoded, whole_characters
from leadwell.formats.recurring import Change, Hour, changed, hours_of, next_of

MOST_BYTES: Final = 1_000_000
_MOST_PARTIES: Final = 50
_MOST_EVENTS: Final = 50
_MOST_TEXT: Final = 50_000
_KINDS: Final = ("VEVENT", "VTODO", "VJOURNAL", "VFREEBUSY")
_THINGS: Final = ("RESOURCE", "ROOM")
_FOLDED: Final = re.compile(rb"\r?\n[ \t]")


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
    `starts`, `ends`: ISO 8601, as a day where it says no hour, without a zone where it says none. `hours`: of what
    comes again and again; `changes`: where it tells only of some of these. `said_at`: when it was written.
    `markup`: what it says in HTML, beside its description or in its place."""

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
    markup: str = ""
    organizer: Party | None = None
    attendees: tuple[Party, ...] = ()
    cancelled: bool = False
    hours: tuple[Hour, ...] = ()
    changes: tuple[Change, ...] = ()
    said_at: str = ""


def read_invitations(raw: bytes, charset: str = "") -> tuple[Invitation, ...]:
    """One for each appointment, however often it takes place; none where it is no calendar. One that cannot be read has
    no `kind`. `charset`: as it is said to be in, which counts where it is not in UTF-8."""
    if len(raw) > MOST_BYTES:
        return ()
    text = decoded(_FOLDED.sub(b"", raw), charset).lstrip("\ufeff \t\r\n")
    if not text[:15].upper().startswith("BEGIN:VCALENDAR"):
        return ()
    import icalendar  # noqa: PLC0415  only where a calendar hangs on a mail

    try:
        calendar = icalendar.Calendar.from_ical(text)
        parts = [one for one in calendar.walk() if one.name in _KINDS]
        each: dict[str, list[Any]] = {}
        for one in [one for one in parts if one.name == "VEVENT"]:
            each.setdefault(_text(one, "UID"), []).append(one)
        found = [_invitation(calendar, events) for events in list(each.values())[:_MOST_EVENTS]]
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


def _invitation(calendar: Any, events: Sequence[Any]) -> Invitation:
    """`events`: of one UID, the exceptions of what comes again and again among them."""
    event = next((one for one in events if not _is_exception(one)), events[0])
    method = _text(calendar, "METHOD").upper()
    sequence, said_at = _number(_text(event, "SEQUENCE")), _instant(event, "DTSTAMP")
    changes = [_change(one, method) for one in events[:_MOST_EVENTS] if _is_exception(one) or method == "ADD"]
    alone, hours = _is_exception(event) or method == "ADD", _hours(event)
    if changes and hours and not alone:
        hours = changed(hours, changes)
    first = next_of(hours, said_at) or Hour(_instant(event, "DTSTART"), _instant(event, "DTEND") or _after(event))
    return Invitation(
        method=method,
        kind="VEVENT",
        uid=_text(event, "UID"),
        version=f"{sequence:09d} {said_at}",
        changed=sequence > 0,
        starts=first.starts,
        ends=first.ends,
        summary=_text(event, "SUMMARY"),
        description=_text(event, "DESCRIPTION"),
        place=_text(event, "LOCATION"),
        comment=_text(event, "COMMENT"),
        markup=_text(event, "X-ALT-DESC"),
        organizer=next(_parties(event.get("ORGANIZER")), None),
        attendees=tuple(_parties(event.get("ATTENDEE"))),
        cancelled=_is_cancelled(event, method),
        hours=tuple(hours),
        changes=tuple(changes) if alone else (),
        said_at=said_at,
    )


def _is_cancelled(event: Any, method: str) -> bool:
    return method == "CANCEL" or _text(event, "STATUS").upper() == "CANCELLED"


def _hours(event: Any) -> list[Hour]:
    """Where its rule is broken, its first hour is told all the same."""
    with suppress(ValueError, TypeError, AttributeError, OverflowError):
        return _recurring(event)
    return []


def _recurring(event: Any) -> list[Hour]:
    """Of what comes again and again, by a rule or on days that are named; none of anything else."""
    start, end, lasts = (getattr(event.get(name), "dt", None) for name in ("DTSTART", "DTEND", "DURATION"))
    named = _days(event.get("RDATE"))
    if (event.get("RRULE") is None and not named) or _is_exception(event) or not isinstance(start, date):
        return []
    if lasts is None and end is not None:
        lasts = end - start
    rule = event.get("RRULE") or {}
    return hours_of(start, lasts, rule[0] if isinstance(rule, list) else rule, _days(event.get("EXDATE")), named)


def _days(value: Any) -> list[date]:
    listed = value if isinstance(value, list) else [] if value is None else [value]
    return [one.dt for each in listed for one in each.dts if isinstance(one.dt, date)]


def _change(event: Any, method: str) -> Change:
    """What an exception says of its hour; or which is added to the others."""
    hour = Hour(_instant(event, "DTSTART"), _instant(event, "DTEND") or _after(event))
    stands = hour.starts and not _is_cancelled(event, method)
    of = event.get("RECURRENCE-ID")
    following = str(getattr(of, "params", {}).get("RANGE") or "").upper() == "THISANDFUTURE"
    return Change(_instant(event, "RECURRENCE-ID") or hour.starts, hour if stands else None, following)


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
