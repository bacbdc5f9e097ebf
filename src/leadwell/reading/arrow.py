"""How does an Arrow array become a column? By Arrow's own protocol, as it lies in memory.

`pl.Series` of an Arrow array would import `pyarrow.compute` first: forty milliseconds of wrappers that nobody calls.
"""

from __future__ import annotations

from typing import Any

import polars as pl
import pyarrow as pa


class _Offered:
    """An array of which Polars sees the protocol alone."""

    def __init__(self, array: pa.Array) -> None:
        self.__arrow_c_array__ = array.__arrow_c_array__


def column(name: str, array: Any) -> pl.Series:
    """The array as a column."""
    return pl.Series(_Offered(array)).alias(name)
