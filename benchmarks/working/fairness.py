"""Does everybody get their part? A month of turns in a team of equals and in one of all kinds.

What each is owed is counted here anew and apart from the product: of each lead whoever is not away and covers it, at
work just then or not, is owed the part that their hours a week times their weight are of all of theirs.
`behind` is what somebody is owed less what they had. Whoever returns or is new begins with the mean.
"""

from __future__ import annotations

import heapq
import random
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

from benchmarks.working.chances import drawn
from benchmarks.working.world import CLINIC, DAY, HOUR, Lead, asked, instant, minutes, spells
from leadwell.playbook.hours import windows
from leadwell.routing.assigning import Asked, Away, Colleague, Load, Team, Why, choose, given_back, returned
from leadwell.worktime import Calendar

FULL, PART = "Mon-Fri 08:00-12:00 12:30-16:30", "Mon-Wed 09:00-13:00"
A_DAY = 9.0  # leads for each person and day
REFUSES, REFUSED_AFTER, SPAM_AFTER, SPANISH = 0.15, 5.0, DAY / 2, 0.1
FIRST_HOURS = timedelta(hours=8)
OWED = (Why.TURN, Why.AHEAD, Why.NOT_WORKING)
BY_NAME = "abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class Member:
    """`kind`: those of one kind are equal. `speed`: minutes a lead takes them, of the usual ten."""

    one: Colleague
    kind: str
    begins: float = 0.0
    speed: float = 1.0
    refuses: float = 0.0


@dataclass
class Month:
    """What one month showed. Spreads are leads between two equals who are there, at each choice."""

    spreads: list[float] = field(default_factory=list)
    unfair: int = 0  # given to somebody although an equal who could take it was further behind
    given: dict[str, int] = field(default_factory=dict)
    kept: dict[str, int] = field(default_factory=dict)
    after_return: list[float] = field(default_factory=list)  # leads more than the mean equal in the first eight hours
    new: list[float] = field(default_factory=list)
    choices: list[str | None] = field(default_factory=list)


def equals(people: int) -> list[Member]:
    calendar = Calendar(windows(FULL), CLINIC)
    return [Member(Colleague(BY_NAME[number], calendar), "full") for number in range(people)]


def all_kinds(seed: int, days: int, people: int) -> list[Member]:
    """Of eight: four full-time, two part-time, a trainee and one who is new; with absences, speeds, one who refuses."""
    rng = random.Random(f"kinds {seed}")
    full, part = Calendar(windows(FULL), CLINIC), Calendar(windows(PART), CLINIC)
    kinds = (
        [("full", full, 1.0)] * (people - 4) + [("part", part, 1.0)] * 2 + [("trainee", full, 0.5), ("full", full, 1.0)]
    )
    members = []
    for number, (kind, calendar, weight) in enumerate(kinds):
        away = spells(rng, days)
        if number == 0 and days >= 14:
            away = ((7 * DAY, 14 * DAY),)  # a week off in each month
        absent = tuple(Away(instant(since), instant(until)) for since, until in away)
        languages = frozenset({"en", "es"}) if number % 3 == 0 else frozenset({"en"})
        one = Colleague(BY_NAME[number], calendar, absent, weight, languages=languages)
        members.append(
            Member(
                one, f"{kind} {len(languages)}", speed=rng.uniform(0.7, 1.4), refuses=REFUSES if number == 1 else 0.0
            )
        )
    members[-1] = replace(members[-1], begins=float(rng.randint(3, max(4, days // 2))) * DAY)
    return members


class Turns:
    """The team's month. `works`: whether what they have takes their time; without, nobody is ever busy."""

    def __init__(
        self, seed: int, members: Sequence[Member], *, days: int, assign: str, works: bool, extras: bool
    ) -> None:
        self.members = {member.one.key: member for member in members}
        self.days, self.assign, self.works, self.extras = days, assign, works, extras
        self.seed, self.month = str(seed), Month()
        self.credit: Mapping[str, float] = {}
        self._parts = {member.one.key: member.one.weight * member.one.calendar.hours_a_week for member in members}
        self.behind = {member.one.key: 0.0 for member in members}
        self.open: dict[str, list[float]] = {member.one.key: [] for member in members}
        self._rng = random.Random(f"turns {seed}")
        self._held: list[tuple[Lead, frozenset[str]]] = []
        self._watched: list[tuple[str, float, float, dict[str, int], bool]] = []
        self._events: list[tuple[float, int, str, object]] = []
        self._count = 0
        self._end = days * DAY
        self._plan(seed)
        self._run()

    def _plan(self, seed: int) -> None:
        leads = asked(seed, drawn(seed), days=self.days, leads=A_DAY * len(self.members) * self.days)
        for lead in leads:
            self._at(lead.asked, "asked", (lead, frozenset()))
        for day in range(self.days):
            for hour in (8.0, 9.0, 12.5):
                self._at(day * DAY + hour * HOUR, "open", None)
        for key, member in self.members.items():
            for away in member.one.away:
                self._at(minutes(away.until), "back", key)
            if member.begins:
                self._at(member.begins, "new", key)

    def _at(self, when: float, kind: str, what: object) -> None:
        self._count += 1
        heapq.heappush(self._events, (when, self._count, kind, what))

    def _run(self) -> None:
        while self._events and self._events[0][0] < self.days * DAY:
            now, _, kind, what = heapq.heappop(self._events)
            match kind, what:
                case "open", _:
                    held, self._held = self._held, []
                    for lead, had in held:
                        self._give(lead, had, now)
                case (("back" | "new"), str(key)):
                    self._comes(key, now, new=kind == "new")
                case "spam", str(key):
                    self.credit = given_back(self.credit, key)
                    self.behind[key] += 1
                    self.month.kept[key] -= 1
                case _, (Lead() as lead, frozenset() as had):
                    self._give(lead, had, now)
        for key, start, end, before, new in self._watched:
            self._compare(key, start, end, before, new=new)

    def _comes(self, key: str, now: float, *, new: bool) -> None:
        """Whoever is back stands about where the others do; of whoever is new the product sees to that itself."""
        if not new:
            self.credit = returned(self.credit, key)
        known = [k for k, member in self.members.items() if member.begins < now and not (new and k == key)]
        self.behind[key] = statistics.fmean(self.behind[k] for k in known) if known else 0.0
        end = minutes(self.members[key].one.calendar.due(instant(now), FIRST_HOURS))
        self._at(end, "open", None)
        self._watched.append((key, now, end, dict.fromkeys(self.members, 0), new))

    def _compare(self, key: str, start: float, end: float, got: Mapping[str, int], *, new: bool) -> None:
        """With equals who were there all the while."""
        kind, month = self.members[key].kind, self.month
        others = [k for k in self.members if k != key and self.members[k].kind == kind and self._steady(k, start, end)]
        if others and end < self.days * DAY and self._steady(key, start, end):
            usual = statistics.fmean(got[other] for other in others)
            (month.new if new else month.after_return).append(got[key] - usual)

    def _steady(self, key: str, start: float, end: float) -> bool:
        member = self.members[key]
        absent = any(minutes(away.since) < end and minutes(away.until) > start for away in member.one.away)
        return member.begins <= start and not absent and not member.refuses

    def _there(self, now: float) -> list[str]:
        at = instant(now)
        return [
            key
            for key, member in self.members.items()
            if member.begins <= now and not any(away.since <= at < away.until for away in member.one.away)
        ]

    def _equals(self, kind: str) -> list[str]:
        """Those of a kind who are there all the month, and refuse nothing."""
        return [key for key, member in self.members.items() if member.kind == kind and self._steady(key, 0, self._end)]

    def _loads(self, now: float) -> dict[str, Load]:
        if not self.works:
            return {}
        for key, done in self.open.items():
            self.open[key] = [when for when in done if when > now]
        return {key: Load(len(done), max(0, len(done) - 1), 10.0 * len(done)) for key, done in self.open.items()}

    def _give(self, lead: Lead, had: frozenset[str], now: float) -> None:
        people = [member.one for member in self.members.values() if member.begins <= now]
        spanish = self.extras and self._settled(lead, "language") < SPANISH
        wanted = Asked(str(lead.number), language="es" if spanish else "en", minutes=10.0, had=had)
        choice = choose(wanted, Team(people, self.assign, self.seed, self._loads(now), self.credit), instant(now))
        self.credit = choice.credit
        self.month.choices.append(choice.chosen)
        if choice.chosen is None:
            if len(had) < len(people):
                self._held.append((lead, had))
            return
        self._count_in(choice.chosen, choice.passed, now)
        self._goes_on(lead, choice.chosen, had, now)

    def _count_in(self, chosen: str, passed: Mapping[str, Why], now: float) -> None:
        month, kind = self.month, self.members[chosen].kind
        equals = [key for key, why in passed.items() if why is Why.TURN and self.members[key].kind == kind]
        month.unfair += any(self.behind[key] > self.behind[chosen] + 1e-6 for key in equals)
        could = [chosen, *(key for key, why in passed.items() if why in OWED)]
        parts = {key: self._parts[key] for key in could}
        whole = sum(parts.values())
        for key, part in parts.items():
            self.behind[key] += part / whole
        self.behind[chosen] -= 1
        month.given[chosen] = month.given.get(chosen, 0) + 1
        month.kept[chosen] = month.kept.get(chosen, 0) + 1
        for _, start, end, got, _ in self._watched:
            if start <= now < end:
                got[chosen] += 1
        there = [self.behind[key] for key in self._equals(kind)]
        if chosen in self._equals(kind):
            month.spreads.append(max(there) - min(there))

    def _goes_on(self, lead: Lead, chosen: str, had: frozenset[str], now: float) -> None:
        member = self.members[chosen]
        if self.extras and self._settled(lead, chosen) < member.refuses:
            self.month.kept[chosen] -= 1
            self._at(now + REFUSED_AFTER, "asked", (lead, had | {chosen}))
            return
        if self.extras and lead.spam:
            self._at(now + SPAM_AFTER, "spam", chosen)
        if self.works:
            begins = max([now, *self.open[chosen]])
            takes = timedelta(minutes=10.0 * member.speed * (0.5 + self._settled(lead, "takes")))
            self.open[chosen].append(minutes(member.one.calendar.due(instant(begins), takes)))

    def _settled(self, lead: Lead, what: str) -> float:
        """The same for this lead in every run of the seed."""
        return random.Random(f"{self.seed} {lead.number} {what}").random()


def hours(member: Member, days: int) -> float:
    """For which they were there."""
    start, end = instant(member.begins), instant(days * DAY)
    lost = sum(
        (member.one.calendar.worked(a.since, min(a.until, end)) for a in member.one.away if a.until > start),
        timedelta(),
    )
    return (member.one.calendar.worked(start, end) - lost).total_seconds() / 3600


def renamed(members: Sequence[Member], seed: int) -> list[Member]:
    """The same people under each other's names, in another order."""
    rng = random.Random(f"names {seed}")
    names = [member.one.key for member in members]
    rng.shuffle(names)
    others = [replace(member, one=replace(member.one, key=name)) for member, name in zip(members, names, strict=True)]
    rng.shuffle(others)
    return others
