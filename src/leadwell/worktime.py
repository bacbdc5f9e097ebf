"""When is something due that is counted in working time, and how much working time has passed? (promise D20)

Several windows a day, public holidays, any time zone. Windows are wall time; what lies within them is counted in time
that really passes, so that the night on which clocks change adds and loses nothing. Of a wall time that occurs twice
the earlier is meant; one that does not occur is as much later as clocks were put forward.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property, lru_cache
from typing import Final, Protocol
from zoneinfo import ZoneInfo

_DAY: Final = timedelta(days=1)
_LAST: Final = date(9998, 12, 31)  # on the day after it some zones leave the calendar
_KEPT: Final = 4_096  # days of a calendar
_LONGEST_CLOSED: Final = 366 * 3  # days: whoever is closed longer never opens again


class Window(Protocol):
    """Open from `start` to `end`, in minutes of the day (end at most 1440), on a weekday from 0, Monday."""

    @property
    def day(self) -> int: ...
    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...


class Span(Protocol):
    """How soon something is due, as a playbook writes it: in working days, in other days, and in less."""

    @property
    def working_days(self) -> float: ...
    @property
    def days(self) -> float: ...
    @property
    def hours(self) -> timedelta: ...


class NeverOpen(ValueError):  # noqa: N818  its message is for whoever wrote the hours
    pass


@dataclass(frozen=True)
class Calendar:
    """`windows`: of a week, in the wall time of `zone`. `holidays`: it is closed on the public holidays of this place,
    as US or US-IL; None for none. `closed`: further days on which it is closed."""

    windows: tuple[Window, ...]
    zone: ZoneInfo
    holidays: str | None = None
    closed: frozenset[date] = frozenset()

    @property
    def hours_a_week(self) -> float:
        """Of a week without holidays, and on which no clock changes."""
        monday = date(2001, 1, 1)
        week = (_spans(self.windows, ZoneInfo("UTC"), monday + _DAY * day) for day in range(7))
        return sum((end - start) / timedelta(hours=1) for day in week for start, end in day)

    def is_open(self, at: datetime) -> bool:
        """Half-open: at the end of a window it is closed."""
        return any(start <= at < end for start, end in self.spans(at.astimezone(self.zone).date()))

    def opens(self, at: datetime) -> datetime:
        """The first working instant from then on, `at` itself where it is open. Raises NeverOpen."""
        return next(self._from(at))[0].astimezone(self.zone)

    def closes(self, at: datetime) -> datetime:
        """The next instant at which it stops working. Raises NeverOpen."""
        return next(self._from(at))[1].astimezone(self.zone)

    def due(self, start: datetime, length: timedelta) -> datetime:
        """The instant at which so much working time has passed since `start`, in the calendar's zone. What fills a
        window is due at its end; no time at all is over at once. Raises NeverOpen."""
        left = length
        if not left:
            return start.astimezone(self.zone)
        for begin, end in self._from(start):
            if left <= end - begin:
                return (begin + left).astimezone(self.zone)
            left -= end - begin
        raise AssertionError  # _from ends with an error alone

    def within(self, start: datetime, span: Span) -> datetime:
        """When it is due: "2 h" are hours of work, "2 days" and "2 working days" the same time two working days later.
        Raises NeverOpen."""
        days = span.working_days + span.days
        return self.due(self.due_in_days(start, days) if days else start, span.hours)

    def due_in_days(self, start: datetime, days: float) -> datetime:
        """The same time of day so many working days later: within that day's hours, and counted from the next opening
        where it is closed at `start`. Half a day is half of that day's working time. Raises NeverOpen."""
        first, whole = self.opens(start), int(days)
        day = first.date()
        for _ in range(whole):
            day = self._next(day)
        at = _instant(datetime.combine(day, first.time()), self.zone)
        found = min(max(at, self.spans(day)[0][0]), self.spans(day)[-1][1])
        rest = (days - whole) * self._length(day)
        return self.due(found, rest) if rest else found.astimezone(self.zone)

    def worked(self, start: datetime, end: datetime) -> timedelta:
        """How much working time lies between; none where `end` is before `start`."""
        total, day = timedelta(), start.astimezone(self.zone).date()
        last = end.astimezone(self.zone).date()
        start, end = start.astimezone(UTC), end.astimezone(UTC)  # what lies between two wall times is not what passed
        while day <= last:
            for opens, closes in self.spans(day):
                total += max(timedelta(), min(closes, end) - max(opens, start))
            day += _DAY
        return total

    def _from(self, at: datetime) -> Iterator[tuple[datetime, datetime]]:
        """The open spans that end after `at`, the first cut to begin no earlier."""
        day, closed = at.astimezone(self.zone).date(), 0
        at = at.astimezone(UTC)  # to which lengths are added that really pass
        while closed <= _LONGEST_CLOSED and day <= _LAST:
            closed += 1
            for opens, closes in self.spans(day):
                if closes > at:
                    yield max(opens, at), closes
                    closed = 0
            day += _DAY
        raise NeverOpen("It is never open: no day of its hours is left that is not closed.")

    def _next(self, day: date) -> date:
        for _ in range(_LONGEST_CLOSED):
            day += _DAY
            if self.spans(day):
                return day
        raise NeverOpen("It is never open: no day of its hours is left that is not closed.")

    def _length(self, day: date) -> timedelta:
        return sum((closes - opens for opens, closes in self.spans(day)), timedelta())

    def spans(self, day: date) -> tuple[tuple[datetime, datetime], ...]:
        """When it is open on a day, in UTC, apart and in order. Kept by the calendar itself: its windows as the key of
        a common store would take longer than what is looked up."""
        kept = self._kept.get(day)
        if kept is None:
            is_closed = day in self.closed or (self.holidays and day in public_holidays(self.holidays, day.year))
            if len(self._kept) >= _KEPT:
                self._kept.clear()
            kept = self._kept[day] = () if is_closed else _spans(self.windows, self.zone, day)
        return kept

    @cached_property
    def _kept(self) -> dict[date, tuple[tuple[datetime, datetime], ...]]:
        return {}


class Ahead:
    """How much working time lies between `start` and each of many later instants: every day is looked at once."""

    def __init__(self, calendar: Calendar, start: datetime) -> None:
        self._calendar, self._start = calendar, start.astimezone(UTC)
        self._day = start.astimezone(calendar.zone).date()  # the first that was not looked at
        self._opens: list[datetime] = []
        self._closes: list[datetime] = []
        self._before = [timedelta()]  # worked before each of them, and in all

    def worked(self, end: datetime) -> timedelta:
        """As `Calendar.worked`."""
        last = end.astimezone(self._calendar.zone).date()
        while self._day <= last:
            self._look()
        whole = bisect_right(self._closes, end)
        found = self._before[whole]
        begun = whole < len(self._opens) and self._opens[whole] < end
        return found + (end - self._opens[whole]) if begun else found

    def _look(self) -> None:
        for opens, closes in self._calendar.spans(self._day):
            if closes > self._start:
                self._opens.append(max(opens, self._start))
                self._closes.append(closes)
                self._before.append(self._before[-1] + (closes - self._opens[-1]))
        self._day += _DAY


def _spans(windows: tuple[Window, ...], zone: ZoneInfo, day: date) -> tuple[tuple[datetime, datetime], ...]:
    found: list[tuple[datetime, datetime]] = []
    midnight = datetime.combine(day, time())
    for one in sorted((w for w in windows if w.day == day.weekday()), key=lambda w: w.start):
        start = _instant(midnight + timedelta(minutes=one.start), zone)
        end = _instant(midnight + timedelta(minutes=one.end), zone)
        start = max(start, found[-1][1]) if found else start  # two may meet where clocks are put forward
        if start < end:
            found.append((start, end))
    return tuple(found)


def _instant(wall: datetime, zone: ZoneInfo) -> datetime:
    return wall.replace(tzinfo=zone, fold=0).astimezone(UTC)


@lru_cache(maxsize=1_024)
def public_holidays(place: str, year: int) -> frozenset[date]:
    """The public holidays of a place (US, US-IL), with the days on which those of a weekend are kept."""
    import holidays  # noqa: PLC0415  it costs a tenth of a second

    country, _, part = place.partition("-")
    return frozenset(holidays.country_holidays(country, subdiv=part or None, years=year))
