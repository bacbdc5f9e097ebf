"""Are days, weeks and their windows laid out right where clocks change, and cut with each other?"""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadwell.permission.calendars import Open, Week, open_hours
from leadwell.permission.clocks import (
    UnknownZoneError,
    end_of_day_after,
    exact,
    instant,
    midnights,
    seconds_of,
    zone_of,
)
from leadwell.playbook.hours import windows


def at(text: str) -> int:
    return seconds_of(datetime.fromisoformat(text))


def test_a_day_begins_where_the_clock_skips_midnight() -> None:
    """In Havana the clock goes from midnight to one."""
    assert instant(midnights("America/Havana", 2026)[66]) == datetime(2026, 3, 8, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "minutes", "early", "late"),
    [
        (date(2026, 3, 8), 150, "2026-03-08T06:30:00Z", "2026-03-08T07:30:00Z"),  # half past two does not exist
        (date(2026, 11, 1), 90, "2026-11-01T05:30:00Z", "2026-11-01T06:30:00Z"),  # half past one comes twice
        (date(2026, 11, 2), 90, "2026-11-02T06:30:00Z", "2026-11-02T06:30:00Z"),
    ],
)
def test_a_time_that_comes_twice_or_never_is_taken_the_strict_way(
    day: date, minutes: int, early: str, late: str
) -> None:
    assert exact("America/New_York", day, minutes, late=False) == at(early)
    assert exact("America/New_York", day, minutes, late=True) == at(late)


@pytest.mark.parametrize(
    "zone", ["America/New_York", "America/Phoenix", "Australia/Lord_Howe", "America/Havana", "Asia/Tokyo"]
)
@pytest.mark.parametrize("hours", ["daily 08:00-21:00", "Mon-Sat 09:00-21:00, Sun 12:00-21:00", "Tue 00:00-24:00"])
def test_hours_are_those_that_the_clock_on_the_wall_shows(zone: str, hours: str) -> None:
    """By the clock itself, every 25 minutes of a year."""
    week = windows(hours)
    open_ = open_hours(Week(week), zone, 2026)
    times = np.arange(at("2026-01-01T00:00:00Z"), at("2027-01-01T00:00:00Z"), 1500)
    found = open_.next(times) == times
    for time, answer in zip(times.tolist(), found.tolist(), strict=True):
        there = instant(time).astimezone(ZoneInfo(zone))
        minute = 60 * there.hour + there.minute
        assert answer == any(w.day == there.weekday() and w.start <= minute < w.end for w in week), there


@given(st.lists(st.integers(0, 60), max_size=12), st.lists(st.integers(0, 60), max_size=12))
def test_what_is_cut_is_open_in_both(one: list[int], other: list[int]) -> None:
    first, second = (_spans(sorted(set(some))) for some in (one, other))
    both = first.cut(second)
    times = np.arange(0, 61)
    theirs = [(spans.next(times) == times) for spans in (first, second)]
    assert ((both.next(times) == times) == (theirs[0] & theirs[1])).all()
    assert (both.starts < both.ends).all()


def _spans(edges: list[int]) -> Open:
    pairs = edges[: len(edges) // 2 * 2]
    return Open(np.array(pairs[::2], dtype=np.int64), np.array(pairs[1::2], dtype=np.int64), 1000)


@pytest.mark.parametrize(
    ("since", "months", "days", "ends"),
    [
        ("2026-01-15T23:30:00-05:00", 3, 0, "2026-04-16T00:00:00-04:00"),
        ("2026-01-31T12:00:00-05:00", 1, 0, "2026-03-01T00:00:00-05:00"),
        ("2026-11-30T12:00:00-05:00", 3, 0, "2027-03-01T00:00:00-05:00"),
        ("2027-11-30T12:00:00-05:00", 3, 0, "2028-03-01T00:00:00-05:00"),
        ("2026-10-01T00:00:00-04:00", 0, 31, "2026-11-02T00:00:00-05:00"),
        ("2026-12-31T23:59:59-05:00", 0, 31, "2027-02-01T00:00:00-05:00"),
    ],
)
def test_the_last_day_ends_at_its_midnight(since: str, months: int, days: int, ends: str) -> None:
    found = end_of_day_after("America/New_York", np.array([at(since)]), months=months, days=days)
    assert found.tolist() == [at(ends)]


def test_a_zone_that_is_none_is_refused() -> None:
    with pytest.raises(UnknownZoneError, match="Nowhere"):
        zone_of("America/Nowhere")
