"""When do they ask to be called back? Friday, 27 November 2026, 10:20 am in Chicago."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from leadwell.reading.callback import callback

CHICAGO = ZoneInfo("America/Chicago")
NOW = datetime(2026, 11, 27, 10, 20, 40, tzinfo=CHICAGO)


def said(text: str, now: datetime = NOW, zone: ZoneInfo = CHICAGO) -> str:
    at = callback(text, now, zone).at
    return f"{at:%a %d %b %H:%M}" if at else ""


@pytest.mark.parametrize(
    ("text", "means"),
    [
        ("tomorrow after 3", "Sat 28 Nov 15:00"),
        ("Tomorrow at 3:30 pm", "Sat 28 Nov 15:30"),
        ("Monday morning", "Mon 30 Nov 09:00"),
        ("monday afternoon", "Mon 30 Nov 13:00"),
        ("Mon 9:30", "Mon 30 Nov 09:30"),
        ("wed between 2 and 4", "Wed 02 Dec 14:00"),
        ("Thursday, December 3rd, 10am", "Thu 03 Dec 10:00"),
        ("the 3rd at 10", "Thu 03 Dec 10:00"),
        ("in 2 hours", "Fri 27 Nov 12:20"),
        ("in half an hour", "Fri 27 Nov 10:50"),
        ("in an hour and a half", "Fri 27 Nov 11:50"),
        ("in 45 min", "Fri 27 Nov 11:05"),
        ("4pm", "Fri 27 Nov 16:00"),
        ("after 5", "Fri 27 Nov 17:00"),
        ("today at noon", "Fri 27 Nov 12:00"),
        ("this afternoon", "Fri 27 Nov 13:00"),
        ("tonight at 7", "Fri 27 Nov 19:00"),
        ("tomorrow evening at 8", "Sat 28 Nov 20:00"),
        ("next tuesday 14:30", "Tue 01 Dec 14:30"),
        ("next Tuesday 10", "Tue 01 Dec 10:00"),
        ("martes 10", "Tue 01 Dec 10:00"),
        ("Tuesday 8", ""),  # it may be the eighth, which is a Tuesday
        ("Tuesday 1 to 3", "Tue 01 Dec 13:00"),
        ("half past 3 tomorrow", "Sat 28 Nov 15:30"),
        ("half 4 tomorrow", "Sat 28 Nov 16:30"),
        ("any time but mornings", ""),
        ("tomorrow but after 3", "Sat 28 Nov 15:00"),
        ("in 3 days at 11", "Mon 30 Nov 11:00"),
        ("mañana a las 10", "Sat 28 Nov 10:00"),
        ("mañana por la mañana", "Sat 28 Nov 09:00"),
        ("pasado mañana a las 9", "Sun 29 Nov 09:00"),
        ("el lunes a las 4 de la tarde", "Mon 30 Nov 16:00"),
        ("lunes por la tarde", "Mon 30 Nov 13:00"),
        ("el martes que viene a las 10 y media", "Tue 01 Dec 10:30"),
        ("en dos horas", "Fri 27 Nov 12:20"),
        ("hoy a las tres", "Fri 27 Nov 15:00"),
        ("tomorrow at quarter to 4", "Sat 28 Nov 15:45"),
        ("quarter after 2 tomorrow", "Sat 28 Nov 14:15"),
        ("mañana a las 4 menos cuarto", "Sat 28 Nov 15:45"),
        ("mañana a un cuarto para las 4", "Sat 28 Nov 15:45"),
        ("tomorrow at quarter to 1", "Sat 28 Nov 12:45"),
        ("in 1.5 hours", "Fri 27 Nov 11:50"),
    ],
)
def test_it_is_read_on_their_own_clock(text: str, means: str) -> None:
    assert said(text) == means


@pytest.mark.parametrize(
    ("text", "asks", "perhaps"),
    [
        ("tomorrow at 8", "Which of these times?", ["08:00", "20:00"]),
        ("tomorrow", "At what time that day?", ["09:00", "13:00"]),
        ("today at 9", "That is over. When, then?", ["09:00"]),
        ("friday at 9 am", "That is over. When, then?", ["09:00"]),
        ("yesterday at 3", "That is over. When, then?", ["15:00"]),
        ("friday or saturday at 4", "It names several days. On which one?", ["16:00", "16:00"]),
        ("tomorrow at 2 or 5", "Which of these times?", ["14:00", "17:00"]),
        ("next week at 10", "It names more than one day. On which one?", []),
        ("before 5 tomorrow", "It says only until when. Ask from when.", []),
        ("not tomorrow", "It says when not to call. Ask when, and write that.", []),
        ("soon", "Write it like", []),
        ("", "Write it like", []),
        ("x" * 201, "Write it like", []),
    ],
)
def test_what_may_mean_two_moments_or_is_over_is_asked(text: str, asks: str, perhaps: list[str]) -> None:
    told = callback(text, NOW, CHICAGO)
    assert told.at is None
    assert told.asks.startswith(asks)
    assert [f"{one:%H:%M}" for one in told.perhaps] == perhaps


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("tomorrow at 3pm eastern", "2026-11-28T14:00-06:00"),
        ("tomorrow at 3 pm ET", "2026-11-28T14:00-06:00"),
        ("3 pm New York time tomorrow", "2026-11-28T14:00-06:00"),
        ("tomorrow 2 o'clock their eastern time", "2026-11-28T13:00-06:00"),
        ("mañana a las 3 hora del este", "2026-11-28T14:00-06:00"),
        ("tomorrow 3pm pacific", "2026-11-28T17:00-06:00"),
        ("tomorrow at 3 (mountain)", "2026-11-28T16:00-06:00"),
        ("tomorrow at 15:00 UTC", "2026-11-28T09:00-06:00"),
        ("Monday 4 pm London time", "2026-11-30T10:00-06:00"),
        ("PT tomorrow at 3 pm", "2026-11-28T15:00-06:00"),  # a therapy
        ("after I am home from PT at 3 pm", "2026-11-27T15:00-06:00"),
        ("mañana a las 3, hora del pacífico", "2026-11-28T17:00-06:00"),
        ("a las 3 este viernes", "2026-11-27T15:00-06:00"),
        ("any time after 3 pm", "2026-11-27T15:00-06:00"),
        ("tomorrow at 3, dinner time is at home", "2026-11-28T15:00-06:00"),
    ],
)
def test_a_clock_that_they_name_is_the_one_that_counts(text: str, at: str) -> None:
    found = callback(text, NOW, CHICAGO).at
    assert found == datetime.fromisoformat(at)


def test_an_hour_of_today_that_is_over_may_be_tomorrows() -> None:
    afternoon = datetime(2026, 11, 27, 12, 25, tzinfo=CHICAGO)
    for text, day in (("today at 11", 28), ("hoy a las 11", 28), ("friday at 11", 4)):
        assert [one.day for one in callback(text, afternoon, CHICAGO).perhaps] == [day]


def test_their_tomorrow_is_not_ours() -> None:
    """Late in the evening of Chicago it is the next day in New York already."""
    late = datetime(2026, 11, 27, 23, 30, tzinfo=CHICAGO)
    assert said("tomorrow at 10", late) == "Sat 28 Nov 10:00"
    assert said("tomorrow at 10", late, ZoneInfo("America/New_York")) == "Sun 29 Nov 10:00"


def test_an_hour_that_the_clocks_leave_out_is_asked() -> None:
    night = datetime(2027, 3, 13, 12, 0, tzinfo=CHICAGO)
    for text in ("tomorrow at 2:30 am", "March 14 2027 2:30 am", "2027-03-14 02:30"):
        told = callback(text, night, CHICAGO)
        assert told.at is None
        assert told.asks == "The clocks go forward that day: there is no 02:30. Which hour is meant?"
        (after,) = told.perhaps
        assert after.astimezone(UTC).isoformat() == "2027-03-14T08:30:00+00:00"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Dec 31 9999 10 am", "“Dec 31 9999” names the year 9999"),
        ("31 de diciembre de 9999 10 am", "“31 de diciembre de 9999” names the year 9999"),
        ("13/13/2026 10", "There is no “13/13/2026”"),
        ("32/1 10", "There is no “32/1”"),
        ("2026-13-01 10", "There is no “2026-13-01”"),
        ("2026-02-29 10:00", "There is no “2026-02-29”"),
        ("29 February 2027 10 am", "There is no “29 February 2027”"),
        ("February 30 10 am", "There is no “February 30”"),
        ("30 de febrero a las 10", "There is no “30 de febrero”"),
        ("31 November at 10", "There is no “31 November”"),
        ("June 31", "There is no “June 31”"),
        ("tomorrow at 13:75", "There is no hour “13:75”"),
        ("2026-12-04 25:00", "There is no hour “25:00”"),
        ("25 pm tomorrow", "There is no hour “25 pm”"),
        ("Dec 4 2019 10 am", "“Dec 4 2019” names the year 2019"),
    ],
)
def test_what_no_calendar_or_clock_has_is_refused_and_not_guessed(text: str, found: str) -> None:
    told = callback(text, NOW, CHICAGO)
    assert (told.at, told.perhaps) == (None, ())
    assert told.asks.startswith(found)
    assert "Write" in told.asks


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("2026-12-04 02:30", "2026-12-04T02:30-06:00"),
        ("2026-12-04T14:30", "2026-12-04T14:30-06:00"),
        ("2026-12-04 14:30:00 please", "2026-12-04T14:30-06:00"),
        ("2026-12-04 10:00-05:00", "2026-12-04T09:00-06:00"),
        ("2026-12-04T16:00Z", "2026-12-04T10:00-06:00"),
        ("2026-12-04 02:30 pm", "2026-12-04T14:30-06:00"),
    ],
)
def test_what_is_written_in_full_means_that_very_moment(text: str, at: str) -> None:
    told = callback(text, NOW, CHICAGO).at
    assert told is not None
    assert told.isoformat(timespec="minutes") == at


PACIFIC = ZoneInfo("America/Los_Angeles")


@pytest.mark.parametrize(
    ("text", "means"),
    [
        ("tomorrow at 3 our time", "2026-11-28T15:00:00-06:00"),
        ("3 pm (our time) tomorrow", "2026-11-28T15:00:00-06:00"),
        ("mañana a las 3 hora de la clínica", "2026-11-28T15:00:00-06:00"),
        ("tomorrow at 3 their time", "2026-11-28T15:00:00-08:00"),
        ("tomorrow at 3 my time", "2026-11-28T15:00:00-08:00"),
        ("tomorrow at 3", "2026-11-28T15:00:00-08:00"),
        ("tomorrow at 3 pm eastern", "2026-11-28T15:00:00-05:00"),
    ],
)
def test_the_hour_is_of_the_clock_that_they_name(text: str, means: str) -> None:
    at = callback(text, NOW, PACIFIC, CHICAGO).at
    assert at is not None
    assert at.isoformat() == means


def test_your_time_may_be_ours_or_theirs_and_is_asked_where_these_differ() -> None:
    asked = callback("tomorrow 3pm your time", NOW, PACIFIC, CHICAGO)
    assert (asked.at, asked.asks) == (None, "On whose clock: theirs, or ours?")
    assert [one.isoformat() for one in asked.perhaps] == ["2026-11-28T15:00:00-08:00", "2026-11-28T15:00:00-06:00"]
    assert said("tomorrow 3pm your time") == "Sat 28 Nov 15:00"


@pytest.mark.parametrize(
    ("words", "days"),
    [("after Thanksgiving", {date(2026, 11, 27)}),
     ("the day after tomorrow", {date(2026, 11, 22)}), ("despues de navidad", {date(2026, 12, 26)}),
     ("Thanksgiving", {date(2026, 11, 26)})],
)  # fmt: skip
def test_after_a_day_is_not_that_day(words: str, days: set[date]) -> None:
    told = callback(words, datetime(2026, 11, 20, 16, tzinfo=CHICAGO), CHICAGO)
    assert {one.date() for one in told.perhaps} == days
