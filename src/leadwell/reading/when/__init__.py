"""When is care wanted, how old is the patient, when were they born? Read from words, relative to the day they were received."""

from __future__ import annotations

from datetime import date

import polars as pl

from leadwell.reading.fold import fold
from leadwell.reading.when.mentions import MENTIONS, read_mentions

__all__ = ["MENTIONS", "read_mentions", "resolve"]


def resolve(text: str, reference: date) -> pl.DataFrame:
    """The days that one text names: MENTIONS. For tests, benchmarks and a curious developer."""
    texts = pl.DataFrame(
        {"row": [0], "field": ["message"], "text": [text], "received": [reference]}, schema_overrides={"row": pl.UInt32}
    )
    return read_mentions(texts.with_columns(folded=fold(texts["text"])))
