"""What follows once a record says otherwise who somebody is, as a later part of the same submission tells it?

The record tells it from then on, and they are found, linked and stopped by what it tells now as well as by what it told
before. An address that it tells no more stays known as theirs, but nobody is reached at it because of this record.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import product
from typing import Final
from uuid import UUID

from leadwell.contact import phone_text
from leadwell.identity.arriving import Pair
from leadwell.identity.recognising import Found
from leadwell.server.base import bulk
from leadwell.server.people.actions import Asked, Made, add_marks, prepared_people
from leadwell.server.people.apart import told_apart
from leadwell.server.people.linking import linked
from leadwell.server.people.models import COLLEAGUE, Person, PersonLink, PersonToken, Relation
from leadwell.server.people.recognising import arrivals_of, asked_about, look_up, unsure_links, write
from leadwell.server.privacy.sealing import if_opens, seal_json, unseal_json
from leadwell.server.privacy.tokens import Blind

# Of a record: the addresses that it told before, in their normal form, by their kind.
BEFORE: Final[Mapping[str, str]] = {"phone": "phone_before", "email": "email_before"}
_BETWEEN: Final = ";"


@dataclass(frozen=True)
class Anew:
    """What a record tells from now on, with all by which it is found; `was`: as it stood, sealed."""

    made: Made
    was: bytes


def told_anew(organization: int, patient: UUID, asked: Asked, now: datetime) -> list[Anew]:
    """Of a lead as it is told now, the records of its patient and of who asked for them that would tell anything else;
    nothing is written. A damaged one stays as it is."""
    blind = Blind(organization)
    (told,) = prepared_people(organization, [asked], now, blind)
    made = {patient: told.patient}
    if told.asker is not None:
        made |= dict.fromkeys(_askers(organization, patient)[:1], told.asker)
    rows = Person.objects.of(organization).filter(pk__in=made)
    found = [one for row in rows if (one := _anew(row, made[row.pk])) is not None]
    if found:
        arrivals = arrivals_of([one.made.newcomer for one in found])
        add_marks([one.made for one in found], arrivals.marks, blind)
    return found


def _askers(organization: int, patient: UUID) -> list[UUID]:
    theirs = Relation.objects.of(organization).filter(patient=patient).exclude(kind=COLLEAGUE)
    return list(theirs.order_by("pk").values_list("asker", flat=True))


def _anew(row: Person, made: Made) -> Anew | None:
    place = f"people.person/{row.pk}"
    before = if_opens(unseal_json, row.organization_id, row.sealed, place=place)
    if before is None:
        return None
    known = {**made.newcomer.known, **_told_before(before, made.newcomer.known)}
    if known == before:
        return None
    was, row.sealed = bytes(row.sealed), seal_json(row.organization_id, known, place=place)
    newcomer = replace(made.newcomer, person=row.pk, known=known, at=row.created_at)
    return Anew(replace(made, person=row, newcomer=newcomer), was)


def _told_before(before: Mapping[str, str], now: Mapping[str, str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for kind, column in BEFORE.items():
        ever = dict.fromkeys((*addresses_before(before, kind), *_addresses(before, kind)))
        gone = [one for one in ever if one not in set(_addresses(now, kind))]
        found |= {column: _BETWEEN.join(gone)} if gone else {}
    return found


def addresses_before(known: Mapping[str, str], kind: str) -> list[str]:
    """Those of this kind that a record told once, and tells no more."""
    return [one for one in known.get(BEFORE[kind], "").split(_BETWEEN) if one]


def _addresses(known: Mapping[str, str], kind: str) -> Iterator[str]:
    if kind == "email":
        yield from filter(None, [known.get("email", "").strip().lower()])
    else:
        read = (phone_text.read(known.get(column, "")).e164 for column in ("phone", "phone_2"))
        yield from filter(None, read)


def stands(organization: int, anew: Sequence[Anew]) -> bool:
    """Whether each record is still as it was read. Until the transaction ends, whoever would change or erase one
    waits."""
    was = {one.made.person.pk: one.was for one in anew}
    ours = Person.objects.of(organization).select_for_update().filter(pk__in=was).order_by("pk")
    return {pk: bytes(sealed) for pk, sealed in ours.values_list("pk", "sealed")} == was


def write_anew(organization: int, anew: Sequence[Anew], now: datetime) -> list[PersonLink]:
    """In the caller's transaction, which is the one writer, alone, and holds these records (`stands`); returns the
    links that are made because of what they tell now."""
    for one in anew:
        Person.objects.of(organization).filter(pk=one.made.person.pk).update(sealed=one.made.person.sealed)
    people = [one.made.person.pk for one in anew]
    there = PersonToken.objects.of(organization).filter(person__in=people, confirmed=False)
    held = {(person, kind, bytes(token)) for person, kind, token in there.values_list("person", "kind", "token")}
    told = dict.fromkeys((one.made.person.pk, *token) for one in anew for token in one.made.tokens)
    new = [(organization, *one) for one in told if one not in held]
    bulk.insert_values(PersonToken, ("organization", "person", "kind", "token"), new)
    return write(organization, _found(organization, anew), now)


def _found(organization: int, anew: Sequence[Anew]) -> Found[UUID]:
    """Whom they are taken for by what they tell now, beyond those whom they are one with or were asked about before. A
    link that would be none now is asked about."""
    found = look_up(organization, arrivals_of([one.made.newcomer for one in anew]), Blind(organization)).found
    pairs = (*found.links, *found.possible)
    groups = linked(organization, {one for pair in pairs for one in (pair.one, pair.other)})
    apart = told_apart(organization, {one for group in groups.values() for one in group})
    asked = asked_about(organization, {one for pair in found.possible for one in (pair.one, pair.other)})

    def two(pair: Pair[UUID]) -> bool:
        ours, theirs = groups[pair.one], groups[pair.other]
        return ours != theirs and apart.isdisjoint(frozenset(both) for both in product(ours, theirs))

    new = [one for one in found.possible if two(one) and frozenset((one.one, one.other)) not in asked]
    unsure = unsure_links(organization, {one.made.person.pk for one in anew})
    why = {frozenset((pair.one, pair.other)): why for pair, why in unsure}
    possible = (*new, *(pair for pair, _ in unsure))
    return replace(found, links=tuple(filter(two, found.links)), possible=possible, why={**found.why, **why})
