"""Does a condition make sense: does it name facts that exist, where they may stand, and compare like with like?"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from leadwell.playbook import vocabulary
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
from leadwell.playbook.vocabulary import Name

ORDERED: Final = ("number", "date", "text")
# Options whose order means something when compared with < or >.
ORDERED_OPTIONS: Final = ("grade", "received_hour")
UNFAIR: Final = "who somebody is must not decide how they are served"
UNSURE: Final = "unsure"  # a fact whose own declaration is wrong: it exists, and nothing more is said of it here
MOST_DAYS: Final = 100_000
_CALLED: Final = {
    "text": "text",
    "number": "a number",
    "date": "a date",
    "yes-no": "a yes or no",
    "list": "a list",
    "one-of": "text",
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a condition stands in the playbook, and so what it may name. `part` is one of vocabulary.PLACES."""

    part: str
    missing: bool = True  # IS NULL allowed
    protected: tuple[str, ...] | None = None  # protected names allowed; None: all
    banned: tuple[tuple[str, str], ...] = ()  # names that would be circular here, with why
    called: str = "here"

    def allows(self, name: Name) -> bool:
        """Whether this protected name may stand here: by itself, or for what its words name."""
        return bool({name.name, *(name.says_who or ())[:1]}.intersection(self.protected or ()))


@dataclass(frozen=True, slots=True)
class Complaint:
    says: str
    at: int
    found: str | None = None
    allowed: tuple[str, ...] = ()
    suggest: bool = True


@dataclass(slots=True)
class Checker:
    """Walks a tree and notes every complaint. A type is None where a complaint has already been made."""

    names: Mapping[str, Name]
    place: Place
    complaints: list[Complaint] = field(default_factory=list)

    def add(self, says: str, at: int, *, found: str | None = None, allowed: tuple[str, ...] = ()) -> None:
        self.complaints.append(Complaint(says, at, found, allowed))

    def truth(self, node: Node) -> None:
        """The node must be true or false."""
        kind = self.kind(node)
        if kind not in (None, "yes-no"):
            what = f'"{node.name}" is' if isinstance(node, Fact) else "this is"
            self.add(f"{what} {_CALLED[kind or 'text']}, not a yes or no; compare it with something", _at(node))

    def kind(self, node: Node) -> str | None:
        match node:
            case Fact():
                return self.fact(node)
            case Value(value):
                return _kind_of(value)
            case Sum():
                return self.sum(node)
            case Minus(value):
                return self.expect(value, "number")
            case Every(parts) | Some(parts):
                for part in parts:
                    self.truth(part)
            case Not(value):
                self.truth(value)
            case Missing(value):
                self.missing(node)
                self.kind(value)
            case Compare() | Among() | Between() | Like() | Has():
                self.predicate(node)
        return "yes-no"

    def expect(self, node: Node, wanted: str) -> str | None:
        kind = self.kind(node)
        if kind not in (None, wanted):
            self.add(f"needs {_CALLED[wanted]} here, not {_CALLED[kind or wanted]}", _at(node))
            return None
        return kind and wanted

    def predicate(self, node: Compare | Among | Between | Like | Has) -> None:
        match node:
            case Compare(left, sign, right):
                self.compare(left, sign, right)
            case Among(value, options):
                for option in options:
                    self.compare(value, "=", option)
            case Between(value, low, high):
                self.compare(value, ">=", low)
                self.compare(value, "<=", high)
            case Like(value):
                self.expect(value, "text")
            case Has(name, value):
                kind = self.kind(name)
                if kind == "list":
                    self.option(name, value)
                elif kind:
                    self.add(f'HAS asks a list, and "{name.name}" is {_CALLED[kind]}', name.at)

    def compare(self, left: Node, sign: str, right: Node) -> None:
        seen = len(self.complaints)
        one, other = self.kind(left), self.kind(right)
        _forget_repeats(self.complaints, seen)
        if one is None or other is None:
            return
        if one != other:
            self.add(self.unlike(left, one, right, other), _at(right if isinstance(right, Value) else left))
        elif one == "list":
            self.add("a list cannot be compared; ask HAS(list, 'word')", _at(left))
        elif sign not in ("=", "<>") and not (one in ORDERED and self.orderable(left) and self.orderable(right)):
            self.add(f"{sign} needs a number, a date or a code; use = or IN", _at(left))
        else:
            self.options(left, right)

    def unlike(self, left: Node, one: str, right: Node, other: str) -> str:
        fact = left if isinstance(left, Fact) else right if isinstance(right, Fact) else None
        value = right if fact is left else left
        kind = one if fact is left else other
        if fact is None or not isinstance(value, Value):
            return f"compares {_CALLED[one]} with {_CALLED[other]}"
        hint = {
            "number": "write the number without quotes",
            "yes-no": f"write {fact.name} alone, or NOT {fact.name}",
            "date": "write DATE '2026-01-31'",
            "list": f"ask HAS({fact.name}, 'word')",
        }.get(kind, "put the value between single quotes")
        return f'"{fact.name}" is {_CALLED[kind]}; {hint}'

    def orderable(self, node: Node) -> bool:
        name = self.names.get(node.name) if isinstance(node, Fact) else None
        return name is None or not name.options or name.name in ORDERED_OPTIONS

    def options(self, left: Node, right: Node) -> None:
        if isinstance(left, Fact) and isinstance(right, Value):
            self.option(left, right)
        elif isinstance(right, Fact) and isinstance(left, Value):
            self.option(right, left)

    def option(self, fact: Fact, value: Value) -> None:
        """A fact with closed values is compared only with one of them."""
        name, text = self.names[fact.name], value.value
        if not isinstance(text, str) or not name.options or text in name.options:
            return
        if text == "unknown":
            says = f"\"{fact.name}\" never is 'unknown': what is unknown makes the condition unknown by itself"
        else:
            says = f"\"{fact.name}\" never is '{text}'"
        self.add(says, value.at, found=text, allowed=name.options)

    def sum(self, node: Sum) -> str | None:
        one, other = self.kind(node.left), self.kind(node.right)
        if one is None or other is None:
            return None
        if one == other == "number":
            return "number"
        if one == other == "date" and node.sign == "-":
            return "number"
        if {one, other} == {"date", "number"} and (node.sign == "+" or one == "date"):
            return self.moved(node.left if one == "number" else node.right)
        self.add(f"{node.sign} cannot join {_CALLED[one]} and {_CALLED[other]}", node.at)
        return None

    def moved(self, days: Node) -> str | None:
        number = days.value if isinstance(days, Value) else None
        if isinstance(number, float) and number.is_integer() and number <= MOST_DAYS:
            return "date"
        self.add(f"a date is moved by a whole number of days, at most {MOST_DAYS:,}", _at(days))
        return None

    def missing(self, node: Missing) -> None:
        if not self.place.missing:
            self.add(
                "IS NULL cannot stand in a criterion: what is unknown there becomes a question, never a yes or no",
                node.at,
            )

    def fact(self, node: Fact) -> str | None:
        name = self.names.get(node.name)
        if name is None:
            allowed = tuple(n for n, word in self.names.items() if self.stands(word))
            self.add(f'"{node.name}" is no fact that a condition can name', node.at, found=node.name, allowed=allowed)
            return None
        self.standing(node, name)
        if name.type == UNSURE:
            return None
        return "text" if name.type == "one-of" else name.type

    def standing(self, node: Fact, name: Name) -> None:
        circular = dict(self.place.banned).get(name.name)
        if circular:
            self.add(f'"{name.name}" cannot be named {self.place.called}: {circular}', node.at)
        elif self.place.protected is not None and protects(name) and not self.place.allows(name):
            why = f', as "{name.says_who[1]}" in its name, question, words or answers says,' if name.says_who else ""
            self.add(f'"{name.name}" is protected{why} and cannot be named {self.place.called}: {UNFAIR}', node.at)
        elif not self.stands(name):
            self.add(
                f'"{name.name}" cannot be named {self.place.called}: it is known only for {_from(name.since)}', node.at
            )

    def stands(self, name: Name) -> bool:
        return vocabulary.PLACES.index(name.since) <= vocabulary.PLACES.index(self.place.part)


def protects(name: Name) -> bool:
    """Whether a name is protected: by itself, or a playbook's own fact that says so by its name or its words."""
    return (
        name.protected
        or name.says_who is not None
        or bool(set(re.split(r"[_\d]+", name.name)) & vocabulary.PROTECTED_WORDS)
    )


def _from(since: str) -> str:
    places = vocabulary.PLACES[vocabulary.PLACES.index(since) :]
    return " and ".join(places) if len(places) < 3 else f"{', '.join(places[:-1])} and {places[-1]}"


def _at(node: Node) -> int:
    return _at(node.left) if isinstance(node, Sum) else node.at


def _kind_of(value: str | float | date | bool) -> str:
    if isinstance(value, bool):
        return "yes-no"
    if isinstance(value, float):
        return "number"
    return "text" if isinstance(value, str) else "date"


def _forget_repeats(complaints: list[Complaint], since: int) -> None:
    """IN and BETWEEN look at the same fact once per value; one complaint of it is enough."""
    fresh = complaints[since:]
    del complaints[since:]
    complaints.extend(complaint for complaint in dict.fromkeys(fresh) if complaint not in complaints[:since])
