"""Whom does somebody who arrives join? Decided from weighed pairs alone: candidates given, links and doubts told.

Nobody is compared with a merged record: each pair is of two records as they came. A link that would bring two into one
person who speak against each other, or of whom somebody has said that they are two, is not made. Whoever might as well
be the one as the other of such two (father and son of one name) is linked with neither: somebody has to say.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, combinations, product
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
    own: float = 0.0
    alike: float = 0.0


@dataclass(frozen=True)
class Decided(Generic[Who]):
    """`links`: one for each two groups that became one, of the two who are most alike; `possible`: the best doubt
    between two groups; `shaken`: links that stand and are sure no more, each with the newcomer who might as well be
    linked with one of its two."""

    links: tuple[Pair[Who], ...]
    possible: tuple[Pair[Who], ...]
    shaken: tuple[tuple[Pair[Who], Who], ...] = ()


@dataclass(frozen=True)
class More(Generic[Who]):
    """What is asked for only where it matters. `weigh`: pairs of two groups that nobody has compared before; `links`:
    those between some that stand, and that nobody but the engine has made."""

    weigh: Callable[[list[tuple[Who, Who]]], list[Pair[Who]]] = lambda asked: []
    links: Callable[[Collection[Who]], Collection[tuple[Who, Who]]] = lambda people: ()


def decide(
    pairs: Iterable[Pair[Who]],
    groups: Mapping[Who, Collection[Who]],
    *,
    weights: Weights,
    told_apart: Collection[frozenset[Who]] = (),
    more: More[Who] | None = None,
) -> Decided[Who]:
    """Links and doubts of a batch; in which order its pairs are given changes nothing but ties of equal weight.

    `groups`: who is one person already, of everybody named by a pair who is not alone; `told_apart`: pairs of whom
    somebody has said that they are two.
    """
    return _Deciding(groups, set(told_apart), weights, more or More()).decide(list(pairs))


class _Deciding(Generic[Who]):
    def __init__(
        self,
        groups: Mapping[Who, Collection[Who]],
        told_apart: set[frozenset[Who]],
        weights: Weights,
        more: More[Who],
    ) -> None:
        self._group: dict[Who, set[Who]] = {}
        for members in groups.values():
            shared = next((self._group[one] for one in members if one in self._group), set(members))
            self._group.update(dict.fromkeys(members, shared))
        self._told_apart, self._weights, self._more = told_apart, weights, more
        self._known: dict[frozenset[Who], Pair[Who]] = {}

    def decide(self, pairs: list[Pair[Who]]) -> Decided[Who]:
        for one in pairs:
            self._note(one)
        every, possible = pairs, (one for one in pairs if one.weight >= self._weights.possible_at)
        pairs = sorted(possible, key=lambda one: -one.weight)
        sure = [one for one in pairs if self._is_sure(one)]
        shaken = tuple(self._shaken(sure))
        torn = self._torn([*sure, *self._between_known(every, sure)])
        made = tuple(self._made([one for one in sure if frozenset((one.one, one.other)) not in torn]))
        return Decided(made, tuple(self._doubts(pairs)), shaken)

    def _is_sure(self, pair: Pair[Who]) -> bool:
        return pair.weight >= self._weights.link_at and not pair.unproven

    def _of(self, who: Who) -> set[Who]:
        return self._group.setdefault(who, {who})

    def _note(self, pair: Pair[Who]) -> None:
        self._known[frozenset((pair.one, pair.other))] = pair

    def _made(self, sure: Sequence[Pair[Who]]) -> Iterator[Pair[Who]]:
        """A telephone but for a digit may weigh more than the very one, which a household shares; it says less of which
        record of somebody this is, and would part them from it once the other proves to be another's."""
        of: dict[Who, list[Pair[Who]]] = {}
        for pair in sure:
            of.setdefault(pair.one, []).append(pair)
            of.setdefault(pair.other, []).append(pair)
        for pair in sure:
            if self._of(pair.one) is self._of(pair.other):
                continue
            ours, theirs = frozenset(self._of(pair.one)), frozenset(self._of(pair.other))
            if self._joins(pair):
                between = (one for who in ours for one in of.get(who, ()) if {one.one, one.other} & theirs)
                yield max(between, key=lambda one: (one.alike, one.weight))

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
        self._compare(product(ours, theirs))
        return min((self._known[two].against for two in every if two in self._known), default=0.0)

    def _compare(self, every: Iterable[tuple[Who, Who]]) -> None:
        """Those whom nobody has compared before."""
        unknown = {frozenset(two): two for two in every if frozenset(two) not in self._known}
        for one in self._more.weigh(list(unknown.values())) if unknown else ():
            self._note(one)

    def _torn(self, sure: Sequence[Pair[Who]]) -> set[frozenset[Who]]:
        """The pairs of whoever might be the one or the other of two who cannot be one: with either of the two, with
        others of whom that is so, and with whoever may be one of the two."""
        rivals = self._rivals(sure)
        self._compare_groups((one, other) for _, one, other, _ in rivals)
        torn: dict[int, set[int]] = {}
        for who, one, other, weight in rivals:
            if weight + self._between(one, other) < 0:
                torn.setdefault(who, set()).update((id(one), id(other)))
        may_be: dict[int, set[int]] = {}
        for pair in sure:
            may_be.setdefault(id(self._of(pair.one)), set()).add(id(self._of(pair.other)))
            may_be.setdefault(id(self._of(pair.other)), set()).add(id(self._of(pair.one)))
        return {frozenset((pair.one, pair.other)) for pair in sure if self._is_torn(pair, torn, may_be)}

    def _between_known(self, pairs: Sequence[Pair[Who]], sure: Sequence[Pair[Who]]) -> list[Pair[Who]]:
        """The sure pairs, of two whom nobody has just compared, of somebody who may be the newcomer with another who
        cannot be, or with two told apart of whom the newcomer may be one: whoever was torn between father and son when
        they came is so still when the father comes again, or somebody else who is torn."""
        never = self._never(pairs, sure)
        asked = {
            frozenset((like, other))
            for pair in sure
            for like, new in ((pair.one, pair.other), (pair.other, pair.one))
            for other in never.get(new, ())
            if other not in self._of(like)
        } - self._known.keys()
        self._compare((one, other) for one, other in asked)
        return [self._known[two] for two in asked if two in self._known and self._is_sure(self._known[two])]

    def _never(self, pairs: Sequence[Pair[Who]], sure: Sequence[Pair[Who]]) -> Mapping[Who, set[Who]]:
        """Whom each cannot be; and of two told apart of whom they may be one, both with all who are one with them."""
        never, may_be = defaultdict[Who, set[Who]](set), defaultdict[Who, set[Who]](set)
        for pair in pairs:
            if pair.against < 0:
                never[pair.one].add(pair.other)
                never[pair.other].add(pair.one)
        for pair in sure if self._told_apart else ():
            may_be[pair.one] |= self._of(pair.other)
            may_be[pair.other] |= self._of(pair.one)
        for one, they in may_be.items():
            for two in self._told_apart:
                if not two.isdisjoint(they):
                    never[one].update(chain.from_iterable(self._of(who) for who in two))
        return never

    def _rivals(self, sure: Sequence[Pair[Who]]) -> list[tuple[int, set[Who], set[Who], float]]:
        """Of each group every two others of which it might be the one as well as the other, and how surely at least."""
        return [
            (who, self._beside(who, first), self._beside(who, second), second.weight)
            for who, found in self._heaviest(sure).items()
            for first, second in combinations(found.values(), 2)
            if abs(first.own - second.own) < self._weights.link_at
        ]

    def _heaviest(self, sure: Sequence[Pair[Who]]) -> dict[int, dict[int, Pair[Who]]]:
        """Each group -> each other that it may be one with -> the heaviest pair of the two, the heaviest first."""
        self._compare_groups((self._of(pair.one), self._of(pair.other)) for pair in sure)
        found: dict[int, dict[int, Pair[Who]]] = {}
        for pair in sure:
            ours, theirs = self._of(pair.one), self._of(pair.other)
            if pair.weight + self._between(ours, theirs) >= 0:
                found.setdefault(id(ours), {}).setdefault(id(theirs), pair)
                found.setdefault(id(theirs), {}).setdefault(id(ours), pair)
        return found

    def _beside(self, who: int, pair: Pair[Who]) -> set[Who]:
        """Of the two groups of a pair the other."""
        one = self._of(pair.one)
        return self._of(pair.other) if id(one) == who else one

    def _compare_groups(self, several: Iterable[tuple[set[Who], set[Who]]]) -> None:
        self._compare(chain.from_iterable(product(*two) for two in several))

    def _is_torn(self, pair: Pair[Who], torn: Mapping[int, set[int]], may_be: Mapping[int, set[int]]) -> bool:
        one, other = id(self._of(pair.one)), id(self._of(pair.other))
        between_one, between_other = torn.get(one, set()), torn.get(other, set())
        through = bool(between_one & may_be[other] or between_other & may_be[one])  # would settle it by the way
        return through or bool(between_one and between_other) or other in between_one or one in between_other

    def _shaken(self, sure: Sequence[Pair[Who]]) -> Iterator[tuple[Pair[Who], Who]]:
        """Links of those known who might as well be a newcomer, with one who cannot be the newcomer."""
        alike: dict[tuple[Who, int], dict[Who, Pair[Who]]] = {}
        for pair in sure:
            for new, known in ((pair.one, pair.other), (pair.other, pair.one)):
                if len(self._of(known)) > 1:
                    alike.setdefault((new, id(self._of(known))), {})[known] = pair
        for (new, _), found in alike.items():
            group, most = self._of(next(iter(found))), max(pair.weight for pair in found.values())
            if most + self._between(self._of(new), group) < 0:
                for one, other in self._more.links(group):
                    if (one in found) != (other in found):
                        yield from self._less_sure(one, other, found, new)

    def _less_sure(
        self, one: Who, other: Who, found: Mapping[Who, Pair[Who]], new: Who
    ) -> Iterator[tuple[Pair[Who], Who]]:
        """Unless more than what families share says that the two of this link are one."""
        self._compare([(one, other)])
        link = self._known.get(frozenset((one, other)))
        if link and link.own - found[one if one in found else other].own < self._weights.link_at:
            yield link, new

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
