"""Has a source gone quiet? Arrivals expected by its own habit, hour by hour of the week, against those seen.

Expected arrivals of each hour of the week come from the last eight weeks, smoothed over neighbouring hours. Days differ
more than chance alone would have it, so a silence is weighed by a negative binomial whose spread is taken from the
days: with `expected` arrivals missed and a spread of `k`, none at all has the chance (k / (k + expected)) ** k.
A source is quiet when that chance is below one in two thousand: at some fifty gaps a week one false alarm in about
nine months.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

WEEKS: Final = 8
FEWEST: Final = 20  # arrivals without which there is no habit to speak of
WATCHED: Final = timedelta(days=14)  # from the first arrival to the last: a habit of the week shows only in several
CHANCE: Final = 1 / 2000
_HOURS: Final = 7 * 24
_KERNEL: Final = (0.25, 0.5, 0.25)
_EVENEST: Final = 200.0  # a spread beyond it is chance alone
_MOST_UNEVEN: Final = 0.5

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Silence:
    """`since`: the last arrival. `expected`: how many would have come since. `chance`: of none of them, by habit."""

    since: datetime
    expected: float
    chance: float

    @property
    def quiet(self) -> bool:
        return self.chance < CHANCE


def silence(arrivals: Sequence[datetime], *, now: datetime, since: datetime, zone: str) -> Silence | None:
    """What the time since the last of `arrivals` means; None where they are too few, or of too few days, for a habit.

    `arrivals` in order of time, with a zone; `since`: when the source began to be watched.
    """
    begin = max(since, now - timedelta(weeks=WEEKS))
    known = [a for a in arrivals if begin <= a <= now]
    if len(known) < FEWEST or known[-1] - known[0] < WATCHED:
        return None
    last, local = known[-1], ZoneInfo(zone)
    habit = _habit(known, begin, last, local)
    spread = _spread(known, habit, begin, last, local)
    expected = _expected(habit, last, now, local)
    return Silence(last, expected, float((spread / (spread + expected)) ** spread))


def _habit(known: Sequence[datetime], begin: datetime, last: datetime, zone: ZoneInfo) -> Floats:
    """Arrivals of each hour of a local week, Monday midnight first. What follows the last one teaches nothing."""
    counts = np.bincount([_hour(a, zone) for a in known], minlength=_HOURS).astype(np.float64)
    watched = np.zeros(_HOURS)
    for start, part in _hours(begin, last):
        watched[_hour(start, zone)] += part
    counts, watched = _smooth(counts), _smooth(watched)
    return np.divide(counts, watched, out=np.zeros(_HOURS), where=watched > 0)


def _smooth(values: Floats) -> Floats:
    left, middle, right = _KERNEL
    smoothed: Floats = left * np.roll(values, 1) + middle * values + right * np.roll(values, -1)
    return smoothed


def _spread(known: Sequence[datetime], habit: Floats, begin: datetime, last: datetime, zone: ZoneInfo) -> float:
    """How evenly days follow the habit, by moments: Var = mean + mean² / k."""
    expected: dict[int, float] = {}
    for start, part in _hours(begin, last):
        day = start.astimezone(zone).toordinal()
        expected[day] = expected.get(day, 0.0) + habit[_hour(start, zone)] * part
    seen = dict.fromkeys(expected, 0)
    for arrival in known:
        day = arrival.astimezone(zone).toordinal()
        seen[day] = seen.get(day, 0) + 1
    beyond = sum((seen[day] - mean) ** 2 - mean for day, mean in expected.items())
    squares = sum(mean**2 for mean in expected.values())
    return float(np.clip(squares / beyond, _MOST_UNEVEN, _EVENEST)) if beyond > 0 else _EVENEST


def _expected(habit: Floats, last: datetime, now: datetime, zone: ZoneInfo) -> float:
    return float(sum(habit[_hour(start, zone)] * part for start, part in _hours(last, now)))


def _hour(moment: datetime, zone: ZoneInfo) -> int:
    local = moment.astimezone(zone)
    return local.weekday() * 24 + local.hour


def _hours(start: datetime, end: datetime) -> list[tuple[datetime, float]]:
    """The clock hours between two moments, each with how much of it lies between them."""
    parts = []
    while start < end:
        following = min(start.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1), end)
        parts.append((start, (following - start).total_seconds() / 3600))
        start = following
    return parts
