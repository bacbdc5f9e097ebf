"""Who else may somebody be? Those with the same telephone or e-mail, and whoever is looked for."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from leadwell.server.people.finding import found, understood
from leadwell.server.people.forms import short
from leadwell.server.people.queries import identities, identity, is_known, name_of, others_of
from leadwell.server.privacy.trail import record_list

MOST: Final = 20  # who may be the same, at once


@dataclass(frozen=True)
class Somebody:
    """`why`: what makes them likely; '' where somebody named them."""

    number: UUID
    code: str
    name: str
    why: str = ""


def somebody(organization: int, number: UUID, *, why: str = "") -> Somebody:
    return _called(number, identity(organization, number), why)


def everybody(organization: int, numbers: Collection[UUID]) -> dict[UUID, Somebody]:
    """Of many, in one question."""
    known = identities(organization, numbers)
    return {number: _called(number, known.get(number)) for number in numbers}


def _called(number: UUID, known: Mapping[str, str] | None, why: str = "") -> Somebody:
    return Somebody(number, short(number), "Erased" if known is None else name_of(known), why)


def sought(organization: int, typed: str, *, actor: str) -> tuple[list[Somebody], str]:
    """By a whole id, or by what finds anybody; with what could not be used of it. That somebody looked goes on record,
    also where nobody was found."""
    try:
        number = UUID(typed)
    except ValueError:
        said = understood(typed)
        by, unread = said.kinds, said.unread
        people = found(organization, said).people
        some = [Somebody(one.person, short(one.person), name_of(one.known), one.how) for one in people]
    else:
        by, unread = ["id"], ""
        some = [somebody(organization, number)] if is_known(organization, number) else []
    if by:
        codes = {"by": by, "found": len(some)}
        record_list(organization, actor, "person.searched", [f"person/{one.number}" for one in some], codes)
    return some, unread


def likely(organization: int, number: UUID, group: Collection[UUID]) -> list[Somebody]:
    """The first of them who are not one with them yet: only who is shown is opened."""
    others = [one for one in others_of(organization, number) if one.person not in group][:MOST]
    return [somebody(organization, one.person, why=f"same {' and '.join(one.shares)}") for one in others]
