"""What stands in each section of the page Review? Danger, contradictions, who may be one person, low scores that are
checked by chance, what was set aside."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from leadwell import contract
from leadwell.assessing import consistency
from leadwell.assessing.facts import quotable
from leadwell.playbook import Playbook
from leadwell.server.access.queries import names_of_users
from leadwell.server.base.templatetags.look import length
from leadwell.server.consent.comparing import Compared, compared
from leadwell.server.consent.likely import Somebody, somebody
from leadwell.server.leads import telling
from leadwell.server.leads.models import Lead
from leadwell.server.leads.queries import current_assessments
from leadwell.server.leads.rows import Row, columns_if_open, row_of, why
from leadwell.server.leads.showing import Changed, FactRow, Wrong, last_changed, side_rows
from leadwell.server.leads.since import said_so_far
from leadwell.server.outcomes.stages import word
from leadwell.server.people.models import Doubt
from leadwell.server.people.reviewing import Waiting, unsure_of
from leadwell.server.playbooks.queries import policy_now
from leadwell.server.reviewing.queries import answered_by, answered_when, became, danger_since

# What a policy's condition may name, and on which facts it rests.
_RESTS_ON: Final[Mapping[str, tuple[str, ...]]] = {
    "preferred_location_offers_service": ("preferred_location", "service"),
    "services": ("service",),
}
_SOMEBODY: Final = "Somebody who is gone"
_PERSON: Final = "user:"


@dataclass(frozen=True)
class Danger:
    """`took`: how long it was until somebody acknowledged it, or answered, '' while nobody has; `ended`: why it has
    ended, where that answered it; `said`: how often they had said something (`leads.since`)."""

    row: Row
    owner: str
    since: datetime
    at: datetime | None
    by: str
    took: str
    answered_at: datetime | None
    ended: str
    said: int


@dataclass(frozen=True)
class _Seen:
    """Since when somebody knows of danger, and who."""

    at: datetime | None
    by: str
    answered_at: datetime | None
    ended: str


@dataclass(frozen=True)
class Side:
    """`words`: in which they said it, '' where a field states it."""

    fact: FactRow
    words: str


@dataclass(frozen=True)
class Contradiction:
    says: str
    sides: tuple[Side, ...]


@dataclass(frozen=True)
class Conflict:
    """`stood`: how often something of it was confirmed when it was shown: whoever is second is told."""

    row: Row
    owner: str
    stood: int
    contradictions: tuple[Contradiction, ...]


@dataclass(frozen=True)
class Pair:
    number: UUID
    one: Somebody
    other: Somebody
    agrees: str
    at: datetime


@dataclass(frozen=True)
class Opened:
    """A pair beside each other. `why`: the weights in words, the heaviest first; `others`: of whom it is asked too
    whether they are either of the two."""

    pair: Pair
    beside: Compared
    why: tuple[str, ...]
    others: tuple[Somebody, ...]


@dataclass(frozen=True)
class Decided:
    number: UUID
    one: Somebody
    other: Somebody
    says: str
    by: str
    at: datetime


@dataclass(frozen=True)
class Checked:
    """A low score that is handled like a high one. `became`: what was noted of it, '' while nothing was."""

    row: Row
    owner: str
    became: str
    answered_at: datetime | None


@dataclass(frozen=True)
class Aside:
    """`because`: why it rests, where the row does not say that already; `at`, `by`: when who brought it back."""

    row: Row
    because: str
    at: datetime | None
    by: str
    owner: str


def _rows(organization: int, leads: Sequence[Lead]) -> Iterator[tuple[Lead, Row]]:
    playbook, told = policy_now(organization), current_assessments(organization, leads)
    for lead in leads:
        says = why(lead, playbook, told.get(lead.pk), None)
        yield lead, row_of(lead, playbook, columns_if_open(lead), says)


def _owner(lead: Lead) -> str:
    return lead.owner.get_full_name() if lead.owner else ""


def dangers(organization: int, leads: Sequence[Lead]) -> tuple[Danger, ...]:
    since, names = danger_since(organization, leads), names_of_users(organization)
    answered, whose = answered_when(organization, leads), answered_by(organization, leads)
    told = {one.pk: _seen(one, answered[one.pk], whose.get(one.pk, ("", "")), names) for one in leads}
    said = said_so_far(organization, told)
    return tuple(
        _danger(lead, row, since[lead.pk], told[lead.pk], said.get(lead.pk, 0))
        for lead, row in _rows(organization, leads)
    )


def _seen(lead: Lead, answered: datetime | None, whose: tuple[str, str], names: Mapping[str, str]) -> _Seen:
    """`whose`: who answered it, as the trail has it, and why it ended by that."""
    actor, ended = whose
    program = bool(ended) and not actor.startswith(_PERSON)
    by = _who(lead.acknowledged_by or actor, names) or _owner(lead) or _SOMEBODY
    says = f"Ended: {telling.reason(ended)}" if ended else ""
    return _Seen(lead.acknowledged_at or (None if program else answered), by, answered, says)


def _who(actor: str, names: Mapping[str, str]) -> str:
    return names.get(actor, _SOMEBODY if actor.startswith(_PERSON) else "A program") if actor else ""


def _danger(lead: Lead, row: Row, since: datetime, seen: _Seen, said: int) -> Danger:
    took = length(max(seen.at - since, timedelta())) if seen.at else ""
    return Danger(row, _owner(lead), since, seen.at, seen.by, took, seen.answered_at, seen.ended, said)


def conflicting(organization: int, leads: Sequence[Lead], wrong: tuple[UUID, Wrong] | None) -> tuple[Conflict, ...]:
    playbook, told = policy_now(organization), current_assessments(organization, leads)
    if playbook is None:
        return ()
    found = []
    for lead, row in _rows(organization, leads):
        mine = wrong[1] if wrong and wrong[0] == lead.pk else None
        said = told.get(lead.pk) or {}
        contradictions = tuple(_contradiction(one, lead, said, playbook, mine) for one in said.get("conflicts") or ())
        found.append(Conflict(row, _owner(lead), lead.verified, contradictions))
    return tuple(found)


def _contradiction(
    says: str, lead: Lead, said: Mapping[str, Any], playbook: Playbook, wrong: Wrong | None
) -> Contradiction:
    _, names = consistency.conflicts(playbook).get(says, (None, ()))
    facts = said.get("facts") or {}
    keys = [key for name in names for key in _RESTS_ON.get(name, (name,)) if facts.get(key)]
    rows = {row.key: row for row in side_rows(lead, said, playbook, keys, wrong=wrong)}
    words = _words(says, said, quotable(names, playbook))
    sides = [Side(rows[key], words.get(key, "")) for key in dict.fromkeys(keys) if key in rows]
    if len(sides) == 1:  # of one thing the field says this and their words say that
        sides += _filled_in(lead, sides[0])
    return Contradiction(says, tuple(sides))


def _filled_in(lead: Lead, other: Side) -> Iterator[Side]:
    columns, column = columns_if_open(lead) or {}, other.fact.ask.column if other.fact.ask else other.fact.key
    if text := columns.get(column, "") or columns.get(other.fact.key, ""):
        yield Side(FactRow(f"{other.fact.name}, as filled in", text, "stated", None, (), None), "")


def _words(says: str, said: Mapping[str, Any], sides: Sequence[str]) -> dict[str, str]:
    """Side -> the words that say it; without those that a field states. The engine quotes the sides in their order."""
    because = ((said.get("dimensions") or {}).get("consistency") or {}).get("because") or ()
    quoted = [one.get("evidence") or {} for one in because if one.get("says") == says]
    told = zip(sides, quoted, strict=False)
    return {side: str(one["text"]) for side, one in told if one.get("field") in contract.WORDS}


def settled(organization: int, lead: Lead | None, *, by: str) -> Changed | None:
    """What the last answer of somebody has changed."""
    playbook = policy_now(organization)
    return last_changed(lead, playbook, by=by) if lead is not None and playbook is not None else None


def pair_of(organization: int, one: Waiting) -> Pair:
    agrees = ", ".join(code.replace("~", "nearly the ").replace("_", " ") for code in one.codes.split("+") if code)
    return Pair(one.number, somebody(organization, one.one), somebody(organization, one.other), agrees, one.at)


def opened(organization: int, one: Waiting, *, actor: str) -> Opened | None:
    beside = compared(organization, one.one, one.other, actor=actor)
    if beside is None:
        return None
    two = {one.one, one.other}
    others = {who for pair in unsure_of(organization, two) for who in pair} - two
    return Opened(
        pair_of(organization, one), beside, one.why, tuple(somebody(organization, who) for who in sorted(others))
    )


def decided(organization: int, doubts: Sequence[Doubt]) -> tuple[Decided, ...]:
    names = names_of_users(organization)
    return tuple(
        Decided(
            one.pk, somebody(organization, one.one), somebody(organization, one.other), Doubt.Said(one.said).label,
            names.get(one.said_by, _SOMEBODY), one.said_at or one.at,
        )
        for one in doubts
    )  # fmt: skip


def checked(organization: int, leads: Sequence[Lead]) -> tuple[Checked, ...]:
    told = became(organization, leads)
    return tuple(
        Checked(row, _owner(lead), _became(*told.get(lead.pk, ("", ""))), lead.answered_at)
        for lead, row in _rows(organization, leads)
    )


def _became(what: str, reason: str) -> str:
    because = f": {telling.reason(reason).lower()}" if reason and reason != what else ""
    return f"{word(what)}{because}" if what else ""


def asides(organization: int, leads: Sequence[Lead]) -> tuple[Aside, ...]:
    names = names_of_users(organization)
    found = []
    for lead, row in _rows(organization, leads):
        because = telling.reason(lead.reason or lead.resting) if lead.reason or lead.resting else ""
        because = "" if row.says.lower().startswith(because.lower()) else because
        by = names.get(lead.recovered_by, _SOMEBODY) if lead.recovered_at else ""
        found.append(Aside(row, because, lead.recovered_at, by, _owner(lead)))
    return tuple(found)
