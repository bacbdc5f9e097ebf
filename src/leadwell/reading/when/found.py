"""Which days do a column of texts name? Each stretch of words is read once, however many texts hold it."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import polars as pl

from leadwell.reading.evidence import Spans, said
from leadwell.reading.grouped import Flags, Grouped, Ints
from leadwell.reading.patterns import Places, count, holds, letters, places
from leadwell.reading.when.days import EARLIEST, LATEST, Span
from leadwell.reading.when.grammar import parse
from leadwell.reading.when.stretches import patterns, trie
from leadwell.reading.when.vocabulary import vocabulary

Dates = npt.NDArray[np.datetime64]
Names = npt.NDArray[np.str_]

_EPOCH: Final = date(1970, 1, 1).toordinal()
_OPEN: Final = np.iinfo(np.int64).min  # NaT
_FEW: Final = 128  # rows of which none is worth looking for another like it
_LONGEST: Final = 300  # the grammar rewrites a stretch again and again: what follows in a longer one is noise


@dataclass(frozen=True, eq=False)
class Days:
    """Every day named, by text and place: `at` (which text), from `start` to `end` in it.

    `said`: its words without accents and capitals; `first`, `last`: its days (NaT: open), `back_first`, `back_last`
    those meant where the words speak of the past; `grain` how wide it is, `role` what stands before it; `received`:
    of its text.
    """

    at: Ints
    start: Ints
    end: Ints
    said: pl.Series
    grain: Names
    role: Names
    first: Dates
    last: Dates
    back_first: Dates
    back_last: Dates
    received: Dates
    texts: pl.DataFrame

    def where(self, which: Ints) -> Days:
        """These of them, of the same texts."""
        parts = {name: values for name, values in vars(self).items() if name not in ("said", "texts")}
        said = self.said[pl.Series(which)]
        return Days(**{name: values[which] for name, values in parts.items()}, said=said, texts=self.texts)


def _plain_table() -> dict[int, str]:
    letters = (chr(code) for code in (*range(0xC0, 0x250), *range(0x1E00, 0x1F00)))
    return {ord(c): base.lower() for c in letters if (base := unicodedata.normalize("NFKD", c)[0]).isascii()} | {
        0x2019: "'"
    }


_PLAIN: Final = _plain_table() | {code: chr(code + 32) for code in range(65, 91)}


@lru_cache(maxsize=400_000)
def _days(stretch: str, day_first: bool, received: date) -> tuple[tuple[Any, ...], ...]:
    """The days in a stretch: from and to (in it), grain, role, said, first, last, back_first, back_last."""
    plain = stretch[:_LONGEST].translate(_PLAIN)
    found = []
    for start, end, grain, role, when in parse(plain, day_first):
        span = when(received)
        if span is not None and _sane(span):
            days = (span.first, span.last, *(span.back or (None, None)))
            found.append((start, end, grain, role, plain[start:end], *map(_number, days)))
    return tuple(found)


def _number(day: date | None) -> int:
    """As NumPy counts days."""
    return _OPEN if day is None else day.toordinal() - _EPOCH


def _sane(span: Span) -> bool:
    return all(day is None or EARLIEST <= day <= LATEST for day in (span.first, span.last))


@cache
def _of(language: str) -> str:
    return f" {trie(vocabulary().around[language])} "


def _day_first(stretches: pl.Series, folded: pl.Series) -> Flags:
    """Whether figures are of a Spanish text, which writes the day before the month."""
    told = holds(stretches, "[0-9][/.-][0-9]")
    figures = np.flatnonzero(told)
    if len(figures):
        words = " " + letters(folded[pl.Series(figures)]) + " "
        told[figures] = count(words, _of("spanish")) > count(words, _of("english"))
    return told


def distinct(*columns: pl.Series) -> tuple[Ints, Ints]:
    """Of rows of columns: where each distinct one stands first, and for each row which of them it is. Of a few rows
    each counts as one of its own."""
    if len(columns[0]) <= _FEW:
        each = np.arange(len(columns[0]))
        return each, each
    hashed = pl.DataFrame([column.alias(str(i)) for i, column in enumerate(columns)]).hash_rows().to_numpy()
    _, first, which = np.unique(hashed, return_index=True, return_inverse=True)
    return first, which


def found_days(texts: pl.DataFrame, among: Flags | None = None) -> Days | None:
    """Every day named in `texts` (text, folded, received), `among` these; None where there is none."""
    must, stretch = patterns()
    found = places(texts["folded"], stretch, must, among=among)
    if not len(found.at):
        return None
    stretches, at = said(texts["text"], Spans(*found)), pl.Series(found.at)
    told = (stretches, pl.Series(_day_first(stretches, texts["folded"][at])), texts["received"][at])
    one, which = distinct(*told)
    keys = (column[pl.Series(one)].to_list() for column in told)
    named = [_days(*key) for key in zip(*keys, strict=True)]
    return _placed(named, which, found, texts)


def _placed(
    named: Sequence[tuple[tuple[Any, ...], ...]], which: Ints, found: Places, texts: pl.DataFrame
) -> Days | None:
    """The days of distinct stretches -> of each stretch where it stands."""
    size = [0, *map(len, named)]
    stretch, row = Grouped(np.cumsum(size), np.arange(sum(size))).each(which)
    if not len(row):
        return None
    columns = zip(*(day for told in named for day in told), strict=True)
    from_, to, grain, role, words, *days = (np.array(column) for column in columns)
    first, last, back_first, back_last = (day[row].view("datetime64[D]") for day in days)
    at = found.at[stretch]
    return Days(
        at=at,
        start=found.start[stretch] + from_[row],
        end=found.start[stretch] + to[row],
        said=pl.Series(words.tolist(), dtype=pl.String)[pl.Series(row)],
        grain=grain[row],
        role=role[row],
        first=first,
        last=last,
        back_first=back_first,
        back_last=back_last,
        received=texts["received"][pl.Series(at)].to_numpy(),
        texts=texts,
    )
