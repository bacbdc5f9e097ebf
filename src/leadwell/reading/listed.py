"""Which mentions are told as a list of each lead? All of them, in the contract's shape, with their very words."""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl
import pyarrow as pa

from leadwell.contract import CONTEXTS, MENTION
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
    told = pl.DataFrame([column.alias(n) for n, column in columns.items()]).to_struct().cast(MENTION)
    count = np.bincount(picked.row[found], minlength=height)
    ends = pa.array(np.concatenate(([0], np.cumsum(count))))
    lists = pa.LargeListArray.from_arrays(ends, told.to_arrow(), mask=pa.array(count == 0))
    return pl.Series(f"read.{name}", lists)
