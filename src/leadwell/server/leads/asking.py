"""What may be answered to a question of a lead, and how is the answer typed? By the playbook's types, and its names.

A fact is answered in the column that states it (docs/lead.md); some follow from another, which is then asked for: of
the miles to a clinic, the ZIP. What stands in words alone has no column, and is not corrected here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Final

from leadwell import contract
from leadwell.playbook import Playbook
from leadwell.playbook.titles import titles
from leadwell.playbook.vocabulary import BUILT_IN
from leadwell.server.leads import telling

LONGEST: Final = 500  # characters
OLDEST: Final = 120  # years
SELF: Final = "self pay"  # in the column of the payer, as stated.toml reads it
# Where the column that states a fact is called otherwise.
_STATED_IN: Final = {
    "location": "preferred_location", "referrer": "referrer_name", "authority": "relationship", "plan_kind": "plan",
    "birth_date": "patient_birth_date", "offer": "service",
}  # fmt: skip
_WORDS_ONLY: Final = ("condition", "procedure", "specificity", "readiness", "urgency", "kind", "services")
_OF_PATIENTS: Final = frozenset(
    ("age", "sex", "birth_date", "patient_first_name", "patient_last_name", "patient_full_name", "patient_birth_date",
     "payer", "plan", "payment", "has_order", "has_referral", "referral_service", "referral_reason", "referrer_name",
     "referrer_organization", "relationship", "asks_for", "appointment_type", "visit_mode", "timeline")
)  # fmt: skip
_HOW_IT_CAME: Final = ("source", "campaign", "page", "form", "received_at", "id", "verified")
_OPTIONS: Final = {
    "relationship": ("self", "parent", "guardian", "authorized", "relative"),
    "language": ("en", "es"),
    "state": (),
}
_SAID: Final = {
    "en": "English", "es": "Spanish", "authorized": "Authorised by the patient", "hmo": "HMO", "ppo": "PPO",
    "pos": "POS", "call": "A call", "text": "A text", "email": "An e-mail",
}  # fmt: skip
_TYPES: Final = {"phone": "phone", "phone_2": "phone", "referrer_phone": "phone", "email": "email",
                 "referrer_email": "email", "zip": "zip", "referrer_npi": "npi", "npi": "npi"}  # fmt: skip
_WRITE: Final = {
    "number": "Write a number, like 61.",
    "date": "Write the day as 1965-03-21.",
    "zip": "A ZIP code has five digits, like 60201.",
    "phone": "Write the whole number, like 312-555-0142.",
    "email": "Write the whole address, like name@example.com.",
    "npi": "An NPI has ten digits, and its last must fit the others.",
    "yes-no": "Answer yes or no.",
    "one-of": "Choose one of the answers.",
    "text": "Write it in a few words.",
}


@dataclass(frozen=True)
class Choice:
    """`value` is what stands in the column; `label` what people call it."""

    value: str
    label: str


@dataclass(frozen=True)
class Ask:
    """`column`: where the answer stands; `kind`: its type; `choices`: where it has some, and `open`: whether something
    else may be typed as well. `write`: how, in a sentence."""

    column: str
    label: str
    kind: str
    choices: tuple[Choice, ...] = ()
    open: bool = False

    @property
    def write(self) -> str:
        return _WRITE[self.kind]


class CannotBe(ValueError):  # noqa: N818  its message is for the person who typed it
    """The answer is not what the fact can be."""


def answered_in(fact: str, playbook: Playbook) -> str | None:
    """The column that states a fact; None where it stands in words alone, or is worked out of others."""
    if fact in playbook.own_facts:
        return contract.ANSWER_PREFIX + fact
    return _column(fact)


def asked(column: str, playbook: Playbook, *, of: str = "") -> Ask:
    """How this column is answered. `of`: the type of the lead; what a business asks for is an offer, and nothing of
    anybody's health or insurance is asked of it. Raises CannotBe where it is no fact."""
    own = playbook.own_facts.get(column.removeprefix(contract.ANSWER_PREFIX))
    if own is not None and column.startswith(contract.ANSWER_PREFIX):
        kind = own.type or "text"
        return Ask(column, telling.label(column), kind, tuple(_choices(kind, own.options)))
    if column not in _answerable():
        raise CannotBe("The playbook knows no fact of this name.")
    if of == "business" and column in _OF_PATIENTS:
        raise CannotBe("Nothing of anybody's health or insurance is asked of an organisation. Correct its type first.")
    if column == "service" and of == "business" and playbook.offers:
        offers = tuple(Choice(key, offer.name) for key, offer in playbook.offers.items())
        return Ask(column, "Offer", "one-of", offers)
    return _built_in(column, playbook)


@cache
def _answerable() -> frozenset[str]:
    """The columns that state a fact of the engine's own, or an address."""
    return frozenset({*filter(None, map(_column, BUILT_IN)), *_TYPES})


def _column(fact: str) -> str | None:
    if fact in _WORDS_ONLY or fact in _HOW_IT_CAME:
        return None
    known = BUILT_IN.get(fact)
    column = _STATED_IN.get(fact) or (known.asked_as if known and known.asked_as else fact)
    return column if column in contract.INCOMING and column not in _HOW_IT_CAME else None


def _built_in(column: str, playbook: Playbook) -> Ask:
    label = telling.label(column.removeprefix("patient_") if column == "patient_birth_date" else column)
    if column in _TYPES:
        return Ask(column, label, _TYPES[column])
    if column == "payer":
        return Ask(column, label, "text", _payers(playbook), open=True)
    name = {"plan": "plan_kind", "patient_birth_date": "birth_date"}.get(column, column)
    known = BUILT_IN.get(name)
    kind = known.type if known else "text"
    named = titles(playbook).get(name) or titles(playbook).get(name.removeprefix("preferred_")) or {}
    if column in ("service", "preferred_location", "referral_service"):
        keys = playbook.locations if column == "preferred_location" else playbook.services
        return Ask(column, label, "one-of", tuple(Choice(key, named.get(key, key)) for key in keys))
    options = _OPTIONS.get(column, known.options if known else ())
    if options:
        return Ask(column, label, "one-of", tuple(Choice(one, _called(name, one, named)) for one in options))
    return Ask(column, label, kind, tuple(_choices(kind, ())))


def _choices(kind: str, options: Iterable[str]) -> Iterator[Choice]:
    if kind == "yes-no":
        yield from (Choice("yes", "Yes"), Choice("no", "No"))
    yield from (Choice(one, one[:1].upper() + one[1:]) for one in options)


def _payers(playbook: Playbook) -> tuple[Choice, ...]:
    plans = tuple(Choice(one, telling.payer(one)) for one in playbook.payers.accepted)
    return (*plans, Choice(SELF, "Pays themselves")) if playbook.payers.self_pay else plans


def _called(name: str, option: str, named: Mapping[str, str]) -> str:
    said = named.get(option) or _SAID.get(option) or telling.ASKS_FOR.get(option, option).removeprefix("asks for ")
    text = said.replace("-", " ")
    return text[:1].upper() + text[1:]


def checked(ask: Ask, text: str) -> str:
    """The answer as it stands in the column. Raises CannotBe."""
    said = " ".join(text.split())
    if not said or len(said) > LONGEST:
        raise CannotBe(f"Write at most {LONGEST} characters." if said else ask.write)
    chosen = {one.value.lower(): one.value for one in ask.choices} | {
        one.label.lower(): one.value for one in ask.choices
    }
    if said.lower() in chosen:
        return chosen[said.lower()]
    if ask.choices and not ask.open:
        raise CannotBe(f"Choose one of: {', '.join(one.label for one in ask.choices)}.")
    if not _fits(ask, said):
        raise CannotBe(ask.write)
    return said


def _fits(ask: Ask, said: str) -> bool:
    """Whether it is of its type at all; whether the engine takes it shows when it is judged."""
    match ask.kind:
        case "number":
            return re.fullmatch(r"-?\d{1,9}(\.\d+)?", said) is not None and _possible(ask.column, float(said))
        case "date":
            return _day(said)
        case "zip":
            return re.fullmatch(r"\d{5}(-\d{4})?", said) is not None
        case "npi":
            return re.fullmatch(r"\d{10}", said) is not None
        case "phone":
            return len(re.sub(r"\D", "", said)) >= 7
        case "email":
            return re.fullmatch(r"[^\s@]+@[^\s@]+\.[^\s@]+", said) is not None
        case _:
            return True


def _possible(column: str, number: float) -> bool:
    return column != "age" or (0 <= number <= OLDEST and number.is_integer())


def _day(said: str) -> bool:
    try:
        date.fromisoformat(said)
    except ValueError:
        return False
    return True
