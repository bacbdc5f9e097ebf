"""What becomes of the leads of a month if this office works them? Calls, answers and further tries, event by event.

How often and when somebody is called again is the same in every office; so is the time of day at which people may be
called. Whoever is free longest takes the next lead that their office has for them.
"""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from typing import Protocol

from benchmarks.working.orders import Case, Order, cases
from benchmarks.working.world import DAY, HOUR, Person, World, callable_from

AGAIN = tuple(hours * HOUR for hours in (3, 21, 51, 69, 75))  # after each call in vain; six calls over twelve days
AGAIN_IN_DANGER = (15.0, 15.0, 15.0, 3 * HOUR, 21 * HOUR)
OVER = 12 * DAY
BEGINS, READY, FREE, LOOKS = range(4)


class Office(Protocol):
    def add(self, case: Case, now: float) -> float | None:
        """A lead may be called from now on. Returns when to look at it again, if ever."""

    def take(self, person: Person, now: float) -> Case | None: ...
    def put_off(self, case: Case) -> None:
        """Nobody may call them at this hour; it comes back by `add`."""

    def look(self, case: Case, now: float) -> float | None: ...
    def begins(self, person: Person, now: float) -> Sequence[tuple[float, Case]]:
        """Somebody begins. Returns what is to be looked at, and when."""


class Shared:
    """One queue for all."""

    def __init__(self, order: Order) -> None:
        self.order = order

    def add(self, case: Case, now: float) -> None:
        self.order.add(case, now)

    def take(self, person: Person, now: float) -> Case | None:
        case = self.order.peek(now)
        if case is not None:
            self.order.remove(case)
        return case

    def put_off(self, case: Case) -> None:
        pass

    def look(self, case: Case, now: float) -> None:
        pass

    def begins(self, person: Person, now: float) -> Sequence[tuple[float, Case]]:
        return ()


class Play:
    """`cases` in the order in which people asked, as they stand once the month is over; `busy`: minutes of calls."""

    def __init__(self, world: World, office: Office) -> None:
        self.world, self.office, self.busy = world, office, 0.0
        self.cases = cases(world)
        self._events: list[tuple[float, int, int, object]] = []
        self._count = 0
        self._idle: dict[str, tuple[Person, float]] = {}
        self._working: set[str] = set()
        for person in world.people:
            for start, end in person.free:
                self._at(start, BEGINS, (person, end))
        for case in self.cases:
            self._at(callable_from(case.lead, case.ready), READY, case)
        self._run()

    def _at(self, when: float, kind: int, what: object) -> None:
        self._count += 1
        heapq.heappush(self._events, (when, kind, self._count, what))

    def _run(self) -> None:
        end = self.world.days * DAY
        while self._events and self._events[0][0] < end:
            now, kind, _, what = heapq.heappop(self._events)
            if kind == READY:
                self._ready(what, now)  # type: ignore[arg-type]
            elif kind == LOOKS:
                self._look(what, now)  # type: ignore[arg-type]
            else:
                self._free(*what, now, begins=kind == BEGINS)  # type: ignore[misc]
            if not self._events or self._events[0][0] > now:
                self._give_work(now)

    def _ready(self, case: Case, now: float) -> None:
        case.ready = now
        again = self.office.add(case, now)
        if again is not None:
            self._at(again, LOOKS, case)

    def _look(self, case: Case, now: float) -> None:
        again = self.office.look(case, now)
        if again is not None:
            self._at(again, LOOKS, case)

    def _free(self, person: Person, until: float, now: float, *, begins: bool) -> None:
        if begins:
            for when, case in self.office.begins(person, now):
                self._at(when, LOOKS, case)
            if person.key in self._working:  # still on a call that began before
                return
        self._working.discard(person.key)
        if now >= until:
            until = next((end for start, end in person.free if start <= now < end), now)
        if now < until:
            self._idle[person.key] = (person, until)

    def _give_work(self, now: float) -> None:
        for key, (person, until) in list(self._idle.items()):
            if until <= now:
                del self._idle[key]
                continue
            case = self._next(person, now)
            if case is not None:
                del self._idle[key]
                self._call(person, until, case, now)

    def _next(self, person: Person, now: float) -> Case | None:
        while (case := self.office.take(person, now)) is not None:
            when = callable_from(case.lead, now)
            if when == now:
                return case
            self.office.put_off(case)
            self._at(when, READY, case)
        return None

    def _call(self, person: Person, until: float, case: Case, now: float) -> None:
        world, lead = self.world, case.lead
        if case.first is None:
            case.first = now
        if world.would_answer(lead, now, case.tries):
            case.reached, case.over, took = now, True, lead.talk
        else:
            took = world.chances.vain
            self._again(case, now + took)
        case.tries += 1
        self.busy += took
        self._working.add(person.key)
        self._at(now + took, FREE, (person, until))

    def _again(self, case: Case, now: float) -> None:
        waits = AGAIN_IN_DANGER if case.lead.danger else AGAIN
        if case.lead.wrong or case.tries >= len(waits):
            case.over = True
            return
        when = callable_from(case.lead, now + waits[case.tries])
        if when - case.lead.asked > OVER:
            case.over = True
            return
        self._at(when, READY, case)
