"""How do many small findings become one list a lead?

A list of structs built row by row costs a hundred times what these ways cost: `lists`, which cuts one long column at
each lead's end, and `collect`, which brings that column into the leads' order first; and `chosen`, for lists whose
items are known beforehand: each combination that occurs is built once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa

from leadwell.reading.arrow import column

_BITS: Final = 16  # of one combination's number that are counted at once
_Numbers = npt.NDArray[np.int64]


def lists(counts: npt.NDArray[np.integer[Any]], items: pl.Series) -> pl.Series:
    """A list for each of `counts`, of so many of `items`, one after the other. Never NULL."""
    ends = np.zeros(len(counts) + 1, dtype=np.int64)
    np.cumsum(counts, out=ends[1:])
    values = items.to_arrow(compat_level=pl.CompatLevel.newest())
    # `pa.array(ends)` would import pandas, where there is one, to see whether these are its own
    offsets = pa.Array.from_buffers(pa.int64(), len(ends), [None, pa.py_buffer(ends)])
    return column("", pa.LargeListArray.from_arrays(offsets, values))


def empty_lists(height: int, dtype: pl.DataType) -> pl.Series:
    return _empty_list(dtype).new_from_index(0, height)


@lru_cache(maxsize=64)
def _empty_list(dtype: pl.DataType) -> pl.Series:
    return pl.Series("items", [[]], dtype=pl.List(dtype))


def collect(frame: pl.DataFrame, parts: Sequence[pl.DataFrame], item: pl.Expr, dtype: pl.DataType) -> pl.Series:
    """A list of `dtype` for each lead of `frame`, never NULL, empty where it has none: `item` of its rows in `parts`.

    `frame` has `row`; each of `parts` has `row`, `order` and what `item` reads. Items stand by their `order`, those of
    one order as they came.
    """
    filled = [p for p in parts if not p.is_empty()]
    if not filled:
        return empty_lists(frame.height, dtype)
    long = filled[0] if len(filled) == 1 else pl.concat(filled)
    at = _places(frame["row"], long["row"])
    order = np.lexsort((long["order"].to_numpy(), at))
    items = long.select(item.alias("items").cast(dtype))["items"][order]
    return lists(np.bincount(at, minlength=frame.height), items)


def _places(rows: pl.Series, wanted: pl.Series) -> _Numbers:
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


@dataclass(frozen=True, slots=True, eq=False)
class Choice:
    """Items to choose from, and for each the place of the first that equals it; `repeats`: some do equal another."""

    items: pl.Series
    first: tuple[int, ...]
    repeats: bool

    @staticmethod
    def of(items: Sequence[Any], dtype: pl.DataType) -> Choice:
        seen: dict[str, int] = {}
        first = tuple(seen.setdefault(repr(item), place) for place, item in enumerate(items))
        return Choice(pl.Series("items", items, dtype=dtype), first, len(seen) < len(first))


def chosen(masks: pl.DataFrame, choice: Choice) -> pl.Series:
    """A list for each row, never NULL: those of the items whose mask is TRUE, in order, equal ones once.

    `masks` has one Boolean column an item, in their order; NULL counts as FALSE.
    """
    if not len(choice.items) or not masks.height:
        return empty_lists(masks.height, choice.items.dtype)
    if any(masks.null_count().row(0)):
        masks = masks.fill_null(False)
    held = np.stack([mask.to_numpy() for mask in masks.get_columns()])
    rows, which = _combinations(held)
    combination, item = np.nonzero(held[:, rows].T)
    if choice.repeats:
        once = dict.fromkeys(zip(combination.tolist(), (choice.first[i] for i in item.tolist()), strict=True))
        combination, item = np.array(list(once), dtype=np.int64).reshape(-1, 2).T
    made = lists(np.bincount(combination, minlength=len(rows)), choice.items[item])
    return made[which]


def _combinations(held: npt.NDArray[np.bool_]) -> tuple[_Numbers, _Numbers]:
    """Of masks, a row an item: a lead of each combination that occurs, and for each lead the place of its own there."""
    rows, which = np.zeros(1, dtype=np.int64), np.zeros(held.shape[1], dtype=np.int64)
    for start in range(0, len(held), _BITS):
        word = np.zeros(held.shape[1], dtype=np.uint16)
        for mask in held[start : start + _BITS]:
            word = (word << 1) | mask
        number = which << _BITS | word if start else word  # sixteen bits are sorted in a quarter of the time
        _, rows, which = np.unique(number, return_index=True, return_inverse=True)
    return rows, which
