"""How are people held whose columns are compared? Many as a frame; a few as lists by name, without its price."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import polars as pl

from leadwell.identity import rules
from leadwell.identity.few import Few
from leadwell.identity.rules import Texts

# What `link` takes; every column but `row` may be absent or null. `house`, `street` and `place` (a second address line)
# are used instead of `address` where the list has them apart. `birth_date` may also be a whole number YYYYMMDD, which
# keeps a mistyped date (month 13) comparable. `born_year` is the year of birth within one, from an age and the day it
# was told; it counts only where not both sides tell a birth date. `adult`: of age when the record was made.
# `identifiers`: by which hospitals know them (`identity.identifiers`).
PEOPLE: Final[dict[str, pl.DataType]] = {
    "row": pl.UInt32(), "given": pl.String(), "family": pl.String(), "birth_date": pl.Date(), "born_year": pl.Int32(),
    "sex": pl.String(), "phones": pl.List(pl.String()), "emails": pl.List(pl.String()), "address": pl.String(),
    "house": pl.String(), "street": pl.String(), "place": pl.String(), "city": pl.String(), "zip": pl.String(),
    "state": pl.String(), "given_2": pl.String(), "family_2": pl.String(), "adult": pl.Boolean(),
    "identifiers": pl.String(),
}  # fmt: skip


class FewRows:
    """A few people. A column that nobody tells may be absent."""

    __slots__ = ("_told", "_untold", "columns")

    def __init__(self, told: Mapping[str, Few], rows: int) -> None:
        self._told, self._untold = told, [None] * rows
        self.columns = list(told)

    def __len__(self) -> int:
        return len(self._untold)

    def __getitem__(self, name: str) -> Few:
        return self._told.get(name) or Few(self._untold)

    def taken(self, rows: Sequence[int]) -> FewRows:
        told = {name: Few([column.values[row] for row in rows]) for name, column in self._told.items()}
        return FewRows(told, len(rows))

    def with_column(self, name: str, column: Few) -> FewRows:
        return FewRows({**self._told, name: column}, len(self))

    def above(self, others: FewRows) -> FewRows:
        names = dict.fromkeys([*self._told, *others._told])
        told = {name: Few([*self[name].values, *others[name].values]) for name in names}
        return FewRows(told, len(self) + len(others))

    def frame(self) -> pl.DataFrame:
        return framed(self._told)


Rows = pl.DataFrame | FewRows


def few_rows(people: pl.DataFrame) -> FewRows:
    return FewRows({name: Few(people[name].to_list()) for name in people.columns if name in PEOPLE}, len(people))


def framed(told: Mapping[str, Texts]) -> pl.DataFrame:
    return pl.DataFrame({name: rules.series(column, PEOPLE[name]) for name, column in told.items()})


def held(told: Mapping[str, Texts], rows: int) -> Rows:
    """Columns that are all of a few, or all of many."""
    few = {name: column for name, column in told.items() if isinstance(column, Few)}
    return FewRows(few, rows) if few else framed(told)


def taken(people: Rows, rows: Sequence[int]) -> Rows:
    """These of them, in this order."""
    return people.taken(rows) if isinstance(people, FewRows) else people[pl.Series(rows, dtype=pl.UInt32)]


def numbered(people: Rows) -> Rows:
    if isinstance(people, FewRows):
        return people.with_column("row", Few(range(len(people))))
    return people.with_columns(pl.int_range(pl.len(), dtype=pl.UInt32).alias("row"))


def stacked(one: Rows, other: Rows) -> Rows:
    if isinstance(one, FewRows) and isinstance(other, FewRows):
        return one.above(other)
    frames = [people.frame() if isinstance(people, FewRows) else people for people in (one, other)]
    return pl.concat(frames, how="vertical" if frames[0].schema == frames[1].schema else "diagonal_relaxed")


def without(people: Rows, name: str, of: Sequence[bool]) -> Rows:
    """What some of them tell in one column, left out."""
    if isinstance(people, FewRows):
        both: Any = zip(people[name].values, of, strict=True)
        return people.with_column(name, Few([None if out else told for told, out in both]))
    return people.with_columns(pl.when(~pl.Series(of)).then(name).alias(name))
