"""Working time: several windows a day, holidays, zones, and the nights on which clocks change."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadwell.playbook import durations, hours
from leadwell.worktime import Ahead, Calendar, NeverOpen

CHICAGO = ZoneInfo("America/Chicago")
WEEK = "Mon-Fri 09:00-17:00"
NOON_OFF = "Mon-Fri 09:00-12:00 13:00-17:00"


def calendar(text: str = WEEK, *, zone: str = "America/Chicago", holidays: str | None = None, closed=()) -> Calendar:
    return Calendar(hours.windows(text), ZoneInfo(zone), holidays, frozenset(closed))


def at(text: str, zone: str = "America/Chicago") -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


@pytest.mark.parametrize(
    ("week", "start", "within", "due"),
    [
        (WEEK, "2026-11-21T18:30", "1 h", "2026-11-23T10:00:00-06:00"),  # a Saturday evening
        (WEEK, "2026-11-20T16:30", "1 h", "2026-11-23T09:30:00-06:00"),
        (NOON_OFF, "2026-11-23T11:30", "1 h", "2026-11-23T13:30:00-06:00"),
        (NOON_OFF, "2026-11-20T16:30", "1 h", "2026-11-23T09:30:00-06:00"),
        (WEEK, "2026-11-20T16:00", "1 h", "2026-11-20T17:00:00-06:00"),  # what fills the day is due at its end
        (WEEK, "2026-11-20T16:00", "61 min", "2026-11-23T09:01:00-06:00"),
        (WEEK, "2026-11-20T17:00", "5 min", "2026-11-23T09:05:00-06:00"),  # at the end of a window it is closed
        (WEEK, "2026-11-23T09:00", "40 h", "2026-11-27T17:00:00-06:00"),
        (WEEK, "2026-11-20T16:00", "1 working day", "2026-11-23T16:00:00-06:00"),
        (WEEK, "2026-11-20T16:00", "1 day", "2026-11-23T16:00:00-06:00"),
        (WEEK, "2026-11-21T12:00", "1 working day", "2026-11-24T09:00:00-06:00"),  # counted from Monday's opening
        (WEEK, "2026-11-20T16:00", "1 week", "2026-11-27T16:00:00-06:00"),
        (WEEK, "2026-11-20T16:00", "1 day 2 h", "2026-11-24T10:00:00-06:00"),
        ("Mon 09:00-17:00, Tue 09:00-12:00", "2026-11-23T15:00", "1 day", "2026-11-24T12:00:00-06:00"),
        (WEEK, "2026-11-23T09:00", "0.5 working days", "2026-11-23T13:00:00-06:00"),
    ],
)
def test_what_is_due_when(week: str, start: str, within: str, due: str) -> None:
    span = durations.parse(within)
    assert span is not None
    assert calendar(week).within(at(start), span).isoformat() == due


def test_public_holidays_and_own_days_are_closed() -> None:
    thanksgiving = calendar(holidays="US-IL")
    assert thanksgiving.due(at("2026-11-25T16:30"), timedelta(hours=1)) == at("2026-11-27T09:30")
    both = calendar(holidays="US-IL", closed=[date(2026, 11, 27)])
    assert both.due(at("2026-11-25T16:30"), timedelta(hours=1)) == at("2026-11-30T09:30")
    assert thanksgiving.worked(at("2026-11-25T16:30"), at("2026-11-27T09:30")) == timedelta(hours=1)


@pytest.mark.parametrize(
    ("start", "hours_later", "due"),
    [
        ("2026-10-31T22:00", 5, "2026-11-01T02:00:00-06:00"),  # 01:00 to 02:00 occurs twice
        ("2026-03-07T22:00", 5, "2026-03-08T04:00:00-05:00"),  # 02:00 to 03:00 does not occur
    ],
)
def test_the_night_on_which_clocks_change_adds_and_loses_nothing(start: str, hours_later: int, due: str) -> None:
    assert calendar("24/7").due(at(start), timedelta(hours=hours_later)).isoformat() == due


def test_windows_that_meet_in_an_hour_that_does_not_occur_count_once() -> None:
    spring = calendar("Sun 02:10-02:50 03:00-04:00")
    assert spring.worked(at("2026-03-08T00:00"), at("2026-03-08T12:00")) == timedelta(minutes=50)


def test_of_a_wall_time_that_occurs_twice_the_earlier_opens() -> None:
    autumn = calendar("Sun 01:30-03:00")
    assert autumn.opens(at("2026-11-01T00:00")).isoformat() == "2026-11-01T01:30:00-05:00"


def test_half_open() -> None:
    week = calendar()
    assert [week.is_open(at(f"2026-11-20T{time}")) for time in ("08:59", "09:00", "16:59", "17:00")] == [
        False, True, True, False,
    ]  # fmt: skip


def test_whoever_never_opens_is_an_error_and_no_endless_search() -> None:
    shut = calendar("Thu 09:00-17:00", closed=[date(2026, 1, 1) + timedelta(days=n) for n in range(5_000)])
    with pytest.raises(NeverOpen, match="never open"):
        shut.due(at("2026-11-20T16:00"), timedelta(hours=1))


def test_no_time_at_all_is_over_at_once() -> None:
    assert calendar().due(at("2026-11-21T18:30"), timedelta()) == at("2026-11-21T18:30")


ZONES = ("America/Chicago", "America/Phoenix", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC")
TEXTS = (
    WEEK,
    NOON_OFF,
    "24/7",
    "Sun 00:30-02:30 02:45-04:00",
    "Mon-Sat 06:00-22:00",
    "Fri 23:00-24:00, Sat 00:00-01:00",
)
calendars = st.builds(
    lambda text, zone, holidays: calendar(text, zone=zone, holidays=holidays),
    st.sampled_from(TEXTS), st.sampled_from(ZONES), st.sampled_from((None, "US-IL")),
)  # fmt: skip
moments = st.datetimes(datetime(2025, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC))
lengths = st.timedeltas(timedelta(seconds=1), timedelta(hours=60))


@given(calendars, moments, lengths)
@settings(deadline=None)
def test_as_much_has_been_worked_when_it_is_due(kept: Calendar, start: datetime, length: timedelta) -> None:
    due = kept.due(start, length)
    assert kept.worked(start, due) == length
    assert kept.worked(start, due - timedelta(microseconds=1)) < length


@pytest.mark.parametrize("start", ["2026-11-01T00:30-05:00", "2026-03-08T01:30-06:00", "2026-11-01T01:15-05:00"])
def test_a_moment_is_the_same_in_whatever_zone_it_is_written(start: str) -> None:
    kept, moment, span = calendar("24/7"), datetime.fromisoformat(start), durations.parse("3 h")
    assert span is not None
    local = moment.astimezone(CHICAGO)
    assert kept.within(local, span) == moment + timedelta(hours=3)
    assert kept.worked(local, kept.within(local, span)) == timedelta(hours=3)
    assert Ahead(kept, local).worked(moment + timedelta(hours=3)) == timedelta(hours=3)


@given(calendars, moments, st.integers(0, 4 * 24 * 60))
@settings(max_examples=30, deadline=None)
def test_counted_minute_by_minute_it_is_the_same(kept: Calendar, start: datetime, minutes: int) -> None:
    start = start.replace(second=0, microsecond=0)
    open_ = sum(kept.is_open(start + timedelta(minutes=n)) for n in range(minutes))
    assert kept.worked(start, start + timedelta(minutes=minutes)) == timedelta(minutes=open_)


@given(calendars, moments, lengths, lengths)
@settings(deadline=None)
def test_segments_add_up(kept: Calendar, start: datetime, first: timedelta, second: timedelta) -> None:
    """As where a lead changes hands: what has passed counts, and the rest is due as if it were one."""
    middle = kept.due(start, first)
    assert kept.due(middle, second) == kept.due(start, first + second)


@pytest.mark.parametrize(
    ("text", "hours_a_week"),
    [(WEEK, 40), (NOON_OFF, 35), ("24/7", 168), ("Mon 09:00-12:00 12:00-13:00", 4), ("Sun 02:10-02:50", 2 / 3)],
)
def test_the_hours_of_a_week(text: str, hours_a_week: float) -> None:
    assert calendar(text).hours_a_week == pytest.approx(hours_a_week)


@pytest.mark.parametrize(
    ("at", "closes"),
    [
        ("2026-11-23T11:00", "2026-11-23T12:00"),
        ("2026-11-23T12:00", "2026-11-23T17:00"),  # closed over noon: the next end of a window
        ("2026-11-20T18:00", "2026-11-23T12:00"),
    ],
)
def test_it_closes_at_the_next_end_of_a_window(at: str, closes: str) -> None:
    zone = ZoneInfo("America/Chicago")
    halves = Calendar(hours.windows("Mon-Fri 09:00-12:00 13:00-17:00"), zone)
    start, end = (datetime.fromisoformat(one).replace(tzinfo=zone) for one in (at, closes))
    assert halves.closes(start) == end


@given(calendars, moments, st.lists(st.timedeltas(timedelta(days=-1), timedelta(days=40)), min_size=1, max_size=5))
@settings(deadline=None)
def test_looking_ahead_again_and_again_tells_the_same(kept: Calendar, start: datetime, far: list[timedelta]) -> None:
    ahead = Ahead(kept, start)
    for length in far:
        assert ahead.worked(start + length) == kept.worked(start, start + length)
