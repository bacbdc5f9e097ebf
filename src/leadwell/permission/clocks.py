"""When does a day begin where they are? Local midnights in seconds of UTC, by IANA zone, never by a fixed offset."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

Seconds = NDArray[np.int64]
DAY: Final = 86_400
_EPOCH: Final = date(1970, 1, 1)
_START: Final = datetime(1970, 1, 1, tzinfo=UTC)
_SECOND: Final = timedelta(seconds=1)


class UnknownZoneError(ValueError):
    """No time zone has this name."""


@lru_cache(maxsize=1024)
def zone_of(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (KeyError, OSError, ValueError):
        raise UnknownZoneError(f"There is no time zone {name!r}.") from None


def day_number(day: date) -> int:
    return (day - _EPOCH).days


def date_of(day: int) -> date:
    return _EPOCH + timedelta(days=int(day))


def seconds_of(at: datetime) -> int:
    """Whole seconds since 1970, the rest dropped: a second that has not ended is not over."""
    return (at - _START) // _SECOND


def instant(seconds: int) -> datetime:
    return _START + timedelta(seconds=int(seconds))


def year_of(seconds: Seconds) -> Seconds:
    """The year, in UTC."""
    return seconds.astype("datetime64[s]").astype("datetime64[Y]").astype(np.int64) + 1970


@lru_cache(maxsize=4096)
def midnights(zone: str, year: int) -> Seconds:
    """When each day of the year begins, and the next year's first."""
    first, days = datetime(year, 1, 1, tzinfo=zone_of(zone)), (date(year + 1, 1, 1) - date(year, 1, 1)).days
    return np.array([int((first + timedelta(days=i)).timestamp()) for i in range(days + 1)], dtype=np.int64)


def exact(zone: str, day: date, minutes: int, *, late: bool) -> int:
    """When a clock shows this. Where it shows it twice or never, the `late` or early one of what it may mean."""
    clock = datetime(day.year, day.month, day.day, tzinfo=zone_of(zone)) + timedelta(minutes=minutes)
    both = [seconds_of(clock.replace(fold=fold).astimezone(UTC)) for fold in (0, 1)]
    return max(both) if late else min(both)


@lru_cache(maxsize=1024)
def _many_midnights(zone: str, first: int, last: int) -> Seconds:
    years = [midnights(zone, year)[:-1] for year in range(first, last)]
    return np.concatenate([*years, midnights(zone, last)])


def end_of_day_after(zone: str, since: Seconds, *, months: int = 0, days: int = 0) -> Seconds:
    """When the local day ends that lies so many months or days after the local day of each instant."""
    if not len(since):
        return since
    years = year_of(since)
    first, last = int(years.min()) - 1, int(years.max()) + 2 + (months + days // 28) // 12
    starts = _many_midnights(zone, first, last)
    base = day_number(date(first, 1, 1))
    day = (np.searchsorted(starts, since, side="right") - 1 + base).astype("datetime64[D]")
    ends = _months_later(day, months).astype(np.int64) + days + 1 - base
    return starts[ends]


def _months_later(day: NDArray[np.datetime64], months: int) -> NDArray[np.datetime64]:
    """The same day of a later month, or that month's last where it has no such day."""
    if months == 0:
        return day
    month = day.astype("datetime64[M]")
    into = (day - month.astype("datetime64[D]")).astype(np.int64)
    later = month + months
    length = ((later + 1).astype("datetime64[D]") - later.astype("datetime64[D]")).astype(np.int64)
    found: NDArray[np.datetime64] = later.astype("datetime64[D]") + np.minimum(into, length - 1)
    return found
