"""Which rules hold for a call, a text, an e-mail? `contact_rules.toml` as typed values; each says where it stands.

A correction of the law is a correction of that file. `read` takes the words of another one in its place.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from importlib import resources
from typing import Final

from leadwell.permission.entries import Entry, RulesError
from leadwell.permission.legal_days import LegalDay
from leadwell.permission.values import CHANNELS, KINDS, LINE_TYPES, PURPOSES
from leadwell.playbook.hours import Window

OLD: Final = timedelta(days=180)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a rule stands, when somebody looked, and how sure it is: V (primary), v (secondary), M (from memory)."""

    rule: str
    source: str
    checked: date
    confidence: str
    confirm: bool
    place: str  # its table in the file


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule in words. `gate`: whether the gate decides by it; others are kept where messages are read and sent."""

    standing: Standing
    title: str
    says: str
    gate: bool


@dataclass(frozen=True, slots=True, eq=False)  # by identity, as Rules
class Hours:
    """When a channel is open, on a weekly clock; `state` None for everywhere.

    `automated`: for what a machine places or speaks alone. `holidays`: not on the state's legal holidays; `legal`:
    those that the calendar of public holidays lacks. `closed`: spans of dates, both ends in.
    """

    standing: Standing
    name: str
    state: str | None
    windows: tuple[Window, ...]
    channels: tuple[str, ...]
    purposes: tuple[str, ...]
    automated: bool
    holidays: bool
    closed: tuple[tuple[date, date], ...]
    legal: tuple[LegalDay, ...] = ()


@dataclass(frozen=True, slots=True)
class Holidays:
    """Legal holidays of a state beside those of the calendar of public holidays."""

    standing: Standing
    days: tuple[LegalDay, ...]


@dataclass(frozen=True, slots=True)
class Cap:
    """At most so many attempts by any of `channels` within `hours`, rolling.

    `states`, `line_types`: empty for all.
    """

    standing: Standing
    states: tuple[str, ...]
    channels: tuple[str, ...]
    purposes: tuple[str, ...]
    automated: bool
    prerecorded: bool
    line_types: tuple[str, ...]
    most: int
    hours: int


@dataclass(frozen=True, slots=True)
class Level:
    """Which kind of consent is needed. `solicits`, `automated`: only then."""

    standing: Standing
    channels: tuple[str, ...]
    solicits: bool
    automated: bool
    line_types: tuple[str, ...]
    needs: str


@dataclass(frozen=True, slots=True)
class Closed:
    """Channels by which we reach nobody of theirs are closed by this."""

    standing: Standing
    channels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RevokeAll:
    standing: Standing
    since: date
    purposes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Keeping:
    """How long a state wants a stop honoured at least; here each is honoured for ever."""

    standing: Standing
    channels: tuple[str, ...]
    years: int


@dataclass(frozen=True, slots=True)
class Stops:
    """`reaches`: channel -> the channels on which a stop also ends what a machine places."""

    standing: Standing
    email_rule: str
    reaches: Mapping[str, tuple[str, ...]]
    reach: Standing
    revoke_all: RevokeAll
    states: Mapping[str, Keeping]


@dataclass(frozen=True, slots=True)
class Registry:
    standing: Standing
    channels: tuple[str, ...]
    inquiry_months: int
    transaction_months: int
    fresh_days: int


@dataclass(frozen=True, slots=True, eq=False)  # by identity: what is computed from it is kept under it
class Rules:
    """All of them. `unable`: channel -> lines that cannot take it. `covers`: purpose -> purposes its consent covers."""

    rule: Mapping[str, Rule]
    everywhere: tuple[str, ...]
    everywhere_by: Standing
    federal: Hours
    states: Mapping[str, Hours]
    holidays: Mapping[str, Holidays]
    caps: tuple[Cap, ...]
    levels: tuple[Level, ...]
    covers: Mapping[str, tuple[str, ...]]
    covers_by: Standing
    unable: Mapping[str, tuple[str, ...]]
    unable_by: Standing
    wrong: tuple[Closed, ...]
    stops: Stops
    registry: Registry
    presumed: tuple[str, ...]
    presumed_by: Standing
    standings: tuple[Standing, ...]


@lru_cache(maxsize=1)
def law() -> Rules:
    """The rules that Leadwell ships."""
    return read(resources.files("leadwell.permission").joinpath("contact_rules.toml").read_text(encoding="utf-8"))


def read(text: str) -> Rules:
    """The rules of a file in TOML. RulesError, with every problem and its table, where it is wrong."""
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise RulesError([str(error)]) from None
    problems: list[str] = []
    rules = _rules(Entry("", table, problems))
    if problems:
        raise RulesError(problems)
    return rules


def unchecked(rules: Rules, today: date) -> tuple[Standing, ...]:
    """What nobody has looked up for more than 180 days, the longest first."""
    return tuple(sorted((s for s in rules.standings if today - s.checked > OLD), key=lambda s: (s.checked, s.place)))


def _rules(top: Entry) -> Rules:
    everywhere, covers, unable, presumed = (top.table(k) for k in ("everywhere", "covers", "unable", "presumptions"))
    hours = top.table("hours")
    holidays = dict(_holidays(top.table("holidays")))
    rules = Rules(
        rule=dict(_in_words(top.table("rule"))),
        everywhere=everywhere.zones("zones"),
        everywhere_by=_standing(everywhere),
        federal=_federal(hours.table("federal")),
        states=dict(_states(hours.table("states"), holidays)),
        holidays=holidays,
        caps=tuple(_cap(entry) for entry in top.tables("caps")),
        levels=tuple(_level(entry) for entry in top.tables("consent")),
        covers={purpose: covers.texts(purpose, PURPOSES) for purpose in covers.own() if purpose in PURPOSES},
        covers_by=_standing(covers),
        unable={channel: unable.texts(channel, LINE_TYPES) for channel in unable.own() if channel in CHANNELS},
        unable_by=_standing(unable),
        wrong=tuple(map(_closed, top.tables("wrong"))),
        stops=_stops(top.table("stops")),
        registry=_registry(top.table("do_not_call")),
        presumed=presumed.states("states"),
        presumed_by=_standing(presumed),
        standings=(),
    )
    for entry in (everywhere, covers, unable, presumed, hours, top):
        entry.done(PURPOSES if entry is covers else CHANNELS if entry is unable else ())
    rules = replace(rules, standings=tuple(_standings(rules)))
    _check(rules, top)
    return rules


def _check(rules: Rules, top: Entry) -> None:
    """What no table can see alone."""
    for standing in rules.standings:
        rule = rules.rule.get(standing.rule)
        if rule is None:
            top.wrong(standing.place, f"rule {standing.rule} is none of those in words")
        elif not (rule.gate or standing is rule.standing):
            top.wrong(standing.place, f"the gate decides by rule {standing.rule}, which says that it does not")
    closed = sorted(channel for one in rules.wrong for channel in one.channels)
    if closed != sorted(CHANNELS):
        top.wrong("wrong", f"each of {', '.join(CHANNELS)} must stand in it once")
    for state, holidays in rules.holidays.items():
        if state not in rules.states or not rules.states[state].holidays:
            top.wrong(holidays.standing.place, f"[hours.states.{state}] with holidays = true is needed")


def _in_words(table: Entry) -> Iterator[tuple[str, Rule]]:
    for number in table.own():
        entry = table.table(number)
        yield (
            number,
            Rule(_standing(entry, number), entry.text("title"), entry.text("says"), gate=entry.yes("gate")),
        )
        entry.done()


def _standings(rules: Rules) -> Iterator[Standing]:
    yield from (rule.standing for rule in rules.rule.values())
    yield from (rules.everywhere_by, rules.covers_by, rules.presumed_by)
    yield rules.federal.standing
    yield from (hours.standing for hours in rules.states.values())
    yield from (one.standing for one in rules.holidays.values())
    yield from (cap.standing for cap in rules.caps)
    yield from (level.standing for level in rules.levels)
    yield from (one.standing for one in rules.wrong)
    yield from (rules.unable_by, rules.stops.standing, rules.stops.reach, rules.stops.revoke_all.standing)
    yield from (keeping.standing for keeping in rules.stops.states.values())
    yield rules.registry.standing


def _standing(entry: Entry, rule: str | None = None) -> Standing:
    return Standing(
        rule=rule or entry.text("rule"),
        source=entry.text("source"),
        checked=entry.day("checked"),
        confidence=entry.one_of("confidence", ("V", "v", "M")),
        confirm=entry.yes("confirm"),
        place=entry.place,
    )


def _federal(entry: Entry) -> Hours:
    channels, purposes = entry.texts("channels", CHANNELS), entry.texts("purposes", PURPOSES)
    return _hours(entry, _standing(entry), None, channels, purposes)


def _holidays(table: Entry) -> Iterator[tuple[str, Holidays]]:
    rule = table.text("rule")
    for state in table.below_states():
        entry = table.table(state)
        yield state, Holidays(_standing(entry, rule), entry.legal_days("days"))
        entry.done()
    table.done()


def _states(table: Entry, holidays: Mapping[str, Holidays]) -> Iterator[tuple[str, Hours]]:
    rule = table.text("rule")
    channels, purposes = table.texts("channels", CHANNELS), table.texts("purposes", PURPOSES)
    for state in table.below_states():
        entry = table.table(state)
        hours = _hours(entry, _standing(entry, rule), state, channels, purposes)
        further = holidays.get(state) if hours.holidays else None
        yield state, replace(hours, legal=further.days) if further else hours
    table.done()


def _hours(
    entry: Entry, standing: Standing, state: str | None, channels: tuple[str, ...], purposes: tuple[str, ...]
) -> Hours:
    hours = Hours(
        standing, entry.text("name"), state, entry.windows("open"), channels, purposes,
        automated=entry.yes("automated"), holidays=entry.yes("holidays"), closed=entry.spans("closed"),
    )  # fmt: skip
    entry.done()
    return hours


def _cap(entry: Entry) -> Cap:
    cap = Cap(
        standing=_standing(entry),
        states=entry.states("states"),
        channels=entry.texts("channels", CHANNELS),
        purposes=entry.texts("purposes", PURPOSES, PURPOSES),
        automated=entry.yes("automated"),
        prerecorded=entry.yes("prerecorded"),
        line_types=entry.texts("line_types", LINE_TYPES, ()),
        most=entry.number("most"),
        hours=entry.number("hours"),
    )
    entry.done()
    return cap


def _level(entry: Entry) -> Level:
    level = Level(
        standing=_standing(entry),
        channels=entry.texts("channels", CHANNELS),
        solicits=entry.yes("solicits"),
        automated=entry.yes("automated"),
        line_types=entry.texts("line_types", LINE_TYPES, ()),
        needs=entry.one_of("needs", KINDS),
    )
    entry.done()
    return level


def _closed(entry: Entry) -> Closed:
    closed = Closed(_standing(entry), entry.texts("channels", CHANNELS))
    entry.done()
    return closed


def _stops(entry: Entry) -> Stops:
    reaches, every, states = (entry.table(k) for k in ("reaches", "revoke_all", "states"))
    stops = Stops(
        standing=_standing(entry),
        email_rule=entry.text("email_rule"),
        reaches={channel: reaches.texts(channel, CHANNELS) for channel in reaches.own() if channel in CHANNELS},
        reach=_standing(reaches),
        revoke_all=RevokeAll(_standing(every), every.day("from"), every.texts("purposes", PURPOSES)),
        states={state: _keeping(states.table(state)) for state in states.below_states()},
    )
    reaches.done(CHANNELS)
    for one in (every, states, entry):
        one.done()
    return stops


def _keeping(entry: Entry) -> Keeping:
    keeping = Keeping(_standing(entry), entry.texts("channels", CHANNELS), entry.number("years"))
    entry.done()
    return keeping


def _registry(entry: Entry) -> Registry:
    registry = Registry(
        _standing(entry), entry.texts("channels", CHANNELS),
        entry.number("inquiry_months"), entry.number("transaction_months"), entry.number("fresh_days"),
    )  # fmt: skip
    entry.done()
    return registry
