"""What does an assessment say to a person? Its parts as a page shows them, in the playbook's own names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from leadwell import contract
from leadwell.playbook import Playbook
from leadwell.playbook.titles import titles
from leadwell.server.leads.words import Marked

Assessment = Mapping[str, Any]

DO_NEXT: Final = {
    "schedule": "Ready to book",
    "verify": "A short call must settle something first",
    "review": "A person must look before anything else happens",
    "nurture": "Not ready yet: keep in touch",
    "redirect": "Not ours, but there is somewhere to send them",
    "decline": "We cannot take this one",
    "discard": "Spam, a test or an exact repeat: kept, and recoverable",
}
ASKS_FOR: Final = {
    "self": "asks for themselves", "spouse": "asks for their spouse", "child": "asks for their child",
    "parent": "asks for a parent", "relative": "asks for a relative", "patient": "asks for a patient",
    "organization": "asks for an organisation",
}  # fmt: skip
_SAID: Final = {True: "yes", False: "no"}
_SPELLED: Final = {"birth_date": "Birth date", "zip": "ZIP", "npi": "NPI", "asks_for": "Asks for"}


@dataclass(frozen=True)
class Reason:
    """`words`: those it rests on, shown where `number` marks none."""

    says: str
    number: int
    words: str


@dataclass(frozen=True)
class Dimension:
    name: str
    finding: str
    because: tuple[Reason, ...]


@dataclass(frozen=True)
class Criterion:
    says: str
    finding: str


@dataclass(frozen=True)
class Question:
    """`moves`: in how many of 100 leads the answer changes what happens next."""

    ask: str
    seconds: int
    moves: int
    why: str


@dataclass(frozen=True)
class Point:
    add: str
    because: str


@dataclass(frozen=True)
class Fact:
    name: str
    value: str
    provenance: str


@dataclass(frozen=True)
class Contact:
    name: str
    value: str
    good: bool | None


def named(playbook: Playbook, fact: str, value: str) -> str:
    """A key of the playbook as people call it."""
    return titles(playbook).get(fact, {}).get(value, value.replace("-", " "))


def wants(playbook: Playbook, services: list[str], location: str | None) -> str:
    """“Knee replacement, Evanston”; '' where neither is known."""
    parts = [named(playbook, "service", one) for one in services]
    return ", ".join((*parts, *([named(playbook, "location", location)] if location else [])))


def dimensions(said: Assessment, marked: Marked) -> tuple[Dimension, ...]:
    found = said.get("dimensions") or {}
    return tuple(_dimension(name, found.get(name) or {}, marked) for name in contract.DIMENSIONS)


def _dimension(name: str, found: Mapping[str, Any], marked: Marked) -> Dimension:
    because = tuple(dict.fromkeys(_reason(entry, marked) for entry in found.get("because") or ()))
    return Dimension(name.replace("_", " ").capitalize(), found.get("finding") or "unknown", because)


def _reason(entry: Mapping[str, Any], marked: Marked) -> Reason:
    number = marked.number_of(entry.get("evidence"))
    words = "" if number else (entry.get("evidence") or {}).get("text") or ""
    return Reason(entry["says"], number, words)


def danger(said: Assessment, marked: Marked) -> tuple[Reason, ...]:
    """The words that suggest danger, or may."""
    return tuple(dict.fromkeys(_reason(entry, marked) for entry in said.get("safety_because") or ()))


def criteria(said: Assessment, playbook: Playbook) -> tuple[Criterion, ...]:
    """Those that apply, what is not met or not known first."""
    order = {"not met": 0, "unknown": 1, "met": 2}
    states = [(key, state) for key, state in (said.get("criteria") or {}).items() if state is not None]
    states.sort(key=lambda one: order.get(one[1], 1))
    return tuple(Criterion(_criterion(playbook, key), state) for key, state in states)


def _criterion(playbook: Playbook, key: str) -> str:
    known = playbook.criteria.get(key)
    return known.says if known else key


def questions(said: Assessment, playbook: Playbook) -> tuple[Question, ...]:
    return tuple(
        Question(
            one["ask"],
            one["seconds"],
            round(100 * (one.get("moves") or 0)),
            _criterion(playbook, one["criterion"]) if one.get("criterion") else "",
        )
        for one in said.get("questions") or ()
    )


def points(said: Assessment) -> tuple[Point, ...]:
    return tuple(Point(f"{one['add']:+d}", one["because"]) for one in said.get("points") or ())


def facts(said: Assessment, playbook: Playbook) -> tuple[Fact, ...]:
    """What is not known and is to be asked first, because it is the work; then what is known."""
    known = tuple(_known(said, playbook))
    names = {fact.name for fact in known}
    asked = [label(one["fact"]) for one in said.get("questions") or () if one.get("fact") and not said.get("safety")]
    unknown = [Fact(name, "Not known. Ask.", "unknown") for name in dict.fromkeys(asked) if name not in names]
    return (*unknown, *known)


def _known(said: Assessment, playbook: Playbook) -> Iterator[Fact]:
    for name, entry in (said.get("facts") or {}).items():
        if entry and entry.get("value") is not None:
            yield Fact(label(name), _value(name, entry["value"], playbook), entry.get("provenance") or "derived")


def label(column: str) -> str:
    """A column or fact as people call it."""
    plain = column.removeprefix(contract.ANSWER_PREFIX).removeprefix(contract.EXTRA_PREFIX)
    return _SPELLED.get(plain) or plain.replace("_", " ").capitalize()


def _value(name: str, value: Any, playbook: Playbook) -> str:
    if isinstance(value, bool):
        return _SAID[value]
    if isinstance(value, list):
        return ", ".join(_value(name, one, playbook) for one in value)
    if isinstance(value, str):
        return titles(playbook).get(name, {}).get(value, value)
    return str(value)


def contacts(said: Assessment) -> tuple[Contact, ...]:
    told = said.get("contact") or {}
    phone = Contact("Phone", dialled(told.get("phone") or ""), told.get("phone_ok"))
    return phone, Contact("E-mail", told.get("email") or "", told.get("email_ok"))


def dialled(number: str) -> str:
    """A number of North America as it is dialled there; another as it is."""
    found = re.fullmatch(r"\+1(\d{3})(\d{3})(\d{4})", number)
    return "-".join(found.groups()) if found else number


def hours(span: str) -> str:
    """“09:00-20:00” -> “9 am to 8 pm”."""
    return " to ".join(_hour(part) for part in span.split("-")) if re.fullmatch(r"\d\d:\d\d-\d\d:\d\d", span) else span


def _hour(text: str) -> str:
    hour, minutes = int(text[:2]), text[3:]
    return f"{hour % 12 or 12}{'' if minutes == '00' else ':' + minutes} {'am' if hour % 24 < 12 else 'pm'}"
