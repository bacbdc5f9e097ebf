"""Make the records of people who have just asked, with the tokens by which they are found again."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from leadwell.contact import phone_text
from leadwell.formats.referral import KNOWN_BY
from leadwell.identity.recognising import Mark
from leadwell.server.base import bulk
from leadwell.server.people.marks import marks_of_names
from leadwell.server.people.models import Person, PersonToken, Relation
from leadwell.server.people.recognising import CONTACTS, OF_WHOM, Newcomer
from leadwell.server.privacy.sealing import seal_json
from leadwell.server.privacy.tokens import Blind

# What of a lead's columns is about who somebody is.
IDENTITY: Final = (
    "first_name", "last_name", "full_name", "patient_first_name", "patient_last_name", "patient_full_name",
    "birth_date", "patient_birth_date", "sex", "email", "phone", "phone_2", "address", "city", "state", "zip",
    KNOWN_BY,
)  # fmt: skip
NAMES: Final = tuple(name for name in IDENTITY if name.endswith("_name"))

_OWN: Final = ("first_name", "last_name", "full_name")
_REACHED_AT: Final = ("phone", "phone_2", "email")  # the numbers and the mailbox of a lead are the asker's

Token = tuple[str, bytes]  # its kind, and the token
Asked = tuple[Mapping[str, str], Mapping[str, Any]]  # a lead's columns, and its assessment


@dataclass(frozen=True)
class Made:
    """A new record of somebody, and by what they are known again."""

    person: Person
    newcomer: Newcomer
    tokens: list[Token]


@dataclass(frozen=True)
class Prepared:
    """Who a lead is of, and who asked for them, where that is another who is named too; `kind`: whom they asked for."""

    patient: Made
    asker: Made | None = None
    kind: str = ""

    @property
    def each(self) -> tuple[Made, ...]:
        return (self.patient, self.asker) if self.asker else (self.patient,)


def prepared_people(organization: int, asked: Sequence[Asked], now: datetime, blind: Blind) -> list[Prepared]:
    """A new record for each patient, and for whoever asked for them, with their tokens; nothing is written yet."""
    words = marks_of_names({columns[name] for columns, _ in asked for name in NAMES if columns.get(name)})
    return [_prepared(organization, one, now, blind, words) for one in asked]


def _prepared(
    organization: int, asked: Asked, now: datetime, blind: Blind, words: Mapping[str, Sequence[Mark]]
) -> Prepared:
    columns, said = asked
    known = _known(columns, said)
    contacts = tuple(dict.fromkeys(_contacts(said, known.get("phone_2", ""))))
    born = tuple(_born(said))

    def made(known: Mapping[str, str], born: tuple[Mark, ...]) -> Made:
        person = bulk.made(Person, organization_id=organization, created_at=now)
        person.sealed = seal_json(organization, known, place=f"people.person/{person.id}")
        marks = dict.fromkeys((*contacts, *born, *(one for n in NAMES for one in words.get(known.get(n, ""), []))))
        tokens = [(kind, blind.token(kind, value)) for kind, value in marks]
        return Made(person, Newcomer(person.pk, known, contacts, now), tokens)

    patient = made(known, born)
    if not _asks_for_another(columns):
        return Prepared(patient)
    asker: dict[str, str] = {name: known[name] for name in (*_OWN, *_REACHED_AT) if name in known}
    return Prepared(patient, made(asker, ()), str(said["asks_for"] or ""))


def _asks_for_another(columns: Mapping[str, str]) -> bool:
    own, patient = _whole_name(columns, ""), _whole_name(columns, "patient_")
    return bool(own and patient and own != patient)


def _whole_name(columns: Mapping[str, str], prefix: str) -> str:
    first, last, full = (columns.get(f"{prefix}{name}", "") for name in _OWN)
    return " ".join(f"{first} {last}".split() or full.split()).casefold()


def add_marks(made: Sequence[Made], marks: Sequence[Sequence[Mark]], blind: Blind) -> None:
    """What they tell together, as tokens."""
    for one, theirs in zip(made, marks, strict=True):
        one.tokens.extend((kind, blind.token(kind, value)) for kind, value in theirs if kind == "match")


def add_people(organization: int, people: Sequence[Prepared]) -> None:
    """Writes what `prepared_people` made."""
    each = [made for one in people for made in one.each]
    bulk.insert([made.person for made in each])
    tokens = [
        (organization, person, kind, token)
        for person, theirs in [(made.person.id, made.tokens) for made in each]
        for kind, token in theirs
    ]
    bulk.insert_values(PersonToken, ("organization", "person", "kind", "token"), tokens)
    relations = [
        Relation(organization_id=organization, asker=one.asker.person, patient=one.patient.person, kind=one.kind)
        for one in people
        if one.asker
    ]
    bulk.insert(relations)


def hold_confirmed(organization: int, person: UUID, tokens: Collection[Token]) -> None:
    """In the caller's transaction, which holds the person: beside what their record says, they are reached at these
    addresses from now on, and at no others."""
    theirs = PersonToken.objects.of(organization).filter(person=person, kind__in=CONTACTS, confirmed=True)
    wanted = {token for _, token in tokens}
    theirs.exclude(token__in=wanted).delete()
    there = set(map(bytes, theirs.values_list("token", flat=True)))
    new = [(organization, person, kind, token, True) for kind, token in sorted(tokens) if token not in there]
    bulk.insert_values(PersonToken, ("organization", "person", "kind", "token", "confirmed"), new)


def _known(columns: Mapping[str, str], said: Mapping[str, Any]) -> dict[str, str]:
    """Where they filled in no telephone, e-mail or ZIP, the one that stands in their words."""
    known = {name: columns[name] for name in (*IDENTITY, OF_WHOM) if columns.get(name)}
    contact, place = said["contact"], said["facts"].get("zip") or {}
    words = {"phone": contact["phone"], "email": contact["email"], "zip": place.get("value")}
    return known | {name: value for name, value in words.items() if value and not known.get(name)}


def _contacts(said: Mapping[str, Any], second: str) -> Iterator[Mark]:
    """`second`: their other telephone number, as they wrote it; it may be the one that is used."""
    contact = said["contact"]
    if contact["phone"]:
        yield "phone", contact["phone"]
    if second and (number := phone_text.read(second).e164):
        yield "phone", number
    if contact["email"]:
        yield "email", contact["email"].lower()


def _born(said: Mapping[str, Any]) -> Iterator[Mark]:
    birth = said["facts"].get("birth_date") or {}
    if birth.get("value"):
        yield "birth", birth["value"]
