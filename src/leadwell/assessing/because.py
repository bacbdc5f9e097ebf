"""Why? Every finding's reasons, kept as one long table: a row per thing said of a lead, with the words that show it.

A module of this package yields `Because` values, expressions over the frame; `gather` evaluates all of them in one
select and keeps only the rows where they hold. (A list of structs built row by row costs a hundred times as much.)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl

from leadwell.assessing.longtable import collect
from leadwell.assessing.prepare import INDENT
from leadwell.assessing.sources import IN, evidence, origins

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
    """What is said of a dimension where `when` is TRUE, and which words show it: at most one of the four, else none."""

    dimension: str
    when: pl.Expr
    says: pl.Expr
    fact: str | None = None  # its field, quoted whole, or the words it was read from
    words: str | None = None  # a `read.<name>@` column, where the words are not those of a fact
    column: str | None = None  # an incoming column, quoted whole
    mentions: str | None = None  # a list of mentions, an entry each; `says` may name their `key` and `context`
    only: pl.Expr | None = None  # which of the mentions


def gather(frame: pl.DataFrame, reasons: Sequence[Because]) -> pl.DataFrame:
    """Rows of (row, dimension, order, says, field, text, start, end, provenance), the reasons one after the other.

    `frame` has `row`, its facts, and the columns that the reasons name. `order` is the reason's place among them; the
    words and their provenance are NULL where none show it.
    """
    masks = frame.select(r.when.fill_null(False).alias(str(i)) for i, r in enumerate(reasons))
    held = [name for name, any_ in zip(masks.columns, masks.select(pl.all().any()).row(0), strict=True) if any_]
    if not held:
        return pl.DataFrame(schema=_TABLE)
    origins = _origins(frame, {reasons[int(i)].fact for i in held} - {None})
    parts = [_part(frame, masks[i], reasons[int(i)], origins, order=int(i)) for i in held]
    return pl.concat(parts)


def _origins(frame: pl.DataFrame, facts: set[str | None]) -> dict[str, list[str]]:
    """For each fact, the incoming columns that it came from in some lead."""
    return {fact: origins(frame, fact) for fact in facts if fact}


def _part(
    frame: pl.DataFrame, mask: pl.Series, reason: Because, came_from: dict[str, list[str]], *, order: int
) -> pl.DataFrame:
    head = [pl.col("row"), pl.lit(reason.dimension).alias("dimension"), pl.lit(order, dtype=pl.Int32).alias("order")]
    says = reason.says.alias("says")
    if reason.mentions:
        named = frame.select("row", pl.col(reason.mentions).alias("mention")).filter(mask).explode("mention")
        named = named.drop_nulls("mention").select("row", pl.col("mention").struct.unnest())
        named = named.filter(reason.only) if reason.only is not None else named
        return named.select(*head, says, *_PARTS[:-1], pl.lit("extracted").alias("provenance"))
    words = _words(frame, reason, came_from)
    needed = {name for e in (says, *words.values()) for name in e.meta.root_names()}
    few = frame.select("row", *sorted(needed - {"row"})).filter(mask)  # a frame is wide; filter what is used
    return few.select(*head, says, *(words[p].alias(p) for p in _PARTS))


def _words(frame: pl.DataFrame, reason: Because, came_from: dict[str, list[str]]) -> dict[str, pl.Expr]:
    if reason.words:
        source = pl.col(reason.words).struct
        return {p: source.field(p) for p in _PARTS[:-1]} | {"provenance": pl.lit("extracted")}
    if reason.column:
        return _whole(reason.column, frame)
    if reason.fact:
        return evidence(frame, reason.fact, came_from[reason.fact])
    return {part: pl.lit(None, dtype=dtype) for part, dtype in _WORDS.items()}


def _whole(column: str, frame: pl.DataFrame) -> dict[str, pl.Expr]:
    text = pl.col(IN + column)
    known = text.is_not_null()
    start = pl.col(INDENT + column) if INDENT + column in frame.columns else pl.lit(0, dtype=pl.UInt32)
    return {
        "field": pl.when(known).then(pl.lit(column)),
        "text": text,
        "start": pl.when(known).then(start),
        "end": start + text.str.len_chars(),
        "provenance": pl.when(known).then(pl.lit("stated")),
    }


def entries(frame: pl.DataFrame, long: pl.DataFrame, dimensions: Sequence[str]) -> dict[str, pl.Series]:
    """For each dimension, the list of ENTRY of each lead of `frame`; empty where there is nothing to say.

    `long` is what `gather` gave. An entry's `evidence` is NULL where no words show it.
    """
    quoted = pl.when(pl.col("text").is_not_null()).then(pl.struct(_PARTS))
    of = long.select("row", "dimension", "order", "says", quoted.alias("evidence"))
    tables = {str(name): table for (name,), table in of.partition_by("dimension", as_dict=True).items()}
    none = of.clear()
    return {d: collect(frame, [tables.get(d, none)], pl.struct("says", "evidence"), ENTRY) for d in dimensions}
