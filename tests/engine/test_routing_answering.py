"""How likely somebody answers at an hour: what is known of everybody, moved by one's own calls."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadwell.routing.answering import PRIOR, Hour, asleep, hour_of, learned

CHICAGO = ZoneInfo("America/Chicago")
TEN, FIVE = (False, 10), (False, 17)


def calls(hour: Hour, made: int, answered: int) -> list[tuple[Hour, bool]]:
    return [(hour, nth < answered) for nth in range(made)]


@pytest.mark.parametrize(
    ("at", "zone", "good", "sleeps"),
    [
        ("2026-11-18T17:30", "America/Chicago", True, False),
        ("2026-11-18T10:30", "America/Chicago", False, False),
        ("2026-11-18T08:30", "America/Los_Angeles", False, True),
        ("2026-11-22T11:00", "America/Chicago", False, False),  # a Sunday
        ("2026-11-22T22:00", "America/Chicago", False, True),
    ],
)
def test_an_hour_is_judged_on_their_own_clock(at: str, zone: str, *, good: bool, sleeps: bool) -> None:
    now = datetime.fromisoformat(at).replace(tzinfo=CHICAGO)
    assert (PRIOR.good(now, ZoneInfo(zone)), asleep(now, ZoneInfo(zone))) == (good, sleeps)
    assert 0 < PRIOR.at(now, ZoneInfo(zone)) < 1


def test_without_calls_it_is_the_prior() -> None:
    assert learned([]).answered == pytest.approx(PRIOR.answered)


def test_a_few_calls_move_little_and_many_decide() -> None:
    few, many = learned(calls(TEN, 3, 3)).answered, learned(calls(TEN, 600, 60) + calls(FIVE, 600, 360)).answered
    assert few[TEN] == pytest.approx(PRIOR.answered[TEN], abs=0.08)
    assert (many[TEN], many[FIVE]) == (pytest.approx(0.1, abs=0.03), pytest.approx(0.6, abs=0.03))


def test_where_fewer_answer_they_do_so_at_hours_not_tried_too() -> None:
    told = learned(calls(TEN, 400, 40)).answered
    assert told[FIVE] < PRIOR.answered[FIVE] / 2
    assert told[FIVE] > told[TEN]


def test_the_good_hours_of_a_clinic_that_few_answer_are_still_its_best() -> None:
    told = learned(calls(TEN, 900, 100) + calls((False, 14), 900, 400))
    assert told.good(datetime(2026, 11, 18, 14, 5, tzinfo=CHICAGO), CHICAGO)
    assert not told.good(datetime(2026, 11, 18, 10, 5, tzinfo=CHICAGO), CHICAGO)


def test_nobody_is_woken_because_others_answered_at_night() -> None:
    night = datetime(2026, 11, 18, 3, 0, tzinfo=CHICAGO)
    told = learned(calls(hour_of(night, CHICAGO), 500, 500))
    assert told.at(night, CHICAGO) == PRIOR.at(night, CHICAGO)
    assert told.answered == pytest.approx(PRIOR.answered)


@given(st.lists(st.tuples(st.tuples(st.booleans(), st.integers(0, 23)), st.booleans()), max_size=300))
def test_it_stays_a_chance(tries: list[tuple[Hour, bool]]) -> None:
    assert all(0 < chance < 1 for chance in learned(tries).answered.values())
