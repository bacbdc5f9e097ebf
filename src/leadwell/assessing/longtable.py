"""How do many small findings become one list a lead?

A list of structs built row by row costs a hundred times what these two ways cost: `collect`, one concatenation and one
stable sort of long tables, cut at each lead's end (grouping structs costs four times that); and `chosen`, for lists
whose items are known beforehand: each combination that occurs is built once.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa

_BITS: Final = 60  # of one combination's number


def collect(frame: pl.DataFrame, parts: Sequence[pl.DataFrame], item: pl.Expr, dtype: pl.DataType) -> pl.Series:
    """A list of `dtype` for each lead of `frame`, never NULL, empty where it has none: `item` of its rows in `parts`.

    `frame` has `row`; each of `parts` has `row`, `order` and what `item` reads. Items stand by their `order`, those of
    one order as they came.
    """
    filled = [p for p in parts if not p.is_empty()]
    if not filled:
        return pl.Series([[]], dtype=pl.List(dtype)).new_from_index(0, frame.height)
    long = filled[0] if len(filled) == 1 else pl.concat(filled)
    at = _places(frame["row"], long["row"])
    order = np.lexsort((long["order"].to_numpy(), at))
    items = long.select(item.alias("items"))["items"].gather(order)
    ends = np.zeros(frame.height + 1, dtype=np.int64)
    np.cumsum(np.bincount(at, minlength=frame.height), out=ends[1:])
    values = items.to_arrow(compat_level=pl.CompatLevel.newest())
    # `pa.array(ends)` would import pandas, where there is one, to see whether these are its own
    offsets = pa.Array.from_buffers(pa.int64(), len(ends), [None, pa.py_buffer(ends)])
    return pl.Series("items", pl.from_arrow(pa.LargeListArray.from_arrays(offsets, values)), dtype=pl.List(dtype))


def _places(rows: pl.Series, wanted: pl.Series) -> npt.NDArray[np.int64]:
    """Where in `rows` each of `wanted` stands."""
    if rows.is_sorted():
        return rows.search_sorted(wanted).to_numpy().astype(np.int64)
    numbered = pl.DataFrame({"row": rows}).with_row_index("at")
    return (
        wanted.to_frame("row")
        .join(numbered, on="row", how="left", maintain_order="left")["at"]
        .to_numpy()
        .astype(np.int64)
    )


def chosen(masks: pl.DataFrame, items: Sequence[Any], dtype: pl.DataType) -> pl.Series:
    """A list of `dtype` for each row, never NULL: those of `items` whose mask is TRUE, in order, equal ones once.

    `masks` has one Boolean column an item, in their order; NULL counts as FALSE.
    """
    lists = pl.List(dtype)
    if not items:
        return pl.Series([[]], dtype=lists).new_from_index(0, masks.height)
    names = masks.columns
    words = [names[i : i + _BITS] for i in range(0, len(names), _BITS)]
    numbers = masks.select(_number(word).alias(f"{i}") for i, word in enumerate(words))
    distinct = numbers.unique(maintain_order=True)
    made = [_of(combination, items) for combination in distinct.rows()]
    table = distinct.with_columns(pl.Series("items", made, dtype=lists))
    return numbers.join(table, on=numbers.columns, how="left", maintain_order="left")["items"]


def _number(names: Sequence[str]) -> pl.Expr:
    """Which of these masks are TRUE, as the bits of one number."""
    return pl.sum_horizontal(pl.col(n).fill_null(False).cast(pl.UInt64) * (1 << k) for k, n in enumerate(names))


def _of(combination: tuple[int, ...], items: Sequence[Any]) -> list[Any]:
    held = [items[i] for i in range(len(items)) if combination[i // _BITS] >> (i % _BITS) & 1]
    return [item for i, item in enumerate(held) if item not in held[:i]]
