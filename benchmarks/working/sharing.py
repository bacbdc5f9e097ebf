"""Whose is it? Leads given out by the product's policy, at random, or to nobody; each works what is theirs.

As the documentation of the product says: whoever is given a lead and has not begun it once it is nearly late, and not
sooner than after a quarter of an hour, loses it to a colleague, and nobody is given the same lead twice. What nobody
can take is tried again while somebody works, and may be taken by whoever is free. Who is free takes what
costs most of what they have not begun and of what nobody has, of two that press alike their own; or whoever of theirs
did not answer and is to be called again, where that costs more. What was begun stays theirs; while they are away their
team has it.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from benchmarks.working.orders import ByCost, Case
from benchmarks.working.world import Person, World, effort, instant, minutes
from leadwell.routing.assigning import Asked, Away, Colleague, Load, Team, choose, returned

UNTOUCHED = 15.0  # minutes
TRIED_AGAIN = 10.0  # the product looks each minute; by then whoever is free has mostly taken it


class Chooses(Protocol):
    def choose(
        self, asked: Asked, people: Sequence[Colleague], loads: Mapping[str, Load], now: float
    ) -> str | None: ...
    def welcome(self, person: str) -> None:
        """Somebody returns from an absence."""


@dataclass
class ByPolicy:
    assign: str
    seed: str
    credit: Mapping[str, float] = field(default_factory=dict)

    def choose(self, asked: Asked, people: Sequence[Colleague], loads: Mapping[str, Load], now: float) -> str | None:
        choice = choose(asked, Team(people, self.assign, self.seed, loads, self.credit), instant(now))
        self.credit = choice.credit
        return choice.chosen

    def welcome(self, person: str) -> None:
        self.credit = returned(self.credit, person)


@dataclass
class ByChance:
    """Any of those who are at work."""

    seed: str

    def choose(self, asked: Asked, people: Sequence[Colleague], loads: Mapping[str, Load], now: float) -> str | None:
        at = instant(now)
        there = [
            one.key
            for one in people
            if one.key not in asked.had
            and one.calendar.is_open(at)
            and not any(a.since <= at < a.until for a in one.away)
        ]
        return random.Random(f"{self.seed} {asked.key} {len(asked.had)}").choice(there) if there else None

    def welcome(self, person: str) -> None:
        pass


def colleague(person: Person, *, weight: float = 1.0) -> Colleague:
    away = tuple(Away(instant(since), instant(until)) for since, until in person.away)
    return Colleague(person.key, person.calendar, away, weight)


class Given:
    """An office whose leads have owners."""

    def __init__(self, world: World, chooses: Chooses) -> None:
        seed = str(world.seed).encode()
        self._chooses, self._effort = chooses, effort(world.chances)
        self._people = [colleague(person) for person in world.people]
        self._away = {person.key: person.away for person in world.people}
        self._own = {person.key: ByCost(seed) for person in world.people}
        self._again = {person.key: ByCost(seed) for person in world.people}
        self._nobodys = ByCost(seed)
        self._has: dict[str, set[Case]] = {person.key: set() for person in world.people}
        self._fresh: dict[str, set[Case]] = {person.key: set() for person in world.people}
        self._begun: set[Case] = set()
        self._last: dict[str, Case] = {}
        self._back = {person.key: [until for _, until in person.away] for person in world.people}
        self.nobody: set[Case] = set()

    def add(self, case: Case, now: float) -> float | None:
        if case in self._begun and case.owner is not None:
            (self._nobodys if self._is_away(case.owner, now) else self._again[case.owner]).add(case, now)
            return None
        return self._give(case, now)

    def take(self, person: Person, now: float) -> Case | None:
        last = self._last.pop(person.key, None)
        if last is not None and last.over:
            self._has[person.key].discard(last)
        own, nobodys = self._own[person.key].peek(now), self._nobodys.peek(now)
        case, again = _first(own, nobodys), self._again[person.key].peek(now)
        if again is not None and (case is None or again.value > case.value):
            case = again
        if case is None:
            return None
        self._nobodys.remove(case)  # from wherever it stands
        self.nobody.discard(case)
        if case.owner is not None:
            self._has[case.owner].discard(case)
            self._fresh[case.owner].discard(case)
        case.owner = person.key
        self._has[person.key].add(case)
        self._begun.add(case)
        self._last[person.key] = case
        return case

    def put_off(self, case: Case) -> None:
        if case.first is None and case.owner is not None:  # given out anew at their hour
            self._begun.discard(case)
            self._has[case.owner].discard(case)
            case.owner = None

    def look(self, case: Case, now: float) -> float | None:
        """Not begun in time: to somebody else. Of what nobody has: whether somebody can take it now."""
        if case.over or case in self._begun:
            return None
        if case.owner is None:
            return self._give(case, now) if case in self.nobody else None
        if now < case.given + UNTOUCHED or now < minutes(case.warns):
            return max(case.given + UNTOUCHED, minutes(case.warns))
        self._own[case.owner].remove(case)
        self._leaves(case)
        return self._give(case, now)

    def begins(self, person: Person, now: float) -> Sequence[tuple[float, Case]]:
        """Whoever is back is owed what the others are; what nobody could take at night is given out."""
        back = self._back[person.key]
        while back and back[0] <= now:
            back.pop(0)
            self._chooses.welcome(person.key)
        return self._left_by_the_absent(now) + self._give_all(now)

    def _left_by_the_absent(self, now: float) -> list[tuple[float, Case]]:
        looks = []
        for key, fresh in self._fresh.items():
            for case in sorted(fresh, key=_number) if self._is_away(key, now) else ():
                self._own[key].remove(case)
                self._leaves(case)
                looks.append((self._give(case, now), case))
        return [(when, case) for when, case in looks if when is not None]

    def _give_all(self, now: float) -> list[tuple[float, Case]]:
        """What costs most first."""
        looks = []
        for case in sorted(self.nobody, key=lambda case: (-case.value, _number(case))):
            looks.append((self._give(case, now), case))
        return [(when, case) for when, case in looks if when is not None]

    def _give(self, case: Case, now: float) -> float | None:
        kind = "referral" if case.lead.referral else "patient"
        asked = Asked(str(case.lead.number), kind, minutes=self._effort, due=case.due, had=case.had)
        everybody = len(case.had) == len(self._people)
        chosen = None if everybody else self._chooses.choose(asked, self._people, self._loads(), now)
        if chosen is None:
            if case not in self.nobody:
                self._nobodys.add(case, now)
                self.nobody.add(case)
            works = not everybody and any(one.calendar.is_open(instant(now)) for one in self._people)
            return now + TRIED_AGAIN if works else None
        if case in self.nobody:
            self._nobodys.remove(case)
            self.nobody.discard(case)
        case.owner, case.given = chosen, now
        self._has[chosen].add(case)
        self._fresh[chosen].add(case)
        self._own[chosen].add(case, now)
        return max(now + UNTOUCHED, minutes(case.warns))

    def _leaves(self, case: Case) -> None:
        assert case.owner is not None
        self._has[case.owner].discard(case)
        self._fresh[case.owner].discard(case)
        case.had |= {case.owner}
        case.owner = None

    def _loads(self) -> dict[str, Load]:
        return {
            key: Load(len(has), len(self._fresh[key]), len(self._fresh[key]) * self._effort)
            for key, has in self._has.items()
        }

    def _is_away(self, key: str, now: float) -> bool:
        return any(since <= now < until for since, until in self._away[key])


def _number(case: Case) -> int:
    return case.lead.number


def _first(own: Case | None, nobodys: Case | None) -> Case | None:
    if own is None or nobodys is None:
        return own or nobodys
    return own if _presses(own) >= _presses(nobodys) else nobodys


def _presses(case: Case) -> int:
    """Danger, late or nearly so, and all others: the thousands of what waiting costs."""
    return int(case.value // 1000)
