"""What is told of each lead? Facts of one value a lead and their evidence, whose words are cut for all at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import chain
from typing import Final

import numpy as np
import polars as pl

from leadwell.contract import EVIDENCE
from leadwell.reading.evidence import Spans, evidence
from leadwell.reading.grouped import Flags, Ints
from leadwell.reading.mentions import Mentions
from leadwell.reading.picked import Picked

TRUE: Final = pl.Series([True])
NO_YES: Final = pl.Series([False, True])
YES_NO: Final = pl.Series([True, False])


@dataclass(frozen=True, eq=False)
class Facts:
    """`values`: of each fact, by lead. A fact that is told of no lead is not there.

    `height`: how many leads there are; `fields`, `texts`: what the words are cut from.
    """

    height: int
    fields: pl.Series
    texts: pl.Series
    values: dict[str, pl.Series] = field(default_factory=dict)
    _said: dict[str, tuple[Flags, Spans]] = field(default_factory=dict)

    @classmethod
    def of(cls, mentions: Mentions) -> Facts:
        texts = mentions.texts.frame
        return cls(mentions.height, texts["field"], texts["received"])

    def add(
        self, name: str, picked: Picked, found: Ints, values: pl.Series | None = None, which: Ints | None = None
    ) -> None:
        """A fact that these mentions tell, each `which` of the `values` (its key where none are given).

        Of several mentions of one lead the first in `found` counts: put what outranks others first.
        """
        if values is None:
            values, which = picked.codes.names, picked.key[found]
        self.add_spans(name, picked.row[found], picked.spans(found), values, which)

    def add_spans(self, name: str, row: Ints, spans: Spans, values: pl.Series, which: Ints | None = None) -> None:
        """The same of spans, each of the lead `row`; all tell the one value where `which` is not given."""
        if not len(row):
            return
        place = np.zeros(self.height, dtype=np.int64)
        place[row[::-1]] = np.arange(len(row), 0, -1)  # of several the last one written stays
        has = place > 0
        chosen = place[has] - 1
        number = np.zeros(len(chosen), dtype=np.int64) if which is None else which[chosen]
        self.add_value(name, has, values, number)
        self.add_words(name, has, Spans(*(part[chosen] for part in spans)))

    def add_value(self, name: str, has: Flags, values: pl.Series, which: Ints) -> None:
        """A value for each lead that has one, in order: `which` of the values."""
        self.values[name] = _gathered(_or_null(values), has, which).alias(f"read.{name}")

    def add_words(self, name: str, has: Flags, spans: Spans) -> None:
        """The words that say so for each lead that has some, in order."""
        self._said[name] = has, spans

    def fill(self, name: str, leads: Flags, value: str) -> None:
        """A fact of these leads that none of their words tells outright: it has no evidence."""
        if not leads.any():
            return
        told = self.values.get(name, pl.Series(f"read.{name}", [None], dtype=pl.String).new_from_index(0, len(leads)))
        self.values[name] = told.clone().scatter(pl.Series(np.flatnonzero(leads)), value)

    def columns(self) -> list[pl.Series]:
        """`read.<name>` and `read.<name>@` of each fact."""
        if not self._said:
            return list(self.values.values())
        spans = Spans(*map(np.concatenate, zip(*(spans for _, spans in self._said.values()), strict=True)))
        words = _or_null(evidence(self.fields, self.texts, spans))
        told, before = list(self.values.values()), 0
        for name, (has, _) in self._said.items():
            number = before + np.arange(int(has.sum()))
            told.append(_gathered(words, has, number).alias(f"read.{name}@"))
            before += len(number)
        return told

    def complete(self, types: Mapping[str, pl.DataType]) -> list[pl.Series]:
        """The columns of these facts in these types, NULL where a fact is told of no lead."""
        told = {column.name: column for column in self.columns()}
        none = pl.Series([None], dtype=pl.Null).new_from_index(0, self.height)
        both = (((f"read.{name}", kind), (f"read.{name}@", EVIDENCE)) for name, kind in types.items())
        return [told.get(name, none).cast(kind).alias(name) for name, kind in chain.from_iterable(both)]


def _or_null(values: pl.Series) -> pl.Series:
    return pl.concat([pl.Series(values.name, [None], dtype=values.dtype), values])


def _gathered(or_null: pl.Series, has: Flags, which: Ints) -> pl.Series:
    place = np.zeros(len(has), dtype=np.uint32)
    place[has] = which + 1
    return or_null[pl.Series(place)]
