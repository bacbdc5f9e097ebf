"""What is a condition once it has been parsed? A small tree of frozen values, each with its place in the text."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True)
class Fact:
    name: str
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Value:
    """A literal: text, a number, a day, or true and false."""

    value: str | float | date | bool
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Sum:
    """`left` plus, or minus, `right`; a date moves by whole days, two dates differ by days."""

    left: Node
    sign: str  # + | -
    right: Node
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Minus:
    value: Node
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Compare:
    left: Node
    sign: str  # = | <> | < | <= | > | >=
    right: Node
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Among:
    value: Node
    options: tuple[Node, ...]
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Between:
    value: Node
    low: Node
    high: Node
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Like:
    value: Node
    pattern: str
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Has:
    """A list fact holds a word."""

    name: Fact
    value: Value
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Missing:
    """`value IS NULL`: nothing is known of it."""

    value: Node
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Not:
    value: Node
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Every:
    """Joined by AND."""

    parts: tuple[Node, ...]
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Some:
    """Joined by OR."""

    parts: tuple[Node, ...]
    at: int = field(default=0, compare=False)


Node = Fact | Value | Sum | Minus | Compare | Among | Between | Like | Has | Missing | Not | Every | Some


def children(node: Node) -> tuple[Node, ...]:
    """The parts a node is made of, left to right."""
    match node:
        case Fact() | Value():
            return ()
        case Sum(left, _, right) | Compare(left, _, right):
            return (left, right)
        case Minus(value) | Not(value) | Missing(value) | Like(value):
            return (value,)
        case Among(value, options):
            return (value, *options)
        case Between(value, low, high):
            return (value, low, high)
        case Has(name, value):
            return (name, value)
        case Every(parts) | Some(parts):
            return parts


def facts(node: Node) -> list[Fact]:
    """Every fact named, in the order of the text."""
    if isinstance(node, Fact):
        return [node]
    return [fact for child in children(node) for fact in facts(child)]
