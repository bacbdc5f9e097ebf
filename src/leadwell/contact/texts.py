"""What in a field is no text at all, and how is a value-by-value rule applied to a column?"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any, Final

import polars as pl

# Controls other than line ends and tab; zero-width, direction marks, soft hyphen, byte-order mark. Copying brings
# them along.
INVISIBLE: Final = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u{ad}\u{200b}-\u{200f}\u{202a}-\u{202e}\u{2060}-\u{2069}\u{feff}]"

FEW: Final = 32

Schema = Mapping[str, pl.DataType | type[pl.DataType]]


def answers(texts: pl.Series, rule: Callable[[Any], Sequence[Any]], schema: Schema) -> pl.DataFrame:
    """The rule's answer to each value, one column each, NULL for NULL; a value that stands there often is asked about
    once."""
    if len(texts) <= FEW:  # a join costs more than asking
        return _columns([rule(t) if t is not None else None for t in texts.to_list()], schema)
    distinct = texts.drop_nulls().unique(maintain_order=True)
    table = _columns([rule(t) for t in distinct.to_list()], schema).with_columns(distinct.alias("?"))
    return texts.to_frame("?").join(table, on="?", how="left", maintain_order="left").drop("?")


def nothing(schema: Schema, height: int) -> pl.DataFrame:
    """All NULL."""
    return _nothing(tuple(schema.items()), height)


@lru_cache(maxsize=64)
def _nothing(schema: tuple[tuple[str, pl.DataType | type[pl.DataType]], ...], height: int) -> pl.DataFrame:
    return pl.DataFrame([pl.Series(name, [None], dtype=dtype).new_from_index(0, height) for name, dtype in schema])


def _columns(rows: list[Any], schema: Schema) -> pl.DataFrame:
    empty = (None,) * len(schema)
    by_column = list(zip(*(empty if row is None else row for row in rows), strict=True)) or [()] * len(schema)
    return pl.DataFrame([pl.Series(n, v, dtype=d) for (n, d), v in zip(schema.items(), by_column, strict=True)])
