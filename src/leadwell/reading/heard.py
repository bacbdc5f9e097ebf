"""What do the phrases of a kind say where they share words? The leftmost and longest counts, and "none" says nothing.

So "don't have a referral" says no although "have a referral" stands in it, and "urgent care" is not urgent. `Heard`
holds what is left, by kind, for the rules of `telling`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np

from leadwell.reading.beside import Neighbours
from leadwell.reading.grouped import Flags, Ints
from leadwell.reading.mentions import Mentions
from leadwell.reading.picked import Codes, Picked

NONE: Final = "none"
_KIND: Final = 1 << 40  # more than any place of a word


@dataclass(frozen=True, eq=False)
class Heard:
    """`said`: the mentions that count, by kind and place. `beside`: kinds whose neighbours may be asked for."""

    said: Picked
    beside: tuple[str, ...]

    @classmethod
    def of(cls, mentions: Mentions, codes: Codes, beside: tuple[str, ...]) -> Heard:
        return cls(_outermost(mentions, codes), beside)

    @property
    def mentions(self) -> Mentions:
        return self.said.mentions

    @cached_property
    def _bounds(self) -> Ints:
        return np.searchsorted(self.said.kind, np.arange(len(self.said.codes.kinds) + 1))

    def all(self, kind: str) -> Ints:
        number = self.said.codes.kinds.index(kind)
        return np.arange(self._bounds[number], self._bounds[number + 1])

    def asserted(self, kind: str) -> Ints:
        """Those that are simply said: not denied, not supposed, not over, of nobody else."""
        found = self.all(kind)
        return found[self.said.asserted[found]]

    def not_denied(self, kind: str) -> Ints:
        """Those that are neither denied nor somebody else's."""
        found = self.all(kind)
        return found[~self.said.negated[found] & ~self.said.other[found]]

    def of_others(self, found: Ints, leads: Ints) -> Ints:
        """Those of `found` whose leads have none of the mentions `leads`."""
        return found[~self.said.leads(leads)[self.said.row[found]]]

    def of_the_same(self, found: Ints, leads: Ints) -> Ints:
        """Those of `found` whose leads have one of the mentions `leads`."""
        return found[self.said.leads(leads)[self.said.row[found]]]

    def least(self, found: Ints, rank: Ints) -> Flags:
        """Which of them are of the least rank of their lead."""
        row = self.said.row[found]
        least = np.full(self.mentions.height, np.iinfo(np.int64).max)
        np.minimum.at(least, row, rank)
        best: Flags = rank == least[row]
        return best

    def alike(self, found: Ints) -> Ints:
        """Those of leads whose mentions have all the same key."""
        row = self.said.row[found]
        return found[~differ(row, self.said.key[found], self.mentions.height)[row]]

    def keyed(self, found: Ints, key: str) -> Flags:
        """Which of them have this key."""
        same: Flags = self.said.key[found] == self.said.codes.number(key)
        return same

    def fits(self, found: Ints, side: str) -> Flags:
        """Whether the words of a side (`beside.toml`) stand beside each of them."""
        place, neighbours = self._neighbours
        return neighbours.fit(side, place[found])

    @cached_property
    def _neighbours(self) -> tuple[Ints, Neighbours]:
        """The neighbours of all mentions that may be asked of theirs, and the place of each mention among these."""
        asked = np.concatenate([self.all(kind) for kind in self.beside])
        place = np.zeros(len(self.said.at), dtype=np.int64)
        place[asked] = np.arange(len(asked))
        return place, Neighbours.of(self.mentions.texts, self.said.spans(asked))


def differ(row: Ints, values: Ints, height: int) -> Flags:
    """Which leads have different values."""
    one, told = np.zeros(height, dtype=np.int64), np.zeros(height, dtype=np.bool_)
    one[row] = values
    told[row[values != one[row]]] = True
    return told


def _outermost(mentions: Mentions, codes: Codes) -> Picked:
    """Of mentions of a kind that share words the leftmost, then the longest; without those that say nothing."""
    phrase = mentions.table["phrase"].to_numpy()
    at = np.flatnonzero(codes.kind[phrase] >= 0)
    kind = codes.kind[phrase[at]]
    at = at[np.argsort(kind.astype(np.uint8), kind="stable")]  # NumPy counts small numbers instead of comparing them
    kind, silent = codes.kind[phrase[at]], codes.key[phrase[at]] == codes.number(NONE)
    first, last = (mentions.table[name].to_numpy()[at].astype(np.int64) for name in ("first", "last"))
    begins = kind * _KIND + first
    starts = np.flatnonzero(np.concatenate(([True], begins[1:] != begins[:-1]))[: len(at)])
    longest = _longest(starts, (last - first) * 2 + silent)
    furthest = np.maximum.accumulate(kind[longest] * _KIND + last[longest])
    outer = np.concatenate(([True], begins[longest][1:] > furthest[:-1]))[: len(longest)]
    return Picked.at_places(mentions, codes, at[longest[outer & ~silent[longest]]])


def _longest(starts: Ints, length: Ints) -> Ints:
    """Of each run the first of the longest."""
    if len(starts) == len(length):
        return starts
    size = np.diff(np.append(starts, len(length)))
    most = np.flatnonzero(length == np.repeat(np.maximum.reduceat(length, starts), size))
    run = np.repeat(np.arange(len(starts)), size)[most]
    return most[np.concatenate(([True], run[1:] != run[:-1]))]
