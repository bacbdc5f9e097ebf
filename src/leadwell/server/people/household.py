"""Who belongs to somebody, and what is known of them from where? Told without a value: kinds, ids and times alone."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from leadwell.identity.keys import MOST
from leadwell.server.people.forms import short
from leadwell.server.people.holders import holders
from leadwell.server.people.linking import linked
from leadwell.server.people.models import COLLEAGUE, Person, PersonToken, Relation
from leadwell.server.people.queries import CONTACTS
from leadwell.server.people.reviewing import household_of
from leadwell.server.privacy.sealing import if_opens, unseal_json

_KINDS: Final = {
    "name": ("first_name", "last_name", "full_name", "patient_first_name", "patient_last_name", "patient_full_name"),
    "birth date": ("birth_date", "patient_birth_date"),
    "telephone": ("phone", "phone_2"),
    "e-mail": ("email",),
    "address": ("address", "city", "state", "zip"),
    "sex": ("sex",),
}
_NAMED: Final = "of the same organisation"
_ASKED_FOR: Final = {
    "child": "their parent",
    "parent": "their child",
    "spouse": "their spouse",
    "patient": "a professional",
}


@dataclass(frozen=True)
class Source:
    """The record that tells it, and when it came."""

    person: UUID
    code: str
    at: datetime


@dataclass(frozen=True)
class Known:
    what: str
    sources: tuple[Source, ...]


def known_from(organization: int, people: Collection[UUID]) -> tuple[Known, ...]:
    """Of those who are one person: each kind of thing that is known, and from which records, the oldest first."""
    told: dict[str, list[Source]] = {}
    rows = Person.objects.of(organization).filter(pk__in=people).order_by("created_at", "pk")
    for row in rows:
        known = if_opens(unseal_json, organization, row.sealed, place=f"people.person/{row.pk}") or {}
        for what, names in _KINDS.items():
            if any(known.get(name) for name in names):
                told.setdefault(what, []).append(Source(row.pk, short(row.pk), row.created_at))
    return tuple(Known(what, tuple(told[what])) for what in _KINDS if what in told)


def related(organization: int, person: UUID) -> list[tuple[UUID, str]]:
    """Who asked for them, for whom they asked, and who is said to be of one household, with why, in words."""
    group = linked(organization, [person])[person]
    ours = Relation.objects.of(organization)
    found: dict[UUID, str] = {}
    for asker, kind in ours.filter(patient__in=group).values_list("asker", "kind"):
        found[asker] = _NAMED if kind == COLLEAGUE else f"asked for them, {_ASKED_FOR.get(kind, 'another')}"
    for patient, kind in ours.filter(asker__in=group).values_list("patient", "kind"):
        found.setdefault(patient, _NAMED if kind == COLLEAGUE else "they asked for this one")
    for one in household_of(organization, list(group)):
        found.setdefault(one, "of one household")
    return [(one, why) for one, why in found.items() if one not in group]


def shared_contacts(organization: int, person: UUID) -> tuple[str, ...]:
    """Which of their contacts more people hold than one family has."""
    theirs = PersonToken.objects.of(organization).filter(person=person, kind__in=CONTACTS)
    kinds = {bytes(token): kind for kind, token in theirs.values_list("kind", "token")}
    found = holders(organization, kinds) if kinds else {}
    return tuple(sorted({CONTACTS[kinds[token]] for token, people in found.items() if len(people) > MOST}))
