"""Has this person asked for this before? The engine's own rules (`assessing.linking`), told what our tables know.

The same need within the playbook's span joins the earlier lead; another need is a new lead of the same person; where it
is unsure who it is, two leads stay two and one of them waits for a look.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID

import polars as pl
from django.db.models import Min

from leadwell.assessing import stated
from leadwell.assessing.linking import FOR_SOMEBODY, Member, tell
from leadwell.server.leads.judging import Judged
from leadwell.server.leads.models import Assessment, Lead
from leadwell.server.leads.queries import columns_of, current_assessments
from leadwell.server.people.recognising import Recognised
from leadwell.server.privacy.sealing import if_opens

_PATIENT: Final = ("patient_first_name", "patient_last_name", "patient_full_name")
_BOOKED: Final = "extra.appointment_at"
_WORDS: Final = ("subject", "message", "referral_reason")
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Again:
    """Of a new lead, by its place in the batch: what it repeats (`duplicate_of`), may repeat, or who asked before. Each
    is an earlier lead's id, or the place of another new one. `nothing_new`: word for word."""

    duplicate_of: UUID | int | None
    may_repeat: UUID | int | None
    same_person_as: UUID | int | None
    nothing_new: bool


@dataclass(frozen=True)
class _Asked:
    """A lead, ours already (`name` its id) or new (its place in the batch)."""

    name: UUID | int
    person: UUID
    received: datetime
    columns: Mapping[str, str]
    said: Mapping[str, Any]


def asked_again(
    organization: int, judged: Sequence[Judged], people: Sequence[UUID], recognised: Recognised, window: timedelta
) -> dict[int, Again]:
    """Place in the batch -> what it is of an earlier lead; without those of whom nothing is to be said. `people`: whom
    each lead is of; `window`: within which the same need is the same request."""
    group_of, doubts = _groups(people, recognised), _doubts(people, recognised)
    new = [
        _Asked(at, person, _received(one), one.arrived.columns, one.said)
        for at, (one, person) in enumerate(zip(judged, people, strict=True))
        if (person in group_of or person in doubts) and one.said["disposition"] != "discard"
    ]
    if not new:
        return {}
    linked = {member for one in new for member in group_of.get(one.person, ())} - set(people)
    unsure = {who for one in new for who in doubts.get(one.person, ())} - linked - set(people)
    since = min(one.received for one in new) - window
    asked = sorted([*_ours(organization, linked), *_ours(organization, unsure, since=since), *new], key=_order)
    told = tell(list(_members(asked, recognised.groups, doubts)), window // timedelta(microseconds=1))
    return {name: again for name, again in _read(told, asked) if isinstance(name, int)}


def _order(asked: _Asked) -> tuple[datetime, bool, str]:
    """Of the same second, ours come first, and the new ones as they stand in the batch."""
    new = isinstance(asked.name, int)
    return asked.received, new, f"{asked.name:09d}" if new else str(asked.name)


def _received(one: Judged) -> datetime:
    return datetime.fromisoformat(one.said["as_of"]).astimezone(UTC)


def _groups(people: Sequence[UUID], recognised: Recognised) -> dict[UUID, frozenset[UUID]]:
    """Of each new person who is linked, everybody who is one with them."""
    return {one: recognised.groups[one] for one in people if len(recognised.groups.get(one, ())) > 1}


def _doubts(people: Collection[UUID], recognised: Recognised) -> dict[UUID, set[UUID]]:
    """New person -> whom they may be, with all who are one with those."""
    found: dict[UUID, set[UUID]] = {}
    ours = set(people)
    for pair in recognised.found.possible:
        for one, other in ((pair.one, pair.other), (pair.other, pair.one)):
            if one in ours:
                found.setdefault(one, set()).update(recognised.groups.get(other, frozenset({other})))
    return found


def _ours(organization: int, people: Collection[UUID], *, since: datetime | None = None) -> Iterator[_Asked]:
    """The leads of people whom we know, opened; a damaged one is passed over. `since`: those asked before say nothing
    of a new one."""
    theirs = list(Lead.objects.of(organization).filter(person__in=people).exclude(sealed=b"")) if people else []
    judged = Assessment.objects.of(organization).filter(lead__in=[one.pk for one in theirs])
    asked_at = dict(judged.order_by().values_list("lead").annotate(Min("as_of")))
    near = [one for one in theirs if one.pk in asked_at and (since is None or asked_at[one.pk] >= since)]
    told = current_assessments(organization, near)
    for lead in near:
        columns = if_opens(columns_of, lead)
        if columns is not None and lead.pk in told and lead.person_id:
            yield _Asked(lead.pk, lead.person_id, asked_at[lead.pk], columns, told[lead.pk])


def _members(
    asked: Sequence[_Asked], groups: Mapping[UUID, frozenset[UUID]], doubts: Mapping[UUID, set[UUID]]
) -> Iterator[Member]:
    """In the engine's terms: `row` is the place in `asked`, `cluster` that of the first of the group."""
    cluster_of: dict[UUID, int] = {}
    for row, one in enumerate(asked):
        cluster = cluster_of.setdefault(one.person, row)
        for member in groups.get(one.person, ()):
            cluster_of.setdefault(member, cluster)
    words = _folded([" ".join(one.columns[name] for name in _WORDS if one.columns.get(name)) for one in asked])
    rows_of: dict[UUID, list[int]] = defaultdict(list)
    for row, one in enumerate(asked):
        rows_of[one.person].append(row)
    for row, one in enumerate(asked):
        possible = sorted(at for other in doubts.get(one.person, ()) for at in rows_of.get(other, ()))
        yield Member(
            row=row, name=str(row), received=(one.received - _EPOCH) // timedelta(microseconds=1),
            cluster=cluster_of[one.person], weight=0.0, possible_with=possible or None, role=_role(one), age=_age(one),
            kind=_kind(one.said), services="\n".join(one.said["services"]) or None, type=one.said["type"],
            words=words[row],
        )  # fmt: skip


def _folded(texts: Sequence[str]) -> list[str]:
    frame = pl.DataFrame({"text": texts}, schema={"text": pl.String})
    return frame.select(stated.fold(pl.col("text")))["text"].to_list()


def _role(one: _Asked) -> str:
    named = any(one.columns.get(name) for name in _PATIENT)
    asks_for = one.said["asks_for"] or ""
    return asks_for if not named and asks_for in FOR_SOMEBODY else ""


def _age(one: _Asked) -> int | None:
    found = (one.said["facts"].get("age") or {}).get("value")
    return int(found) if found is not None else None


def _kind(said: Mapping[str, Any]) -> str:
    if said["type"] == "other":
        return f"other {said['other'] or ''}"
    return "business" if said["type"] == "business" else ""


def _read(told: Iterator[tuple[object, ...]], asked: Sequence[_Asked]) -> Iterator[tuple[UUID | int, Again]]:
    def named(name: object) -> UUID | int | None:
        return asked[int(str(name))].name if name is not None else None

    for row, duplicate, maybe, known, _, nothing_new in told:
        one, other = asked[int(str(row))], named(duplicate)
        again = Again(other, named(maybe), named(known), bool(nothing_new))
        if other is not None and _another_visit(one, asked[int(str(duplicate))]):
            again = Again(None, again.may_repeat, other, nothing_new=False)
        yield one.name, again


def _another_visit(one: _Asked, earlier: _Asked) -> bool:
    """Two visits that somebody has booked are two, though they are for the same need: each is moved and cancelled by
    itself."""
    hours = [said.columns.get(_BOOKED) for said in (one, earlier)]
    return all(hours) and hours[0] != hours[1]
