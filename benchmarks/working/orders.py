"""Whom next? The product's order, beside those that it is measured against: by arrival, by score, and by foresight.

All see the same leads at the same moments; none of the others knows of danger, and all but the last two see no more
than the product does.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from typing import Protocol

import numpy as np

from benchmarks.working.world import AHEAD, CLINIC, DAY, HOUR, TEAM, ZONES, Lead, World, instant, minutes
from leadwell.playbook.durations import Duration, parse
from leadwell.playbook.hours import windows
from leadwell.routing import service_levels, waiting_cost
from leadwell.worktime import Calendar

TEAM_HOURS = Calendar(windows(TEAM), CLINIC)
WITHIN = (("danger", "5 min"), ("A", "15 min"), ("referral", "2 h"), ("", "4 h"))  # as a shipped playbook has them


@dataclass(slots=True, eq=False)
class Case:
    """A lead and what was done with it in one run."""

    lead: Lead
    due: datetime
    warns: datetime
    ready: float  # since when it may be called
    tries: int = 0
    first: float | None = None  # when it was called first
    reached: float | None = None
    over: bool = False
    owner: str | None = None
    given: float = math.inf
    had: frozenset[str] = frozenset()
    places: int = 0  # how often it was put somewhere: what was put there before holds no longer
    value: float = 0.0


class Order(Protocol):
    def add(self, case: Case, now: float) -> None: ...
    def peek(self, now: float) -> Case | None:
        """Whoever is first; stays where they are."""

    def remove(self, case: Case) -> None: ...


def cases(world: World) -> list[Case]:
    return [Case(lead, *_by_when(lead), ready=lead.asked) for lead in world.leads if not lead.spam]


def _by_when(lead: Lead) -> tuple[datetime, datetime]:
    true = {"danger": lead.danger, "A": lead.grade == "A", "referral": lead.referral, "": True}
    span = _span(next(text for which, text in WITHIN if true[which]))
    legs = [service_levels.Leg(TEAM_HOURS, instant(lead.asked))]
    return service_levels.due(legs, span), service_levels.warns(legs, span)


@cache
def _span(text: str) -> Duration:
    found = parse(text)
    assert found is not None
    return found


@dataclass
class ByKey:
    """Whoever has the least of something that does not change while they wait."""

    key: Callable[[Case], float]
    _heap: list[tuple[float, int, int, Case]] = field(default_factory=list)

    def add(self, case: Case, now: float) -> None:
        case.places += 1
        heapq.heappush(self._heap, (self.key(case), case.lead.number, case.places, case))

    def peek(self, now: float) -> Case | None:
        while self._heap and self._heap[0][2] != self._heap[0][3].places:
            heapq.heappop(self._heap)
        return self._heap[0][3] if self._heap else None

    def remove(self, case: Case) -> None:
        case.places += 1


@dataclass
class ByCost:
    """What the product says that waiting costs. As there, what it says holds until the moment that it names."""

    seed: bytes
    presses_again: bool = False  # as it was: the clock of whoever did not answer went on pressing
    _heap: list[tuple[float, int, int, Case]] = field(default_factory=list)
    _until: list[tuple[float, int, int, Case]] = field(default_factory=list)

    def add(self, case: Case, now: float) -> None:
        at = instant(now)
        presses = self.presses_again or case.first is None
        clock = service_levels.stands(TEAM_HOURS, case.due, case.warns, at) if presses else None
        lead = case.lead
        waits = waiting_cost.Waiting(
            lead.key, lead.danger, lead.grade, instant(lead.asked), clock, TEAM_HOURS, ZONES[lead.zone]
        )
        cost = waiting_cost.cost(waits, at, seed=self.seed)
        case.places += 1
        case.value = cost.value
        heapq.heappush(self._heap, (-cost.value, lead.number, case.places, case))
        if cost.until is not None:
            heapq.heappush(self._until, (minutes(cost.until), lead.number, case.places, case))

    def peek(self, now: float) -> Case | None:
        while self._until and self._until[0][0] <= now:
            _, _, place, case = heapq.heappop(self._until)
            if place == case.places:
                self.add(case, now)
        while self._heap and self._heap[0][2] != self._heap[0][3].places:
            heapq.heappop(self._heap)
        return self._heap[0][3] if self._heap else None

    def remove(self, case: Case) -> None:
        case.places += 1


class ByForesight:
    """Whoever is worth most for each minute now, by the world's own chances. Greedy, so it is no upper bound."""

    def __init__(self, world: World, *, worth: Callable[[np.ndarray, np.ndarray], np.ndarray]) -> None:
        leads, self._chances = world.leads, world.chances
        self._asked = np.array([lead.asked for lead in leads])
        self._answers = np.array([-math.inf if lead.wrong else lead.answers for lead in leads])
        self._completes = 1 / (1 + np.exp(-np.array([lead.completes for lead in leads])))
        self._ahead = np.array([AHEAD[lead.zone] for lead in leads])
        self._hours = np.array(world.hours)
        self._worth = worth
        self._there: dict[int, Case] = {}

    def add(self, case: Case, now: float) -> None:
        self._there[case.lead.number] = case

    def peek(self, now: float) -> Case | None:
        if not self._there:
            return None
        who = np.fromiter(self._there, int, len(self._there))
        tries = np.fromiter((case.tries for case in self._there.values()), float, len(who))
        return self._there[int(who[np.argmax(self._worth(*self._foreseen(who, tries, now)))])]

    def remove(self, case: Case) -> None:
        del self._there[case.lead.number]

    def _foreseen(self, who: np.ndarray, tries: np.ndarray, now: float) -> tuple[np.ndarray, np.ndarray]:
        """Reached, and completed, for each minute of work."""
        one, age, there = self._chances, now - self._asked[who], now + self._ahead[who]
        hour = self._hours[(there // DAY).astype(int) % 7, (there % DAY // HOUR).astype(int)]
        fresh = one.fresh * np.exp(-age / one.fresh_fades)
        odds = self._answers[who] + hour + fresh - one.fades * np.log2(1 + age / DAY) - one.tired * tries
        reached = 1 / (1 + np.exp(-odds))
        left = one.kept + (1 - one.kept) * 0.5 ** (age / HOUR / one.half)
        takes = reached * one.talk * math.exp(0.125) + (1 - reached) * one.vain
        return reached / takes, reached * self._completes[who] * left / takes


OURS, ARRIVAL = "waiting cost", "first come"
ORDERS: dict[str, Callable[[World], Order]] = {
    OURS: lambda world: ByCost(str(world.seed).encode()),
    "the same, as it was": lambda world: ByCost(str(world.seed).encode(), presses_again=True),
    ARRIVAL: lambda _: ByKey(lambda case: case.lead.asked),
    "first come, again at the back": lambda _: ByKey(lambda case: case.ready),
    "newest first": lambda _: ByKey(lambda case: -case.lead.asked),
    "by score": lambda _: ByKey(lambda case: -case.lead.score),
    "foresight: reached": lambda world: ByForesight(world, worth=lambda reached, _: reached),
    "foresight: completed": lambda world: ByForesight(world, worth=lambda _, completed: completed),
}


def late(case: Case) -> Iterator[timedelta]:
    """By how much working time the first call came after it was due; nothing where it did not."""
    if case.first is not None and instant(case.first) > case.due:
        yield TEAM_HOURS.worked(case.due, instant(case.first))
