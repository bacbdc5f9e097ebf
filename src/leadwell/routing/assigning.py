"""Who of a team gets this lead, and why not each of the others? (promise D19)

Those who cannot take it are passed over with a reason. Of the rest the policy says how it goes round: in turns, or to
whoever has most room. Turns are counted as credit: of each lead everybody who could take it is owed the part that their
hours of work are of all hours, and whoever gets it has had one. Neither knows seniority: what is equal falls by a
seeded hash.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cached_property
from hashlib import blake2b
from statistics import median
from typing import Final

from leadwell.worktime import Ahead, Calendar

MOST_AHEAD: Final = 3  # leads that somebody may have waiting above the colleague with fewest, whatever their turn
_OWED_ON_RETURN: Final = 1.0  # leads, above or below the others
_MINUTE: Final = timedelta(minutes=1)


class Why(StrEnum):
    """Why somebody was passed over."""

    AWAY = "away"
    NOT_WORKING = "not working now"
    HAD = "had it already, and it went back"
    TYPE = "does not take leads of this type"
    SERVICE = "does not cover the service"
    LOCATION = "does not cover the clinic"
    LANGUAGE = "does not speak the language"
    LICENCE = "has no licence for the state"
    FULL = "has as many open leads as they may have"
    BUSY = "has as much work due as they have time for"
    AHEAD = "has several more waiting than a colleague"
    TURN = "it was somebody else's turn"
    ROOM = "somebody else has more room"


@dataclass(frozen=True)
class Away:
    """From `since` until before `until`."""

    since: datetime
    until: datetime


@dataclass(frozen=True)
class Colleague:
    """Somebody of a team. `weight`: their share where all work the same hours (a trainee has 0.5). What they cover is
    None where it is anything; for `states` they hold licences. `most_open`: leads at once, None for no bound."""

    key: str
    calendar: Calendar
    away: tuple[Away, ...] = ()
    weight: float = 1.0
    types: frozenset[str] | None = None
    services: frozenset[str] | None = None
    locations: frozenset[str] | None = None
    languages: frozenset[str] | None = None
    states: frozenset[str] | None = None
    most_open: int | None = None

    @cached_property
    def part(self) -> float:
        """Hours a week for which they are owed leads."""
        return self.calendar.hours_a_week * self.weight


@dataclass(frozen=True)
class Load:
    """What somebody has now: open leads, those of them that nobody has touched yet, and minutes of work due."""

    open: int = 0
    waiting: int = 0
    minutes: float = 0.0


_NOTHING: Final = Load()


@dataclass(frozen=True)
class Asked:
    """A lead as it is to be given out. '' or None where it is not known: nobody is passed over for that. `minutes`: how
    long it takes, about. `also`: clinics at which they could be seen sooner, where theirs is full: who covers one of
    them can take it too. `needs_licence`: whether whoever takes it must hold one for `state`. `had`: who had it before
    and did not keep it."""

    key: str
    type: str = ""
    service: str = ""
    location: str = ""
    also: frozenset[str] = frozenset()
    language: str = ""
    state: str = ""
    needs_licence: bool = False
    minutes: float = 10.0
    due: datetime | None = None
    had: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Team:
    """`assign`: capacity | round-robin | take-next. `credit`: leads that each is owed, as the last choice left it; who
    is not there yet begins where those at work stand. `seed`: of the hash that breaks ties."""

    people: Sequence[Colleague]
    assign: str
    seed: str = ""
    loads: Mapping[str, Load] = field(default_factory=dict)
    credit: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Choice:
    """`chosen`: None where it stays with the team; `passed`: of everybody else, why not them. `nobody`: that none of
    the team could ever take it as things are: not for want of time but of what they cover. `credit`: as of a team,
    after this choice, where it was chosen alone."""

    chosen: str | None
    passed: Mapping[str, Why]
    nobody: bool = False
    credit: Mapping[str, float] = field(default_factory=dict, compare=False)


@dataclass(frozen=True)
class _Fit:
    """What leads that ask for the same have in common: why some of a team cannot take them, `nobody` as of a choice,
    who is at work of those who can, and which part of each lead everybody is owed."""

    passed: Mapping[str, Why]
    nobody: bool
    there: Sequence[Colleague]
    parts: Mapping[str, float]


class Round:
    """The leads of a team at one moment, one after the other. The caller keeps the loads up to date; of what is owed
    each choice counts for the next. What a lead has no part in is worked out once."""

    def __init__(self, team: Team, now: datetime) -> None:
        self._team, self._now = team, now
        self._away = frozenset(one.key for one in team.people if _away(one, now))
        self._absent = {one.key: why for one in team.people if (why := self._why_absent(one))}
        here = {key: owed for key, owed in team.credit.items() if key not in self._absent}
        usual = _usual(here or team.credit)
        self.credit = {one.key: team.credit.get(one.key, usual) for one in team.people}
        ahead: dict[Calendar, Ahead] = {}  # many work the same hours
        self._ahead = {one.key: ahead.setdefault(one.calendar, Ahead(one.calendar, now)) for one in team.people}
        self._fits: dict[tuple[str | frozenset[str], ...], _Fit] = {}

    def choose(self, lead: Asked) -> Choice:
        """Who gets it now. In a team that takes what is next nobody is given anything."""
        fit = self._fit(lead)
        passed, able = self._able(lead, fit)
        if self._team.assign == "take-next" or not able:
            return Choice(None, passed, fit.nobody)
        for key, part in fit.parts.items():
            self.credit[key] += part
        fewest = min(load.waiting for _, load in able)
        near = [(one, load) for one, load in able if load.waiting < fewest + MOST_AHEAD]
        chosen = self._first(lead, near)
        if len(near) < len(able):
            passed |= {one.key: Why.AHEAD for one, load in able if load.waiting >= fewest + MOST_AHEAD}
        others = Why.ROOM if self._team.assign == "capacity" else Why.TURN
        passed |= {one.key: others for one, _ in near if one is not chosen}
        self.credit[chosen.key] -= 1
        return Choice(chosen.key, passed)

    def _able(self, lead: Asked, fit: _Fit) -> tuple[dict[str, Why], list[tuple[Colleague, Load]]]:
        """Who can take it, with what they have; of the others why not."""
        passed, able = dict(fit.passed), []
        due = lead.due if lead.due and lead.due > self._now else None
        left: dict[Ahead, float] = {}
        for one in fit.there:
            load = self._team.loads.get(one.key, _NOTHING)
            if one.most_open is not None and load.open >= one.most_open:
                passed[one.key] = Why.FULL
                continue
            if due and load.minutes:
                ahead = self._ahead[one.key]
                if ahead not in left:
                    left[ahead] = ahead.worked(due) / _MINUTE
                if load.minutes + lead.minutes > left[ahead]:
                    passed[one.key] = Why.BUSY
                    continue
            able.append((one, load))
        return passed, able

    def _first(self, lead: Asked, near: Sequence[tuple[Colleague, Load]]) -> Colleague:
        """A lot is drawn only where it decides."""
        by_room = self._team.assign == "capacity"
        ranks = [(_taken(one, load) if by_room else 0.0, -self.credit[one.key]) for one, load in near]
        best = min(ranks)
        equal = [one for (one, _), rank in zip(near, ranks, strict=True) if rank == best]
        return min(equal, key=lambda one: _lot(self._team.seed, lead.key, one.key)) if len(equal) > 1 else equal[0]

    def _fit(self, lead: Asked) -> _Fit:
        if lead.had:  # by few
            return self._fitting(lead)
        state = lead.state if lead.needs_licence else ""
        asks = (lead.type, lead.service, lead.location, lead.also, lead.language, state)
        if asks not in self._fits:
            self._fits[asks] = self._fitting(lead)
        return self._fits[asks]

    def _fitting(self, lead: Asked) -> _Fit:
        people = self._team.people
        unfit = {one.key: why for one in people if (why := _unfit(one, lead))}
        passed = {one.key: why for one in people if (why := unfit.get(one.key) or self._absent.get(one.key))}
        hours = {one.key: one.part for one in people if one.key not in self._away and one.key not in unfit}
        together = sum(hours.values())
        return _Fit(
            passed=passed,
            nobody=len(unfit) == len(people),
            there=[one for one in people if one.key not in passed],
            parts={key: theirs / together if together else 1 / len(hours) for key, theirs in hours.items()},
        )

    def _why_absent(self, one: Colleague) -> Why | None:
        if one.key in self._away:
            return Why.AWAY
        return None if one.calendar.is_open(self._now) else Why.NOT_WORKING


def choose(lead: Asked, team: Team, now: datetime) -> Choice:
    """Of one lead alone."""
    alone = Round(team, now)
    told = alone.choose(lead)
    return replace(told, credit=alone.credit if told.chosen else team.credit)


def given_back(credit: Mapping[str, float], person: str) -> dict[str, float]:
    """Spam, or a lead that was never for this team, counts as none for whoever had it."""
    return {**credit, person: credit.get(person, _usual(credit)) + 1}


def returned(credit: Mapping[str, float], person: str) -> dict[str, float]:
    """Whoever comes back from an absence stands about where the others do."""
    others = _usual({key: owed for key, owed in credit.items() if key != person})
    owed = credit.get(person, others)
    return {**credit, person: min(max(owed, others - _OWED_ON_RETURN), others + _OWED_ON_RETURN)}


def _usual(credit: Mapping[str, float]) -> float:
    """Where most stand. On average those at work may all stand below: who works two days a week is owed on the others
    what they get on theirs."""
    return median(credit.values()) if credit else 0.0


def _unfit(one: Colleague, lead: Asked) -> Why | None:
    if one.key in lead.had:
        return Why.HAD
    clinic = "" if lead.also & (one.locations or frozenset()) else lead.location
    covers = (
        (Why.TYPE, lead.type, one.types), (Why.SERVICE, lead.service, one.services),
        (Why.LOCATION, clinic, one.locations), (Why.LANGUAGE, lead.language, one.languages),
        (Why.LICENCE, lead.state if lead.needs_licence else "", one.states),
    )  # fmt: skip
    return next((why for why, asked, covered in covers if asked and covered is not None and asked not in covered), None)


def _away(one: Colleague, now: datetime) -> bool:
    return any(away.since <= now < away.until for away in one.away)


def _taken(one: Colleague, load: Load) -> float:
    """How much of what they may have they have already."""
    return load.open / one.most_open if one.most_open else load.minutes / (60 * one.weight)


def _lot(seed: str, lead: str, person: str) -> bytes:
    return blake2b(f"{seed}\0{lead}\0{person}".encode(), digest_size=8).digest()
