"""What is a playbook once it has been read? Frozen, typed values; nothing here parses, checks or judges.

Mappings are read-only and keep file order. A condition is compiled once, when the playbook is loaded.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

import polars as pl

from leadwell.playbook.conditions.tree import Node

Texts = Mapping[str, str]  # language -> sentence


@dataclass(frozen=True, slots=True)
class Condition:
    """An SQL predicate over facts. `expr` is Boolean over the fact columns; NULL is unknown."""

    text: str
    names: frozenset[str]
    expr: pl.Expr = field(compare=False, repr=False, hash=False)

    @property
    def in_order(self) -> tuple[str, ...]:
        """The names, as they first stand in the text."""
        return tuple(sorted(self.names, key=lambda name: (self.text.find(name), name)))

    tree: Node = field(compare=False, repr=False, hash=False)


@dataclass(frozen=True, slots=True)
class Organization:
    name: str
    phone: str | None
    website: str | None
    postal_address: str | None
    time_zone: str
    languages: tuple[str, ...]
    holidays: str | None


@dataclass(frozen=True, slots=True)
class Location:
    """`services` is None where all are offered."""

    key: str
    name: str
    zip: str
    hours: str | None
    languages: tuple[str, ...]
    services: tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class Visit:
    key: str
    name: str
    minutes: int
    mode: str  # 'in person' | 'video'


@dataclass(frozen=True, slots=True)
class Service:
    key: str
    name: str
    kind: str  # therapy | specialty | diagnostic | program
    asks: tuple[str, ...]
    specific: tuple[str, ...]
    visits: tuple[Visit, ...]
    openings: str | None
    expect: str | None
    prepare: str | None
    sensitive: bool
    part2: bool


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Asked for often, not offered. `redirect` is None where we know of nobody."""

    key: str
    asks: tuple[str, ...]
    redirect: str | None
    say: str | None


@dataclass(frozen=True, slots=True)
class Offer:
    key: str
    name: str
    asks: tuple[str, ...]
    decides: tuple[str, ...]
    when: Condition | None


@dataclass(frozen=True, slots=True)
class Other:
    key: str  # existing-patient | job | vendor | complaint
    team: str
    say: str | None


@dataclass(frozen=True, slots=True)
class Payers:
    accepted: tuple[str, ...]
    self_pay: bool


@dataclass(frozen=True, slots=True)
class Criterion:
    """`asks` maps a fact to its question; under '' stands the one question of a criterion that has only one."""

    key: str
    says: str
    when: Condition
    applies: Condition | None
    asks: Texts
    seconds: int
    reason: str | None
    redirect: str | None
    obtainable: bool
    review: bool
    decisive: bool
    types: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact of this playbook's own, or (`type` None) a question for a built-in one."""

    key: str
    type: str | None  # yes-no | number | date | text | one-of
    ask: str | None
    field: str | None
    words: tuple[str, ...]
    options: Mapping[str, tuple[str, ...]]  # one-of: value -> words that say it
    seconds: int


@dataclass(frozen=True, slots=True)
class Intent:
    ready_within_days: int
    urgent_within_days: int
    not_yet_beyond_days: int


@dataclass(frozen=True, slots=True)
class Checks:
    fictional: str  # flag | accept
    same_need_within: timedelta


@dataclass(frozen=True, slots=True)
class Stages:
    order: tuple[str, ...]
    business: tuple[str, ...]  # of leads of this type, instead
    conditions: Mapping[str, Condition]
    acquisition_from: str | None


@dataclass(frozen=True, slots=True)
class Conflict:
    when: Condition
    says: str


@dataclass(frozen=True, slots=True)
class Points:
    add: int
    when: Condition
    because: str


@dataclass(frozen=True, slots=True)
class Score:
    """`grades` from the highest threshold down; below the last it is D."""

    grades: Mapping[str, int]
    learned: str  # off | advise | blend
    review_share: float
    points: tuple[Points, ...]


@dataclass(frozen=True, slots=True)
class Safety:
    emergency: tuple[str, ...]
    crisis: tuple[str, ...]
    say_emergency: Texts
    say_crisis: Texts


@dataclass(frozen=True, slots=True)
class Team:
    key: str
    hours: str | None
    handles: Condition | None
    assign: str  # capacity | round-robin | take-next


@dataclass(frozen=True, slots=True)
class ServiceLevel:
    when: Condition | None
    first_response: str
    escalate_to: str | None
    tell_referrer: str | None


@dataclass(frozen=True, slots=True)
class FollowUp:
    attempts: int
    over: timedelta
    channels_when_unknown: str
    quiet_hours: str | None
    stop_after: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Nurture:
    key: str
    when: Condition
    every: timedelta
    times: int | None
    content: tuple[str, ...]
    wake: str | None


@dataclass(frozen=True, slots=True)
class Reason:
    key: str
    kind: str  # disqualified | lost | invalid
    teaches: str | None


@dataclass(frozen=True, slots=True, eq=False)  # by identity: what is compiled for it is cached under it
class Playbook:
    """One version of an organisation's policy. `version` is `name@` and six hex digits of the file's SHA-256."""

    name: str
    title: str
    version: str
    organization: Organization
    locations: Mapping[str, Location]
    services: Mapping[str, Service]
    elsewhere: Mapping[str, Elsewhere]
    offers: Mapping[str, Offer]
    other: Mapping[str, Other]
    payers: Payers
    criteria: Mapping[str, Criterion]
    facts: Mapping[str, Fact]
    intent: Intent
    checks: Checks
    stages: Stages
    conflicts: tuple[Conflict, ...]
    score: Score
    safety: Safety
    teams: Mapping[str, Team]
    fallback_team: str
    service_levels: tuple[ServiceLevel, ...]
    follow_up: FollowUp | None
    nurture: Mapping[str, Nurture]
    reasons: Mapping[str, Reason]
    keep: Texts

    def __hash__(self) -> int:
        return hash(self.version)

    @property
    def own_facts(self) -> dict[str, Fact]:
        return {key: fact for key, fact in self.facts.items() if fact.type is not None}
