"""When does take place what comes again and again? By the rule of a calendar (RFC 5545, 3.3.10), and by what was moved.

Each day of two years is looked at, so that a rule which no day meets costs no more than another. Of what comes by a
rule that is not understood here, or more often than daily, only the first hour is told.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from typing import Any, Final

MOST_HOURS: Final = 100
_MOST_DAYS: Final = 731
_WEEK: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_UNDERSTOOD: Final = frozenset({"FREQ", "INTERVAL", "COUNT", "UNTIL", "BYDAY", "BYMONTHDAY", "WKST"})
_ON: Final = re.compile(r"([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)")

Rule = Mapping[str, Sequence[Any]]
"""Its parts in capitals, each a list of values."""


@dataclass(frozen=True)
class Hour:
    """In ISO 8601, as a day where it says no hour; `ends`: '' where that is not told."""

    starts: str
    ends: str = ""


@dataclass(frozen=True)
class Change:
    """Of one of many, named by when it was to begin. `hour`: where it goes, None where it is cancelled; `following`:
    and so does what comes after it."""

    of: str
    hour: Hour | None
    following: bool = False


def hours_of(
    start: date, lasts: timedelta | None, rule: Rule, but: Collection[date] = (), named: Collection[date] = ()
) -> list[Hour]:
    """In their order. `but`: what is left out, though it counts; `named`: what comes besides, whatever the rule."""
    days = [*islice(_each(start, rule), _number(rule, "COUNT", MOST_HOURS)), *named]
    left_out = {place(one.isoformat()) for one in but}
    found = {place(one.isoformat()): one for one in days}
    stand = [one for at, one in sorted(found.items()) if at not in left_out]
    return [Hour(one.isoformat(), (one + lasts).isoformat() if lasts else "") for one in stand[:MOST_HOURS]]


def changed(hours: Iterable[Hour], changes: Iterable[Change]) -> list[Hour]:
    """What stands then, in its order."""
    left = list(hours)
    for change in changes:
        at = place(change.of)
        hit = [one for one in left if place(one.starts) == at or (change.following and place(one.starts) > at)]
        left = [one for one in left if one not in hit] + _moved(hit, change)
    return sorted(left, key=lambda one: place(one.starts))[:MOST_HOURS]


def next_of(hours: Sequence[Hour], after: str) -> Hour | None:
    """The first that is still to come; else the last."""
    coming = (one for one in hours if place(one.starts) >= place(after))
    return next(coming, hours[-1] if hours else None)


def place(instant: str) -> datetime:
    """By which hours are put in their order: what names no zone, as if it were Greenwich's."""
    try:
        at = datetime.fromisoformat(instant)
    except ValueError:
        return datetime.min.replace(tzinfo=UTC)
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _moved(hit: Sequence[Hour], change: Change) -> list[Hour]:
    if change.hour is None:
        return []
    by = place(change.hour.starts) - place(change.of)
    after = [one for one in hit if place(one.starts) != place(change.of)]
    return [change.hour, *(Hour(_later(one.starts, by), _later(one.ends, by)) for one in after)]


def _later(instant: str, by: timedelta) -> str:
    if not instant:
        return ""
    try:
        at = datetime.fromisoformat(instant) + by
    except OverflowError:
        return instant
    return at.isoformat() if "T" in instant else at.date().isoformat()


def _each(start: date, rule: Rule) -> Iterator[date]:
    """From the first, which counts whatever the rule says."""
    yield start
    fits = _fitting(_day(start), rule)
    until = next(iter(rule.get("UNTIL", ())), None)
    for n in range(1, _MOST_DAYS):
        one = start + timedelta(days=n)
        if fits is None or (until is not None and _is_past(one, until)):
            return
        if fits(_day(one)):
            yield one


def _is_past(one: date, until: date) -> bool:
    if isinstance(until, datetime) and isinstance(one, datetime):
        return place(one.isoformat()) > place(until.isoformat())
    return _day(one) > _day(until)


def _fitting(first: date, rule: Rule) -> Callable[[date], bool] | None:
    """Whether the rule takes in a day; None where it is not understood."""
    often, every = str(next(iter(rule.get("FREQ", ())), "")), _number(rule, "INTERVAL", 1)
    on = [_ON.fullmatch(str(one)) for one in rule.get("BYDAY", ())]
    if not _UNDERSTOOD.issuperset(rule) or None in on:
        return None
    days = sorted({(int(one[1] or 0), _WEEK.index(one[2])) for one in on if one})
    dates = sorted({int(one) for one in rule.get("BYMONTHDAY", ())})
    monday = _WEEK.index(str(next(iter(rule.get("WKST", ())), "MO")))
    weeks = first - timedelta(days=(first.weekday() - monday) % 7)
    fits: dict[str, Callable[[date], bool]] = {
        "DAILY": lambda day: (day - first).days % every == 0 and _is_on(day, days, dates),
        "WEEKLY": lambda day: (
            (day - weeks).days // 7 % every == 0 and _is_on(day, days or [(0, first.weekday())], dates)
        ),
        "MONTHLY": lambda day: (
            _months(first, day) % every == 0 and _is_on(day, days, dates or ([] if days else [first.day]))
        ),
    }
    return fits.get(often)


def _is_on(day: date, days: Sequence[tuple[int, int]], dates: Sequence[int]) -> bool:
    """`days`: which of the month (0: each, -1: the last), and of the week; `dates`: of the month."""
    last = (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    told = {0, (day.day - 1) // 7 + 1, -((last.day - day.day) // 7 + 1)}
    by_day = not days or any(weekday == day.weekday() and nth in told for nth, weekday in days)
    return by_day and (not dates or day.day in dates or day.day - last.day - 1 in dates)


def _months(first: date, day: date) -> int:
    return (day.year - first.year) * 12 + day.month - first.month


def _day(one: date) -> date:
    return one.date() if isinstance(one, datetime) else one


def _number(rule: Rule, name: str, otherwise: int) -> int:
    return max(1, int(next(iter(rule.get(name, ())), otherwise)))
