"""What words and signs is a condition made of, and is it small enough to be looked at?

The limits are checked here, on a flat list, before anything that calls itself sees the text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

CURLY: Final = "“”„‟‘’‚‛"
CURLY_HINT: Final = "these are curly quotes “ ”; use straight ones"
LONGEST: Final = 2_000  # characters
MOST_NODES: Final = 200
DEEPEST: Final = 20
MOST_CONDITIONS: Final = 5_000  # in a playbook

KEYWORDS: Final = frozenset({"AND", "OR", "NOT", "IN", "BETWEEN", "LIKE", "IS", "NULL", "TRUE", "FALSE", "DATE", "HAS"})

_TOKEN: Final = re.compile(
    r"""(?P<space>\s+)
    |(?P<number>(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?(?![\w.]))
    |(?P<text>'(?:[^']|'')*')
    |(?P<quoted>"[^"]*")
    |(?P<word>[^\W\d]\w*)
    |(?P<sign><>|!=|<=|>=|==|[=<>+\-(),])""",
    re.VERBOSE,
)

_TEXT_HINT: Final = "text stands between single quotes, like 'this'"
_TURNED: Final = {"=>": ">=", "=<": "<="}
_HINTS: Final = {
    **dict.fromkeys(CURLY, CURLY_HINT),
    "'": "a quote is opened and never closed",
    '"': _TEXT_HINT,
    ";": "a condition is one sentence; it cannot hold a second one",
    ".": "a fact is named by one word, without a dot",
    "*": "only + and - can be used with numbers and dates",
    "/": "only + and - can be used with numbers and dates",
    "%": "only + and - can be used with numbers and dates",
}


@dataclass(frozen=True, slots=True)
class Token:
    kind: str  # number | text | name | keyword | sign | end
    value: str
    at: int


class ConditionError(Exception):
    """A condition that cannot be read: why, and how many characters into it."""

    def __init__(self, says: str, at: int) -> None:
        self.says = says
        self.at = at
        super().__init__(says)


def tokens(text: str) -> list[Token]:
    """The words and signs, ending with an `end`. ConditionError where a limit or a character is in the way."""
    if len(text) > LONGEST:
        raise ConditionError(f"this condition has {len(text):,} characters; at most {LONGEST:,} are allowed", 0)
    found: list[Token] = []
    at = 0
    while at < len(text):
        token = _token(text, at)
        at = token.at + len(token.value)
        if token.kind != "space":
            found.append(token)
    _limit(found)
    return [*found, Token("end", "", len(text))]


def _token(text: str, at: int) -> Token:
    if wrong := _TURNED.get(text[at : at + 2]):
        raise ConditionError(f"write {wrong}, not {text[at : at + 2]}", at)
    match = _TOKEN.match(text, at)
    if match is None or match.lastgroup is None:
        hint = _HINTS.get(text[at], "it has no meaning in a condition")
        raise ConditionError(f"cannot read {text[at]!r} here: {hint}", at)
    kind, value = match.lastgroup, match.group()
    if kind == "quoted":
        raise ConditionError(f"{value} stands between double quotes; {_TEXT_HINT}", at)
    if kind == "word":
        kind = "keyword" if value.upper() in KEYWORDS else "name"
    return Token(kind, value, at)


def _limit(found: list[Token]) -> None:
    nodes = sum(token.value not in ("(", ")", ",") for token in found)
    if nodes > MOST_NODES:
        raise ConditionError(f"this condition has {nodes} parts; at most {MOST_NODES} are allowed", 0)
    deepest, at = _depth(found)
    if deepest > DEEPEST:
        raise ConditionError(f"this condition is nested deeper than {DEEPEST} levels", at)


def _depth(found: list[Token]) -> tuple[int, int]:
    """How deep parentheses, NOT and signs stand in one another, and where first deeper than allowed."""
    levels = [0]
    run, deepest = 0, 0
    for before, token in zip([None, *found], found, strict=False):
        unary = token.value.upper() == "NOT" or (token.value == "-" and _opens(before))
        run = run + 1 if unary else run
        if token.value == "(":
            levels.append(levels[-1] + run + 1)
        elif token.value == ")" and len(levels) > 1:
            levels.pop()
        deepest = max(deepest, levels[-1] + (run if unary else 0))
        if deepest > DEEPEST:
            return deepest, token.at
        run = run if unary else 0
    return deepest, 0


def _opens(before: Token | None) -> bool:
    return before is None or before.kind == "keyword" or (before.kind == "sign" and before.value != ")")
