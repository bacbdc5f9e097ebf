"""When is a clinic or a team open? "Mon-Fri 08:00-12:00 12:30-17:00, Sat 09:00-13:00" as windows of the week."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
EXAMPLE: Final = "Mon-Fri 08:00-12:00 12:30-17:00, Sat 09:00-13:00"

_DAY: Final = r"(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6}|daily"
_TOKEN: Final = re.compile(
    rf"\s*(?:(?P<days>(?:{_DAY})(?:\s*[-\u2013]\s*(?:{_DAY}))?)\b|(?P<time>\d{{1,2}}:\d\d\s*[-\u2013]\s*\d{{1,2}}:\d\d)|(?P<joint>[,;&]|and\b))",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, order=True)
class Window:
    """Open from `start` to `end`, in minutes of the day (end at most 1440), on a weekday from 0, Monday."""

    day: int
    start: int
    end: int


def windows(text: str) -> tuple[Window, ...]:
    """The week's windows in order. ValueError, in a sentence, where the text cannot be read as opening hours."""
    days: list[int] = []
    found: list[Window] = []
    at, timed = 0, False
    text = "daily 00:00-24:00" if text.strip() == "24/7" else text.strip()
    while at < len(text):
        token = _TOKEN.match(text, at)
        if token is None:
            raise ValueError(f'cannot read "{text[at:].strip()[:30]}"; write hours like "{EXAMPLE}"')
        at = token.end()
        if token["days"]:
            days = ([] if timed else days) + _days(token["days"])
            timed = False
        elif token["time"]:
            found += [Window(day, *_times(token["time"])) for day in _named(days)]
            timed = True
    if not found or not timed:
        raise ValueError(f'names no hours for its days; write hours like "{EXAMPLE}"')
    return _apart(sorted(found))


def quiet(text: str) -> tuple[int, int] | None:
    """Start and end of one window in minutes, which may go over midnight ("20:00-09:00"); None where it is none."""
    match = re.fullmatch(r"\s*(\d{1,2}):(\d\d)\s*[-\u2013]\s*(\d{1,2}):(\d\d)\s*", text)
    if match is None:
        return None
    start, end = int(match[1]) * 60 + int(match[2]), int(match[3]) * 60 + int(match[4])
    fits = start < 1440 and end <= 1440 and int(match[2]) < 60 and int(match[4]) < 60 and start != end
    return (start, end) if fits else None


def _named(days: list[int]) -> list[int]:
    if not days:
        raise ValueError(f'names hours before a day; write hours like "{EXAMPLE}"')
    return days


def _days(text: str) -> list[int]:
    if text.lower() == "daily":
        return list(range(7))
    first, _, last = (part.strip().lower()[:3] for part in re.sub(r"\s*[-\u2013]\s*", "-", text).partition("-"))
    start = DAYS.index(first)
    end = DAYS.index(last) if last else start
    return [day % 7 for day in range(start, end + 1 if end >= start else end + 8)]


def _times(text: str) -> tuple[int, int]:
    found = quiet(text)
    if found is None or found[1] <= found[0]:
        raise ValueError(f'"{text.strip()}" does not end after it starts, within one day')
    return found


def _apart(found: list[Window]) -> tuple[Window, ...]:
    for before, after in pairwise(found):
        if after.day == before.day and after.start < before.end:
            raise ValueError(f"two windows of {DAYS[after.day].capitalize()} overlap")
    return tuple(found)
