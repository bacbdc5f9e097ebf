"""Which mentions are told as a list of each lead? All of them, in the contract's shape, with their very words."""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl
import pyarrow as pa

from leadwell.contract import CONTEXTS, MENTION
from leadwell.reading.arrow import column
from leadwell.reading.evidence import said as words
from leadwell.reading.grouped import Ints
from leadwell.reading.picked import Picked

_CONTEXTS: Final = pl.Series(CONTEXTS)


def listed(name: str, picked: Picked, found: Ints, key: pl.Series, context: Ints) -> pl.Series:
    """`read.<name>` by lead of mentions in the order of the leads, with their keys and contexts; NULL where there are
    none."""
    texts, spans, height = picked.mentions.texts.frame, picked.spans(found), picked.mentions.height
    columns = {
        "key": key,
        "field": texts["field"][pl.Series(spans.text)],
        "text": words(texts["received"], spans),
        "start": pl.Series(spans.start),
        "end": pl.Series(spans.end),
        "context": _CONTEXTS[pl.Series(context)],
    }
    told = pl.DataFrame([values.alias(n) for n, values in columns.items()]).to_struct().cast(MENTION)
    count = np.bincount(picked.row[found], minlength=height)
    return column(f"read.{name}", _lists(count, told.to_arrow()))


def _lists(count: Ints, items: pa.Array) -> pa.Array:
    """A list of so many of the items for each of `count`, NULL where that is none."""
    # From their octets: `pa.array` would import pandas, where there is one, to see whether these are its own.
    filled, ends = np.packbits(count > 0, bitorder="little"), np.concatenate(([0], np.cumsum(count, dtype=np.int64)))
    buffers = [pa.py_buffer(filled), pa.py_buffer(ends)]
    return pa.Array.from_buffers(pa.large_list(items.type), len(count), buffers, children=[items])
