"""Which words name days? Reads `words.toml` once and gives what the finder and the grammar look words up in."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final

UNSURE: Final = "?"  # before a token: a day only in company ("may", "sat")


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """`tokens`: words of a phrase -> token; `longest`: words in the longest; `leads`: tokens before an unsure word."""

    tokens: dict[tuple[str, ...], str]
    longest: int
    holidays: dict[str, dict[str, Any]]
    leads: dict[str, frozenset[str]]
    around: dict[str, tuple[str, ...]]

    def phrases(self, *kinds: str) -> list[str]:
        """The phrases whose token begins with one of `kinds`, longest first."""
        found = {" ".join(words) for words, token in self.tokens.items() if token.startswith(kinds)}
        return sorted(found, key=lambda phrase: (-len(phrase), phrase))


def split_words(phrase: str) -> tuple[str, ...]:
    """`new year's` -> (new, years): apostrophes go, hyphens part."""
    return tuple(re.findall(r"[a-z0-9&.]+", phrase.replace("'", "").replace("-", " ")))


@cache
def vocabulary() -> Vocabulary:
    told = tomllib.loads(files(__package__).joinpath("words.toml").read_text("utf-8"))
    tokens: dict[tuple[str, ...], str] = {}
    for token, phrases in told["tokens"].items():
        tokens.update((split_words(phrase), token) for phrase in phrases)
    leads: dict[str, frozenset[str]] = {}
    for unsure in told["unsure"].values():
        token = UNSURE + unsure["token"]
        tokens.update((split_words(phrase), token) for phrase in unsure["words"])
        leads[token] = frozenset(unsure["after"].split())
    for name, holiday in told["holidays"].items():
        tokens.update((split_words(phrase), f"H{name}") for phrase in holiday["words"])
    around = {kind: tuple(words) for kind, words in told["round"].items()}
    return Vocabulary(tokens, max(map(len, tokens)), told["holidays"], leads, around)
