"""How good was a month? One row of numbers for each run, and what they are over seeds."""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from benchmarks.working.orders import TEAM_HOURS, Case, late
from benchmarks.working.playing import Play
from benchmarks.working.world import DAY, World, callable_from, instant

T_95 = (12.71, 4.30, 3.18, 2.78, 2.57, 2.45, 2.36, 2.31, 2.26, 2.23, 2.20, 2.18, 2.16, 2.14, 2.13, 2.12, 2.11, 2.10,
        2.09)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Month:
    """Waits in working minutes of the team until the first call; who was never called waits until the end."""

    reached: float  # people an hour of staff
    completed: float  # chances of a completed intake, an hour of staff
    calls: float  # for each who was reached
    danger: float  # mean wait of those in danger
    danger_most: float
    first_p50: float
    first_p90: float
    late: float  # share first called later than due, of those who could be called before
    late_by: float  # mean minutes of these
    unreached_late: float  # share reached later than due, or never: as the product's clock counts
    longest: float  # hours
    never: int  # asked a day before the end or earlier, and never called


def month(world: World, play: Play) -> Month:
    end = world.days * DAY
    reached = [case for case in play.cases if case.reached is not None]
    waits = {case.lead.number: _wait(case, end) for case in play.cases}
    danger = [waits[case.lead.number] for case in play.cases if case.lead.danger] or [0.0]
    possible = [case for case in play.cases if instant(callable_from(case.lead, case.lead.asked)) <= case.due]
    too_late = [by.total_seconds() / 60 for case in possible for by in late(case)]
    never = [case for case in play.cases if case.first is None]
    late_at_end = sum(case.first is None and case.due < instant(end) for case in possible)
    ranks = sorted(waits.values())
    return Month(
        reached=len(reached) / world.worked,
        completed=sum(world.completes(case.lead, case.reached or 0.0) for case in reached) / world.worked,
        calls=sum(case.tries for case in play.cases) / max(1, len(reached)),
        danger=statistics.fmean(danger),
        danger_most=max(danger),
        first_p50=_at(ranks, 0.5),
        first_p90=_at(ranks, 0.9),
        late=(len(too_late) + late_at_end) / len(possible),
        late_by=statistics.fmean(too_late) if too_late else 0.0,
        unreached_late=sum(_reached_late(case, end) for case in play.cases) / len(play.cases),
        longest=ranks[-1] / 60,
        never=sum(case.lead.asked < end - DAY for case in never),
    )


def _wait(case: Case, end: float) -> float:
    until = end if case.first is None else case.first
    return TEAM_HOURS.worked(instant(case.lead.asked), instant(until)).total_seconds() / 60


def _reached_late(case: Case, end: float) -> bool:
    return instant(end if case.reached is None else case.reached) > case.due


def _at(ranks: Sequence[float], share: float) -> float:
    return ranks[min(len(ranks) - 1, int(share * len(ranks)))]


def mean(values: Sequence[float]) -> tuple[float, float]:
    """Mean over seeds and half the width of its interval of 95 % (Student); no width for one seed."""
    if len(values) < 2:
        return values[0], math.nan
    t = T_95[len(values) - 2] if len(values) - 2 < len(T_95) else 1.96 + 2.5 / len(values)
    return statistics.fmean(values), t * statistics.stdev(values) / math.sqrt(len(values))


def against(ours: Sequence[Month], other: Sequence[Month], what: Callable[[Month], float]) -> tuple[float, float]:
    """By what part ours is more than the other in the same seed, in percent, with its interval."""
    return mean([100 * (what(one) / what(two) - 1) for one, two in zip(ours, other, strict=True)])
