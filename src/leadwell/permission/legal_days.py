"""On which days does a state keep a legal holiday? Rules of a statute for every year, as `contact_rules.toml` has them.

08-30                       the 30th of August
2 Mon Oct                   the second Monday in October
1 Mon Nov +1                the day after the first Monday in November: an election day
easter -47                  so many days before Easter Sunday
06-19, kept on Monday       on the Monday before, and of a Saturday or Sunday on the one after
05-04, Monday after Sunday  and, where it is a Sunday, the day after it; `after weekend`: of a Saturday, too
1 Mon Nov +1, even years    in these alone
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from leadwell.playbook.hours import DAYS

_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_RULE: Final = re.compile(
    r"(?:(?P<month>0[1-9]|1[0-2])-(?P<day>0[1-9]|[12]\d|3[01])|easter|"
    r"(?P<nth>[1-4]) (?P<weekday>[A-Z][a-z]{2}) (?P<of>[A-Z][a-z]{2}))"
    r"(?: (?P<shift>[+-]\d{1,2}))?(?:, (?P<moved>kept on Monday|Monday after Sunday|Monday after weekend))?"
    r"(?P<even>, even years)?"
)
_SATURDAY, _SUNDAY = 5, 6
_TRIED: Final = (2000, 2001)  # a leap year and another: 29 February is no day of each
_WEEK: Final = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class LegalDay:
    """One rule. `month` and `day`, or the `nth` `weekday` (0 Monday) of the `month`; without a month: Easter Sunday.

    `written`: as it stands in the file.
    """

    written: str
    month: int = 0
    day: int = 0
    nth: int = 0
    weekday: int = 0
    shift: int = 0
    moved: str = ""
    even: bool = False

    def of(self, year: int) -> tuple[date, ...]:
        """The days of a year, by the date that the rule begins with; none where the year is none of the rule's."""
        if self.even and year % 2:
            return ()
        on = self._base(year) + timedelta(days=self.shift)
        monday = on - timedelta(days=on.weekday()) + (_WEEK if on.weekday() >= _SATURDAY else timedelta())
        if self.moved == "kept on Monday":
            return (monday,)
        moves = {"Monday after Sunday": (_SUNDAY,), "Monday after weekend": (_SATURDAY, _SUNDAY)}.get(self.moved, ())
        return (on, monday) if on.weekday() in moves else (on,)

    def _base(self, year: int) -> date:
        if not self.month:
            from leadwell.reading.when.days import easter  # noqa: PLC0415  with all that it reads, it costs a tenth of a second

            return easter(year)
        if self.day:
            return date(year, self.month, self.day)
        first = date(year, self.month, 1)
        return first + timedelta(days=(self.weekday - first.weekday()) % 7) + _WEEK * (self.nth - 1)


def read(text: str) -> LegalDay:
    """ValueError, in a sentence, where the text is no rule."""
    found = _RULE.fullmatch(text)
    try:
        if found is None:
            raise ValueError
        day = LegalDay(
            text,
            month=int(found["month"] or 0) or (_MONTHS.index(found["of"].lower()) + 1 if found["of"] else 0),
            day=int(found["day"] or 0),
            nth=int(found["nth"] or 0),
            weekday=DAYS.index(found["weekday"].lower()) if found["weekday"] else 0,
            shift=int(found["shift"] or 0),
            moved=found["moved"] or "",
            even=found["even"] is not None,
        )
        for year in _TRIED:
            day.of(year)
    except ValueError:
        raise ValueError(
            f'{text!r} is no day of each year; write it like "08-30", "1 Mon Nov +1", "easter -2"'
        ) from None
    return day
