"""How likely does somebody answer the telephone at this hour of theirs? (promise D21)

A prior by the hour and the kind of day, which a clinic's own tries move: first all hours together, by how much more or
less is answered there than elsewhere, then each hour by its own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from statistics import fmean
from typing import Final
from zoneinfo import ZoneInfo

ON_AVERAGE: Final = 0.4
_ON_WEEKDAYS: Final = {
    8: 0.35, 9: 0.4, 10: 0.45, 11: 0.45, 12: 0.4, 13: 0.4, 14: 0.4, 15: 0.45, 16: 0.55, 17: 0.6, 18: 0.6, 19: 0.5,
    20: 0.3,
}  # fmt: skip
_AT_WEEKENDS: Final = {
    9: 0.25, 10: 0.4, 11: 0.45, 12: 0.4, 13: 0.4, 14: 0.4, 15: 0.4, 16: 0.4, 17: 0.35, 18: 0.3, 19: 0.25,
}  # fmt: skip
_ASLEEP: Final = 0.05  # whatever is answered then: nobody is to be woken because others answered
_GOOD: Final = 1.2  # times what is usual by day
_WORTH: Final = 30  # tries of an hour, or answers at all hours: as much as these the prior counts
_MOST: Final = 0.95

Hour = tuple[bool, int]  # at a weekend, and the hour of their day
_PRIOR: Final[Mapping[Hour, float]] = {
    (weekend, hour): chance
    for weekend, hours in ((False, _ON_WEEKDAYS), (True, _AT_WEEKENDS))
    for hour, chance in hours.items()
}


@dataclass(frozen=True)
class Chances:
    """`answered`: of each hour known so far. An hour at which people sleep has none."""

    answered: Mapping[Hour, float] = field(default_factory=lambda: _PRIOR)

    def at(self, now: datetime, zone: ZoneInfo) -> float:
        return self.answered.get(hour_of(now, zone), _ASLEEP)

    def good(self, now: datetime, zone: ZoneInfo) -> bool:
        """Whether more answer than at other hours of the day."""
        return self.at(now, zone) >= _GOOD * fmean(self.answered.values())


PRIOR: Final = Chances()


def hour_of(at: datetime, zone: ZoneInfo) -> Hour:
    local = at.astimezone(zone)
    return local.weekday() >= 5, local.hour


def asleep(now: datetime, zone: ZoneInfo) -> bool:
    return hour_of(now, zone) not in _PRIOR


def learned(tries: Iterable[tuple[Hour, bool]]) -> Chances:
    """From one's own tries: at which hour, and whether somebody answered."""
    made, answered = Counter[Hour](), Counter[Hour]()
    for hour, reached in tries:
        made[hour] += 1
        answered[hour] += reached
    awake = [hour for hour in made if hour in _PRIOR]
    foreseen = sum(made[hour] * _PRIOR[hour] for hour in awake)
    share = (sum(answered[hour] for hour in awake) + _WORTH) / (foreseen + _WORTH)
    return Chances(
        {
            hour: (answered[hour] + _WORTH * min(prior * share, _MOST)) / (made[hour] + _WORTH)
            for hour, prior in _PRIOR.items()
        }
    )
