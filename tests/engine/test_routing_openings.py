"""Where and when: what is known of each clinic, how it ages, what a bound counts, and what is offered first."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadwell import playbook
from leadwell.playbook import capacity
from leadwell.routing.openings import (
    HOLDS,
    Board,
    Place,
    Slot,
    State,
    Stated,
    Wanted,
    miles,
    slots,
    slots_of,
    states_of,
)

POLICY = playbook.load(playbook.find("lakeside-orthopedics"))
NOW = datetime(2026, 11, 27, 18, tzinfo=UTC)  # a Friday
TODAY = NOW.date()
LOOP, EVANSTON = (Slot("knee-replacement", clinic, "consult") for clinic in ("loop", "evanston"))
VIDEO = Slot("knee-replacement", "", "video")
END_OF_YEAR = date(2026, 12, 31)
KNEE = Wanted("knee-replacement", "loop", END_OF_YEAR, zip="60606", state="IL")


def said(day: str | None, *, full: bool = False, ago: timedelta = timedelta(), hour: datetime | None = None) -> Stated:
    return Stated(NOW - ago, "user:1", date.fromisoformat(day) if day else None, hour, full)


def board(stated: dict[Slot, Stated] | None = None, **booked: int) -> Board:
    return Board(POLICY, NOW, TODAY, stated or {}, {key.replace("_", "-"): count for key, count in booked.items()})


def clinic(one: Place | None) -> str:
    return one.slot.location or "video" if one else ""


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("14 per week", (14, "week")), ("3 a day", (3, "day")), ("5 per working day", (5, "day")),
        ("200 per month", (200, "month")), ("0 per week", None), ("14 per working week", None), ("14 per year", None),
        ("-1 per week", None), ("100000 per day", None), ("14  per week", None), ("many", None), ("٣ per week", None),
    ],
)  # fmt: skip
def test_a_bound_is_read_strictly(text: str, read: tuple[int, str] | None) -> None:
    found = capacity.parse(text)
    assert ((found.most, found.unit) if found else None) == read


@pytest.mark.parametrize(
    ("text", "day", "begins", "then"),
    [
        ("1 per week", "2026-11-27", "2026-11-23", "2026-11-30"),
        ("1 per week", "2026-11-23", "2026-11-23", "2026-11-30"),
        ("1 per month", "2026-12-31", "2026-12-01", "2027-01-01"),
        ("1 per month", "2026-02-28", "2026-02-01", "2026-03-01"),
        ("1 per day", "2026-11-27", "2026-11-27", "2026-11-28"),
        ("1 per working day", "2026-11-27", "2026-11-27", "2026-11-30"),
        ("1 per working day", "2026-11-29", "2026-11-29", "2026-11-30"),
    ],
)
def test_a_bound_counts_by_the_calendar(text: str, day: str, begins: str, then: str) -> None:
    found = capacity.parse(text)
    assert found is not None
    on = date.fromisoformat(day)
    assert (found.begins(on), found.begins_next(on)) == (date.fromisoformat(begins), date.fromisoformat(then))


def test_openings_are_told_of_each_visit_at_each_clinic_that_offers_the_service() -> None:
    assert slots_of(POLICY, "knee-replacement") == (LOOP, EVANSTON, VIDEO)  # not in Aurora
    assert [one.location for one in slots_of(POLICY, "imaging-mri")] == ["loop", "evanston", "aurora"]
    assert slots_of(POLICY, "nothing") == ()
    assert len(set(slots(POLICY))) == len(slots(POLICY))


@pytest.mark.parametrize(
    ("stated", "state"),
    [
        (said("2026-12-03"), State.OPEN),
        (said("2026-11-27"), State.OPEN),
        (said("2026-11-26"), State.UNKNOWN),  # it is over
        (said("2026-11-27", hour=NOW - timedelta(minutes=1)), State.UNKNOWN),
        (said("2026-11-27", hour=NOW), State.OPEN),
        (said("2027-01-12", full=True), State.FULL),
        (said("2026-11-27", full=True), State.UNKNOWN),  # the day has come
        (said(None, full=True), State.FULL),
        (said("2026-12-03", ago=HOLDS), State.OPEN),
        (said("2026-12-03", ago=HOLDS + timedelta(seconds=1)), State.UNKNOWN),  # too old to be asserted
        (said(None, full=True, ago=HOLDS + timedelta(seconds=1)), State.UNKNOWN),
    ],
)
def test_what_was_said_holds_until_it_is_over_or_too_old(stated: Stated, state: State) -> None:
    told = board({LOOP: stated}).place(LOOP)
    assert (told.state, told.said) == (state, stated)
    assert told.on is None or told.is_known


def test_where_nobody_has_said_anything_the_bound_says_that_this_week_is_full() -> None:
    assert board(knee_replacement=13).place(LOOP).state is State.UNKNOWN
    told = board(knee_replacement=14).place(LOOP)
    assert (told.state, told.on) == (State.FULL, date(2026, 11, 30))
    assert told.booked is not None
    assert (told.booked.count, told.booked.most, told.booked.unit) == (14, 14, "week")
    assert (
        board({LOOP: said("2026-11-28")}, knee_replacement=14).place(LOOP).state is State.OPEN
    )  # somebody knows better
    assert board(spine_care=99).place(Slot("spine-care", "loop")).state is State.UNKNOWN  # without a bound


@pytest.mark.parametrize(
    ("stated", "there", "moves", "first", "late"),
    [
        # their own clinic in time: it is offered, whatever opens sooner
        ({LOOP: said("2026-12-10"), EVANSTON: said("2026-12-03")}, State.OPEN, "", "loop", False),
        # theirs is too late: it, and where it is sooner
        ({LOOP: said("2027-01-12"), EVANSTON: said("2026-12-03")}, State.OPEN, "evanston", "evanston", False),
        (
            {LOOP: said("2027-01-12", full=True), EVANSTON: said("2026-12-03")},
            State.FULL,
            "evanston",
            "evanston",
            False,
        ),
        # full until a day that is early enough is no trouble
        ({LOOP: said("2026-12-10", full=True), EVANSTON: said("2026-12-03")}, State.FULL, "", "loop", False),
        # none in time anywhere
        ({LOOP: said("2027-01-12"), EVANSTON: said("2027-01-19")}, State.OPEN, "", "loop", True),
        ({LOOP: said("2027-01-12"), EVANSTON: said("2027-01-05")}, State.OPEN, "evanston", "evanston", True),
        # by video
        ({LOOP: said("2027-01-12"), VIDEO: said("2026-11-30")}, State.OPEN, "", "video", False),
        # full, until when nobody knows
        ({LOOP: said(None, full=True), EVANSTON: said("2026-12-03")}, State.FULL, "evanston", "evanston", False),
        ({LOOP: said(None, full=True)}, State.FULL, "", "loop", False),
        # nothing is known: nothing is asserted
        ({}, State.UNKNOWN, "", "loop", False),
        ({EVANSTON: said("2026-12-03")}, State.UNKNOWN, "", "evanston", False),
    ],
)
def test_what_is_offered(stated: dict[Slot, Stated], there: State, moves: str, first: str, late: bool) -> None:
    told = board(stated).offer(KNEE)
    assert told.there is not None
    assert told.there.state is there
    assert (clinic(told.moves), clinic(told.first), told.is_late) == (moves, first, late)


def test_without_a_day_a_clinic_that_is_full_is_left_for_one_that_is_open() -> None:
    stated = {LOOP: said("2026-12-10", full=True), EVANSTON: said("2026-12-03")}
    assert clinic(board(stated).offer(Wanted("knee-replacement", "loop")).moves) == "evanston"
    assert (
        clinic(
            board({LOOP: said("2026-12-10"), EVANSTON: said("2026-12-03")})
            .offer(Wanted("knee-replacement", "loop"))
            .moves
        )
        == ""
    )


@pytest.mark.parametrize(("state", "video", "asks"), [("IL", True, False), ("", True, True), ("WI", False, False)])
def test_by_video_only_in_a_state_of_ours(state: str, video: bool, asks: bool) -> None:
    told = board({LOOP: said("2027-01-12"), VIDEO: said("2026-11-30")}).offer(
        Wanted("knee-replacement", "loop", state=state)
    )
    assert (told.video is not None, told.ask_state) == (video, asks)
    assert states_of(POLICY) == {"IL"}


def test_who_wants_to_be_seen_by_video_is_offered_that_first() -> None:
    stated = {VIDEO: said("2026-12-01"), LOOP: said("2026-11-30")}
    told = board(stated).offer(Wanted("knee-replacement", "loop", END_OF_YEAR, state="IL", video=True))
    assert (clinic(told.there), clinic(told.first), told.fits) == ("video", "video", True)


def test_how_far_it_is_stands_beside_each_clinic() -> None:
    way = miles("60606", POLICY)
    assert way["loop"] == 0
    assert 10 < way["evanston"] < 15
    assert miles("00000", POLICY) == {}
    told = board({LOOP: said("2027-01-12"), EVANSTON: said("2026-12-03")}).offer(KNEE)
    assert told.moves is not None
    assert told.moves.miles == way["evanston"]


_SAID = st.builds(
    Stated,
    at=st.integers(0, 20 * 24).map(lambda hours: NOW - timedelta(hours=hours)),
    by=st.just("key:a"),
    on=st.none() | st.integers(-10, 90).map(lambda days: TODAY + timedelta(days=days)),
    full=st.booleans(),
).filter(lambda one: one.full or one.on is not None)
_ALL = st.dictionaries(st.sampled_from(slots(POLICY)), _SAID)


@settings(max_examples=300, deadline=None, derandomize=True)
@given(
    _ALL,
    st.sampled_from(list(POLICY.services)),
    st.sampled_from(["", *POLICY.locations]),
    st.integers(0, 60),
    st.booleans(),
)
def test_whatever_is_said_an_offer_holds_together(
    stated: dict[Slot, Stated],
    service: str,
    location: str,
    days: int,
    video: bool,
) -> None:
    wanted = Wanted(service, location, TODAY + timedelta(days=days) if days else None, "60606", "IL", video)
    told = board(stated, knee_replacement=days).offer(wanted)
    assert set(told.places) == {one for one in told.places if one.slot in slots_of(POLICY, service)}
    assert len(told.places) == len(slots_of(POLICY, service))  # no place is ever hidden
    for one in told.places:
        if one.on is not None:
            assert one.on >= TODAY
            assert one.said is None or NOW - one.said.at <= HOLDS or one.booked
    if told.moves is not None:
        assert told.there is not None
        assert told.moves.state is State.OPEN
        assert told.there.on is None or told.moves.on < told.there.on  # type: ignore[operator]
        assert not told.fits
    if told.is_late:
        assert all(one.on is None or one.on > told.by for one in told.places)  # type: ignore[operator]
    if told.first is not None and told.there is not None and told.there.is_by(told.by):
        assert told.first is told.there
