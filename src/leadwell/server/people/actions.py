"""Make the records of people who have just asked, with the tokens by which they are found again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import polars as pl

from leadwell.identity.names import folded_name, sound
from leadwell.server.base import bulk
from leadwell.server.people.models import Person, PersonToken
from leadwell.server.privacy.sealing import seal_json
from leadwell.server.privacy.tokens import Blind

# What of a lead's columns is about who somebody is.
IDENTITY: Final = (
    "first_name", "last_name", "full_name", "patient_first_name", "patient_last_name", "patient_full_name",
    "birth_date", "patient_birth_date", "sex", "email", "phone", "phone_2", "address", "city", "state", "zip",
)  # fmt: skip
_NAMES: Final = tuple(name for name in IDENTITY if name.endswith("_name"))
_START: Final = 3

Token = tuple[str, bytes]  # its kind, and the token
Asked = tuple[Mapping[str, str], Mapping[str, Any]]  # a lead's columns, and its assessment


def prepared_people(
    organization: int, asked: Sequence[Asked], now: datetime, blind: Blind
) -> list[tuple[Person, list[Token]]]:
    """A new person for each lead, with their tokens; nothing is written yet."""
    words = _words({columns[name] for columns, _ in asked for name in _NAMES if columns.get(name)})
    prepared = []
    for columns, said in asked:
        person = _person(organization, columns, said["contact"], now)
        values = dict.fromkeys((*_contacts(said), *(one for n in _NAMES for one in words.get(columns.get(n, ""), []))))
        prepared.append((person, [(kind, blind.token(kind, value)) for kind, value in values]))
    return prepared


def add_people(organization: int, people: Sequence[tuple[Person, list[Token]]]) -> None:
    """Writes what `prepared_people` made."""
    bulk.insert([person for person, _ in people])
    tokens = [(organization, person.pk, kind, token) for person, found in people for kind, token in found]
    bulk.insert_values(PersonToken, ("organization", "person", "kind", "token"), tokens)


def _person(organization: int, columns: Mapping[str, str], contact: Mapping[str, Any], now: datetime) -> Person:
    """Where they filled in no telephone or e-mail, the one that stands in their words."""
    person = Person(organization_id=organization, created_at=now)
    known = {name: columns[name] for name in IDENTITY if columns.get(name)}
    known |= {name: contact[name] for name in ("phone", "email") if contact[name] and not known.get(name)}
    person.sealed = seal_json(organization, known, place=f"people.person/{person.id}")
    return person


def _contacts(said: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    contact, birth = said["contact"], said["facts"].get("birth_date") or {}
    if contact["phone"]:
        yield "phone", contact["phone"]
    if contact["email"]:
        yield "email", contact["email"].lower()
    if birth.get("value"):
        yield "birth", birth["value"]


def _words(names: set[str]) -> dict[str, list[tuple[str, str]]]:
    """Each name -> of each of its folded words: itself, its beginning, its sound."""
    frame = pl.DataFrame({"name": sorted(names)}, schema={"name": pl.String})
    frame = frame.with_columns(word=folded_name(pl.col("name")).str.split(" ")).explode("word", empty_as_null=True)
    frame = frame.filter(pl.col("word").str.len_bytes() > 0).with_columns(sound=sound(pl.col("word")))
    found: dict[str, list[tuple[str, str]]] = {}
    for name, word, heard in frame.iter_rows():
        found.setdefault(name, []).extend((("name", word), ("start", word[:_START]), ("sound", heard)))
    return found
