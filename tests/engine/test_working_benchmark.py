"""Does the invented month hold what its figures rest on? Small: the large one is `python -m benchmarks.working`."""

from __future__ import annotations

import pytest
from benchmarks.working import fairness
from benchmarks.working.measuring import against, month
from benchmarks.working.orders import ARRIVAL, ORDERS, OURS
from benchmarks.working.playing import Play, Shared
from benchmarks.working.sharing import ByChance, ByPolicy, Given
from benchmarks.working.world import World, callable_from

SEEDS, DAYS = range(2), 5


@pytest.fixture(scope="module")
def worlds() -> list[World]:
    return [World(seed, days=DAYS, people=3) for seed in SEEDS]


def turns(seed: int, members: list[fairness.Member], **how: bool) -> fairness.Month:
    how = {"works": False, "extras": False} | how
    return fairness.Turns(seed, members, days=DAYS, assign="round-robin", **how).month


@pytest.mark.parametrize("seed", SEEDS)
def test_equal_colleagues_never_differ_by_more_than_one_lead(seed: int) -> None:
    one = turns(seed, fairness.equals(4))
    assert max(one.spreads) <= 1 + 1e-9
    assert one.unfair == 0
    assert max(one.given.values()) - min(one.given.values()) <= 1
    assert sum(one.given.values()) > 100


@pytest.mark.parametrize("seed", SEEDS)
def test_nobody_is_given_a_lead_while_an_equal_is_owed_more_and_could_take_it(seed: int) -> None:
    assert turns(seed, fairness.equals(4), works=True).unfair == 0


def test_who_stands_first_in_the_list_changes_nothing() -> None:
    members = fairness.equals(4)
    assert turns(0, members).choices == turns(0, members[::-1]).choices


def test_a_world_is_the_same_each_time_and_other_for_each_seed(worlds: list[World]) -> None:
    again = World(0, days=DAYS, people=3)
    assert (again.leads, again.people) == (worlds[0].leads, worlds[0].people)
    assert again.leads != worlds[1].leads


def test_somebody_answers_or_not_whoever_calls(worlds: list[World]) -> None:
    first, again = (Play(worlds[0], Shared(ORDERS["newest first"](worlds[0]))) for _ in range(2))
    assert [case.reached for case in first.cases] == [case.reached for case in again.cases]
    for case in first.cases:
        if case.reached is not None:
            assert worlds[0].would_answer(case.lead, case.reached, case.tries - 1)


@pytest.mark.parametrize("name", ORDERS)
def test_each_order_calls_only_when_they_may_be_called_and_nobody_too_often(name: str, worlds: list[World]) -> None:
    play = Play(worlds[1], Shared(ORDERS[name](worlds[1])))
    called = [case for case in play.cases if case.first is not None]
    assert len(called) > 50
    assert all(callable_from(case.lead, case.first or 0.0) == case.first >= case.lead.asked for case in called)
    assert max(case.tries for case in called) <= 6
    assert not any(case.lead.wrong for case in play.cases if case.reached is not None)


def test_danger_waits_less_by_waiting_cost_than_by_arrival(worlds: list[World]) -> None:
    ours, other = ([month(w, Play(w, Shared(ORDERS[name](w)))) for w in worlds] for name in (OURS, ARRIVAL))
    assert sum(one.danger for one in ours) <= sum(one.danger for one in other)
    gain, width = against(ours, other, lambda one: one.reached)
    assert width > 0
    assert -50 < gain < 50


@pytest.mark.parametrize("how", ["in turns", "at random"])
def test_an_office_with_owners_loses_no_lead(how: str, worlds: list[World]) -> None:
    world = worlds[0]
    given = Given(world, ByPolicy("round-robin", "0") if how == "in turns" else ByChance("0"))
    called = {case.lead.number for case in Play(world, given).cases if case.first is not None}
    shared = {case.lead.number for case in Play(world, Shared(ORDERS[OURS](world))).cases if case.first is not None}
    assert len(called) > 0.8 * len(shared)
