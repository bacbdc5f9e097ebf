"""What do the rules of the grammar have in common? How a match becomes a token, and the small words between."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final

from leadwell.reading.when.days import When
from leadwell.reading.when.tokens import Token

Builder = Callable[[re.Match[str], Sequence[Token]], Token | None]

# "the", "of", commas and the like that may stand between the parts of a date.
THE: Final = r"(?:the )?"
OF: Final = r"(?:(?:of|the|,|-|in|on|\|) ){0,3}"
DIRECTION: Final = {"this": 0, "next": 1, "coming": 1, "last": -1}
WAY: Final = "(?P<way>this|next|coming|last)"


def made(tokens: Sequence[Token], kind: str, when: When | None, role: str = "on") -> Token | None:
    if when is None:
        return None
    start = next((t for t in tokens if t.kind not in ("the", ",", "of", "-", "|")), tokens[0]).start
    return Token(kind, start, tokens[-1].end, when, role)


def told(match: re.Match[str], name: str) -> str | None:
    return match.groupdict().get(name)


def stop(_: re.Match[str], tokens: Sequence[Token]) -> Token:
    return Token("X", tokens[0].start, tokens[-1].end)


def rename(kind: Callable[[re.Match[str]], str], keep_first: bool = False) -> Builder:
    """The match becomes one token that is not yet a day (a number, a surer month)."""

    def build(match: re.Match[str], tokens: Sequence[Token]) -> Token | None:
        return Token(kind(match), tokens[0].start, tokens[-1].end)

    return build
