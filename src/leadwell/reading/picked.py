"""Which mentions does a rule look at? Those of some kinds, as arrays in the order of the table.

A mention is named by its place in these arrays: what a rule finds is an array of places, those that outrank others
first. Kinds and keys are small numbers; text is compared once for a search, not for every mention.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Final

import numpy as np
import polars as pl

from leadwell.contract import CONTEXTS
from leadwell.reading.evidence import Spans
from leadwell.reading.grouped import Flags, Ints
from leadwell.reading.mentions import Mentions
from leadwell.reading.search import Search

_NOWHERE: Final = np.zeros(0, dtype=np.int64)
_KIND_BITS, _SIZE_BITS = 20, 10  # beside a word's place; phrases are of a few words
KEPT: Final = 8  # searches for which a rule remembers what their phrases are to it


@dataclass(frozen=True, eq=False)
class Codes:
    """Of each phrase of a search which of `kinds` it is (-1: none of them), and which of `keys` it has."""

    kinds: tuple[str, ...]
    kind: Ints
    keys: tuple[str, ...]
    key: Ints

    @cached_property
    def names(self) -> pl.Series:
        return pl.Series("key", self.keys, dtype=pl.String)

    @cached_property
    def _numbers(self) -> dict[str, int]:
        return {key: number for number, key in enumerate(self.keys)}

    def number(self, key: str) -> int:
        """Which of the keys it is; -1 where no phrase has it."""
        return self._numbers.get(key, -1)

    def ranks(self, ranked: Mapping[str, int], other: int = 9) -> Ints:
        """A rank for each of the keys."""
        ranks = np.full(len(self.keys), other)
        for key, rank in ranked.items():
            if key in self._numbers:
                ranks[self._numbers[key]] = rank
        return ranks


@lru_cache(maxsize=8 * KEPT)
def codes(search: Search, kinds: tuple[str, ...]) -> Codes:
    kind = np.full(search.table.height, -1, dtype=np.int64)
    for number, name in enumerate(kinds):
        kind[search.kinds.get(name, _NOWHERE)] = number
    return Codes(kinds, kind, *search.keys)


@dataclass(frozen=True, eq=False)
class Picked:
    """`at`: where they stand in the table. `kind` and `key`: as `codes` numbers them; the rest as the table has it."""

    mentions: Mentions
    codes: Codes
    at: Ints
    phrase: Ints
    kind: Ints
    key: Ints
    row: Ints
    text: Ints
    first: Ints
    last: Ints
    start: Ints
    end: Ints
    negated: Flags
    hypothetical: Flags
    past: Flags
    other: Flags
    uncertain: Flags

    @classmethod
    def of(cls, mentions: Mentions, codes: Codes) -> Picked:
        phrase = mentions.table["phrase"].to_numpy()
        at = np.flatnonzero(codes.kind[phrase] >= 0)
        return cls.at_places(mentions, codes, at)

    @classmethod
    def at_places(cls, mentions: Mentions, codes: Codes, at: Ints) -> Picked:
        """The mentions that stand there in the table."""
        places = pl.Series(at.astype(np.uint32))

        def number(name: str) -> Ints:
            return mentions.table[name][places].to_numpy().astype(np.int64)

        def flag(name: str) -> Flags:
            return mentions.table[name][places].to_numpy()

        phrase = number("phrase")
        return cls(
            mentions,
            codes,
            at,
            phrase=phrase,
            kind=codes.kind[phrase],
            key=codes.key[phrase],
            row=number("row"),
            text=number("text"),
            first=number("first"),
            last=number("last"),
            start=number("start"),
            end=number("end"),
            negated=flag("negated"),
            hypothetical=flag("hypothetical"),
            past=flag("past"),
            other=flag("other"),
            uncertain=flag("uncertain"),
        )

    @cached_property
    def asserted(self) -> Flags:
        """Simply said: not denied, not supposed, not over, of nobody else."""
        return ~(self.negated | self.other | self.hypothetical | self.past)

    @cached_property
    def context(self) -> Ints:
        """Which of contract.CONTEXTS, as `context` tells it: the first of these that holds."""
        flags = (self.negated, self.other, self.hypothetical, self.past)
        return np.select(flags, [CONTEXTS.index(c) for c in ("negated", "other person", "hypothetical", "past")], 0)

    def of_kind(self, *kinds: str) -> Ints:
        return np.flatnonzero(np.isin(self.kind, [self.codes.kinds.index(kind) for kind in kinds]))

    def spans(self, found: Ints) -> Spans:
        return Spans(self.text[found], self.start[found], self.end[found])

    def leads(self, found: Ints) -> Flags:
        """Which leads have one of these."""
        has = np.zeros(self.mentions.height, dtype=np.bool_)
        has[self.row[found]] = True
        return has


def distinct(kind: Ints, first: Ints, last: Ints) -> Ints:
    """Of mentions in the order of their first words, the first of each kind (a small number) and place."""
    place = (first << _KIND_BITS | kind) << _SIZE_BITS | (last - first)
    return np.sort(np.unique(place, return_index=True)[1])
