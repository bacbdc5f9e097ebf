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

from leadwell.assessing.prepare import INDENT

IN: Final = "in."  # the incoming columns keep their text under this prefix once the facts have taken their names
DAY: Final = "day."  # the day that a column names


@dataclass(frozen=True, slots=True, eq=False)  # by identity: its candidate is cached under it
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
    frame: pl.DataFrame, facts: Mapping[str, Sequence[Source]], types: Mapping[str, pl.DataType]
) -> pl.DataFrame:
    """Add `F` (of its type in `types`), `F#` and `F<` for each fact, from the first source with a value; else NULL.

    A column that the lead's `in.verified` lists ("payer; zip") is `verified`, no longer `stated`. Of a fact only those
    sources are looked at that say something in some lead of this frame, up to the first that says something in each.
    """
    verified = IN + "verified"
    filled = filled_of(frame, {verified, *(need for sources in facts.values() for s in sources for need in s.needs)})
    asked = {
        fact: [(i, s) for i, s in enumerate(sources) if not s.needs or not filled.isdisjoint(s.needs)]
        for fact, sources in facts.items()
    }
    wide = frame.with_columns(_candidate(fact, i, s, types[fact]) for fact, few in asked.items() for i, s in few)
    nulls = null_counts(wide, [_name(fact, i) for fact, few in asked.items() for i, _ in few])
    chosen: list[pl.Expr] = []
    for fact, few in asked.items():
        speaking, always = _speaking([(i, s, nulls[_name(fact, i)]) for i, s in few], frame.height)
        chosen += _choose(fact, speaking, types[fact], always, verified in filled)
    kept = dict.fromkeys((*frame.columns, *(column for fact in facts for column in (fact, f"{fact}#", f"{fact}<"))))
    return wide.with_columns(chosen)[list(kept)]


def has(frame: pl.DataFrame, column: str) -> bool:
    return frame.get_column(column, default=None) is not None


def null_counts(frame: pl.DataFrame, columns: Sequence[str]) -> dict[str, int]:
    """How many NULLs there are in each of these columns."""
    return dict(zip(columns, frame[columns].null_count().row(0), strict=True)) if columns else {}


def filled_of(frame: pl.DataFrame, columns: Iterable[str]) -> set[str]:
    """Those of the columns that the frame has, with something in some row."""
    there = set(frame.columns)
    present = [column for column in columns if column in there]
    return {column for column, nulls in null_counts(frame, present).items() if nulls < frame.height}


def _name(fact: str, place: int) -> str:
    return f"?{fact}.{place}"


@lru_cache(maxsize=1 << 16)
def _candidate(fact: str, place: int, source: Source, dtype: pl.DataType) -> pl.Expr:
    return source.value.cast(dtype).alias(_name(fact, place))


_Label = tuple[int, str, str]  # place among the fact's sources, provenance, origin


def _speaking(candidates: Sequence[tuple[int, Source, int]], height: int) -> tuple[tuple[_Label, ...], bool]:
    """The candidates that say something, and whether the last of them does in every row."""
    labels: list[_Label] = []
    for place, source, nulls in candidates:
        if nulls < height:
            labels.append((place, source.provenance, source.origin))
            if not nulls:
                return tuple(labels), True
    return tuple(labels), False


@lru_cache(maxsize=1 << 16)
def _choose(fact: str, labels: tuple[_Label, ...], dtype: pl.DataType, always: bool, verified: bool) -> list[pl.Expr]:
    """Value, provenance and origin of a fact, from its candidates in their order."""
    if not labels:
        types = {fact: dtype, f"{fact}#": pl.String(), f"{fact}<": pl.String()}
        return [pl.lit(None, dtype=kind).alias(name) for name, kind in types.items()]
    nothing = pl.lit(None, dtype=pl.String)
    provenance, origin = nothing, nothing
    for last, (place, label, column) in zip((always, *[False] * len(labels)), reversed(labels), strict=False):
        says, known = _provenance(label, column, verified), pl.col(_name(fact, place)).is_not_null()
        provenance = says if last else pl.when(known).then(says).otherwise(provenance)
        origin = pl.lit(column) if last else pl.when(known).then(pl.lit(column)).otherwise(origin)
    values = [pl.col(_name(fact, place)) for place, _, _ in labels]
    return [
        (values[0] if len(values) == 1 else pl.coalesce(values)).alias(fact),
        provenance.alias(f"{fact}#"),
        origin.alias(f"{fact}<"),
    ]


def _provenance(label: str, column: str, verified: bool) -> pl.Expr:
    if label != "stated" or not verified:
        return pl.lit(label)
    by_a_person = pl.col(IN + "verified").str.contains(rf"(?:^|;)\s*{re.escape(column)}\s*(?:;|$)").fill_null(False)
    return pl.when(by_a_person).then(pl.lit("verified")).otherwise(pl.lit(label))


_FEW: Final = 32  # so many values are told apart quicker one by one


def evidence(frame: pl.DataFrame, fact: str, came_from: Sequence[str]) -> dict[str, pl.Expr]:
    """The words behind a fact, as the five parts of an evidence; words are NULL where it has none.

    `came_from`: the fact's `origins` in this frame.
    """
    indented = tuple(c for c in came_from if has(frame, INDENT + c))
    return _evidence(fact, tuple(came_from), indented, has(frame, f"read.{fact}@"))


@lru_cache(maxsize=4096)
def _evidence(fact: str, came_from: tuple[str, ...], indented: tuple[str, ...], in_words: bool) -> dict[str, pl.Expr]:
    origin, provenance = pl.col(f"{fact}<"), pl.col(f"{fact}#")
    text, start = pl.lit(None, dtype=pl.String), pl.lit(0, dtype=pl.UInt32)
    for column in came_from:
        text = pl.when(origin == column).then(pl.col(IN + column)).otherwise(text)
        if column in indented:
            start = pl.when(origin == column).then(pl.col(INDENT + column)).otherwise(start)
    parts = {
        "field": pl.when(text.is_not_null()).then(origin),
        "text": text,
        "start": pl.when(text.is_not_null()).then(start),
        "end": start + text.str.len_chars(),
        "provenance": provenance,
    }
    if in_words:
        words, extracted = pl.col(f"read.{fact}@").struct, provenance == "extracted"
        for part in ("field", "text", "start", "end"):
            parts[part] = pl.when(extracted).then(words.field(part)).otherwise(parts[part])
    return {part: expr.alias(f"fact {fact} {part}") for part, expr in parts.items()}


def origins(frame: pl.DataFrame, fact: str) -> list[str]:
    """The incoming columns that some lead's fact came from."""
    column = frame[f"{fact}<"]
    if len(column) > _FEW:
        column = column.unique(maintain_order=True)
    return [origin for origin in dict.fromkeys(column.to_list()) if origin and has(frame, IN + origin)]
