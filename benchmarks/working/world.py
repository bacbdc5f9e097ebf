"""Who asks when, who works when, and who would answer at which moment? One invented month, from a seed.

Time is minutes since a Monday's midnight at the clinic (in summer, so that no clock changes). Whether somebody would
answer in a given ten minutes is settled by the seed, the lead and these ten minutes, whoever calls and in whatever
order: all orders play against the same people.
"""

from __future__ import annotations

import math
import random
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from benchmarks.working.chances import (
    ASKED_BY_HOUR,
    ASKED_BY_WEEKDAY,
    GRADES,
    Chances,
    chance,
    drawn,
    hourly,
    odds,
)
from leadwell.playbook.hours import windows
from leadwell.worktime import Calendar

HOUR, DAY = 60.0, 1440.0
CLINIC = ZoneInfo("America/Chicago")
MONDAY = date(2026, 6, 1)
START = datetime(2026, 6, 1, tzinfo=CLINIC).astimezone(UTC)
ZONES = tuple(
    ZoneInfo(name) for name in ("America/Chicago", "America/New_York", "America/Denver", "America/Los_Angeles")
)
AHEAD = (0.0, 60.0, -60.0, -120.0)  # minutes by which each is ahead of the clinic
CALLED = (9 * HOUR, 20 * HOUR)  # of their own day; a playbook's quiet hours are the rest
SHIFTS = (
    "Mon-Fri 08:00-12:00 12:30-16:30",
    "Mon-Fri 08:30-12:30 13:00-17:00",
    "Mon-Fri 09:30-13:30 14:00-18:00",
    "Tue-Fri 08:00-12:00 12:30-17:00, Sat 08:00-13:00",
)
TEAM = "Mon-Sat 08:00-18:00"
BURSTS, ILL, HOLIDAY = 0.05, 0.025, 0.3  # days with twice the leads; mornings ill; who has a week off in the month
SLOT = 10.0


@dataclass(frozen=True, slots=True)
class Lead:
    number: int
    asked: float
    zone: int
    grade: str
    score: float
    danger: bool
    referral: bool
    wrong: bool
    spam: bool
    answers: float  # odds at a mean hour, long after asking
    completes: float  # odds if reached at once
    talk: float

    @property
    def key(self) -> bytes:
        return self.number.to_bytes(4, "big")


@dataclass(frozen=True, slots=True)
class Person:
    key: str
    calendar: Calendar
    away: tuple[tuple[float, float], ...]
    free: tuple[tuple[float, float], ...]  # when they can begin a call: shifts without absences and other duties


def instant(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


def minutes(at: datetime) -> float:
    return (at - START).total_seconds() / 60


class World:
    def __init__(self, seed: int, *, days: int = 30, people: int = 6) -> None:
        self.seed, self.days, self.chances = seed, days, drawn(seed)
        self.hours = hourly(self.chances.day)
        self.people = staff(seed, days=days, people=people, other=self.chances.other)
        able = sum(end - start for person in self.people for start, end in person.free)
        self.leads = asked(seed, self.chances, days=days, leads=self.chances.load * able / effort(self.chances))

    @cached_property
    def worked(self) -> float:
        """Hours for which the team was there, other duties and all."""
        end = instant(self.days * DAY)
        away = ((person, instant(a), instant(b)) for person in self.people for a, b in person.away)
        lost = sum((person.calendar.worked(a, min(b, end)).total_seconds() for person, a, b in away), 0.0)
        return (sum(p.calendar.worked(START, end).total_seconds() for p in self.people) - lost) / 3600

    def odds_now(self, lead: Lead, now: float, tries: int) -> float:
        one, age = self.chances, now - lead.asked
        there = now + AHEAD[lead.zone]
        hour = self.hours[int(there // DAY) % 7][int(there % DAY // HOUR)]
        fresh = one.fresh * math.exp(-age / one.fresh_fades)
        return lead.answers + hour + fresh - one.fades * math.log2(1 + age / DAY) - one.tired * tries

    def chance_now(self, lead: Lead, now: float, tries: int) -> float:
        return 0.0 if lead.wrong else chance(self.odds_now(lead, now, tries))

    def would_answer(self, lead: Lead, now: float, tries: int) -> bool:
        return _settled(self.seed, lead.number, int(now // SLOT)) < self.chance_now(lead, now, tries)

    def completes(self, lead: Lead, now: float) -> float:
        """The chance that they complete intake if they are reached now."""
        left = 0.5 ** ((now - lead.asked) / HOUR / self.chances.half)
        return chance(lead.completes) * (self.chances.kept + (1 - self.chances.kept) * left)


def callable_from(lead: Lead, now: float) -> float:
    """The first minute from now on at which they may be called, where they are."""
    there = now + AHEAD[lead.zone]
    day, minute = divmod(there, DAY)
    if CALLED[0] <= minute < CALLED[1]:
        return now
    return (day + (minute >= CALLED[1])) * DAY + CALLED[0] - AHEAD[lead.zone]


def effort(chances: Chances) -> float:
    """Minutes that a lead takes, about: two in three are reached, after two calls and a third in vain."""
    return 0.65 * chances.talk * math.exp(0.125) + 2.3 * chances.vain


def asked(seed: int, chances: Chances, *, days: int, leads: float) -> list[Lead]:
    rng = random.Random(f"leads {seed}")
    weight = [ASKED_BY_WEEKDAY[day % 7] * (2 if rng.random() < BURSTS else 1) for day in range(days)]
    each = leads / sum(weight)
    times = sorted(
        day * DAY + rng.choices(range(24), ASKED_BY_HOUR)[0] * HOUR + rng.uniform(0, HOUR)
        for day in range(days)
        for _ in range(_poisson(rng, each * weight[day]))
    )
    return [_lead(rng, chances, number, at) for number, at in enumerate(times)]


def _lead(rng: random.Random, chances: Chances, number: int, at: float) -> Lead:
    worth = rng.gauss(0, 1)
    score = chances.knows * worth + math.sqrt(1 - chances.knows**2) * rng.gauss(0, 1)
    return Lead(
        number=number,
        asked=at,
        zone=rng.randrange(1, len(ZONES)) if rng.random() < chances.elsewhere else 0,
        grade=_grade(score),
        score=score,
        danger=rng.random() < chances.danger,
        referral=rng.random() < chances.referral,
        wrong=rng.random() < chances.wrong,
        spam=rng.random() < chances.spam,
        answers=odds(chances.answers) + chances.persons * rng.gauss(0, 1) + chances.eager * worth,
        completes=odds(chances.completes) + chances.kinds * worth,
        talk=chances.talk * math.exp(rng.gauss(0, 0.5)),
    )


def _grade(score: float) -> str:
    """By the share of all who score more."""
    above = 0.5 * math.erfc(score / math.sqrt(2))
    for grade, share in GRADES[:-1]:
        if above < share:
            return grade
        above -= share
    return GRADES[-1][0]


def staff(seed: int, *, days: int, people: int, other: float) -> list[Person]:
    rng = random.Random(f"staff {seed}")
    return [_person(rng, f"p{number}", SHIFTS[number % len(SHIFTS)], days, other) for number in range(people)]


def _person(rng: random.Random, key: str, hours: str, days: int, other: float) -> Person:
    calendar = Calendar(windows(hours), CLINIC)
    away = spells(rng, days)
    free = []
    for day in range(days):
        if any(since <= day * DAY < until for since, until in away):
            continue
        for start, end in calendar.spans(MONDAY + timedelta(days=day)):
            free += _without_duties(rng, minutes(start), minutes(end), other)
    return Person(key, calendar, away, tuple(free))


def spells(rng: random.Random, days: int) -> tuple[tuple[float, float], ...]:
    """Whole days, apart and in order: mornings ill for one to four days, and for some a week off."""
    out = set()
    for day in range(days):
        if rng.random() < ILL:
            out |= set(range(day, day + rng.randint(1, 4)))
    if rng.random() < HOLIDAY:
        first = 7 * rng.randrange(max(1, days // 7))
        out |= set(range(first, first + 7))
    found: list[tuple[float, float]] = []
    for day in sorted(out):
        if found and found[-1][1] == day * DAY:
            found[-1] = (found[-1][0], (day + 1) * DAY)
        else:
            found.append((day * DAY, (day + 1) * DAY))
    return tuple(found)


def _without_duties(rng: random.Random, start: float, end: float, other: float) -> list[tuple[float, float]]:
    """What is left of a shift once other duties of a quarter to three quarters of an hour have their share."""
    left = []
    while start < end:
        duty = rng.uniform(15, 45)
        work = duty * (1 - other) / other * rng.uniform(0.5, 1.5)
        left.append((start, min(start + work, end)))
        start += work + duty
    return left


def _poisson(rng: random.Random, mean: float) -> int:
    """By the time between one and the next."""
    count, at = 0, rng.expovariate(1)
    while at < mean:
        count, at = count + 1, at + rng.expovariate(1)
    return count


def _settled(*what: int) -> float:
    """A number in [0, 1) that follows from these numbers and looks like chance (splitmix64)."""
    mixed = 0
    for part in what:
        mixed = (mixed + part + 0x9E3779B97F4A7C15) & 0xFFFFFFFFFFFFFFFF
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9 & 0xFFFFFFFFFFFFFFFF
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB & 0xFFFFFFFFFFFFFFFF
        mixed ^= mixed >> 31
    return mixed / 2**64
