"""Prints the month over many seeds, and ends with 1 where equal colleagues differ by more than one lead."""

from __future__ import annotations

import argparse
import random
import statistics
import sys
import time
from collections.abc import Callable, Sequence

from benchmarks.working import fairness
from benchmarks.working.chances import Chances
from benchmarks.working.measuring import Month, against, mean, month
from benchmarks.working.orders import ARRIVAL, ORDERS, OURS
from benchmarks.working.playing import Office, Play, Shared
from benchmarks.working.sharing import ByChance, ByPolicy, Given
from benchmarks.working.world import World

OFFICES: dict[str, Callable[[World], Office]] = {
    "one queue for all": lambda world: Shared(ORDERS[OURS](world)),
    "in turns": lambda world: Given(world, ByPolicy("round-robin", str(world.seed))),
    "by room": lambda world: Given(world, ByPolicy("capacity", str(world.seed))),
    "at random": lambda world: Given(world, ByChance(str(world.seed))),
}
PARTS: dict[str, Callable[[Chances], bool]] = {
    "less than 85 % of what they can do comes in": lambda one: one.load < 0.85,
    "at least 85 %": lambda one: one.load >= 0.85,
    "it matters less that they have just asked": lambda one: one.fresh < 1.75,
    "it matters more": lambda one: one.fresh >= 1.75,
}
AT_MOST = 1.0  # leads between equals
Mixed = tuple[Sequence[fairness.Member], fairness.Month]


def shared_fairly(seeds: Sequence[int], days: int, people: int) -> bool:
    """Whether nobody had more than one lead more than an equal, when it went in turns alone."""
    turns, working, room, mixed, names = [], [], [], [], []
    for seed in seeds:
        alike = fairness.equals(people)
        turns.append(_turns(seed, alike, days))
        working.append(_turns(seed, alike, days, works=True))
        room.append(_turns(seed, alike, days, assign="capacity", works=True))
        kinds = fairness.all_kinds(seed, days, people + 2)
        mixed.append((kinds, _turns(seed, kinds, days, works=True, extras=True)))
        names.append(_named(seed, days, people))
    most = max(max(one.spreads) for one in turns)
    _say("leads between equals, in turns: most", f"{most:.2f}", f"at most {AT_MOST:.0f}")
    _say("  where work can pile up (in turns): most, p99", _most(working), "at most 1")
    _say("  the same (by room): most, p99", _most(room), "none set")
    _say("  team of all kinds, always there: most, p99", _most([one for _, one in mixed]), "at most 1")
    _say("in the first two: although an equal was owed more", f"{sum(one.unfair for one in turns + working)}", "none")
    _say("who is listed first: other choices", f"{sum(other for other, _ in names)}", "none")
    _say("part that goes with the name (correlation)", _pm([one for _, one in names], 2), "0 within it")
    for what, group in (("part-time", "part"), ("trainee, for half a weight", "trainee")):
        _say(f"leads an hour to full-time: {what}", _shares(mixed, days, group), "1")
    _say(
        "  who speaks two languages to who speaks one",
        _shares(mixed, days, "full 2"),
        "none set",
    )
    _say("  who refuses one in seven (kept)", _shares(mixed, days, "refuses"), "none set")
    back, new = ([x for _, one in mixed for x in getattr(one, name)] for name in ("after_return", "new"))
    _say(f"more than equals in 8 h after a return (n={len(back)})", _spread(back), "0, not flooded")
    _say(f"  the same, new colleagues (n={len(new)})", _spread(new), "0, not flooded")
    return most <= AT_MOST + 1e-9


def _turns(
    seed: int, members: Sequence[fairness.Member], days: int, *, assign: str = "round-robin", works: bool = False,
    extras: bool = False,
) -> fairness.Month:  # fmt: skip
    return fairness.Turns(seed, members, days=days, assign=assign, works=works, extras=extras).month


def _named(seed: int, days: int, people: int) -> tuple[bool, float]:
    """Whether it matters who stands first in the list, and how the first hundred leads go with the alphabet."""
    members = fairness.equals(people)
    one = _turns(seed, members, min(days, 7))
    listed = list(members)
    random.Random(seed).shuffle(listed)
    other = _turns(seed, listed, min(days, 7))
    counts = [one.choices[:100].count(member.one.key) for member in members]
    ranks = list(range(len(members)))
    return one.choices != other.choices, statistics.correlation(counts, ranks) if len(set(counts)) > 1 else 0.0


def _shares(mixed: Sequence[Mixed], days: int, group: str) -> str:
    """Kept for each hour there and unit of weight, to that of full-time colleagues of as many languages."""
    found = []
    for members, one in mixed:
        if group == "refuses":
            who = [m for m in members if m.refuses]
        else:
            who = [m for m in members if m.kind.startswith(group) and not m.refuses]
        like = "full 1" if group == "full 2" else f"full {who[0].kind[-1]}"
        base = [m for m in members if m.kind == like and not m.refuses]
        theirs, usual = _an_hour(who, one, days), _an_hour(base, one, days)
        if theirs and usual:
            found.append(theirs / usual)
    return _pm(found, 2) if found else "nobody"


def _an_hour(members: Sequence[fairness.Member], one: fairness.Month, days: int) -> float:
    """0 where none of them was there."""
    there = sum(fairness.hours(m, days) * m.one.weight for m in members)
    return sum(one.kept.get(m.one.key, 0) for m in members) / there if there else 0.0


def in_time(worlds: Sequence[World]) -> None:
    found = {name: [month(world, Play(world, office(world))) for world in worlds] for name, office in OFFICES.items()}
    print(
        f"\n{'given out':27}{'late %':>13}{'by min':>10}{'danger min':>12}{'p50 min':>9}{'p90 min':>9}{'reached/h':>12}"
    )
    for name, months in found.items():
        print(
            f"{name:27}{_pm([100 * one.late for one in months], 1):>13}{_of(months, 'late_by'):10.0f}"
            f"{_of(months, 'danger'):12.0f}{_of(months, 'first_p50'):9.0f}{_of(months, 'first_p90'):9.0f}"
            f"{_pm([one.reached for one in months], 2):>13}"
        )


def in_order(worlds: Sequence[World]) -> None:
    found = {
        name: [month(world, Play(world, Shared(order(world)))) for world in worlds] for name, order in ORDERS.items()
    }
    ours = found[OURS]
    print(f"\n{'order':31}{'reached/h':>10}{'ours more %':>14}{'wins':>6}{'completed/h':>12}{'ours more %':>14}"
          f"{'danger min':>11}{'most':>6}{'p50':>5}{'p90':>5}{'late %':>8}{'longest h':>10}{'never':>6}")  # fmt: skip
    for name, months in found.items():
        reached, completed = (against(ours, months, what) for what in (_reached, _completed))
        wins = sum(one.reached > two.reached for one, two in zip(ours, months, strict=True))
        print(
            f"{name:31}{_of(months, 'reached'):10.3f}{_width(*reached, 1):>14}{wins:6}"
            f"{_of(months, 'completed'):12.4f}{_width(*completed, 1):>14}"
            f"{_of(months, 'danger'):11.0f}{max(one.danger_most for one in months):6.0f}"
            f"{_of(months, 'first_p50'):5.0f}{_of(months, 'first_p90'):5.0f}{100 * _of(months, 'late'):8.1f}"
            f"{max(one.longest for one in months):10.1f}{_of(months, 'never'):6.1f}"
        )
    for what, holds in PARTS.items():
        here = [n for n, world in enumerate(worlds) if holds(world.chances)]
        if len(here) > 1:
            told = (f"{name} {_gain(ours, found[name], here)}" for name in (ARRIVAL, "newest first", "by score"))
            print(f"  {what} ({len(here)} seeds), ours more %: {', '.join(told)}")


def _gain(ours: Sequence[Month], other: Sequence[Month], here: Sequence[int]) -> str:
    return _width(*against([ours[n] for n in here], [other[n] for n in here], _reached), 1)


def _reached(one: Month) -> float:
    return one.reached


def _completed(one: Month) -> float:
    return one.completed


def _of(months: Sequence[Month], what: str) -> float:
    return statistics.fmean(getattr(one, what) for one in months)


def _most(months: Sequence[fairness.Month]) -> str:
    spreads = sorted(spread for one in months for spread in one.spreads)
    return f"{spreads[-1]:.2f}, {spreads[int(0.99 * len(spreads))]:.2f}" if spreads else "nobody"


def _spread(values: Sequence[float]) -> str:
    return f"{_pm(values, 1)}, from {min(values):.0f} to {max(values):.0f}" if values else "nobody"


def _pm(values: Sequence[float], digits: int) -> str:
    return _width(*mean(values), digits)


def _width(middle: float, half: float, digits: int) -> str:
    return f"{middle:.{digits}f} ± {half:.{digits}f}"


def _say(what: str, found: str, aim: str) -> None:
    print(f"{what:52}{found:>30}   aim: {aim}")


def main() -> None:
    asks = argparse.ArgumentParser(prog="python -m benchmarks.working", description=__doc__)
    asks.add_argument("--seeds", type=int, default=20)
    asks.add_argument("--days", type=int, default=30)
    asks.add_argument("--people", type=int, default=6)
    asks.add_argument("--only", choices=("fairness", "lateness", "order"))
    told = asks.parse_args()
    began, seeds = time.process_time(), range(told.seeds)
    print(f"{told.seeds} seeds of {told.days} days, {told.people} people; ± is an interval of 95 % over seeds\n")
    fair = told.only not in (None, "fairness") or shared_fairly(seeds, told.days, max(told.people, 4))
    worlds = [World(seed, days=told.days, people=told.people) for seed in seeds]
    if told.only in (None, "lateness"):
        in_time(worlds)
    if told.only in (None, "order"):
        in_order(worlds)
    print(f"\n{time.process_time() - began:.0f} s of the processor")
    if not fair:
        sys.exit("equal colleagues differ by more than one lead")


if __name__ == "__main__":
    main()
