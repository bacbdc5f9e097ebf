"""What days does a stretch of words name? Rules rewrite its tokens, each once, from the most telling to the plainest.

A rule is a pattern over the token kinds ("M12 O15 ") and a builder that turns a match into one new token. A builder
that returns None leaves the words as they stand. Nothing here knows when the words were written: see `days.When`.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final, NamedTuple

from leadwell.reading.when import rules_of_dates, rules_of_spans, rules_of_weekdays
from leadwell.reading.when.building import Builder
from leadwell.reading.when.days import When
from leadwell.reading.when.tokens import Token, tokenize


class Found(NamedTuple):
    """Days named at [start, end) of the stretch. `role`: on before until after from since ago in within."""

    start: int
    end: int
    grain: str
    role: str
    when: When


Rule = tuple[re.Pattern[str], Builder]

RULES: Final[tuple[Rule, ...]] = tuple(
    (re.compile(r"(?<!\S)" + pattern), build)
    for pattern, build in (*rules_of_dates.RULES, *rules_of_weekdays.RULES, *rules_of_spans.RULES)
)


@lru_cache(maxsize=200_000)
def parse(text: str, day_first: bool) -> tuple[Found, ...]:
    """The days named in folded `text`, in order."""
    tokens = tokenize(text, day_first)
    line = "".join(f"{token.kind} " for token in tokens)
    for pattern, build in RULES:
        tokens, line = _rewrite(tokens, line, pattern, build)
    return tuple(
        Found(token.start, token.end, token.kind[1:], token.role, token.when)
        for token in tokens
        if token.kind[0] == "D" and token.kind != "Dn" and token.when is not None
    )


def _rewrite(tokens: list[Token], line: str, pattern: re.Pattern[str], build: Builder) -> tuple[list[Token], str]:
    """The tokens after one rule, and `line`, their kinds as the patterns see them."""
    position = 0
    while match := pattern.search(line, position):
        first = line.count(" ", 0, match.start())
        last = first + match.group().count(" ")
        made = build(match, tokens[first:last])
        if made is None:
            position = line.index(" ", match.start()) + 1
            continue
        tokens = [*tokens[:first], made, *tokens[last:]]
        line = f"{line[: match.start()]}{made.kind} {line[match.end() :]}"
        position = match.start() + len(made.kind) + 1
    return tokens, line
