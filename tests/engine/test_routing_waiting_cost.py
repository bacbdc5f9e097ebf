"""Whom to call first: danger, then who is nearly late or late, then by clock, hour, interest, grade. (promise D21)"""

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from leadwell.playbook import durations, hours
from leadwell.routing.service_levels import Leg, clock
from leadwell.routing.waiting_cost import Waiting, cost, interest, is_pressing
from leadwell.worktime import Calendar

CHICAGO = ZoneInfo("America/Chicago")
WEEK = Calendar(hours.windows("Mon-Fri 08:00-18:00"), CHICAGO)
NOW = datetime(2026, 11, 18, 10, 12, tzinfo=CHICAGO)  # a Wednesday
MINUTE = timedelta(minutes=1)


def waits(asked: int, within: str, now: datetime = NOW, **more) -> Waiting:
    """Somebody who asked so many minutes ago."""
    received = now - asked * MINUTE
    span = durations.parse(within)
    told = clock([Leg(WEEK, received)], span, now) if span else None
    return replace(Waiting(b"one", False, "B", received, told, WEEK, CHICAGO), **more)


def first(*them: Waiting, now: datetime = NOW) -> Waiting:
    return max(them, key=lambda one: cost(one, now).value)


NEARLY = waits(12, "15 min", grade="A")
JUST_LATE = waits(20, "15 min")
LONG_LATE = waits(60 * 24 * 9, "15 min", grade="A")
FRESH = waits(1, "15 min", grade="A")
CALM = waits(1, "4 h", grade="A")
SAFETY = waits(1, "4 h", grade="D", safety=True)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (SAFETY, JUST_LATE),  # danger before all
        (replace(SAFETY, received=NOW), replace(SAFETY, received=NOW - timedelta(days=2), grade="A")),
        (JUST_LATE, FRESH),  # late before all that is not
        (NEARLY, FRESH),
        (LONG_LATE, FRESH),
        (NEARLY, LONG_LATE),  # what can still be kept, before what has been lost for days
        (JUST_LATE, LONG_LATE),
        (waits(14, "15 min"), waits(12, "15 min")),  # less is left
        (waits(14, "15 min"), waits(180 + 10, "4 h")),
        (waits(1, "4 h", grade="A"), waits(1, "4 h", grade="D")),
        (waits(5, "4 h"), waits(120, "4 h")),  # interest decays
        (waits(5, "4 h"), waits(5, "4 h", zone=ZoneInfo("Pacific/Honolulu"))),  # where it is ten past six
    ],
)
def test_the_one_goes_before_the_other(one: Waiting, other: Waiting) -> None:
    assert first(one, other) == first(other, one) == one


def test_a_lead_whose_team_is_closed_waits_for_those_who_can_be_answered() -> None:
    night = datetime(2026, 11, 18, 19, 0, tzinfo=CHICAGO)
    resting, running = waits(5, "4 h", night), waits(5, "4 h", grade="C")
    assert cost(resting, night).value < cost(running, NOW).value


def test_ties_fall_by_a_seed_and_not_by_who_came_first() -> None:
    them = [replace(FRESH, key=bytes([n])) for n in range(20)]

    def order(seed: bytes) -> list[bytes]:
        return [one.key for one in sorted(them, key=lambda one: cost(one, NOW, seed=seed).value)]

    assert order(b"one") == order(b"one")
    assert order(b"one") != order(b"other")
    assert order(b"one") != [one.key for one in them]


@pytest.mark.parametrize("seconds", [0, 1, 59, 60, 600])
@pytest.mark.parametrize(
    "asked",
    [0, 1, 11, 12, 13, 14, 15, 16, 30, 31, 45, 60, 75, 90, 240, 60 * 20, 60 * 24 * 5, 60 * 24 * 9, 60 * 24 * 40],
)
def test_an_order_holds_until_the_instant_that_it_names(asked: int, seconds: int) -> None:
    """Whoever reads the stored number until then reads what would be worked out anew."""
    one = waits(asked, "15 min")
    told = cost(one, NOW)
    if told.until is None:
        assert asked > 60 * 24 * 10
        return
    assert told.until > NOW
    later = min(NOW + timedelta(seconds=seconds), told.until - timedelta(microseconds=1))
    span = durations.parse("15 min")
    assert span
    anew = replace(one, clock=clock([Leg(WEEK, one.received)], span, later))
    assert cost(anew, later).value == told.value


def test_what_is_nearly_late_steps_when_it_is_late() -> None:
    assert cost(waits(14, "15 min"), NOW).until == NOW + timedelta(seconds=3.75)  # its last quarter's third
    assert cost(waits(15, "15 min"), NOW).until == NOW + timedelta(microseconds=1)


def test_interest_only_ever_falls() -> None:
    left = [interest(NOW, NOW + timedelta(minutes=n)) for n in range(0, 60 * 24 * 12, 7)]
    assert left == sorted(left, reverse=True)
    assert (left[0], left[-1]) == (1.0, 0.1)


def test_nothing_presses_where_nothing_is_due() -> None:
    none = replace(FRESH, clock=None)
    assert not is_pressing(none.clock)
    assert cost(none, NOW).until is not None
