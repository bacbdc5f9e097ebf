"""Who of a team gets this lead, and why not each of the others? (promise D19)

Those who cannot take it are passed over with a reason. Of the rest the policy says how it goes round: in turns, or to
whoever has most room. Turns are counted as credit: of each lead everybody who could take it is owed the part that their
hours of work are of all hours, and whoever gets it has had one. Neither knows seniority: what is equal falls by a
seeded hash.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cached_property
from hashlib import blake2b
from typing import Final

from leadwell.worktime import Calendar

MOST_AHEAD: Final = 3  # leads that somebody may have waiting above the colleague with fewest, whatever their turn
_OWED_ON_RETURN: Final = 1.0  # leads, above or below the others


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


@dataclass(frozen=True)
class Asked:
    """A lead as it is to be given out. '' or None where it is not known: nobody is passed over for that. `minutes`: how
    long it takes, about. `needs_licence`: whether whoever takes it must hold one for `state`. `had`: who had it before
    and did not keep it."""

    key: str
    type: str = ""
    service: str = ""
    location: str = ""
    language: str = ""
    state: str = ""
    needs_licence: bool = False
    minutes: float = 10.0
    due: datetime | None = None
    had: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Team:
    """`assign`: capacity | round-robin | take-next. `credit`: leads that each is owed, as the last choice left it; who
    is not there yet begins with what the others have on average. `seed`: of the hash that breaks ties."""

    people: Sequence[Colleague]
    assign: str
    seed: str = ""
    loads: Mapping[str, Load] = field(default_factory=dict)
    credit: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Choice:
    """`chosen`: None where it stays with the team; `passed`: of everybody else, why not them. `nobody`: that none of
    the team could ever take it as things are: not for want of time but of what they cover. `credit`: as of a team,
    after this choice."""

    chosen: str | None
    passed: Mapping[str, Why]
    nobody: bool = False
    credit: Mapping[str, float] = field(default_factory=dict, compare=False)


_BEYOND_TIME: Final = frozenset({Why.HAD, Why.TYPE, Why.SERVICE, Why.LOCATION, Why.LANGUAGE, Why.LICENCE})


def choose(lead: Asked, team: Team, now: datetime) -> Choice:
    """Who gets it now. In a team that takes what is next nobody is given anything."""
    passed = {one.key: why for one in team.people if (why := _unfit(one, lead) or _absent(one, now))}
    at_work = [one for one in team.people if one.key not in passed]
    passed |= {one.key: why for one in at_work if (why := _loaded(one, lead, team, now))}
    able = [one for one in at_work if one.key not in passed]
    if team.assign == "take-next" or not able:
        nobody = all(passed.get(one.key) in _BEYOND_TIME for one in team.people)
        return Choice(None, passed, nobody, team.credit)
    credit = _credited(lead, team, now)
    fewest = min(_load(team, one).waiting for one in able)
    near = [one for one in able if _load(team, one).waiting < fewest + MOST_AHEAD]
    chosen = min(near, key=lambda one: (_taken(one, team), -credit[one.key], _lot(team.seed, lead.key, one.key)))
    others = Why.ROOM if team.assign == "capacity" else Why.TURN
    passed |= {one.key: others if one in near else Why.AHEAD for one in able if one is not chosen}
    return Choice(chosen.key, passed, credit=credit | {chosen.key: credit[chosen.key] - 1})


def given_back(credit: Mapping[str, float], person: str) -> dict[str, float]:
    """Spam, or a lead that was never for this team, counts as none for whoever had it."""
    return {**credit, person: credit.get(person, _mean(credit)) + 1}


def returned(credit: Mapping[str, float], person: str) -> dict[str, float]:
    """Whoever comes back from an absence stands about where the others do."""
    others = _mean({key: owed for key, owed in credit.items() if key != person})
    owed = credit.get(person, others)
    return {**credit, person: min(max(owed, others - _OWED_ON_RETURN), others + _OWED_ON_RETURN)}


def _credited(lead: Asked, team: Team, now: datetime) -> dict[str, float]:
    """Everybody's credit with their part of this lead: of those who cover it and are not away."""
    usual = _mean(team.credit)
    credit = {one.key: team.credit.get(one.key, usual) for one in team.people}
    hours = {one.key: one.part for one in team.people if not _away(one, now) and not _unfit(one, lead)}
    together = sum(hours.values())
    for key, theirs in hours.items():
        credit[key] += theirs / together if together else 1 / len(hours)
    return credit


def _mean(credit: Mapping[str, float]) -> float:
    return sum(credit.values()) / len(credit) if credit else 0.0


def _unfit(one: Colleague, lead: Asked) -> Why | None:
    if one.key in lead.had:
        return Why.HAD
    covers = (
        (Why.TYPE, lead.type, one.types), (Why.SERVICE, lead.service, one.services),
        (Why.LOCATION, lead.location, one.locations), (Why.LANGUAGE, lead.language, one.languages),
        (Why.LICENCE, lead.state if lead.needs_licence else "", one.states),
    )  # fmt: skip
    return next((why for why, asked, covered in covers if asked and covered is not None and asked not in covered), None)


def _away(one: Colleague, now: datetime) -> bool:
    return any(away.since <= now < away.until for away in one.away)


def _absent(one: Colleague, now: datetime) -> Why | None:
    if _away(one, now):
        return Why.AWAY
    return None if one.calendar.is_open(now) else Why.NOT_WORKING


def _loaded(one: Colleague, lead: Asked, team: Team, now: datetime) -> Why | None:
    load = _load(team, one)
    if one.most_open is not None and load.open >= one.most_open:
        return Why.FULL
    if load.minutes and lead.due and lead.due > now:
        left = one.calendar.worked(now, lead.due) / timedelta(minutes=1)
        if load.minutes + lead.minutes > left:
            return Why.BUSY
    return None


def _load(team: Team, one: Colleague) -> Load:
    return team.loads.get(one.key, Load())


def _taken(one: Colleague, team: Team) -> float:
    """How much of what they may have they have already, where that decides."""
    if team.assign != "capacity":
        return 0.0
    load = _load(team, one)
    return load.open / one.most_open if one.most_open else load.minutes / (60 * one.weight)


def _lot(seed: str, lead: str, person: str) -> bytes:
    return blake2b(f"{seed}\0{lead}\0{person}".encode(), digest_size=8).digest()
