"""Why? Every finding's reasons, kept as one long table: a row per thing said of a lead, with the words that show it.

A module of this package yields `Because` values, expressions over the frame; `gather` evaluates all of them in one
select and keeps only the rows where they hold. (A list of structs built row by row costs a hundred times as much.)
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import polars as pl

from leadwell.assessing.longtable import collect
from leadwell.assessing.sources import IN, evidence

_WORDS: Final[dict[str, pl.DataType]] = {
    "field": pl.String(),
    "text": pl.String(),
    "start": pl.UInt32(),
    "end": pl.UInt32(),
    "provenance": pl.String(),
}
_PARTS: Final = tuple(_WORDS)
ENTRY: Final = pl.Struct({"says": pl.String(), "evidence": pl.Struct(_WORDS)})
_TABLE: Final = {"row": pl.UInt32(), "dimension": pl.String(), "order": pl.Int32(), "says": pl.String(), **_WORDS}


@dataclass(frozen=True, slots=True)
class Because:
    """`says` holds where `when` is TRUE. The words are those of `fact`, or those of the mentions in the list `mentions`
    that `only` keeps, one entry each (`says` may then name the mention's columns `key` and `context`)."""

    dimension: str
    when: pl.Expr
    says: pl.Expr
    fact: str | None = None
    words: str | None = None  # a `read.<name>@` column, where the words are not those of a fact
    column: str | None = None  # an incoming column, quoted whole
    mentions: str | None = None
    only: pl.Expr | None = None


def gather(frame: pl.DataFrame, reasons: Iterable[Because]) -> pl.DataFrame:
    """Rows of (row, dimension, order, says, field, text, start, end, provenance), by row and in the order given."""
    reasons = list(reasons)
    masks = frame.select(r.when.fill_null(False).alias(str(i)) for i, r in enumerate(reasons))
    parts = [
        _part(frame.filter(masks[str(i)]), reason, order=i) for i, reason in enumerate(reasons) if masks[str(i)].any()
    ]
    if not parts:
        return pl.DataFrame(schema=_TABLE)
    return pl.concat(parts).sort("row", "order", maintain_order=True)


def _part(frame: pl.DataFrame, reason: Because, *, order: int) -> pl.DataFrame:
    head = [pl.col("row"), pl.lit(reason.dimension).alias("dimension"), pl.lit(order, dtype=pl.Int32).alias("order")]
    says = reason.says.alias("says")
    if reason.mentions:
        named = frame.select("row", pl.col(reason.mentions).alias("mention")).explode("mention").drop_nulls("mention")
        named = named.select("row", pl.col("mention").struct.unnest())
        named = named.filter(reason.only) if reason.only is not None else named
        named = named.with_columns(provenance=pl.lit("extracted"))
        return named.select(*head, says, *_PARTS)
    if reason.words:
        source = pl.col(reason.words).struct
        parts = [source.field(p).alias(p) for p in _PARTS[:-1]]
        return frame.select(*head, says, *parts, pl.lit("extracted").alias("provenance"))
    if reason.column:
        return frame.select(*head, says, *_whole(reason.column))
    if reason.fact:
        words = evidence(frame, reason.fact)
        return frame.select(*head, says, *(e.alias(p) for p, e in words.items()))
    nothing = [pl.lit(None, dtype=dtype).alias(part) for part, dtype in _WORDS.items()]
    return frame.select(*head, says, *nothing)


def _whole(column: str) -> list[pl.Expr]:
    text = pl.col(IN + column)
    known = text.is_not_null()
    return [
        pl.when(known).then(pl.lit(column)).alias("field"),
        text.alias("text"),
        pl.when(known).then(pl.lit(0, dtype=pl.UInt32)).alias("start"),
        text.str.len_chars().alias("end"),
        pl.when(known).then(pl.lit("stated")).alias("provenance"),
    ]


def entries(frame: pl.DataFrame, long: pl.DataFrame, dimension: str) -> pl.Series:
    """For each lead, the list of ENTRY of one dimension; empty where there is nothing to say."""
    quoted = pl.when(pl.col("text").is_not_null()).then(pl.struct(_PARTS))
    of = long.filter(pl.col("dimension") == dimension).select("row", "order", "says", quoted.alias("evidence"))
    return collect(frame, [of], pl.struct("says", "evidence"), ENTRY)
