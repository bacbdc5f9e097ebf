"""What does a condition say? Text -> tree, for the part of SQL that a playbook may use and nothing else.

    any        = every { OR every }
    every      = negation { AND negation }
    negation   = NOT negation | predicate
    predicate  = sum [ sign sum | [NOT] (IN (literal, …) | BETWEEN sum AND sum | LIKE 'text') | IS [NOT] NULL ]
    sum        = part { (+ | -) part }
    part       = - part | (any) | literal | fact | HAS(fact, 'text')

Written by hand because a general SQL parser costs 0.3 s of every command; a test holds the two to the same tree.
"""

from __future__ import annotations

from datetime import date
from itertools import takewhile
from typing import Final, NoReturn

from leadwell.playbook.conditions.tokens import ConditionError, Token, tokens
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

SIGNS: Final = {"=": "=", "==": "=", "<>": "<>", "!=": "<>", "<": "<", "<=": "<=", ">": ">", ">=": ">="}
_MORE, _LESS = (">", ">="), ("<", "<=")
IN_WORDS: Final = {
    **dict.fromkeys(("OVER", "ABOVE", "MORE", "OLDER", "GREATER", "AFTER", "EXCEEDS"), _MORE),
    **dict.fromkeys(("UNDER", "BELOW", "LESS", "FEWER", "YOUNGER", "BEFORE"), _LESS),
    "LEAST": (">=",), "MOST": ("<=",), "EQUALS": ("=",), "EQUAL": ("=",),
}  # fmt: skip
REFUSED: Final = frozenset(
    ("CASE", "COALESCE", "EXISTS", "SELECT", "ILIKE", "SIMILAR", "REGEXP", "CAST", "INTERVAL", "ESCAPE", "XOR", "ANY")
)
ALLOWED: Final = (
    "AND, OR, NOT, = <> < <= > >=, IN and NOT IN, BETWEEN, LIKE, HAS(list, 'word'), DATE '2026-01-31', + and -,"
    " parentheses"
)


def parse(text: str) -> Node:
    """The tree of a condition. ConditionError says what cannot be read, and where."""
    found = tokens(text)
    if found[0].kind == "end":
        raise ConditionError("this condition is empty", 0)
    parser = _Parser(found)
    tree = parser.some()
    if parser.now.kind != "end":
        parser.unexpected("AND, OR or the end", _with_a_sign(found, parser.place))
    return tree


def _with_a_sign(found: list[Token], place: int) -> str:
    """What to write for "age over 16": the signs that the words stand for."""
    words = list(takewhile(lambda token: token.kind in ("name", "keyword"), found[place:]))
    value = found[place + len(words)]
    signs = next((signs for word in words if (signs := IN_WORDS.get(word.value.upper()))), ())
    before = found[place - 1]
    if not signs or before.kind != "name" or value.kind not in ("number", "text"):
        return ""
    said = " ".join(token.value for token in (before, *words, value))
    return f' in "{said}"; write {" or ".join(f"{before.value} {sign} {value.value}" for sign in signs)}'


class _Parser:
    """Reads the tokens from left to right; each method reads the rule of its name."""

    def __init__(self, found: list[Token]) -> None:
        self.found = found
        self.place = 0

    @property
    def now(self) -> Token:
        return self.found[self.place]

    def step(self) -> Token:
        token = self.now
        self.place += 1
        return token

    def taken(self, *words: str) -> Token | None:
        """The next token, if it is one of these words or signs."""
        now = self.now
        if now.kind in ("keyword", "sign") and now.value.upper() in words:
            return self.step()
        return None

    def need(self, sign: str) -> Token:
        return self.taken(sign) or self.unexpected(sign)

    def unexpected(self, wanted: str, hint: str = "") -> NoReturn:
        now = self.now
        if now.value.upper() in REFUSED:
            raise ConditionError(f"{now.value} cannot be used in a condition. Allowed are {ALLOWED}", now.at)
        if now.kind == "end":
            raise ConditionError(f"the condition ends too early: expected {wanted}", now.at)
        raise ConditionError(f'expected {wanted}, found "{now.value}"{hint}', now.at)

    def some(self) -> Node:
        at, parts = self.now.at, [self.every()]
        while self.taken("OR"):
            parts.append(self.every())
        return parts[0] if len(parts) == 1 else Some(tuple(parts), at)

    def every(self) -> Node:
        at, parts = self.now.at, [self.negation()]
        while self.taken("AND"):
            parts.append(self.negation())
        return parts[0] if len(parts) == 1 else Every(tuple(parts), at)

    def negation(self) -> Node:
        token = self.taken("NOT")
        return Not(self.negation(), token.at) if token else self.predicate()

    def predicate(self) -> Node:
        left = self.sum()
        at = self.now.at
        if sign := self.taken(*SIGNS):
            return self.single(Compare(left, SIGNS[sign.value], self.sum(), at))
        if self.taken("IS"):
            return self.single(self.missing(left, at))
        negated = self.taken("NOT")
        test = self.test(left, at)
        if negated and test is None:
            self.unexpected("IN, BETWEEN or LIKE")
        if test is None:
            return left
        return self.single(Not(test, negated.at) if negated else test)

    def single(self, node: Node) -> Node:
        if self.now.value in SIGNS or self.now.value.upper() in ("IS", "IN", "LIKE", "BETWEEN"):
            says = f'two comparisons in a row; put AND between them, found "{self.now.value}"'
            raise ConditionError(says, self.now.at)
        return node

    def missing(self, left: Node, at: int) -> Node:
        negated = self.taken("NOT")
        if not self.taken("NULL"):
            if self.now.value.upper() in ("TRUE", "FALSE"):
                says = "IS TRUE and IS FALSE hide what is unknown; write the name alone, or NOT before it"
                raise ConditionError(says, at)
            self.unexpected("NULL")
        return Not(Missing(left, at), negated.at) if negated else Missing(left, at)

    def test(self, left: Node, at: int) -> Node | None:
        if self.taken("IN"):
            return Among(left, self.options(), at)
        if self.taken("BETWEEN"):
            low = self.sum()
            self.need("AND")
            return Between(left, low, self.sum(), at)
        if self.taken("LIKE"):
            if self.now.kind != "text":
                self.unexpected("text in single quotes after LIKE")
            return Like(left, _unquoted(self.step()), at)
        return None

    def options(self) -> tuple[Node, ...]:
        self.need("(")
        found = [self.option()]
        while self.taken(","):
            found.append(self.option())
        self.need(")")
        return tuple(found)

    def option(self) -> Node:
        if minus := self.taken("-"):
            return Minus(self.literal(), minus.at)
        return self.literal()

    def sum(self) -> Node:
        left = self.part()
        while sign := self.taken("+", "-"):
            left = Sum(left, sign.value, self.part(), sign.at)
        return left

    def part(self) -> Node:
        if minus := self.taken("-"):
            return Minus(self.part(), minus.at)
        if self.taken("("):
            inside = self.some()
            self.need(")")
            return inside
        if self.taken("HAS"):
            return self.has()
        if self.now.kind == "name" and self.now.value.upper() not in REFUSED:
            return self.fact()
        return self.literal()

    def fact(self) -> Fact:
        token = self.step()
        if self.now.value == "(":
            says = f"{token.value} is a function; only HAS(list, 'word') may be used. Allowed are {ALLOWED}"
            raise ConditionError(says, token.at)
        return Fact(token.value.lower(), token.at)

    def has(self) -> Node:
        self.need("(")
        if self.now.kind != "name":
            self.unexpected("a list, like services")
        name = self.fact()
        self.need(",")
        if self.now.kind != "text":
            self.unexpected("text in single quotes")
        token = self.step()
        self.need(")")
        return Has(name, Value(_unquoted(token), token.at), name.at)

    def literal(self) -> Value:
        token = self.now
        if token.kind == "number":
            return Value(_number(self.step()), token.at)
        if token.kind == "text":
            return Value(_unquoted(self.step()), token.at)
        if self.taken("TRUE", "FALSE"):
            return Value(token.value.upper() == "TRUE", token.at)
        if self.taken("DATE"):
            if self.now.kind != "text":
                self.unexpected("a day in single quotes, like DATE '2026-01-31'")
            return Value(_day(self.step()), token.at)
        if token.value.upper() == "NULL":
            raise ConditionError("nothing equals NULL; write IS NULL, or IS NOT NULL, after a fact", token.at)
        return self.unexpected("a fact or a value")


def _unquoted(token: Token) -> str:
    return token.value[1:-1].replace("''", "'")


def _number(token: Token) -> float:
    number = float(token.value)
    if number > 1e15:
        raise ConditionError(f"{token.value[:30]} is too large a number", token.at)
    return number


def _day(token: Token) -> date:
    try:
        return date.fromisoformat(_unquoted(token))
    except ValueError:
        says = f"{token.value} is no day; write year, month and day, like '2026-01-31'"
        raise ConditionError(says, token.at) from None
