"""Where does a fact come from? A fact is the first of its sources that says something; the frame remembers which.

For a fact F the frame holds `F` (its value), `F#` (its provenance) and `F<` (the column or fact it came from).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import polars as pl

from leadwell import contract
from leadwell.assessing.prepare import INDENT

PROVENANCE: Final = pl.Enum(contract.PROVENANCES)
IN: Final = "in."  # the incoming columns keep their text under this prefix once the facts have taken their names


@dataclass(frozen=True, slots=True)
class Source:
    """One way to know a fact. `origin` is the column it stands in, or the fact it follows from.

    Where all of `needs` are empty the value must be NULL: the source is then skipped.
    """

    provenance: str
    origin: str
    value: pl.Expr
    needs: tuple[str, ...]


def stated(column: str, value: pl.Expr | None = None) -> Source:
    """What an incoming column says: its text, or `value` made of it."""
    return Source("stated", column, pl.col(IN + column) if value is None else value, (IN + column,))


def said(name: str, value: pl.Expr | None = None) -> Source:
    """What the words say: `read.<name>`, or `value` made of it."""
    return Source("extracted", name, pl.col(f"read.{name}") if value is None else value, (f"read.{name}",))


def derived(origin: str, value: pl.Expr, *needs: str) -> Source:
    """What follows from `origin`, another fact or column."""
    return Source("derived", origin, value, needs)


def in_a_field(fact: str) -> pl.Expr:
    """Whether a settled fact came from a field, verified or not."""
    return pl.col(f"{fact}#").is_in(["stated", "verified"])


def days_to(column: str) -> pl.Expr:
    """Whole days from when we judge to the day in `column`; below zero where it is over."""
    return (pl.col(column) - pl.col("as_of_date")).dt.total_days()


def settle(
    frame: pl.DataFrame, facts: Mapping[str, Iterable[Source]], types: Mapping[str, pl.DataType]
) -> pl.DataFrame:
    """Add `F` (of its type in `types`), `F#` and `F<` for each fact, from the first source with a value; else NULL.

    A column that the lead's `in.verified` lists ("payer; zip") is `verified`, no longer `stated`.
    """
    filled = {name for name in frame.columns if frame[name].null_count() < frame.height}
    candidates: list[pl.Expr] = []
    chosen: list[pl.Expr] = []
    for fact, all_sources in facts.items():
        sources = [s for s in all_sources if not s.needs or filled.intersection(s.needs)]
        candidates += [s.value.cast(types[fact]).alias(f"?{fact}.{i}") for i, s in enumerate(sources)]
        labels = tuple((s.provenance, s.origin) for s in sources)
        chosen += _choose(fact, labels, types[fact], IN + "verified" in filled)
    frame = frame.with_columns(candidates).with_columns(chosen) if candidates else frame.with_columns(chosen)
    return frame.drop([c for c in frame.columns if c.startswith("?")])


@lru_cache(maxsize=4096)
def _choose(fact: str, sources: tuple[tuple[str, str], ...], dtype: pl.DataType, verified: bool) -> list[pl.Expr]:
    """Value, provenance and origin of a fact, from its candidates `?fact.i` in their order."""
    if not sources:
        types = {fact: dtype, f"{fact}#": PROVENANCE, f"{fact}<": pl.String()}
        return [pl.lit(None, dtype=kind).alias(name) for name, kind in types.items()]
    provenance, origin = pl.lit(None, dtype=pl.String), pl.lit(None, dtype=pl.String)
    for i, (label, column) in reversed(list(enumerate(sources))):
        known = pl.col(f"?{fact}.{i}").is_not_null()
        provenance = pl.when(known).then(_provenance(label, column, verified)).otherwise(provenance)
        origin = pl.when(known).then(pl.lit(column)).otherwise(origin)
    return [
        pl.coalesce(f"?{fact}.{i}" for i in range(len(sources))).alias(fact),
        provenance.cast(PROVENANCE).alias(f"{fact}#"),
        origin.alias(f"{fact}<"),
    ]


def _provenance(label: str, column: str, verified: bool) -> pl.Expr:
    if label != "stated" or not verified:
        return pl.lit(label)
    by_a_person = pl.col(IN + "verified").str.contains(rf"(?:^|;)\s*{re.escape(column)}\s*(?:;|$)").fill_null(False)
    return pl.when(by_a_person).then(pl.lit("verified")).otherwise(pl.lit(label))


def evidence(frame: pl.DataFrame, fact: str, came_from: Sequence[str]) -> dict[str, pl.Expr]:
    """The words behind a fact, as the five parts of an evidence; words are NULL where it has none.

    `came_from`: the fact's `origins` in this frame.
    """
    words = f"read.{fact}@"
    origin, provenance = pl.col(f"{fact}<"), pl.col(f"{fact}#")
    text, start = pl.lit(None, dtype=pl.String), pl.lit(0, dtype=pl.UInt32)
    for column in came_from:
        text = pl.when(origin == column).then(pl.col(IN + column)).otherwise(text)
        if INDENT + column in frame.columns:
            start = pl.when(origin == column).then(pl.col(INDENT + column)).otherwise(start)
    parts = {
        "field": pl.when(text.is_not_null()).then(origin),
        "text": text,
        "start": pl.when(text.is_not_null()).then(start),
        "end": start + text.str.len_chars(),
        "provenance": provenance.cast(pl.String),
    }
    if words in frame.columns:
        extracted = provenance == "extracted"
        for part in ("field", "text", "start", "end"):
            parts[part] = pl.when(extracted).then(pl.col(words).struct.field(part)).otherwise(parts[part])
    return parts


def origins(frame: pl.DataFrame, fact: str) -> list[str]:
    """The incoming columns that some lead's fact came from."""
    return [o for o in frame[f"{fact}<"].drop_nulls().unique(maintain_order=True).to_list() if IN + o in frame.columns]
