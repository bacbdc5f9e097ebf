"""Is there such a day and hour? What somebody wrote in figures or by the name of a month, held against the calendar.

What is written exactly (“2026-12-04 14:30”) means that and nothing else; what no calendar or clock has is refused in a
sentence that says what was found, and never read as something near it.
"""

from __future__ import annotations

import re
import unicodedata
from calendar import isleap
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Final
from zoneinfo import ZoneInfo

_MONTHS: Final = (
    "jan january ene enero", "feb february febrero", "mar march marzo", "apr april abr abril", "may mayo",
    "jun june junio", "jul july julio", "aug august ago agosto", "sep sept september septiembre setiembre",
    "oct october octubre", "nov november noviembre", "dec december dic diciembre",
)  # fmt: skip
_NAMED: Final = {name: number for number, names in enumerate(_MONTHS, 1) for name in names.split()}
_DAYS_OF: Final = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_NAMES: Final = "|".join(sorted(_NAMED, key=len, reverse=True))
_YEAR: Final = r"(?:(?:\s*,\s*|\s+)(?:del?\s+)?(?P<year>(?:19|[2-9]\d)\d\d)\b)?"
_NUMBER: Final = r"(?P<day>\d{1,2})(?!\d|:)"
_WRITTEN: Final = (
    re.compile(rf"\b(?P<month>{_NAMES})\b\.?\s+(?:the\s+)?{_NUMBER}(?:st|nd|rd|th)?(?!\s*[ap]\.?m\b){_YEAR}"),
    re.compile(rf"(?<![\w:/.-]){_NUMBER}(?:st|nd|rd|th)?\s+(?:of\s+|de\s+)?(?P<month>{_NAMES})\b\.?{_YEAR}"),
)
_FIGURES: Final = re.compile(
    r"(?<![\w/.:-])(\d{1,4})([/.-])(\d{1,2})\2(\d{1,4})(?![/\d])|(?<![\w/.:-])(\d{1,2})/(\d{1,2})(?![/\d])"
)
_CLOCK: Final = re.compile(r"(?<![\d:/.-])(?P<hour>\d{1,2}):(?P<minute>\d\d)(?!\d)|\b(?P<bare>\d{1,2})\s*[ap]\.?m\b")
_EXACT: Final = re.compile(
    r"(?<![\w/.:-])(\d{4}-\d\d-\d\d)(?:t|\s+)([01]\d|2[0-3]):([0-5]\d)(?::[0-5]\d)?"
    r"(z|[+-](?:0\d|1[0-4]):?[0-5]\d)?(?![\w:+-])(?!\s*[ap]\.?m\b)",
    re.ASCII,
)
_MOST_YEARS: Final = 2


def no_such(text: str, today: date) -> str:
    """Why a day or an hour in it cannot be meant, in sentences; '' where all of them can."""
    plain = _letters(text)
    for start, end, said in _days(plain, today.year):
        if said is None:
            return (
                f"There is no “{text[start:end].strip()}”. Write a day of the calendar, like “Dec 4” or “2026-12-04”."
            )
        if not today.year <= said <= today.year + _MOST_YEARS:
            return f"“{text[start:end].strip()}” names the year {said}. Write a day from today on, within a year."
    for found in _CLOCK.finditer(plain):
        hour, minute = int(found["hour"] or found["bare"]), int(found["minute"] or 0)
        if hour > 24 or minute > 59 or (hour == 24 and minute):
            return f"There is no hour “{found[0].strip()}”. Write it like “2:30 pm” or “14:30”."
    return ""


def exactly(text: str, zone: ZoneInfo) -> datetime | None:
    """A moment that is written by day and hour in full, where nothing else in figures stands beside it."""
    plain = _letters(text)
    found = _EXACT.search(plain)
    if found is None or re.search(r"\d", plain[: found.start()] + plain[found.end() :]):
        return None
    wall = datetime.combine(date.fromisoformat(found[1]), time(int(found[2]), int(found[3])))
    if found[4]:
        return datetime.fromisoformat(f"{wall.isoformat()}{found[4].upper()}").astimezone(zone)
    return wall.replace(tzinfo=zone)


def _letters(text: str) -> str:
    """Letter for letter in lower case without accents."""
    return "".join((unicodedata.normalize("NFD", letter)[0]).lower()[:1] for letter in text)


def _days(plain: str, this: int) -> Iterator[tuple[int, int, int | None]]:
    """Where each is written, and its year; `this` one where none is said, None where there is no such day."""
    for pattern in _WRITTEN:
        for found in pattern.finditer(plain):
            month, day, year = _NAMED[found["month"]], int(found["day"]), found["year"]
            there = _is_day(month, day, int(year) if year else None)
            yield *found.span(), (int(year) if year else this) if there else None
    for found in _FIGURES.finditer(plain):
        yield *found.span(), _year(found, this)


def _year(found: re.Match[str], this: int) -> int | None:
    if found[5]:
        one, other = int(found[5]), int(found[6])
        return this if _is_day(one, other, None) or _is_day(other, one, None) else None
    first, middle, last = int(found[1]), int(found[3]), int(found[4])
    if len(found[1]) == len("2026"):
        return first if _is_day(middle, last, first) else None
    year = last if len(found[4]) > len("26") else 2000 + last
    return year if _is_day(first, middle, year) or _is_day(middle, first, year) else None


def _is_day(month: int, day: int, year: int | None) -> bool:
    """Of any year where none is named."""
    if not (1 <= month <= len(_DAYS_OF) and 1 <= day <= _DAYS_OF[month - 1]):
        return False
    return year is None or (month, day) != (2, 29) or isleap(year)
