"""Whom does somebody who arrives join? Decided from weighed pairs alone: candidates given, links and doubts told.

Nobody is compared with a merged record: each pair is of two records as they came. A link that would bring two into one
person who speak against each other, or of whom somebody has said that they are two, is not made.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass
from itertools import product
from math import inf
from typing import Generic, TypeVar

from leadwell.identity.weights import Weights

Who = TypeVar("Who", bound=Hashable)


@dataclass(frozen=True)
class Pair(Generic[Who]):
    """Two records and what they say of each other (see `pairs.Weighed`)."""

    one: Who
    other: Who
    weight: float
    against: float = 0.0
    unproven: bool = False


@dataclass(frozen=True)
class Decided(Generic[Who]):
    """`links`: one for each two groups that became one; `possible`: the best doubt between two groups."""

    links: tuple[Pair[Who], ...]
    possible: tuple[Pair[Who], ...]


def decide(
    pairs: Iterable[Pair[Who]],
    groups: Mapping[Who, Collection[Who]],
    *,
    weights: Weights,
    told_apart: Collection[frozenset[Who]] = (),
    weigh: Callable[[list[tuple[Who, Who]]], list[Pair[Who]]] = lambda asked: [],
) -> Decided[Who]:
    """Links and doubts of a batch; in which order its pairs are given changes nothing but ties of equal weight.

    `groups`: who is one person already, of everybody named by a pair who is not alone; `told_apart`: pairs of whom
    somebody has said that they are two; `weigh`: is asked for pairs of two groups that nobody has compared before.
    """
    return _Deciding(groups, set(told_apart), weigh).decide(list(pairs), weights)


class _Deciding(Generic[Who]):
    def __init__(
        self,
        groups: Mapping[Who, Collection[Who]],
        told_apart: set[frozenset[Who]],
        weigh: Callable[[list[tuple[Who, Who]]], list[Pair[Who]]],
    ) -> None:
        self._group: dict[Who, set[Who]] = {}
        for members in groups.values():
            shared = next((self._group[one] for one in members if one in self._group), set(members))
            self._group.update(dict.fromkeys(members, shared))
        self._told_apart, self._weigh = told_apart, weigh
        self._against: dict[frozenset[Who], float] = {}

    def decide(self, pairs: list[Pair[Who]], weights: Weights) -> Decided[Who]:
        for one in pairs:
            self._note(one)
        pairs = sorted((one for one in pairs if one.weight >= weights.possible_at), key=lambda one: -one.weight)
        links = [one for one in pairs if one.weight >= weights.link_at and not one.unproven and self._joins(one)]
        return Decided(tuple(links), tuple(self._doubts(pairs)))

    def _of(self, who: Who) -> set[Who]:
        return self._group.setdefault(who, {who})

    def _note(self, pair: Pair[Who]) -> None:
        self._against[frozenset((pair.one, pair.other))] = pair.against

    def _joins(self, pair: Pair[Who]) -> bool:
        ours, theirs = self._of(pair.one), self._of(pair.other)
        if ours is theirs or pair.weight + self._between(ours, theirs) < 0:
            return False
        ours |= theirs
        self._group.update(dict.fromkeys(theirs, ours))
        return True

    def _between(self, ours: set[Who], theirs: set[Who]) -> float:
        """How strongly any of the one speaks against any of the other."""
        every = [frozenset(two) for two in product(ours, theirs)]
        if any(two in self._told_apart for two in every):
            return -inf
        unknown = [two for two in product(ours, theirs) if frozenset(two) not in self._against]
        for one in self._weigh(unknown) if unknown else ():
            self._note(one)
        return min((self._against.get(two, 0.0) for two in every), default=0.0)

    def _doubts(self, pairs: list[Pair[Who]]) -> Iterable[Pair[Who]]:
        """The heaviest pair of each two groups that are two still, and of whom nobody has said that they are."""
        seen: set[frozenset[int]] = set()
        for one in pairs:
            ours, theirs = self._of(one.one), self._of(one.other)
            between = frozenset((id(ours), id(theirs)))
            if ours is theirs or between in seen:
                continue
            seen.add(between)
            if not any(frozenset(two) in self._told_apart for two in product(ours, theirs)):
                yield one
