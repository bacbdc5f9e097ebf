"""How do checked values become a Playbook? Plain construction, with every default filled in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeVar

from leadwell.playbook import durations
from leadwell.playbook import model as m
from leadwell.playbook.kinds import Table, Written
from leadwell.playbook.problems import Path
from leadwell.playbook.readonly import ReadOnly
from leadwell.playbook.shape import BUSINESS_ORDER, CHECKS, INTENT, OTHER_KINDS, PAYERS, SCORE_TABLE, STAGE_ORDER

T = TypeVar("T")
Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Builder:
    """Holds what has been compiled; each method builds the part of its name."""

    values: Values
    conditions: Mapping[Path, m.Condition]
    qualified: m.Condition

    def playbook(self, version: str) -> m.Playbook:
        v = self.values
        organization = m.Organization(**v["organization"])
        return m.Playbook(
            name=v["playbook"],
            title=v["title"] or organization.name,
            version=version,
            organization=organization,
            locations=self.named("locations", lambda key, e: location(key, e, organization)),
            services=self.named("services", service),
            elsewhere=self.named("elsewhere", lambda key, e: m.Elsewhere(key=key, **e)),
            offers=self.named("offers", lambda key, e: m.Offer(key=key, **self.compiled(e))),
            other=self.other(),
            payers=m.Payers(**(v["payers"] or _defaults(PAYERS))),
            criteria=self.named("criteria", self.criterion),
            facts=self.named("facts", fact),
            intent=intent(v["intent"] or {}),
            checks=checks(v["checks"] or _defaults(CHECKS)),
            stages=self.stages(),
            conflicts=tuple(m.Conflict(**self.compiled(e)) for e in v["conflicts"]),
            score=self.score(),
            safety=safety(v["safety"], organization),
            teams=self.named("teams", lambda key, e: m.Team(key=key, **self.compiled(e))),
            fallback_team=v["routing"]["fallback_team"],
            service_levels=tuple(m.ServiceLevel(**self.compiled(e)) for e in v["service_levels"]),
            follow_up=follow_up(v["follow_up"]),
            nurture=self.named("nurture", self.nurture),
            reasons=self.named("reasons", lambda key, e: m.Reason(key=key, **e)),
            keep=ReadOnly((v["privacy"] or {}).get("keep")),
        )

    def named(self, key: str, build: Callable[[str, dict[str, Any]], T]) -> ReadOnly[T]:
        return ReadOnly({name: build(name, entry) for name, entry in self.values[key].items()})

    def compiled(self, entry: Mapping[str, Any]) -> dict[str, Any]:
        """The entry with its conditions compiled."""
        return {k: self.conditions[v.path] if isinstance(v, Written) else v for k, v in entry.items()}

    def criterion(self, key: str, entry: dict[str, Any]) -> m.Criterion:
        entry = self.compiled(entry)
        return m.Criterion(key=key, asks=ReadOnly(entry.pop("ask")), **entry)

    def nurture(self, key: str, entry: dict[str, Any]) -> m.Nurture:
        return m.Nurture(key=key, **self.compiled(entry) | {"every": length(entry["every"])})

    def other(self) -> ReadOnly[m.Other]:
        """All four kinds; the fallback team has those that the playbook leaves out."""
        given, fallback = self.values["other"], self.values["routing"]["fallback_team"]
        return ReadOnly(
            {key: m.Other(key=key, **given.get(key, {"team": fallback, "say": None})) for key in (*given, *OTHER_KINDS)}
        )

    def stages(self) -> m.Stages:
        given = self.values["stages"]
        if given is None:
            return m.Stages(STAGE_ORDER, BUSINESS_ORDER, ReadOnly({"qualified": self.qualified}), "booked")
        orders = tuple(given["order"]), tuple(given["business"])
        return m.Stages(*orders, ReadOnly(self.compiled(given[""])), given["acquisition_from"])

    def score(self) -> m.Score:
        given = dict(self.values["score"] or _defaults(SCORE_TABLE))
        grades = sorted(given["grades"].items(), key=lambda grade: -grade[1])
        points = tuple(m.Points(**self.compiled(e)) for e in given["points"])
        return m.Score(**given | {"grades": ReadOnly(dict(grades)), "points": points})


def _defaults(table: Table) -> dict[str, Any]:
    return {key.name: key.default for key in table.keys}


def length(text: str) -> timedelta:
    duration = durations.parse(text)
    assert duration is not None
    return duration.length


def location(key: str, entry: Mapping[str, Any], organization: m.Organization) -> m.Location:
    return m.Location(key=key, **{**entry, "languages": entry["languages"] or organization.languages[:1]})


def service(key: str, entry: Mapping[str, Any]) -> m.Service:
    visits = tuple(m.Visit(**visit) for visit in entry["visits"])
    return m.Service(key=key, **{**entry, "visits": visits})


def fact(key: str, entry: Mapping[str, Any]) -> m.Fact:
    own = entry["type"] is not None
    options: ReadOnly[tuple[str, ...]] = ReadOnly(entry["options"])
    return m.Fact(key=key, **{**entry, "field": entry["field"] or (key if own else None), "options": options})


def intent(entry: Mapping[str, Any]) -> m.Intent:
    days = {}
    for key in INTENT.keys:
        (day,) = key.kind.keys  # type: ignore[attr-defined]  # each is a table of one key
        given = (entry.get(key.name) or {}).get(day.name)
        days[f"{key.name}_{day.name}"] = day.default if given is None else given
    return m.Intent(**days)


def checks(entry: Mapping[str, Any]) -> m.Checks:
    return m.Checks(entry["fictional"], length(entry["same_need_within"]))


def safety(entry: Mapping[str, Any], organization: m.Organization) -> m.Safety:
    said = {
        key: ReadOnly({language or organization.languages[0]: text for language, text in entry[key].items()})
        for key in ("say_emergency", "say_crisis")
    }
    return m.Safety(**{**entry, **said})


def follow_up(entry: Mapping[str, Any] | None) -> m.FollowUp | None:
    return None if entry is None else m.FollowUp(**{**entry, "over": length(entry["over"])})
