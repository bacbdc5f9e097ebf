"""Why? Every finding's reasons, kept as one long table: a row per thing said of a lead, with the words that show it.

A module of this package yields `Because` values, expressions over the frame; `gather` evaluates all of them in one
select and keeps only the rows where they hold. (A list of structs built row by row costs a hundred times as much.)
What is said and what is quoted is worked out once for all reasons that hold for the same leads, and put in order by
numbers alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from leadwell import contract
from leadwell.assessing.longtable import empty_lists, lists
from leadwell.assessing.prepare import INDENT
from leadwell.assessing.sources import IN, evidence, filled_of, has, origins
from leadwell.assessing.widening import Columns

_WORDS: Final[dict[str, pl.DataType]] = {
    "field": pl.String(),
    "text": pl.String(),
    "start": pl.UInt32(),
    "end": pl.UInt32(),
    "provenance": pl.String(),
}
_PARTS: Final = tuple(_WORDS)
ENTRY: Final = pl.Struct({"says": pl.String(), "evidence": pl.Struct(_WORDS)})
_DIMENSIONS: Final = (*contract.DIMENSIONS, "safety")
_TABLE: Final = {"dimension": pl.UInt8(), "at": pl.UInt32(), "says": pl.String(), **_WORDS}

_NO_WORDS: Final = pl.DataFrame({part: [None] for part in _WORDS}, schema=_WORDS)  # the first row of those quoted

_NO_EVIDENCE: Final = pl.Series("evidence", [None], dtype=pl.Struct(_WORDS))
_EXTRACTED: Final = pl.lit("extracted")
_MANY: Final = 0.2  # of the leads: for so many it is cheaper to look at all than to pick them out

_Mask = npt.NDArray[np.bool_]
_Places = npt.NDArray[np.uint32]


@dataclass(frozen=True, slots=True, eq=False)  # by identity: what is compiled for it is cached under it
class Because:
    """What is said of a dimension where `when` is TRUE, and which words show it: at most one of the four, else none."""

    dimension: str
    when: pl.Expr
    says: str | pl.Expr
    fact: str | None = None  # its field, quoted whole, or the words it was read from
    words: str | None = None  # a `read.<name>@` column, where the words are not those of a fact
    column: str | None = None  # an incoming column, quoted whole
    mentions: str | None = None  # a list of mentions, an entry each; `says` names their `key` or `context`
    only: pl.Expr | None = None  # which of the mentions

    @property
    def source(self) -> str | None:
        """What quotes the words; reasons of one source share them."""
        if self.words or self.column:
            return f"words {self.words}" if self.words else f"column {self.column}"
        return f"fact {self.fact}" if self.fact else None


def gather(frame: pl.DataFrame, reasons: Sequence[Because]) -> pl.DataFrame:
    """Rows of (dimension, at, says, field, text, start, end, provenance): by dimension, then lead, then reason.

    `frame` has `row`, its facts, and the columns that the reasons name. `dimension` is a place in `_DIMENSIONS`, `at`
    the lead's place in the frame; the words and their provenance are NULL where none show it.
    """
    plan = _plan(tuple(reasons))
    masks = plan.masks.of_frame(frame)
    held = {reason: mask.to_numpy() for reason, mask in zip(plan.reasons, masks, strict=True) if mask.any()}
    said, quoted = _Pool(plan.sentences), _Pool(_NO_WORDS)
    told = _told(frame, plan, {r: mask for r, mask in held.items() if not r.mentions}, said, quoted)
    told |= _mentioned(frame, plan, {r: mask for r, mask in held.items() if r.mentions}, said, quoted)
    parts = [told[reason] for reason in held if reason in told]
    return _in_order(parts, frame.height, said, quoted) if parts else pl.DataFrame(schema=_TABLE)


@dataclass(frozen=True, slots=True, eq=False)
class _Plan:
    """What is the same for every list: when each reason holds, and the sentences that name nothing of the lead."""

    reasons: tuple[Because, ...]
    masks: Columns
    sentences: pl.DataFrame
    place: dict[Because, int]  # of a reason's sentence among them
    says: dict[Because, pl.Expr]  # what else is said
    only: dict[Because, pl.Expr]  # which mentions count


@lru_cache(maxsize=64)
def _plan(reasons: tuple[Because, ...]) -> _Plan:
    fixed = [r for r in reasons if isinstance(r.says, str)]
    return _Plan(
        reasons,
        Columns.of(r.when.fill_null(False).alias(str(i)) for i, r in enumerate(reasons)),
        pl.DataFrame({"says": [r.says for r in fixed]}, schema={"says": pl.String}),
        {reason: place for place, reason in enumerate(fixed)},
        {r: r.says.alias(f"says {i}") for i, r in enumerate(reasons) if isinstance(r.says, pl.Expr)},
        {
            r: (pl.lit(True) if r.only is None else r.only.fill_null(False)).alias(str(i))
            for i, r in enumerate(reasons)
            if r.mentions
        },
    )


class _Pool:
    """Rows to point at, of one table after another."""

    def __init__(self, first: pl.DataFrame) -> None:
        self._parts = [[column] for column in first]
        self._height = first.height

    def add(self, columns: Sequence[pl.Series]) -> int:
        """Where the rows of these columns begin."""
        start = self._height
        for part, column in zip(self._parts, columns, strict=True):
            part.append(column)
        self._height += len(columns[0])
        return start

    def rows(self, places: _Places) -> pl.DataFrame:
        picked: pl.DataFrame = pl.DataFrame([pl.concat(part, rechunk=True) for part in self._parts])[places]
        return picked


@dataclass(frozen=True, slots=True)
class _Part:
    """The entries of one reason: for each the lead's place, and the rows of what is said and of what is quoted."""

    dimension: int
    at: _Places
    said: _Places
    quoted: _Places


@dataclass(slots=True)
class _Look:
    """Columns to work out for the leads of a mask, which may stand in a pool from `start` on."""

    columns: list[pl.Expr]
    mask: _Mask
    start: int = 0

    def places(self, at: _Places) -> _Places:
        """Where in the pool these leads stand."""
        among = at if self.mask.all() else (np.cumsum(self.mask, dtype=np.uint32) - 1)[at]
        return among + np.uint32(self.start)


def _told(
    frame: pl.DataFrame, plan: _Plan, held: dict[Because, _Mask], said: _Pool, quoted: _Pool
) -> dict[Because, _Part]:
    """The entries of reasons that say one thing of a lead."""
    says = {reason: _Look([plan.says[reason]], mask) for reason, mask in held.items() if reason in plan.says}
    shown: dict[str, _Look] = {}
    for reason, mask in held.items():
        if (source := reason.source) and source not in shown:
            shown[source] = _Look(_words(frame, reason), mask)
        elif source:
            shown[source].mask = shown[source].mask | mask
    for look, columns in _worked_out(frame, [*says.values(), *shown.values()]):
        look.start = (said if len(columns) == 1 else quoted).add(columns)
    parts = {}
    for reason, mask in held.items():
        at = np.flatnonzero(mask).astype(np.uint32)
        says_at = says[reason].places(at) if reason in says else np.full_like(at, plan.place[reason])
        words_at = shown[reason.source].places(at) if reason.source else np.zeros_like(at)
        parts[reason] = _Part(_DIMENSIONS.index(reason.dimension), at, says_at, words_at)
    return parts


def _worked_out(frame: pl.DataFrame, looks: Sequence[_Look]) -> Iterator[tuple[_Look, list[pl.Series]]]:
    """Each look with its columns; those for the same leads are worked out together."""
    together: dict[bytes, list[_Look]] = {}
    for look in looks:
        if np.count_nonzero(look.mask) > _MANY * frame.height:
            look.mask = np.ones(frame.height, dtype=np.bool_)
        together.setdefault(look.mask.tobytes(), []).append(look)
    for of_leads in together.values():
        columns = [column for look in of_leads for column in look.columns]
        made = iter(_leads(frame, of_leads[0].mask, columns).select("row", *columns).get_columns()[1:])
        yield from ((look, list(islice(made, len(look.columns)))) for look in of_leads)


def _leads(frame: pl.DataFrame, mask: _Mask, columns: Sequence[pl.Expr]) -> pl.DataFrame:
    if mask.all():
        return frame
    needed = {name for column in columns for name in column.meta.root_names()}
    return frame[["row", *sorted(needed - {"row"})]].filter(pl.Series(mask))  # a frame is wide; filter what is used


def _mentioned(
    frame: pl.DataFrame, plan: _Plan, held: dict[Because, _Mask], said: _Pool, quoted: _Pool
) -> dict[Because, _Part]:
    """The entries of reasons that say something of each mention that counts."""
    parts = {}
    for name in filled_of(frame, {reason.mentions for reason in held if reason.mentions}):
        at, mentions = _exploded(frame, name)
        of_list = [reason for reason in held if reason.mentions == name]
        only = mentions.select("key", *(plan.only[reason] for reason in of_list)).get_columns()[1:]
        for reason, counting in zip(of_list, only, strict=True):
            counts = held[reason][at] & counting.to_numpy()
            if counts.any():
                few = mentions if counts.all() else mentions.filter(pl.Series(counts))
                *words, says = few.select(*_PARTS[:-1], _EXTRACTED, plan.says[reason]).get_columns()
                on = np.arange(few.height, dtype=np.uint32)
                said_at, words_at = on + np.uint32(said.add([says])), on + np.uint32(quoted.add(words))
                parts[reason] = _Part(_DIMENSIONS.index(reason.dimension), at[counts], said_at, words_at)
    return parts


def _exploded(frame: pl.DataFrame, mentions: str) -> tuple[_Places, pl.DataFrame]:
    """Each mention, and the place of its lead."""
    counts = frame.select(pl.col(mentions).list.len().fill_null(0)).to_series().to_numpy()
    each = frame.select(pl.col(mentions).explode(empty_as_null=False, keep_nulls=False).struct.unnest())
    return np.repeat(np.arange(frame.height, dtype=np.uint32), counts), each


def _in_order(parts: Sequence[_Part], height: int, said: _Pool, quoted: _Pool) -> pl.DataFrame:
    dimensions, leads, says, words = [], [], [], []
    for dimension in range(len(_DIMENSIONS)):
        of_it = [part for part in parts if part.dimension == dimension]
        if of_it:
            at = np.concatenate([part.at for part in of_it])
            order = _by_lead(at, height)
            dimensions.append(np.full(len(at), dimension, dtype=np.uint8))
            leads.append(at[order])
            says.append(np.concatenate([part.said for part in of_it])[order])
            words.append(np.concatenate([part.quoted for part in of_it])[order])
    head = pl.DataFrame({"dimension": np.concatenate(dimensions), "at": np.concatenate(leads)})
    return head.hstack(said.rows(np.concatenate(says))).hstack(quoted.rows(np.concatenate(words)))


def _by_lead(at: _Places, height: int) -> npt.NDArray[np.int64]:
    """In the order of the leads, those of one lead as they stand."""
    small = at.astype(np.uint16) if height <= 1 << 16 else at  # sixteen bits are sorted in a quarter of the time
    return np.argsort(small, kind="stable")


def _words(frame: pl.DataFrame, reason: Because) -> list[pl.Expr]:
    """The five parts of the words that show a reason."""
    if reason.words:
        return _of_words(reason.words)
    if reason.column:
        return _whole(reason.column, has(frame, INDENT + reason.column))
    assert reason.fact
    return list(evidence(frame, reason.fact, origins(frame, reason.fact)).values())


@lru_cache(maxsize=1024)
def _of_words(words: str) -> list[pl.Expr]:
    source = pl.col(words).struct
    parts = [source.field(part).alias(f"{words} {part}") for part in _PARTS[:-1]]
    return [*parts, pl.lit("extracted").alias(f"{words} provenance")]


@lru_cache(maxsize=1024)
def _whole(column: str, indented: bool) -> list[pl.Expr]:
    """A column as it was received."""
    text = pl.col(IN + column)
    known = text.is_not_null()
    start = pl.col(INDENT + column) if indented else pl.lit(0, dtype=pl.UInt32)
    parts = {
        "field": pl.when(known).then(pl.lit(column)),
        "text": text,
        "start": pl.when(known).then(start),
        "end": start + text.str.len_chars(),
        "provenance": pl.when(known).then(pl.lit("stated")),
    }
    return [expr.alias(f"column {column} {part}") for part, expr in parts.items()]


def entries(frame: pl.DataFrame, long: pl.DataFrame, dimensions: Sequence[str]) -> dict[str, pl.Series]:
    """For each dimension, the list of ENTRY of each lead of `frame`; empty where there is nothing to say.

    `long` is what `gather` gave. An entry's `evidence` is NULL where no words show it.
    """
    shown = long[list(_PARTS)].to_struct("evidence").zip_with(long["text"].is_not_null(), _NO_EVIDENCE)
    items = pl.DataFrame([long["says"], shown]).to_struct("items")
    at, ends = (
        long["at"].to_numpy(),
        np.searchsorted(long["dimension"].to_numpy(), np.arange(len(_DIMENSIONS)), "right"),
    )
    found = {}
    for dimension in dimensions:
        place = _DIMENSIONS.index(dimension)
        start, end = int(ends[place - 1]) if place else 0, int(ends[place])
        counts = np.bincount(at[start:end], minlength=frame.height)
        found[dimension] = lists(counts, items[start:end]) if end > start else empty_lists(frame.height, ENTRY)
    return found
