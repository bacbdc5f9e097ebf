"""Whom we know, without a database: the same recognising as the server's, for lists that arrive one by one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

import polars as pl

from leadwell.identity import rules
from leadwell.identity.keys import MOST
from leadwell.identity.recognising import Arrivals, Found, Mark, marks_of, recognise
from leadwell.identity.rows import Rows, few_rows
from leadwell.identity.weights import Weights


class Memory:
    """People by their row in a list; who has arrived is known."""

    def __init__(self, people: pl.DataFrame, *, among: int, weights: Weights | None = None) -> None:
        self.people, self.among, self.weights = people, among, weights
        self.group: dict[int, set[int]] = {}
        self.doubts: list[tuple[int, int]] = []
        self.made: list[tuple[int, int]] = []
        self.shaken: list[tuple[int, int]] = []
        self._holders: dict[Mark, list[int]] = defaultdict(list)

    def arrive(self, rows: Sequence[int]) -> Found[int]:
        frame = self.people[pl.Series(rows)]
        contacts = [
            [(kind, text) for kind, column in (("phone", "phones"), ("email", "emails")) for text in one[column] or ()]
            for one in frame.select("phones", "emails").iter_rows(named=True)
        ]
        people = _held(frame)
        marks = marks_of(people, contacts)
        found = recognise(Arrivals(people, rows, marks), self, among=self.among, weights=self.weights)
        for row, ours in zip(rows, marks, strict=True):
            for mark in ours:
                if len(self._holders[mark]) <= MOST:
                    self._holders[mark].append(row)
        for link in found.links:
            self._link(link.one, link.other)
            self.made.append((link.one, link.other))
        self.shaken += [(pair.one, pair.other) for pair, _ in found.shaken]
        self.doubts += [(one.one, one.other) for one in found.possible]
        return found

    def of(self, row: int) -> set[int]:
        """All who are one person with this one."""
        return self.group.get(row, {row})

    def persons(self) -> Collection[set[int]]:
        return {id(group): group for group in self.group.values()}.values()

    def _link(self, one: int, other: int) -> None:
        ours, theirs = (self.group.setdefault(who, {who}) for who in (one, other))
        ours |= theirs
        self.group.update(dict.fromkeys(theirs, ours))

    def holders(self, marks: Collection[Mark]) -> Mapping[Mark, Sequence[int]]:
        return {mark: self._holders[mark] for mark in marks if mark in self._holders}

    def groups(self, people: Collection[int]) -> Mapping[int, Collection[int]]:
        return {one: self.group.get(one, {one}) for one in people}

    def opened(self, people: Sequence[int]) -> Rows:
        return _held(self.people[pl.Series(people)])

    def links(self, people: Collection[int]) -> Collection[tuple[int, int]]:
        return [two for two in self.made if two[0] in people]

    def of_whom_unsure(self, people: Collection[int]) -> Collection[int]:
        return ()

    def told_apart(self, people: Collection[int]) -> Collection[frozenset[int]]:
        return ()


def _held(people: pl.DataFrame) -> Rows:
    """A few as the server has them."""
    return few_rows(people) if len(people) <= rules.MOST else people
