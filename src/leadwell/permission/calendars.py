"""When is it open everywhere that they may be? Spans of UTC, laid out a year at a time, cut with each other.

One calendar is one rule on one clock. Those of a set of zones and states are intersected once and kept; to ask when it
opens next is then a search in sorted numbers, of one instant or of a million.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache, reduce
from typing import Final

import numpy as np

from leadwell.permission.clocks import DAY, Seconds, date_of, day_number, exact, midnights
from leadwell.permission.legal_days import LegalDay
from leadwell.playbook.hours import Window
from leadwell.worktime import public_holidays

# A calendar of a year knows so many days of the next: more than any run of closed days.
_AHEAD: Final = 40
_MONDAY: Final = 3  # 1 January 1970 was a Thursday


@dataclass(frozen=True, slots=True)
class Open:
    """Spans [start, end) in order, apart from each other; known until `until`."""

    starts: Seconds
    ends: Seconds
    until: int

    def next(self, at: Seconds) -> Seconds:
        """The first open second from each instant on: itself where it is open; `until` where none is known."""
        later = np.searchsorted(self.ends, at, side="right")
        found = np.append(self.starts, self.until)[later]
        opens: Seconds = np.maximum(found, at)
        return opens

    def cut(self, other: Open) -> Open:
        """What is open in both. Each start and end of either that lies in the other is one of the cut."""
        starts = _merged(self.starts, other.starts)
        ends = _merged(self.ends, other.ends)
        starts = starts[self._has(starts) & other._has(starts)]
        ends = ends[self._has(ends - 1) & other._has(ends - 1)]
        return Open(starts, ends, min(self.until, other.until))

    def _has(self, at: Seconds) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        later = np.searchsorted(self.ends, at, side="right")
        inside = later < len(self.ends)
        inside[inside] = self.starts[later[inside]] <= at[inside]
        return inside


def _merged(some: Seconds, others: Seconds) -> Seconds:
    """Each once, in order."""
    both = np.sort(np.concatenate([some, others]), kind="stable")
    once: Seconds = both[np.diff(both, prepend=-1) != 0]
    return once


@dataclass(frozen=True, slots=True, eq=False)  # by identity: its hash by value would cost more than what is kept
class Week:
    """A weekly clock. `holidays`: closed on those of this state; `legal`: and on these. `closed`: spans of dates, both
    ends in."""

    windows: tuple[Window, ...]
    holidays: str | None = None
    closed: tuple[tuple[date, date], ...] = ()
    legal: tuple[LegalDay, ...] = ()


@lru_cache(maxsize=2048)
def open_hours(week: Week, zone: str, year: int) -> Open:
    """The week's hours on a zone's clock, for every instant of a year of UTC."""
    starts_of_days = np.concatenate([midnights(zone, year - 1)[-3:-1], midnights(zone, year)[:-1]])
    starts_of_days = np.concatenate([starts_of_days, midnights(zone, year + 1)[: _AHEAD + 1]])
    first = day_number(date(year, 1, 1)) - 2
    days = np.arange(first, first + len(starts_of_days) - 1)
    spans = [_spans(week, window, zone, days, starts_of_days) for window in week.windows]
    starts = np.concatenate([start for start, _ in spans]) if spans else np.empty(0, dtype=np.int64)
    ends = np.concatenate([end for _, end in spans]) if spans else np.empty(0, dtype=np.int64)
    some = starts < ends
    order = np.argsort(starts[some], kind="stable")
    return Open(starts[some][order], ends[some][order], int(starts_of_days[-2]))


def _spans(week: Week, window: Window, zone: str, days: Seconds, begins: Seconds) -> tuple[Seconds, Seconds]:
    on = (days + _MONDAY) % 7 == window.day
    on &= ~np.isin(days, _closed_days(week, int(days[0]), int(days[-1])))
    at = np.flatnonzero(on)
    starts, ends = begins[at] + 60 * window.start, begins[at] + 60 * window.end
    for i in np.flatnonzero(begins[at + 1] - begins[at] != DAY):  # the clock changes on this day
        day = date_of(int(days[at[i]]))
        starts[i] = exact(zone, day, window.start, late=True)
        ends[i] = exact(zone, day, window.end, late=False)
    return starts, ends


@lru_cache(maxsize=1024)
def _closed_days(week: Week, first: int, last: int) -> Seconds:
    years = range(date_of(first).year, date_of(last).year + 1) if week.holidays else ()
    days = {day_number(day) for year in years for day in public_holidays(f"US-{week.holidays}", year)}
    for year in range(date_of(first).year - 1, date_of(last).year + 2) if week.legal else ():
        days.update(day_number(day) for rule in week.legal for day in rule.of(year))
    for begin, end in week.closed:
        days.update(range(max(first, day_number(begin)), min(last, day_number(end)) + 1))
    return np.array(sorted(days), dtype=np.int64)


@lru_cache(maxsize=2048)
def open_everywhere(weeks: frozenset[Week], zones: frozenset[str], year: int) -> Open:
    """What is open by each week on each zone's clock."""
    each: Iterable[Open] = (open_hours(week, zone, year) for week in sorted(weeks, key=repr) for zone in sorted(zones))
    return reduce(Open.cut, each)


def is_closed(week: Week, day: date) -> bool:
    """Whether the whole day is closed, whatever its weekday."""
    number = day_number(day)
    return bool((_closed_days(week, number, number) == number).any())
