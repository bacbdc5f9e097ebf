"""Who is it that arrives? Those known who share a mark are opened, weighed pair by pair, and decided on. (promise A8)

Nothing here knows a database: whoever keeps the people says who holds a mark, who is one person already, and opens the
few who are compared.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Generic, Protocol, TypeVar

import numpy as np

from leadwell.identity import arriving, keys, pairs
from leadwell.identity.arriving import Decided, More, Pair
from leadwell.identity.candidates import Index
from leadwell.identity.pairs import Weighed, Why
from leadwell.identity.records import Records, records
from leadwell.identity.rows import Rows, numbered, stacked, taken, without
from leadwell.identity.weights import Weights, shipped

Who = TypeVar("Who", bound=Hashable)
Mark = tuple[str, str]  # its kind ('match', 'phone', 'email'), and the value
CONTACTS: Final = {"phone": "phones", "email": "emails"}


@dataclass(frozen=True)
class Arrivals(Generic[Who]):
    """Those who arrive together, row by row: what they tell (columns of `rows.PEOPLE`), their ids, their marks;
    `of_whom_unsure`: as of those known."""

    people: Rows
    who: Sequence[Who]
    marks: Sequence[Sequence[Mark]]
    of_whom_unsure: frozenset[Who] = frozenset()

    def of(self, rows: Sequence[int]) -> Arrivals[Who]:
        return Arrivals(
            taken(self.people, rows),
            [self.who[row] for row in rows],
            [self.marks[row] for row in rows],
            self.of_whom_unsure,
        )


class Known(Protocol[Who]):
    """Whom we know already."""

    def holders(self, marks: Collection[Mark]) -> Mapping[Mark, Sequence[Who]]:
        """Who holds each of these, one more than `keys.MOST` at most; a mark of nobody may be left out."""

    def groups(self, people: Collection[Who]) -> Mapping[Who, Collection[Who]]:
        """Of each, all who are one person with them, themselves among them."""

    def opened(self, people: Sequence[Who]) -> Rows:
        """Columns of `rows.PEOPLE`, in the order asked; nothing but NULL of whoever cannot be opened."""

    def links(self, people: Collection[Who]) -> Collection[tuple[Who, Who]]:
        """Those that stand between any of these, and that nobody has made by hand."""

    def of_whom_unsure(self, people: Collection[Who]) -> Collection[Who]:
        """Those of whom it is not told whether what stands there is theirs, or of whoever wrote for them."""

    def told_apart(self, people: Collection[Who]) -> Collection[frozenset[Who]]:
        """The pairs of these of whom somebody has said that they are two."""


@dataclass(frozen=True)
class Found(Generic[Who]):
    """`why`: of each link and doubt, `shaken` ones too (`arriving.Decided`); `shared`: marks that more than `keys.MOST`
    people hold."""

    links: tuple[Pair[Who], ...]
    possible: tuple[Pair[Who], ...]
    why: Mapping[frozenset[Who], Why]
    shared: frozenset[Mark]
    shaken: tuple[tuple[Pair[Who], Who], ...] = ()


def marks_of(people: Rows, contacts: Sequence[Sequence[Mark]]) -> list[list[Mark]]:
    """Of each row its marks: telephone and mailbox as they are given here, then what it tells together."""
    found = [list(ours) for ours in contacts]
    for told in keys.marks(people):
        for ours, mark in zip(found, told.to_list(), strict=True):
            if mark is not None:
                ours.append(("match", mark))
    return found


def recognise(arrivals: Arrivals[Who], known: Known[Who], *, among: int, weights: Weights | None = None) -> Found[Who]:
    """Links and doubts of those who arrive. `among`: how many people there are (`pairs.among`)."""
    weights = weights or shipped()
    holders = _holders(arrivals, known)
    shared = frozenset(mark for mark, them in holders.items() if len(them) > keys.MOST)
    met = _met(arrivals, {mark: them for mark, them in holders.items() if mark not in shared})
    if not met:
        return Found((), (), {}, shared)
    groups = known.groups({one for two in met for one in two} - set(arrivals.who))
    candidates = _with_groups(met, groups)
    table = _Table(arrivals, shared, known, among, weights)
    weighed = table.weigh(candidates)
    if all(one.weight < weights.possible_at for one in weighed):  # what was said of any would change nothing
        return Found((), (), {}, shared)
    decided = arriving.decide(
        weighed, groups, weights=weights, more=More(table.weigh, known.links),
        told_apart=known.told_apart({one for two in candidates for one in two}),
    )  # fmt: skip
    return Found(decided.links, decided.possible, table.why(decided), shared, decided.shaken)


def _holders(arrivals: Arrivals[Who], known: Known[Who]) -> dict[Mark, list[Who]]:
    found = known.holders({mark for ours in arrivals.marks for mark in ours})
    holders = {mark: list(them) for mark, them in found.items()}
    for one, ours in zip(arrivals.who, arrivals.marks, strict=True):
        for mark in ours:
            holders.setdefault(mark, []).append(one)
    return holders


def _met(arrivals: Arrivals[Who], holders: Mapping[Mark, list[Who]]) -> dict[tuple[Who, Who], None]:
    """Pairs of somebody who arrives and another who holds the same mark, each once."""
    met: dict[tuple[Who, Who], None] = {}
    for one, ours in zip(arrivals.who, arrivals.marks, strict=True):
        for other in (other for mark in ours for other in holders.get(mark, ())):
            if other != one and (other, one) not in met:
                met[one, other] = None
    return met


def _with_groups(met: Collection[tuple[Who, Who]], groups: Mapping[Who, Collection[Who]]) -> list[tuple[Who, Who]]:
    """Whoever meets one of a group is compared with each record of it."""
    found = dict.fromkeys((one, member) for one, other in met for member in groups.get(other, (other,)))
    return [two for two in found if two[0] != two[1]]


def _without_shared(arrivals: Arrivals[Who], shared: frozenset[Mark]) -> Rows:
    """A contact that so many share says nothing of who somebody is."""
    people = arrivals.people
    for kind, column in CONTACTS.items():
        told = [any(mark[0] == kind and mark in shared for mark in ours) for ours in arrivals.marks]
        if any(told) and column in people.columns:
            people = without(people, column, told)
    return people


class _Table(Generic[Who]):
    """The records that are compared, each opened once."""

    def __init__(
        self, arrivals: Arrivals[Who], shared: frozenset[Mark], known: Known[Who], among: int, weights: Weights
    ) -> None:
        self._people = _without_shared(arrivals, shared)
        self._known, self._among, self._weights = known, among, weights
        self._row = {one: row for row, one in enumerate(arrivals.who)}
        self._unsure = set(arrivals.of_whom_unsure)
        self._weighed: list[tuple[Weighed, dict[tuple[Who, Who], int]]] = []
        self._told: Records | None = None
        self._record: dict[Who, int] = {}

    def weigh(self, asked: Sequence[tuple[Who, Who]]) -> list[Pair[Who]]:
        if not asked:
            return []
        told, low, high = self._sides(asked)
        found = pairs.weigh(told, low, high, people=self._among, weights=self._weights)
        self._weighed.append((found, {two: place for place, two in enumerate(asked)}))
        told_of = (found.weight, found.against, found.unproven, found.own, found.alike)
        both = zip(asked, *(one.tolist() for one in told_of), strict=True)
        weighed = [Pair(*two, *numbers) for two, *numbers in both]
        return self._in_doubt(weighed) if self._unsure else weighed

    def _in_doubt(self, weighed: Sequence[Pair[Who]]) -> list[Pair[Who]]:
        """A name, a mailbox and a telephone may be of whoever wrote for both; a birth date is the patient's."""
        days = self._people["birth_date"].to_list()

        def doubtful(pair: Pair[Who]) -> bool:
            one, other = (days[self._row[who]] for who in (pair.one, pair.other))
            return not self._unsure.isdisjoint((pair.one, pair.other)) and (one is None or one != other)

        return [replace(pair, unproven=True) if doubtful(pair) else pair for pair in weighed]

    def why(self, decided: Decided[Who]) -> dict[frozenset[Who], Why]:
        """They were all weighed."""
        shaken = (pair for pair, _ in decided.shaken)
        asked = [(one.one, one.other) for one in (*decided.links, *decided.possible, *shaken)]
        told: dict[frozenset[Who], Why] = {}
        for weighed, places in self._weighed:
            these = [two for two in asked if two in places]
            at = np.array([places[two] for two in these], dtype=np.int64)
            why = pairs.why(weighed, at, people=self._among, weights=self._weights) if these else []
            told |= {frozenset(two): one for two, one in zip(these, why, strict=True)}
        return told

    def _sides(self, asked: Sequence[tuple[Who, Who]]) -> tuple[Records, Index, Index]:
        """The records, and the two of each pair among them."""
        named = dict.fromkeys(one for two in asked for one in two)
        if self._told is None or not named.keys() <= self._record.keys():
            self._tell([*dict.fromkeys((*self._record, *named))])
        assert self._told is not None
        low, high = ([self._record[two[side]] for two in asked] for side in (0, 1))
        return self._told, np.array(low, dtype=np.int64), np.array(high, dtype=np.int64)

    def _tell(self, named: Sequence[Who]) -> None:
        new = [one for one in named if one not in self._row]
        if new:
            opened = self._known.opened(new)
            self._unsure.update(self._known.of_whom_unsure(new))
            self._row.update(zip(new, range(len(self._people), len(self._people) + len(opened)), strict=True))
            self._people = stacked(self._people, opened)
        self._told = records(numbered(taken(self._people, [self._row[one] for one in named])))
        self._record = dict(zip(named, self._told.record_of.tolist(), strict=True))
