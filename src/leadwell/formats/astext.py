"""How does a typed value read as text? Numbers as people write them, days and times as ISO, lists joined with "; "."""

from __future__ import annotations

import polars as pl


def as_text(frame: pl.DataFrame) -> pl.DataFrame:
    """Every column as text; a missing value, a NaN and '' are NULL."""
    return frame.select(column_as_text(name, dtype) for name, dtype in frame.schema.items())


def column_as_text(name: str, dtype: pl.DataType) -> pl.Expr:
    column = pl.col(name)
    if dtype == pl.String:
        text = column
    elif dtype.is_float():  # a spreadsheet's 3125550147.0 is a phone number
        whole = column.is_finite() & (column == column.round()) & (column.abs() < 2**63)
        digits = pl.when(whole).then(column).cast(pl.Int64, strict=False).cast(pl.String)
        text = pl.when(column.is_nan()).then(None).otherwise(pl.coalesce(digits, column.cast(pl.String)))
    elif dtype == pl.Boolean:
        text = pl.when(column).then(pl.lit("yes")).when(~column).then(pl.lit("no"))
    elif isinstance(dtype, pl.Datetime):
        text = column.dt.to_string("iso:strict")
    elif isinstance(dtype, pl.List) and not isinstance(dtype.inner, (pl.Struct, pl.List)):
        text = column.cast(pl.List(pl.String)).list.join("; ")
    elif isinstance(dtype, pl.Struct):
        text = column.struct.json_encode()
    elif isinstance(dtype, pl.Null):
        text = column.cast(pl.String)
    elif isinstance(dtype, pl.List):
        text = pl.struct(value=column).struct.json_encode().str.slice(9).str.strip_suffix("}")
    else:
        text = column.cast(pl.String, strict=False)
    return pl.when(text != "").then(text).alias(name)
