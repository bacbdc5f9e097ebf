"""Which days does a phrase mean, once it is known when it was written? Pure calendar arithmetic.

A `When` turns the day of writing into a `Span`; the grammar builds them once for a phrase, and they run once a day.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any, NamedTuple

EARLIEST, LATEST = date(1900, 1, 1), date(2099, 12, 31)
ONE = timedelta(days=1)


class Span(NamedTuple):
    """First and last day, both included; None is open. `back`: the days meant where the words speak of the past."""

    first: date | None
    last: date | None
    back: tuple[date, date] | None = None


When = Callable[[date], Span | None]


def add_months(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def span_of(unit: str, day: date) -> Span:
    """The day, week, weekend, month, quarter or year (d w e m q y) that holds `day`."""
    if unit == "w":
        return Span(monday(day), monday(day) + timedelta(days=6))
    if unit == "e":
        return Span(monday(day) + timedelta(days=5), monday(day) + timedelta(days=6))
    if unit == "m":
        return month_span(day.year, day.month)
    if unit == "q":
        first = date(day.year, 3 * ((day.month - 1) // 3) + 1, 1)
        return Span(first, add_months(first, 3) - ONE)
    if unit == "y":
        return Span(date(day.year, 1, 1), date(day.year, 12, 31))
    return Span(day, day)


def month_span(year: int, month: int) -> Span:
    return Span(date(year, month, 1), date(year, month, monthrange(year, month)[1]))


def step(day: date, unit: str, count: int) -> date:
    """`day` moved by `count` units (b: working days; f: two weeks)."""
    if unit == "m":
        return add_months(day, count)
    if unit in "yq":
        return add_months(day, count * (12 if unit == "y" else 3))
    if unit == "b":
        return _working(day, count)
    return day + timedelta(days=count * {"d": 1, "w": 7, "e": 7, "f": 14}[unit])


def _working(day: date, count: int) -> date:
    whole, rest = divmod(abs(count), 5)
    sign = 1 if count > 0 else -1
    day += timedelta(days=7 * whole * sign)
    while rest:
        day += ONE * sign
        rest -= day.weekday() < 5
    return day


def exact(day: date) -> When:
    return lambda _: Span(day, day)


def whole(first: date, last: date) -> When:
    return lambda _: Span(first, last)


def yearly(find: Callable[[int], Span | None], *, strictly: bool = False) -> When:
    """Something of every year: the one running or to come (`strictly`: to come), and the one before for the past."""

    def when(today: date) -> Span | None:
        return _nearest(find, today, range(-1, 3), strictly) or _nearest(find, today, range(-9, 10), strictly)

    return when


def _nearest(find: Callable[[int], Span | None], today: date, years: range, strictly: bool) -> Span | None:
    back = None
    for year in years:
        span = find(today.year + year)
        if span is None or span.first is None or span.last is None:
            continue
        if span.first > today if strictly else span.last >= today:
            return Span(span.first, span.last, back)
        if span.first < today:
            back = (span.first, span.last)
    return None


def month_day(month: int, day: int) -> When:
    return yearly(lambda year: _day(year, month, day))


def _day(year: int, month: int, day: int) -> Span | None:
    day_ = make_day(year, month, day)
    return Span(day_, day_) if day_ else None


def make_day(year: int, month: int, day: int) -> date | None:
    if not (1 <= month <= 12 and 1 <= day <= 31 and 1800 <= year <= 2199) or day > monthrange(year, month)[1]:
        return None
    return date(year, month, day)


def day_of_month(day: int, weekday: int | None = None) -> When:
    """ "the 3rd", "Monday 21": the next month that has it, on that weekday where one is said."""

    def find(today: date, direction: int) -> date | None:
        for months in range(0, 48):
            start = add_months(today.replace(day=1), direction * months)
            found = make_day(start.year, start.month, day)
            if found and (found >= today if direction > 0 else found < today) and weekday in (None, found.isoweekday()):
                return found
        return None

    def when(today: date) -> Span | None:
        ahead, back = find(today, 1), find(today, -1)
        return Span(ahead, ahead, (back, back) if back else None) if ahead else None

    return when


def weekday(day: int, weeks: int | None = None) -> When:
    """`weeks` from this week's; None: the next to come, today included."""

    def when(today: date) -> Span | None:
        if weeks is None:
            ahead = today + timedelta(days=(day - today.isoweekday()) % 7)
            back = today - timedelta(days=(today.isoweekday() - day) % 7 or 7)
        else:
            ahead = monday(today) + timedelta(days=7 * weeks + day - 1)
            back = ahead
            if weeks == 0 and ahead < today:  # "this Monday", said on a Friday
                ahead += timedelta(days=7)
        return Span(ahead, ahead, (back, back))

    return when


def coming_weekday(day: int) -> When:
    def when(today: date) -> Span | None:
        ahead = today + timedelta(days=(day - today.isoweekday()) % 7 or 7)
        return Span(ahead, ahead)

    return when


def relative(unit: str, count: int) -> When:
    """This (0), next (1), last (-1) week, month, year ..."""
    return lambda today: span_of(unit, step(today, unit, count))


def offset(unit: str, least: int, most: int | None = None, *, start: When | None = None) -> When:
    """ "in 2-3 weeks", "two weeks from Friday"."""

    def when(today: date) -> Span | None:
        base = start(today) if start else Span(today, today)
        if base is None or base.first is None:
            return None
        return Span(step(base.first, unit, least), step(base.first, unit, least if most is None else most))

    return when


def within(unit: str, count: int, *, skip: int = 0) -> When:
    """The `count` units from the day of writing on, or before it."""

    def when(today: date) -> Span | None:
        end = step(today, unit, count)
        return Span(today + skip * ONE, end) if count > 0 else Span(end, today - skip * ONE)

    return when


SEASONS = {1: (3, 5), 2: (6, 8), 3: (9, 11), 4: (12, 2)}


def season_of(season: int, year: int) -> Span | None:
    first, last = SEASONS[season]
    return Span(date(year, first, 1), month_span(year + (last < first), last).last)


def holiday(rule: dict[str, Any]) -> Callable[[int], Span | None]:
    def find(year: int) -> Span | None:
        first = _holiday(rule, year) + timedelta(days=rule.get("shift", 0))
        return Span(first, first + timedelta(days=rule.get("days", 1) - 1))

    return find


def _holiday(rule: dict[str, Any], year: int) -> date:
    if "on" in rule:
        month, day = map(int, rule["on"].split("-"))
        return date(year, month, day)
    if "easter" in rule:
        return easter(year) + timedelta(days=rule["easter"])
    return nth_weekday(year, rule["month"], rule["weekday"], rule["nth"])


def nth_weekday(year: int, month: int, day: int, nth: int) -> date:
    if nth < 0:
        last = date(year, month, monthrange(year, month)[1])
        return last - timedelta(days=(last.isoweekday() - day) % 7)
    first = date(year, month, 1)
    return first + timedelta(days=(day - first.isoweekday()) % 7 + 7 * (nth - 1))


def easter(year: int) -> date:
    """Gregorian computus (Meeus/Jones/Butcher)."""
    a, b, c = year % 19, year // 100, year % 100
    h = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    k = (32 + 2 * (b % 4) + 2 * (c // 4) - h - c % 4) % 7
    m = (a + 11 * h + 22 * k) // 451
    month, day = divmod(h + k - 7 * m + 114, 31)
    return date(year, month, day + 1)
