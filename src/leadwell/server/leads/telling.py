"""What does an assessment say to a person? Its parts as a page shows them, in the playbook's own names."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from leadwell import contract
from leadwell.playbook import Playbook
from leadwell.playbook.titles import titles
from leadwell.server.leads import names
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
_DO_BUSINESS: Final = "Speak with whoever decides, and agree on a meeting"
ASKS_FOR: Final = {
    "self": "asks for themselves", "spouse": "asks for their spouse", "child": "asks for their child",
    "parent": "asks for a parent", "relative": "asks for a relative", "patient": "asks for a patient",
    "organization": "asks for an organisation",
}  # fmt: skip
REASONS: Final = {
    "age": "the patient is outside the ages we treat", "area": "outside our area", "out-of-area": "outside our area",
    "payer-not-accepted": "we do not take this insurance", "service-mismatch": "we do not offer this",
    "not-an-enquiry": "no enquiry for care", "criteria-not-met": "something we need is not given",
    "no-capacity": "we have no room", "spam": "spam", "test": "a test", "duplicate": "a repeat",
}  # fmt: skip
_SHORT: Final = ("bcbs", "ppo", "hmo", "epo", "pos", "uhc", "va")
_CODES: Final = ("payer", "plan_kind", "authority", "kind", "payer_kind")
_SAID: Final = {True: "yes", False: "no"}
_REACHED_BY: Final = {"phone": ("Phone", "tel"), "email": ("E-mail", "mailto")}  # what it is called, and its links
_SPELLED: Final = {
    "contact_role": "Role there", "contact_decides": "Whoever asked decides",
    "zip": "ZIP", "npi": "NPI", "payer": "Insurance", "has_order": "Order", "has_referral": "Referral",
}  # fmt: skip


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
    """`moves`: in how many of 100 leads the answer changes what happens next; `fact`: what it asks for."""

    fact: str
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
    """`key`: by which the engine calls it."""

    name: str
    value: str
    provenance: str
    key: str


@dataclass(frozen=True)
class Contact:
    """`link`: by which it is dialled or written to; '' where it cannot be. `none`: what stands where there is none."""

    name: str
    value: str
    good: bool | None
    link: str
    none: str = "none given"


@dataclass(frozen=True)
class Reach:
    """`whose` numbers these are; '' where only one person is in question."""

    whose: str
    contacts: tuple[Contact, ...]


def do_next(kind: str, disposition: str) -> str:
    """`kind`: the type of the lead; nobody books an organisation."""
    return _DO_BUSINESS if (kind, disposition) == ("business", "schedule") else DO_NEXT.get(disposition, "")


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
            one.get("fact") or "",
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
    asked = [one["fact"] for one in said.get("questions") or () if one.get("fact") and not said.get("safety")]
    unknown = [
        Fact(label(key), "Not known. Ask.", "unknown", key) for key in dict.fromkeys(asked) if label(key) not in names
    ]
    return (*unknown, *known)


def _known(said: Assessment, playbook: Playbook) -> Iterator[Fact]:
    for name, entry in (said.get("facts") or {}).items():
        if entry and entry.get("value") is not None:
            yield Fact(label(name), _value(name, entry["value"], playbook), entry.get("provenance") or "derived", name)


def fact_value(facts: Mapping[str, Any], name: str, playbook: Playbook) -> str:
    """One of the facts in words; '' where it is not known."""
    value = (facts.get(name) or {}).get("value")
    return "" if value is None else _value(name, value, playbook)


def plan(code: str) -> str:
    """A kind of plan as people say it."""
    return _plain("plan_kind", code)


def payer(code: str) -> str:
    """A plan as people say it."""
    return _plain("payer", code)


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
        return titles(playbook).get(name, {}).get(value) or _plain(name, value)
    return str(value)


def _plain(name: str, value: str) -> str:
    """A code as people say it; what they wrote themselves as it is."""
    if name == "asks_for":
        return ASKS_FOR.get(value, value).removeprefix("asks for ")
    if name in _CODES:
        return value.upper() if value in _SHORT else value.replace("-", " ").replace("_", " ").capitalize()
    return value


def reason(code: str) -> str:
    """Why something is not ours, in words."""
    return REASONS.get(code, code.replace("-", " "))


def somewhere(to: str) -> str:
    """Where to send them: a team's key as people call it, another name as it is."""
    return f"our {to.replace('-', ' ')}" if re.fullmatch(r"[a-z0-9-]+", to) else to


def reaches(said: Assessment, columns: Mapping[str, str], wrong: Collection[str] = ()) -> tuple[Reach, ...]:
    """Whose numbers and addresses we have: of a referral the patient's, or who asks for them, and the referrer's.
    `wrong`: what of theirs was found to be another's, by its fact."""
    told = said.get("contact") or {}
    theirs = tuple(_contact(fact, told.get(fact) or "", told.get(f"{fact}_ok"), wrong) for fact in _REACHED_BY)
    referrer = tuple(_of_the_referrer(columns))
    if not columns.get("referrer_name") and not referrer:
        return (Reach("", theirs),)
    asker = names.own(columns)
    whose = asker or f"Patient: {names.patient(columns)}".removesuffix(": ")
    return Reach(whose, theirs), Reach(f"Referrer: {columns.get('referrer_name', '')}".removesuffix(": "), referrer)


def _contact(fact: str, value: str, good: bool | None, wrong: Collection[str]) -> Contact:
    name, scheme = _REACHED_BY[fact]
    none = "the one given is wrong" if fact in wrong else "none given"
    return Contact(name, dialled(value), good, _link(scheme, value, good), none)


def _of_the_referrer(columns: Mapping[str, str]) -> Iterator[Contact]:
    if phone := columns.get("referrer_phone", "").strip():
        yield Contact("Phone", phone, None, _link("tel", re.sub(r"[^\d+]", "", phone)))
    if email := columns.get("referrer_email", "").strip():
        yield Contact("E-mail", email, None, _link("mailto", email))


def _link(scheme: str, value: str, good: bool | None = None) -> str:
    """For a value that is whole and not known to be wrong."""
    fits = re.fullmatch(r"\+?\d{7,15}" if scheme == "tel" else r"[^\s@?&:/]+@[^\s@?&:/]+", value)
    return f"{scheme}:{value}" if fits and good is not False else ""


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
