"""How do rows of many small tables become one list a lead? One concatenation, one stable sort, one grouping."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl


def collect(frame: pl.DataFrame, parts: Sequence[pl.DataFrame], item: pl.Expr, dtype: pl.DataType) -> pl.Series:
    """A list for each lead of `frame` (empty where it has none): `item` of its rows in `parts`, by their `order`."""
    filled = [p for p in parts if not p.is_empty()]
    if not filled:
        return pl.Series([[]], dtype=pl.List(dtype)).new_from_index(0, frame.height)
    long = pl.concat(filled).sort("row", "order", maintain_order=True)
    lists = long.group_by("row", maintain_order=True).agg(item.alias("items"))
    joined = frame.select("row").join(lists, on="row", how="left", maintain_order="left")
    return joined.select(pl.col("items").fill_null(pl.lit([], dtype=pl.List(dtype))))["items"]
