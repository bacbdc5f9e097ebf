"""How would somebody say a condition aloud? Tree -> plain English: "age is at least 16", "there is no referral"."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final

from leadwell.playbook.conditions.tree import (
    Among,
    Between,
    Compare,
    Every,
    Fact,
    Has,
    Like,
    Minus,
    Missing,
    Node,
    Not,
    Some,
    Sum,
    Value,
)

# What a fact's value is called, where that is not the value itself: {"service": {"imaging-mri": "MRI"}}.
Titles = Mapping[str, Mapping[str, str]]

SAID: Final = {
    "=": "is",
    "<>": "is not",
    "<": "is less than",
    "<=": "is at most",
    ">": "is more than",
    ">=": "is at least",
}
SAID_DAYS: Final = SAID | {"<": "is before", "<=": "is on or before", ">": "is after", ">=": "is on or after"}
OPPOSITE: Final = {"=": "<>", "<>": "=", "<": ">=", "<=": ">", ">": "<=", ">=": "<"}

# Yes-no facts as a sentence: true, false.
YES_NO: Final = {
    "payer_accepted": ("the payer is accepted", "the payer is not accepted"),
    "has_referral": ("there is a referral", "there is no referral"),
    "has_order": ("there is an order", "there is no order"),
    "npi_ok": ("the NPI checks out", "the NPI does not check out"),
    "phone_ok": ("the phone number checks out", "the phone number does not check out"),
    "email_ok": ("the e-mail address checks out", "the e-mail address does not check out"),
    "contact_decides": ("whoever writes decides", "somebody else decides"),
    "interpreter_needed": ("an interpreter is needed", "no interpreter is needed"),
    "preferred_location_offers_service": (
        "the preferred clinic offers the service",
        "the preferred clinic does not offer the service",
    ),
}
CALLED: Final = {
    "type": "the kind of lead",
    "service": "the service",
    "kind": "the kind of service",
    "location": "the clinic",
    "preferred_location": "the preferred clinic",
    "asks_for": "the one asked for",
    "authority": "the one who speaks",
    "timeline_days": "days until care is wanted",
    "referral_service": "the service of the referral",
    "decision_maker": "decision maker",
    "waited_hours": "hours waited",
    "first_contact_hours": "hours to the first contact",
    "zip": "the ZIP code",
    "zip_state": "the ZIP code's state",
    "area_code_states": "the area code's states",
}


def english(node: Node, titles: Titles | None = None) -> str:
    """The condition as part of a sentence."""
    return _Voice(titles or {}).say(node)


def called(name: str) -> str:
    return CALLED.get(name, name.replace("_", " "))


class _Voice:
    def __init__(self, titles: Titles) -> None:
        self.titles = titles

    def say(self, node: Node) -> str:
        match node:
            case Every(parts):
                return " and ".join(self.either(part) for part in parts)
            case Some(parts):
                return ", or ".join(self.say(part) for part in parts)
            case Not(value):
                return self.negated(value)
            case Fact(name):
                return YES_NO.get(name, (f"{called(name)} is yes",))[0]
            case Value(bool() as value):
                return "always" if value else "never"
        return self.test(node, negated=False)

    def either(self, node: Node) -> str:
        """A part of an "and": one that is an "or" is held together."""
        if not isinstance(node, Some):
            return self.say(node)
        parts = [self.say(part) for part in node.parts]
        return f"either {' or '.join(parts)}" if len(parts) == 2 else f"any of ({'; '.join(parts)})"

    def negated(self, node: Node) -> str:
        match node:
            case Fact(name):
                return YES_NO.get(name, ("", f"{called(name)} is no"))[1]
            case Not(value):
                return self.say(value)
            case Every() | Some():
                return f"it is not so that ({self.say(node)})"
            case Value(bool() as value):
                return "never" if value else "always"
        return self.test(node, negated=True)

    def test(self, node: Node, *, negated: bool) -> str:
        no = "not " if negated else ""
        match node:
            case Compare(left, sign, right):
                return self.compare(left, OPPOSITE[sign] if negated else sign, right)
            case Among(value, options):
                values = [self.value(option, value) for option in options]
                joined = values[0] if len(values) == 1 else f"{', '.join(values[:-1])} or {values[-1]}"
                none = "is none of" if len(values) > 1 else "is not"
                return f"{self.operand(value)} {none if negated else 'is'} {joined}"
            case Between(value, low, high):
                return f"{self.operand(value)} is {no}from {self.value(low, value)} to {self.value(high, value)}"
            case Like(value, pattern):
                return f"{self.operand(value)} {_like(pattern, negated=negated)}"
            case Has(name, value):
                return f"{called(name.name)} {'do not ' if negated else ''}include {self.value(value, name)}"
            case Missing(value):
                return f"{self.operand(value)} is {'known' if negated else 'not known'}"
        return self.operand(node)

    def compare(self, left: Node, sign: str, right: Node) -> str:
        if isinstance(left, Value) and not isinstance(right, Value):
            turned = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
            return self.compare(right, turned.get(sign, sign), left)
        if isinstance(right, Value) and isinstance(right.value, bool):
            return self.say(left) if right.value is (sign == "=") else self.negated(left)
        said = SAID_DAYS if isinstance(right, Value) and isinstance(right.value, date) else SAID
        return f"{self.operand(left)} {said[sign]} {self.value(right, left)}"

    def operand(self, node: Node) -> str:
        match node:
            case Fact(name):
                return called(name)
            case Sum(left, sign, right):
                return f"{self.operand(left)} {'plus' if sign == '+' else 'less'} {self.operand(right)}"
            case Minus(value):
                return f"-{self.operand(value)}"
            case Value():
                return self.value(node, None)
        return f"({self.say(node)})"

    def value(self, node: Node, of: Node | None) -> str:
        if not isinstance(node, Value):
            return self.operand(node)
        value = node.value
        if isinstance(value, bool):
            return "yes" if value else "no"
        if isinstance(value, float):
            return f"{value:g}" if abs(value) < 1e6 else f"{value:.0f}"
        if isinstance(value, date):
            return f"{value:%B} {value.day}, {value.year}"
        titles = self.titles.get(of.name, {}) if isinstance(of, Fact) else {}
        return titles.get(value, value)


def _like(pattern: str, *, negated: bool) -> str:
    core = pattern.strip("%")
    if "%" in core or "_" in core or not core:
        return f"{'does not read' if negated else 'reads'} like '{pattern}'"
    start, end = pattern.startswith("%"), pattern.endswith("%")
    verb = "contain" if start and end else "end with" if start else "begin with" if end else "read"
    said = verb if negated else f"{verb}s" if " " not in verb else verb.replace(" ", "s ", 1)
    return f"{'does not ' if negated else ''}{said} '{core}'"
