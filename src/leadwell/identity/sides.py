"""What are the two sides of a pair of records, and how does one field of them compare?

A level is a place in LEVELS[comparison]; MISSING says that one side does not tell, which is neither for nor against.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Final

import numpy as np
import numpy.typing as npt

from leadwell.identity.candidates import Index
from leadwell.identity.names import FAMILY, GIVEN, MISSING, edits, solid, unlike
from leadwell.identity.records import Codes, Records
from leadwell.identity.rules import Columns, Texts, applied, flags, gather, worked_out

Levels = npt.NDArray[np.uint8]
Flags = npt.NDArray[np.bool_]

LEVELS: Final[dict[str, tuple[str, ...]]] = {
    "given": GIVEN,
    "family": FAMILY,
    "middle": ("same", "initial", "differs"),
    "suffix": ("same", "differs"),
    "birth": (
        "same",
        "typing error",
        "in part",
        "differs",
        "a digit or a generation",
        "in part or a generation",
        "a generation apart",
    ),
    "age": ("same", "nearly", "differs", "a generation apart"),
    "year": ("same", "nearly", "differs", "a generation apart"),
    "twins": ("own mailbox", "grown", "children"),
    "sex": ("same", "differs"),
    "phone": ("same", "typing error", "differs"),
    "email": ("same", "mailbox name", "typing error", "differs"),
    "asker": ("same", "is the other", "differs"),
    "house": ("same", "differs"),
    "street": ("same", "typing error", "swapped", "differs"),
    "place": ("same", "typing error", "swapped", "differs"),
    "city": ("same", "typing error", "differs"),
    "zip": ("same", "typing error", "differs"),
    "state": ("same", "differs"),
}
HOME: Final = ("house", "street", "place", "city", "zip", "state")


class Pairs:
    """The two sides of many pairs."""

    def __init__(self, records: Records, low: Index, high: Index) -> None:
        self.records, self.low, self.high = records, low, high

    def sides(self, field: str) -> tuple[Codes, Codes]:
        codes = self.records.codes[field]
        return codes[self.low], codes[self.high]

    def texts(self, field: str, codes: Codes) -> Texts:
        return gather(self.records.texts[field], codes)


def levels_of(a: Codes, b: Codes, unequal: Callable[[Codes, Codes], Levels] | int) -> Levels:
    """0 where both are the same, MISSING where one is missing, else what `unequal` says."""
    levels = np.full(len(a), MISSING, dtype=np.uint8)
    both = (a > 0) & (b > 0)
    levels[both & (a == b)] = 0
    differ = both & (a != b)
    if differ.any():
        levels[differ] = unequal if isinstance(unequal, int) else unequal(a[differ], b[differ])
    return levels


def one_of(levels: Levels, named: tuple[int, ...]) -> Flags:
    """Whether each is one of these; `np.isin` costs a few pairs thirty times as much."""
    return _named(named)[levels]


@cache
def _named(levels: tuple[int, ...]) -> Flags:
    named = np.zeros(MISSING + 1, dtype=np.bool_)
    named[list(levels)] = True
    return named


def nearly(pairs: Pairs, field: str, a: Codes, b: Codes, *, most: int) -> Flags:
    """At most so many letters stand in only one of the two: a hundred times cheaper than comparing the texts."""
    letters = pairs.records.letters[field]
    return np.asarray(unlike(letters[a], letters[b]) <= most)


def where(plausible: Flags, a: Codes, b: Codes, judge: Callable[[Codes, Codes], Levels], otherwise: int) -> Levels:
    """`judge` for the plausible pairs only."""
    levels = np.full(len(a), otherwise, dtype=np.uint8)
    if plausible.any():
        levels[plausible] = judge(a[plausible], b[plausible])
    return levels


def _length(text: Columns) -> Columns:
    return text.str.len_chars()


def _same_figures(a: Columns, b: Columns) -> dict[str, Columns]:
    return {"same": figures(a) == figures(b)}


def figures(text: Columns) -> Columns:
    return text.str.replace_all(r"\D", "")


def close_to(pairs: Pairs, field: str, *, most: int) -> Callable[[Codes, Codes], Levels]:
    """1 for a typing error (one edit, or up to `most` in three times as many letters), else the last level."""

    def typed(a: Codes, b: Codes) -> Levels:
        first, second = (applied(solid, pairs.texts(field, codes)) for codes in (a, b))
        apart = edits(first.to_list(), second.to_list())
        shorter = np.minimum(*(applied(_length, text).to_numpy().astype(np.int64) for text in (first, second)))
        shorter -= len("street") if field in ("street", "place") else 0  # which most have, and which tells nothing
        close = (apart <= 1) | ((apart <= most) & (apart * 3 <= shorter))
        if field in ("street", "place", "city"):  # 5th and 6th Avenue are two streets
            close &= flags(worked_out(_same_figures, a=first, b=second)["same"])
        return np.where(close, 1, len(LEVELS[field]) - 1).astype(np.uint8)

    def judge(a: Codes, b: Codes) -> Levels:
        return where(nearly(pairs, field, a, b, most=2 * most), a, b, typed, len(LEVELS[field]) - 1)

    return judge
