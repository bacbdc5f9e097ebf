"""How many of a service can begin in which time? "14 per week", as a playbook writes it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

Unit = Literal["day", "week", "month"]
WRITTEN: Final = r"[1-9]\d{0,4} (?:per|a) (?:working day|day|week|month)"
WANTS: Final = 'write openings like "14 per week": a number of at least 1, by day, working day, week or month'
_FRIDAY: Final = 4
_PARTS: Final = re.compile(r"(\d+) (?:per|a) (?:working )?(day|week|month)")


@dataclass(frozen=True, slots=True)
class Capacity:
    """`most` of each `unit`: a day, a week from Monday, a month of the calendar. `working`: no weekends."""

    most: int
    unit: Unit
    working: bool = False

    def begins(self, day: date) -> date:
        """The first day of the unit in which a day lies."""
        if self.unit == "month":
            return day.replace(day=1)
        return day - timedelta(days=day.weekday()) if self.unit == "week" else day

    def begins_next(self, day: date) -> date:
        """The first day of the unit after that."""
        begun = self.begins(day)
        if self.unit == "month":
            return (begun + timedelta(days=31)).replace(day=1)
        if self.unit == "week":
            return begun + timedelta(days=7)
        return begun + timedelta(days=max(1, 7 - begun.weekday()) if self.working and begun.weekday() >= _FRIDAY else 1)


def parse(text: str) -> Capacity | None:
    """None where it is none."""
    if not re.fullmatch(WRITTEN, text):
        return None
    found = _PARTS.fullmatch(text)
    assert found is not None
    unit: Unit = "day" if found[2] == "day" else "week" if found[2] == "week" else "month"
    return Capacity(int(found[1]), unit, "working" in text)
