"""What stands just before or after a mention? Words too frequent to be looked for everywhere, in `beside.toml`.

Only the folded text around a mention is looked at, within its sentence.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import numpy as np
import polars as pl

from leadwell.reading.evidence import Spans, said
from leadwell.reading.finding import Texts
from leadwell.reading.fold import SENTENCE
from leadwell.reading.grouped import Flags, Ints
from leadwell.reading.patterns import holds
from leadwell.reading.tables import read_table

_WIDTH: Final = 64  # characters looked at on one side
_WORD: Final = r"[a-z0-9']+"
_GAP: Final = f"[^a-z0-9'{SENTENCE}]+"  # between two words of a sentence


@dataclass(frozen=True, slots=True)
class Side:
    """`pattern` fits the text on that side; examples are (text, the mention in it, whether it fits)."""

    before: bool
    pattern: str
    examples: tuple[tuple[str, str, bool], ...]


def _pattern(before: bool, between: int, words: list[str], fillers: list[str]) -> str:
    longest = sorted({w.replace(" ", _GAP) for w in words}, key=len, reverse=True)
    any_of = f"(?:{'|'.join(longest)})"
    if fillers:  # nothing else may stand between, and no sign
        return f"(?:^|[^a-z0-9']){any_of} +(?:(?:{'|'.join(fillers)}) +){{0,{between}}}$"
    if before:
        return f"(?:^|[^a-z0-9']){any_of}{_GAP}(?:{_WORD}{_GAP}){{0,{between}}}$"
    return f"^(?:{_GAP}{_WORD}){{0,{between}}}{_GAP}{any_of}(?:[^a-z0-9']|$)"


def _side(table: dict[str, Any]) -> Side:
    before = table["side"] == "before"
    cases = [(table["example"], True), *([(table["not"], False)] if "not" in table else [])]
    examples = tuple((case["text"], case["of"], fits) for case, fits in cases)
    return Side(before, _pattern(before, table["between"], table["words"], table.get("fillers", [])), examples)


@cache
def sides() -> dict[str, Side]:
    return {name: _side(table) for name, table in read_table("beside").items()}


@dataclass(frozen=True, eq=False)
class Neighbours:
    """The folded text right before and right after mentions."""

    before: pl.Series
    after: pl.Series

    @classmethod
    def of(cls, texts: Texts, spans: Spans) -> Neighbours:
        folded, (text, start, end) = texts.frame["folded"], spans
        before = Spans(text, np.maximum(start - _WIDTH, 0), start)
        return cls(said(folded, before), said(folded, Spans(text, end, end + _WIDTH)))

    def fit(self, name: str, which: Ints) -> Flags:
        """Whether the words of the side stand beside these mentions."""
        if not len(which):
            return np.zeros(0, dtype=np.bool_)
        side = sides()[name]
        return holds((self.before if side.before else self.after)[pl.Series(which.astype(np.uint32))], side.pattern)
