"""In which very words was it said? Spans of texts as the contract's evidence, cut once for many facts."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
import polars as pl

from leadwell.contract import EVIDENCE
from leadwell.reading.grouped import Ints

_FEW: Final = 128  # spans that are sooner cut one by one
_SAID: Final = pl.col("text").str.slice("start", pl.col("end") - pl.col("start"))


class Spans(NamedTuple):
    """From `start` to `end` (code points) of which texts."""

    text: Ints
    start: Ints
    end: Ints


def said(texts: pl.Series, spans: Spans) -> pl.Series:
    """The words of spans of these texts."""
    if len(spans.text) <= _FEW:
        told = list(set(spans.text.tolist()))
        cut = dict(zip(told, texts.gather(told).to_list(), strict=True))
        places = zip(*(part.tolist() for part in spans), strict=True)
        return pl.Series([cut[at][start:end] for at, start, end in places], dtype=pl.String)
    return _placed(texts, spans).select(_SAID).to_series()


def evidence(fields: pl.Series, texts: pl.Series, spans: Spans) -> pl.Series:
    """contract.EVIDENCE of spans of texts in these fields."""
    field = fields[pl.Series(spans.text.astype(np.uint32))].cast(pl.String)
    start, end = (pl.Series(places.astype(np.uint32)) for places in (spans.start, spans.end))
    columns = {"field": field, "text": said(texts, spans), "start": start, "end": end}
    return pl.DataFrame([column.alias(name) for name, column in columns.items()]).to_struct()


def _placed(texts: pl.Series, spans: Spans) -> pl.DataFrame:
    at, start, end = (pl.Series(part.astype(np.uint32)) for part in spans)
    return pl.DataFrame([texts[at].alias("text"), start.alias("start"), end.alias("end")])


assert pl.Struct({"field": pl.String, "text": pl.String, "start": pl.UInt32, "end": pl.UInt32}) == EVIDENCE
