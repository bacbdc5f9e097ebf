"""How does a frame of hundreds of columns get more of them? Whatever is done with all of a frame costs by its width,
for one lead more than the work itself: so columns are worked out from those that they read, and put beside the rest."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import polars as pl


@dataclass(frozen=True, slots=True, eq=False)
class Columns:
    """Expressions over a frame, their names, and the columns that they read."""

    expressions: list[pl.Expr]
    names: list[str]
    reads: list[str]

    @classmethod
    def of(cls, expressions: Iterable[pl.Expr]) -> Columns:
        asked = list(expressions)
        reads = dict.fromkeys(name for expression in asked for name in expression.meta.root_names())
        return cls(asked, [expression.meta.output_name() for expression in asked], list(reads))

    def of_frame(self, frame: pl.DataFrame) -> list[pl.Series]:
        """Each of the expressions as a column, one row a row of the frame."""
        made = (frame[self.reads] if self.reads else frame).with_columns(self.expressions)
        return [made.get_column(name) for name in self.names]


def with_series(frame: pl.DataFrame, columns: list[pl.Series]) -> pl.DataFrame:
    """The frame with these columns, in the place of those of their names."""
    there = set(frame.columns)
    return frame.hstack(columns) if there.isdisjoint(c.name for c in columns) else frame.with_columns(columns)
