"""Who of a team gets a lead: fair over weeks, and a reason for everybody who did not get it."""

import random
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadwell.playbook import hours
from leadwell.routing.assigning import (
    Asked,
    Away,
    Choice,
    Colleague,
    Load,
    Round,
    Team,
    Why,
    choose,
    given_back,
    returned,
)
from leadwell.worktime import Calendar

CHICAGO = ZoneInfo("America/Chicago")
DAY = Calendar(hours.windows("Mon-Fri 08:00-17:00"), CHICAGO)
MORNINGS = Calendar(hours.windows("Mon-Fri 08:00-12:00"), CHICAGO)
MONDAY = datetime(2026, 11, 23, 9, tzinfo=CHICAGO)
LEAD = Asked("lead-1", type="patient", service="spine-care", location="loop", language="es", state="IL")


def team(*people: Colleague, assign: str = "round-robin", **more: dict[str, Load] | dict[str, float]) -> Team:
    return Team(people, assign, seed="lakeside", **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"away": (Away(MONDAY, MONDAY + timedelta(minutes=1)),)}, Why.AWAY),
        ({"away": (Away(MONDAY - timedelta(days=1), MONDAY),)}, None),  # back at this very minute
        ({"calendar": Calendar(hours.windows("Tue 08:00-12:00"), CHICAGO)}, Why.NOT_WORKING),
        ({"types": frozenset({"referral"})}, Why.TYPE),
        ({"services": frozenset({"imaging-mri"})}, Why.SERVICE),
        ({"services": frozenset({"imaging-mri", "spine-care"})}, None),
        ({"locations": frozenset({"aurora"})}, Why.LOCATION),
        ({"languages": frozenset({"en"})}, Why.LANGUAGE),
        ({"states": frozenset({"WI"})}, None),  # a licence is asked for only where the lead needs one
        ({"most_open": 0}, Why.FULL),
    ],
)
def test_whoever_cannot_take_it_is_passed_over_with_the_reason(change: dict[str, object], why: Why | None) -> None:
    one = replace(Colleague("dana", DAY), **change)  # type: ignore[arg-type]
    told = choose(LEAD, team(one), MONDAY)
    assert told == (Choice("dana", {}) if why is None else Choice(None, {"dana": why}, nobody=told.nobody))


def test_a_licence_is_asked_for_where_the_lead_needs_one() -> None:
    video = replace(LEAD, needs_licence=True)
    people = team(Colleague("dana", DAY, states=frozenset({"WI"})), Colleague("lee", DAY, states=frozenset({"IL"})))
    assert choose(video, people, MONDAY) == Choice("lee", {"dana": Why.LICENCE})


def test_who_covers_a_clinic_with_room_can_take_what_theirs_has_no_room_for() -> None:
    """Nobody loses it by that: whoever covers the clinic that they ask for can take it still."""
    theirs, other, neither = (Colleague(key, DAY, locations=frozenset({key})) for key in ("loop", "evanston", "aurora"))
    lead = replace(LEAD, also=frozenset({"evanston"}))
    assert choose(lead, team(neither), MONDAY).passed == {"aurora": Why.LOCATION}
    for one in (theirs, other):
        assert choose(lead, team(one, neither), MONDAY).chosen == one.key
    assert choose(LEAD, team(other), MONDAY).passed == {"evanston": Why.LOCATION}


def test_what_is_not_known_of_a_lead_passes_nobody_over() -> None:
    one = Colleague("dana", DAY, services=frozenset({"imaging-mri"}), languages=frozenset({"en"}))
    assert choose(Asked("lead-2"), team(one), MONDAY).chosen == "dana"


@pytest.mark.parametrize(
    ("people", "nobody"),
    [
        ([], True),
        ([Colleague("dana", DAY, languages=frozenset({"en"}))], True),  # only a manager can mend that
        ([Colleague("dana", DAY, languages=frozenset({"en"})), Colleague("lee", MORNINGS)], False),  # tomorrow at eight
    ],
)
def test_it_is_told_apart_whether_time_alone_will_find_somebody(people: list[Colleague], nobody: bool) -> None:
    told = choose(LEAD, team(*people), MONDAY.replace(hour=13))
    assert (told.chosen, told.nobody) == (None, nobody)


def test_in_a_team_that_takes_what_is_next_nobody_is_given_anything() -> None:
    assert choose(LEAD, team(Colleague("dana", DAY), assign="take-next"), MONDAY) == Choice(None, {})


def test_work_that_is_due_before_this_one_leaves_no_time_for_it() -> None:
    lead = replace(LEAD, due=MONDAY + timedelta(minutes=15))
    busy = {"dana": Load(open=2, minutes=10)}
    assert choose(lead, team(Colleague("dana", DAY), loads=busy), MONDAY).passed == {"dana": Why.BUSY}
    later = replace(lead, due=MONDAY + timedelta(minutes=20))
    assert choose(later, team(Colleague("dana", DAY), loads=busy), MONDAY).chosen == "dana"


def test_by_capacity_whoever_has_most_room() -> None:
    people = (Colleague("dana", DAY, most_open=20), Colleague("lee", DAY, most_open=4))
    told = choose(LEAD, team(*people, assign="capacity", loads={"dana": Load(open=6), "lee": Load(open=2)}), MONDAY)
    assert told == Choice("dana", {"lee": Why.ROOM})


def test_nobody_gets_a_pile_whatever_their_turn() -> None:
    people = (Colleague("dana", DAY), Colleague("lee", DAY))
    owed = {"dana": 20.0, "lee": -20.0}
    told = choose(LEAD, team(*people, credit=owed, loads={"dana": Load(open=3, waiting=3)}), MONDAY)
    assert told == Choice("lee", {"dana": Why.AHEAD})


@given(st.permutations(["dana", "lee", "noor", "sam"]), st.text(max_size=8))
@settings(deadline=None)
def test_what_is_equal_falls_by_lot_and_never_by_who_stands_first(order: list[str], lead: str) -> None:
    asked = Asked(lead)
    as_given, turned = (
        choose(asked, team(*(Colleague(key, DAY) for key in keys)), MONDAY) for keys in (order, sorted(order))
    )
    assert as_given == turned


def test_the_lot_falls_on_everybody() -> None:
    people = team(*(Colleague(key, DAY) for key in ("dana", "lee", "noor", "sam")))
    fell = Counter(choose(Asked(f"lead-{n}"), people, MONDAY).chosen for n in range(400))
    assert min(fell.values()) > 70


# Weeks of arrivals: nothing is remembered but what each is owed.

Arrivals = list[tuple[datetime, str | None]]


def played(people: list[Colleague], days: int, rate: float, seed: int) -> Arrivals:
    """So many leads an hour arrive at random while the day lasts, and each is answered an hour later."""
    rng, now = random.Random(seed), MONDAY.astimezone(UTC)
    end, arrivals, credit = now + timedelta(days=days), Arrivals(), dict[str, float]()
    hands: list[tuple[datetime, str]] = []
    away = {one.key: False for one in people}
    while now < end:
        now += timedelta(hours=rng.expovariate(rate))
        if not DAY.is_open(now):
            continue
        hands = [(at, who) for at, who in hands if at + timedelta(hours=1) > now]
        waiting = Counter(who for _, who in hands)
        loads = {one.key: Load(open=waiting[one.key], waiting=waiting[one.key]) for one in people}
        for one in people:
            gone = any(absence.since <= now < absence.until for absence in one.away)
            if away[one.key] and not gone:
                credit = returned(credit, one.key)
            away[one.key] = gone
        told = choose(Asked(f"{seed}-{len(arrivals)}"), team(*people, loads=loads, credit=credit), now)
        arrivals.append((now, told.chosen))
        credit = dict(told.credit)
        if told.chosen:
            hands.append((now, told.chosen))
    return arrivals


def counted(arrivals: Arrivals) -> Counter[str | None]:
    return Counter(who for _, who in arrivals)


@pytest.mark.parametrize("seed", range(20))
def test_equal_colleagues_differ_by_one_lead_at_most_at_every_moment(seed: int) -> None:
    had = Counter({"dana": 0, "lee": 0, "noor": 0})
    for _, who in played([Colleague(key, DAY) for key in had], 30, 2.0, seed):
        assert who
        had[who] += 1
        assert max(had.values()) - min(had.values()) <= 1


@pytest.mark.parametrize("seed", range(20))
def test_leads_go_by_hours_of_work(seed: int) -> None:
    people = [Colleague("dana", DAY), Colleague("lee", MORNINGS), Colleague("noor", DAY, weight=0.5)]
    had = counted(played(people, 30, 3.0, seed))
    for_an_hour = [had["dana"] / 9, had["lee"] / 4, had["noor"] / 4.5]
    assert max(for_an_hour) < 1.2 * min(for_an_hour)  # an afternoon's part of mornings is owed until the next


@pytest.mark.parametrize("seed", range(20))
def test_who_returns_is_not_flooded(seed: int) -> None:
    holiday = Away(MONDAY, MONDAY + timedelta(days=7))
    people = [Colleague("dana", DAY), Colleague("lee", DAY), Colleague("noor", DAY, away=(holiday,))]
    arrivals = played(people, 11, 3.0, seed)
    back = [who for at, who in arrivals if at >= holiday.until]
    assert not [at for at, who in arrivals if who == "noor" and at < holiday.until]
    assert 2 <= Counter(back[:9])["noor"] <= 4
    assert len(back) // 3 - 2 <= Counter(back)["noor"] <= len(back) // 3 + 2


def test_who_is_new_begins_where_the_others_stand() -> None:
    credit = {"dana": 4.0, "lee": 5.0}
    people = [Colleague(key, DAY) for key in ("dana", "lee", "noor")]
    had: Counter[str | None] = Counter()
    for n in range(12):
        told = choose(Asked(f"lead-{n}"), team(*people, credit=credit), MONDAY)
        had[told.chosen], credit = had[told.chosen] + 1, dict(told.credit)
    assert 3 <= had["noor"] <= 5


LATE_IN_THE_WEEK = Calendar(hours.windows("Thu-Fri 08:00-17:00"), CHICAGO)
FULL_TIMERS = [Colleague(f"full-{n}", DAY) for n in range(4)]
PART_TIMERS = [Colleague(f"part-{n}", LATE_IN_THE_WEEK) for n in range(2)]
OWED_ON_MONDAY = {"full-0": -3.5, "full-1": -3.5, "full-2": -3.5, "full-3": -3.5, "part-0": 7.0, "part-1": 7.0}


@pytest.mark.parametrize("credit", [OWED_ON_MONDAY, returned(OWED_ON_MONDAY | {"ann": 9.0}, "ann")])
def test_who_is_new_or_back_is_not_given_what_part_timers_are_owed(credit: dict[str, float]) -> None:
    """On a Monday those who work late in the week are owed some, and all who are at work have had some."""
    people = [*FULL_TIMERS, *PART_TIMERS, Colleague("ann", DAY)]
    round_ = Round(team(*people, credit=credit), MONDAY)
    got = Counter(round_.choose(replace(LEAD, key=f"lead-{n}")).chosen for n in range(5))
    assert got["ann"] <= 2


def test_spam_and_what_was_never_theirs_counts_for_nobody() -> None:
    people = (Colleague("dana", DAY), Colleague("lee", DAY))
    first = choose(LEAD, team(*people), MONDAY)
    assert first.chosen
    again = choose(replace(LEAD, key="lead-2"), team(*people, credit=given_back(first.credit, first.chosen)), MONDAY)
    assert again.chosen == first.chosen


def test_nobody_is_owed_anything_of_what_they_do_not_cover() -> None:
    people = (Colleague("dana", DAY), Colleague("lee", DAY, languages=frozenset({"en"})))
    credit = choose(LEAD, team(*people), MONDAY).credit
    assert credit == {"dana": 0.0, "lee": 0.0}


@given(
    st.lists(st.sampled_from([DAY, MORNINGS]), max_size=5),
    st.integers(0, 60 * 24 * 7),
    st.sampled_from(["round-robin", "capacity", "take-next"]),
)
@settings(deadline=None)
def test_everybody_is_accounted_for(calendars: list[Calendar], minutes: int, assign: str) -> None:
    people = [Colleague(f"one-{n}", calendar) for n, calendar in enumerate(calendars)]
    now = MONDAY + timedelta(minutes=minutes)
    told = choose(LEAD, team(*people, assign=assign), now)
    working = {one.key for one in people if one.calendar.is_open(now)}
    assert told.chosen not in told.passed
    if assign == "take-next":
        assert told.passed.keys() == {one.key for one in people} - working
    else:
        assert {told.chosen, *told.passed} - {None} == {one.key for one in people}
        assert told.chosen in working if working else told.chosen is None


COVERED = st.none() | st.frozensets(st.sampled_from(["a", "b"]))
PEOPLE = st.builds(
    Colleague,
    key=st.sampled_from(["dana", "ida", "lee", "noor", "sam"]),
    calendar=st.sampled_from([DAY, DAY, MORNINGS]),
    away=st.sampled_from([(), (), (Away(MONDAY, MONDAY + timedelta(hours=1)),)]),
    weight=st.sampled_from([1.0, 0.5]),
    services=COVERED,
    languages=COVERED,
    states=COVERED,
    most_open=st.sampled_from([None, None, 2, 9]),
)
NOTED = st.sampled_from(["", "a", "b"])
LEADS = st.builds(
    Asked,
    key=st.text(max_size=4),
    service=NOTED,
    language=NOTED,
    state=NOTED,
    needs_licence=st.booleans(),
    due=st.none() | st.integers(-60, 600).map(lambda minutes: MONDAY + timedelta(minutes=minutes)),
    had=st.frozensets(st.sampled_from(["dana", "lee"]), max_size=1),
)


@given(
    st.lists(PEOPLE, max_size=5, unique_by=lambda one: one.key),
    st.lists(LEADS, max_size=12),
    st.sampled_from(["round-robin", "capacity"]),
    st.dictionaries(st.sampled_from(["dana", "noor", "who left"]), st.floats(-3, 3)),
)
@settings(deadline=None)
def test_a_round_chooses_as_if_each_lead_came_alone(
    people: list[Colleague], leads: list[Asked], assign: str, credit: dict[str, float]
) -> None:
    loads, owed = dict[str, Load](), dict(credit)
    together = Round(team(*people, assign=assign, loads=loads, credit=credit), MONDAY)
    for lead in leads:
        alone = choose(lead, team(*people, assign=assign, loads=loads, credit=owed), MONDAY)
        assert together.choose(lead) == alone
        if alone.chosen:
            owed, had = dict(alone.credit), loads.get(alone.chosen, Load())
            assert together.credit == owed
            loads[alone.chosen] = Load(had.open + 1, had.waiting + 1, had.minutes + (lead.minutes if lead.due else 0))
