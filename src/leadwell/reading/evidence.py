"""In which very words was it said? Spans of texts as the contract's evidence, cut once for many facts."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import polars as pl

from leadwell.contract import EVIDENCE
from leadwell.reading.grouped import Ints

_SAID = pl.col("text").str.slice("start", pl.col("end") - pl.col("start"))


class Spans(NamedTuple):
    """From `start` to `end` (code points) of which texts."""

    text: Ints
    start: Ints
    end: Ints


def said(texts: pl.Series, spans: Spans) -> pl.Series:
    """The words of spans of these texts as received."""
    return _placed(texts, spans).select(_SAID).to_series()


def evidence(fields: pl.Series, texts: pl.Series, spans: Spans) -> pl.Series:
    """contract.EVIDENCE of spans of texts in these fields."""
    placed = _placed(texts, spans)
    field = fields[pl.Series(spans.text)].cast(pl.String).alias("field")
    words = placed.select(_SAID).to_series()
    return pl.DataFrame([field, words, *placed.get_columns()[1:]]).to_struct()


def _placed(texts: pl.Series, spans: Spans) -> pl.DataFrame:
    at = pl.Series(spans.text.astype(np.uint32))
    start, end = (pl.Series(values.astype(np.uint32)) for values in (spans.start, spans.end))
    return pl.DataFrame([texts[at].alias("text"), start.alias("start"), end.alias("end")])


assert pl.Struct({"field": pl.String, "text": pl.String, "start": pl.UInt32, "end": pl.UInt32}) == EVIDENCE
