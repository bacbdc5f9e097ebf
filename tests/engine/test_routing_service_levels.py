"""The clock of a lead: due, nearly late and late, and what a new owner or calendar makes of it."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadwell import playbook
from leadwell.playbook import durations, hours
from leadwell.routing.service_levels import Leg, State, calendar, clock, due, level, warns
from leadwell.worktime import Calendar

CHICAGO = ZoneInfo("America/Chicago")
WEEK = Calendar(hours.windows("Mon-Fri 09:00-17:00"), CHICAGO)
NOON_OFF = Calendar(hours.windows("Mon-Fri 09:00-12:00 13:00-17:00"), CHICAGO)
SATURDAYS = Calendar(hours.windows("Sat 08:00-12:00"), CHICAGO)
SOURCE = playbook.find("lakeside-orthopedics").decode()
LAKESIDE = playbook.load(SOURCE)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=CHICAGO)


def span(text: str) -> durations.Duration:
    found = durations.parse(text)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("now", "state"),
    [
        ("2026-11-20T16:29", State.RUNNING),
        ("2026-11-20T17:00", State.RESTING),  # half an hour of the hour is left
        ("2026-11-22T12:00", State.RESTING),
        ("2026-11-23T09:00", State.RUNNING),
        ("2026-11-23T09:14", State.RUNNING),
        ("2026-11-23T09:15", State.NEARLY),
        ("2026-11-23T09:30", State.NEARLY),  # due is not late
        ("2026-11-23T09:31", State.LATE),
        ("2026-11-23T23:00", State.LATE),  # at night too
    ],
)
def test_an_untouched_lead_becomes_late_by_itself(now: str, state: State) -> None:
    legs = [Leg(WEEK, at("2026-11-20T16:30"))]
    told = clock(legs, span("1 h"), at(now))
    assert (told.state, told.due) == (state, at("2026-11-23T09:30"))
    assert told.opens == (at("2026-11-23T09:00") if state is State.RESTING else None)


def test_what_is_left_is_working_time() -> None:
    legs = [Leg(WEEK, at("2026-11-20T16:30"))]
    assert clock(legs, span("1 h"), at("2026-11-21T12:00")).left == timedelta(minutes=30)
    assert clock(legs, span("1 h"), at("2026-11-23T10:30")).left == timedelta(hours=1)


@pytest.mark.parametrize(("met", "state"), [("2026-11-23T09:30", State.MET), ("2026-11-23T09:31", State.MET_LATE)])
def test_an_answer_stops_the_clock(met: str, state: State) -> None:
    legs = [Leg(WEEK, at("2026-11-20T16:30"))]
    assert clock(legs, span("1 h"), at("2026-12-24T12:00"), met=at(met)).state == state


@pytest.mark.parametrize(
    ("legs", "within", "expected"),
    [
        # A quarter of an hour was used before Saturday's people took it over on Friday at five.
        ([(WEEK, "2026-11-20T16:45"), (SATURDAYS, "2026-11-20T17:00")], "1 h", "2026-11-21T08:45"),
        # Handed over at night, nothing used: the new owner has all of it.
        ([(WEEK, "2026-11-20T18:00"), (SATURDAYS, "2026-11-20T20:00")], "1 h", "2026-11-21T09:00"),
        # It was due before it was handed over.
        ([(WEEK, "2026-11-20T15:00"), (SATURDAYS, "2026-11-20T17:00")], "1 h", "2026-11-20T16:00"),
        # Half of a working day of eight hours, then half of one of seven.
        ([(WEEK, "2026-11-23T09:00"), (NOON_OFF, "2026-11-23T13:00")], "1 working day", "2026-11-23T16:30"),
        # There and back again.
        (
            [(WEEK, "2026-11-20T16:45"), (SATURDAYS, "2026-11-20T17:00"), (WEEK, "2026-11-21T08:15")],
            "1 h",
            "2026-11-23T09:30",
        ),
    ],
)
def test_the_segments_of_several_owners_add_up(legs: list[tuple[Calendar, str]], within: str, expected: str) -> None:
    assert due([Leg(one, at(since)) for one, since in legs], span(within)) == at(expected)


@given(
    st.lists(st.integers(0, 60 * 24 * 9), min_size=1, max_size=5, unique=True).map(sorted),
    st.integers(1, 60 * 24),
    st.data(),
)
@settings(deadline=None)
def test_what_the_owners_worked_until_it_is_due_is_the_length(
    turns: list[int], minutes: int, data: st.DataObject
) -> None:
    start = datetime(2026, 10, 28, 6, tzinfo=UTC)  # over the night on which clocks change
    legs = [
        Leg(data.draw(st.sampled_from([WEEK, NOON_OFF, SATURDAYS])), start + timedelta(minutes=one)) for one in turns
    ]
    by = due(legs, span(f"{minutes} min"))
    ends = [*(leg.since for leg in legs[1:]), by]
    worked = sum(
        (leg.calendar.worked(leg.since, min(end, by)) for leg, end in zip(legs, ends, strict=True)), timedelta()
    )
    assert worked == timedelta(minutes=minutes)
    assert legs[0].since < warns(legs, span(f"{minutes} min")) <= by


@given(st.integers(0, 60 * 24 * 9), st.integers(0, 60 * 24 * 14))
@settings(deadline=None)
def test_a_clock_only_ever_goes_forward(start: int, until: int) -> None:
    order = [State.RUNNING, State.NEARLY, State.LATE]
    begin = datetime(2026, 11, 20, 6, tzinfo=UTC) + timedelta(minutes=start)
    legs = [Leg(NOON_OFF, begin)]
    seen = [clock(legs, span("3 h"), begin + timedelta(minutes=m)).state for m in range(0, until, 7)]
    awake = [order.index(one) for one in seen if one is not State.RESTING]
    assert all(before <= after for before, after in pairwise(awake))


def judged(**facts: object) -> pl.DataFrame:
    told = {"urgency": "none", "grade": "C", "type": "patient", "disposition": "verify"} | facts
    return pl.DataFrame({name: [value] for name, value in told.items()})


@pytest.mark.parametrize(
    ("facts", "first_response"),
    [
        ({"urgency": "urgent", "grade": "A"}, "5 min"),  # the first that applies
        ({"grade": "A"}, "15 min"),
        ({"type": "referral"}, "2 h"),
        ({}, "4 h"),
        ({"urgency": None, "grade": None}, "4 h"),  # unknown is not true
    ],
)
def test_the_first_service_level_that_applies(facts: dict[str, object], first_response: str) -> None:
    (place,) = level(judged(**facts), LAKESIDE).to_list()
    assert LAKESIDE.service_levels[place].first_response == first_response


def test_a_level_may_ask_what_changes_while_a_lead_waits() -> None:
    text = SOURCE.replace("when = \"grade = 'A'\"", 'when = "attempts >= 2"')
    policy = playbook.load(text)
    (new,) = level(judged(), policy).to_list()
    (tried,) = level(judged(attempts=2.0), policy).to_list()
    assert (policy.service_levels[new].first_response, policy.service_levels[tried].first_response) == ("4 h", "15 min")


def test_a_team_without_hours_works_day_and_night() -> None:
    team = next(iter(LAKESIDE.teams.values()))
    assert calendar(team, LAKESIDE).holidays == "US-IL"
    always = calendar(type(team)(team.key, None, None, team.assign), LAKESIDE)
    assert always.is_open(at("2026-12-25T03:00"))
