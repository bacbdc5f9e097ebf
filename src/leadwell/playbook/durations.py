"""How long is "12 days", "2 h" or "1 working day"?"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Final

EXAMPLES: Final = ("5 min", "2 h", "12 days", "1 working day", "18 months")

_MINUTES: Final = {
    "s": 1 / 60, "sec": 1 / 60, "second": 1 / 60,
    "m": 1, "min": 1, "minute": 1,
    "h": 60, "hr": 60, "hour": 60,
    "d": 1_440, "day": 1_440,
    "w": 10_080, "week": 10_080,
    "month": 30 * 1_440, "year": 365 * 1_440,
}  # fmt: skip
_WORKING_DAYS: Final = {"d": 1, "day": 1, "w": 5, "week": 5, "month": 21, "year": 252}
_MONTH: Final = 30  # days
_YEAR: Final = 365
_PART: Final = re.compile(
    r"\s*(\d{1,6}(?:\.\d{1,3})?)\s*(working\s+|business\s+)?([a-z]+?)s?\s*(?:,|and)?\s*(?=\d|$)", re.IGNORECASE
)
LONGEST: Final = timedelta(days=365 * 100)


@dataclass(frozen=True, slots=True)
class Duration:
    """A length of time. `working_days` are counted in the team's working time and are not part of `length`. `years`
    and `months` are: of 365 and of 30 days. So are `days`: what was written in days, weeks, months and years, as
    working days: five a week, 21 a month, 252 a year. `hours` is what was written in less."""

    length: timedelta
    working_days: float = 0
    working: bool = False  # `length` counts working time only ("2 working hours")
    years: float = 0
    months: float = 0
    days: float = 0
    hours: timedelta = timedelta()

    def after(self, moment: datetime) -> datetime:
        """By the calendar: seven years after 26 November it is 26 November. Never less than `length`, as a month from
        the end of January would be."""
        months = self.years * 12 + self.months
        whole = int(months)
        year, month = divmod(moment.year * 12 + moment.month - 1 + whole, 12)
        day = min(moment.day, monthrange(year, month + 1)[1])
        later = moment.replace(year=year, month=month + 1, day=day)
        rest = self.length - timedelta(days=_YEAR * self.years + _MONTH * self.months)
        return max(later + rest + timedelta(days=_MONTH * (months - whole)), moment + self.length)


@lru_cache(maxsize=1_024)  # a policy has a few, and each is asked for with every lead
def parse(text: str) -> Duration | None:
    """The duration that a playbook writes, or None where it is none. As a length a month is 30 days, a year 365."""
    minutes, working_days, working, at = 0.0, 0.0, False, 0
    calendar = {"year": 0.0, "month": 0.0}
    days, rest = 0.0, 0.0
    while match := _PART.match(text, at):
        unit = _unit(match[3].lower())
        if unit is None:
            return None
        if match[2] and unit == "day":
            working_days += float(match[1])
        else:
            minutes += float(match[1]) * _MINUTES[unit]
            if unit in calendar:
                calendar[unit] += float(match[1])
            days += float(match[1]) * _WORKING_DAYS.get(unit, 0)
            rest += 0 if unit in _WORKING_DAYS else float(match[1]) * _MINUTES[unit]
            working = working or bool(match[2])
        at = match.end()
    if at < len(text) or not (minutes or working_days):
        return None
    length = timedelta(minutes=minutes)
    if length > LONGEST:
        return None
    hours = timedelta(minutes=rest)
    return Duration(length, working_days, working, calendar["year"], calendar["month"], days, hours)


def _unit(word: str) -> str | None:
    for name in (word, f"{word}s"):  # the pattern gives back "s" only where it is the whole unit
        if name in _MINUTES:
            return name
    return None
