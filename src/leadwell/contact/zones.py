"""When may we call? Where it is daytime in every zone that they may be in.

RULES 1.3: ZIP, place, state and area code may disagree, so each of their zones counts, and a call is welcome only in
the hours that
all of them allow.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

# 47 CFR 64.1200(c)(1): from 8:00 until 21:00 where the called person is.
_OPENS: Final = 8 * 60
_CLOSES: Final = 21 * 60

# Daylight saving splits the year, and zones differ in it; an answer holds in both halves.
_SEASONS: Final = (datetime(2026, 1, 15), datetime(2026, 7, 15))


@lru_cache(maxsize=1024)
def _ahead(zone: str) -> tuple[int, ...]:
    """Minutes ahead of UTC in January and in July."""
    offsets = (ZoneInfo(zone).utcoffset(day) for day in _SEASONS)
    return tuple(int(offset.total_seconds()) // 60 for offset in offsets if offset is not None)


@lru_cache(maxsize=4096)
def _difference(zone: str, other: str) -> tuple[int, ...]:
    """By how many minutes the other zone's clock is ahead, in January and in July."""
    return tuple(theirs - ours for ours, theirs in zip(_ahead(zone), _ahead(other), strict=True))


def good_hours(time_zone: str | None, zones: Collection[str]) -> str | None:
    """'09:00-21:00' on the clock of `time_zone`; None where nothing is known, or no hour is good everywhere."""
    if time_zone is None:
        return None
    differences = [minutes for zone in zones for minutes in _difference(time_zone, zone)]
    opens, closes = _OPENS - min(differences, default=0), _CLOSES - max(differences, default=0)
    return f"{_clock(opens)}-{_clock(closes)}" if opens < closes else None


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"
