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
from leadwell.assessing.widening import with_series

IN: Final = "in."  # the incoming columns keep their text under this prefix once the facts have taken their names
DAY: Final = "day."  # the day that a column names
_TEXT: Final = pl.String()


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
        fact: [_candidate(fact, i, s, types[fact]) for i, s in enumerate(sources) if _may_speak(s, filled)]
        for fact, sources in facts.items()
    }
    made = _worked_out(frame, [candidate for few in asked.values() for candidate in few])
    parts: dict[str, _Part] = {}
    for fact, few in asked.items():
        speaking, always = _speaking([(c, made[c.name].null_count()) for c in few], frame.height)
        parts |= _choose(fact, types[fact], speaking, always, verified in filled)
    known = [*made.values(), *([frame.get_column(verified)] if verified in filled else [])]
    return with_series(frame, _settled(parts, made, pl.DataFrame(known), frame.height))


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


@dataclass(frozen=True, slots=True, eq=False)  # by identity: what is chosen among them is cached
class _Candidate:
    """What a source of a fact says, under a name of its own. `column`: where that is just a column of the frame."""

    name: str
    source: Source
    value: pl.Expr
    dtype: pl.DataType
    roots: tuple[str, ...]
    column: str | None


@lru_cache(maxsize=1 << 16)
def _candidate(fact: str, place: int, source: Source, dtype: pl.DataType) -> _Candidate:
    name, roots = f"?{fact}.{place}", tuple(source.value.meta.root_names())
    column = roots[0] if source.value.meta.is_column() else None
    return _Candidate(name, source, source.value.cast(dtype).alias(name), dtype, roots, column)


def _worked_out(frame: pl.DataFrame, candidates: Sequence[_Candidate]) -> dict[str, pl.Series]:
    """What each candidate says. The frame is wide, and whatever is done with all of it costs by its width."""
    others = [candidate for candidate in candidates if not candidate.column]
    roots = list(dict.fromkeys(root for candidate in others for root in candidate.roots))
    worked = (frame[roots] if roots else frame).with_columns(candidate.value for candidate in others)
    return {
        c.name: frame.get_column(c.column).cast(c.dtype).alias(c.name) if c.column else worked.get_column(c.name)
        for c in candidates
    }


def _may_speak(source: Source, filled: set[str]) -> bool:
    return not source.needs or not filled.isdisjoint(source.needs)


def _speaking(candidates: Sequence[tuple[_Candidate, int]], height: int) -> tuple[tuple[_Candidate, ...], bool]:
    """The candidates that say something, and whether the last of them does in every row."""
    speaking: list[_Candidate] = []
    for candidate, nulls in candidates:
        if nulls < height:
            speaking.append(candidate)
            if not nulls:
                return tuple(speaking), True
    return tuple(speaking), False


_Part = pl.Expr | pl.Series | str  # over the candidates; the same for all leads; the name of one candidate


@lru_cache(maxsize=1 << 16)
def _choose(
    fact: str, dtype: pl.DataType, speaking: tuple[_Candidate, ...], always: bool, verified: bool
) -> dict[str, _Part]:
    """Value, provenance and origin of a fact, from its candidates in their order."""
    if not speaking:
        return {fact: _same(None, dtype), f"{fact}#": _same(None), f"{fact}<": _same(None)}
    value = speaking[0].name if len(speaking) == 1 else pl.coalesce(c.name for c in speaking)
    if always and len(speaking) == 1:
        source = speaking[0].source
        doubtful = verified and source.provenance == "stated"
        provenance = _provenance(source, verified) if doubtful else _same(source.provenance)
        return {fact: value, f"{fact}#": provenance, f"{fact}<": _same(source.origin)}
    says = origin = pl.lit(None, dtype=pl.String)
    for last, candidate in zip((always, *[False] * len(speaking)), reversed(speaking), strict=False):
        label, column = _provenance(candidate.source, verified), pl.lit(candidate.source.origin)
        known = pl.col(candidate.name).is_not_null()
        says = label if last else pl.when(known).then(label).otherwise(says)
        origin = column if last else pl.when(known).then(column).otherwise(origin)
    return {fact: value, f"{fact}#": says, f"{fact}<": origin}


def _same(value: str | None, dtype: pl.DataType = _TEXT) -> pl.Series:
    return pl.Series([value], dtype=dtype)


def _settled(
    parts: Mapping[str, _Part], made: Mapping[str, pl.Series], known: pl.DataFrame, height: int
) -> list[pl.Series]:
    chosen = {name: part for name, part in parts.items() if isinstance(part, pl.Expr)}
    worked = known.select(**chosen) if chosen else known
    columns = []
    for name, part in parts.items():
        match part:
            case str():
                column = made[part]
            case pl.Series():
                column = part.new_from_index(0, height)
            case _:
                column = worked.get_column(name)
        columns.append(column.alias(name))
    return columns


def _provenance(source: Source, verified: bool) -> pl.Expr:
    if source.provenance != "stated" or not verified:
        return pl.lit(source.provenance)
    column = re.escape(source.origin)
    by_a_person = pl.col(IN + "verified").str.contains(rf"(?:^|;)\s*{column}\s*(?:;|$)").fill_null(False)
    return pl.when(by_a_person).then(pl.lit("verified")).otherwise(pl.lit(source.provenance))


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
