"""On whose clock is somebody called: theirs, or ours where nothing tells which is theirs?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from zoneinfo import ZoneInfo

from django.utils import timezone

from leadwell.permission.rules import law
from leadwell.permission.saying import city
from leadwell.reading.callback import FIRST, LAST
from leadwell.server.access.models import Organization
from leadwell.server.consent.telling import when


@dataclass(frozen=True)
class Clock:
    """`zone`: '' where it was not kept. `ours`: nothing tells which is theirs, or it may be one of several. `here`: the
    clock of the organisation, '' where it is not asked for. `perhaps`: of ours, the zones in which they may be, ()
    where nothing tells."""

    zone: str
    ours: bool = False
    here: str = ""
    perhaps: tuple[str, ...] = ()


def clock_of(organization: int, theirs: ZoneInfo | None, perhaps: Iterable[str] = ()) -> Clock:
    """`perhaps`: where they may be, where one is not known."""
    here = Organization.objects.values_list("time_zone", flat=True).get(pk=organization)
    if theirs is not None:
        return Clock(theirs.key, here=here)
    return Clock(here, ours=True, here=here, perhaps=tuple(sorted(set(perhaps))))


def now_on(clock: Clock) -> str:
    """“Chicago time, 4:54 pm there”, “Our time, 4:54 pm; theirs is not known”."""
    local = timezone.now().astimezone(ZoneInfo(clock.zone))
    at = f"{local.hour % 12 or 12}:{local:%M} {'am' if local.hour < 12 else 'pm'}"
    return f"Our time, {at}; theirs is not known" if clock.ours else f"{city(clock.zone)} time, {at} there"


def said_back(at: datetime, clock: Clock) -> str:
    """“Sat 3:00 pm, Chicago time”, “3:00 pm today, our time (Chicago)”; of one said by another clock, that too:
    “1:00 pm tomorrow, Los Angeles time (3:00 pm our time, Chicago)”."""
    there, now = ZoneInfo(clock.zone) if clock.zone else None, timezone.now()
    today = timezone.localtime(at, there).date() == timezone.localtime(now, there).date()
    return f"{when(at, now, there)}{' today' if today else ''}{_whose(clock)}{_as_said(at, clock)}"


def guessed(at: datetime, clock: Clock) -> str:
    """“By our clock (Chicago), which is a guess: they may be in Chicago or New York”; '' where one clock is theirs, or
    was named."""
    if not clock.zone or not clock.ours or _named(at, clock):
        return ""
    cities = [city(zone) for zone in clock.perhaps]
    where = f"they may be in {_either(cities)}" if cities else "nothing tells where they are"
    return f"By our clock ({city(clock.zone)}), which is a guess: {where}"


def not_allowed(at: datetime, clock: Clock) -> str:
    """“5:00 am there: no call is allowed before 8:00 am”, “5:00 am in Los Angeles, …”; '' where a call is lawful
    wherever they may be."""
    if not clock.zone:
        return ""
    named = _named(at, clock)
    if named or not clock.ours:
        there = at.astimezone(ZoneInfo(named or clock.zone))
        return "" if _lawful(there) else f"{_hour(there.time())} there: no call is allowed {_allowed(there)}"
    closed = [one for zone in clock.perhaps or law().everywhere if not _lawful(one := at.astimezone(ZoneInfo(zone)))]
    if not closed:
        return ""
    one = min(closed, key=lambda there: (there.hour >= FIRST, there.replace(tzinfo=None)))
    where = city(str(one.tzinfo))
    return f"If they are in {where}: {_hour(one.time())} there, and no call is allowed {_allowed(one)}"


def _named(at: datetime, clock: Clock) -> str:
    """The zone by which they said it, where nothing else tells which is theirs."""
    key = getattr(at.tzinfo, "key", "")
    return key if clock.ours and key not in ("", clock.zone) else ""


def _lawful(there: datetime) -> bool:
    return FIRST <= there.hour < LAST


def _allowed(there: datetime) -> str:
    return f"before {_hour(time(FIRST))}" if there.hour < FIRST else f"from {_hour(time(LAST))} on"


def _either(names: Sequence[str]) -> str:
    *first, last = names
    return f"{', '.join(first)} or {last}" if first else last


def _as_said(at: datetime, clock: Clock) -> str:
    key = getattr(at.tzinfo, "key", "")
    if not key or not clock.zone or at.utcoffset() == at.astimezone(ZoneInfo(clock.zone)).utcoffset():
        return ""
    return f" ({_hour(at.time())} {f'our time, {city(key)}' if key == clock.here else f'{city(key)} time'})"


def _hour(at: time) -> str:
    return f"{at.hour % 12 or 12}:{at:%M} {'am' if at.hour < 12 else 'pm'}"


def _whose(clock: Clock) -> str:
    if not clock.zone:
        return ""
    return f", our time ({city(clock.zone)})" if clock.ours else f", {city(clock.zone)} time"
