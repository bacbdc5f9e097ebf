"""How is an assessment written as JSON? One object a line, in the contract's shape, composed without a loop over rows.

In `criteria` and `facts` a key without a value is absent; every other key is present, as null where there is nothing.
"""

from __future__ import annotations

import json
from itertools import groupby
from typing import Final

import polars as pl

SPARSE: Final = ("criteria", "facts")  # objects that hold only the keys that have a value
_ESCAPED: Final = r'["\\\x00-\x1f\x7f]'


def json_lines(assessments: pl.DataFrame) -> pl.Series:
    """One JSON text a row."""
    parts: list[pl.Expr] = []
    for sparse, group in groupby(assessments.columns, key=lambda n: n in SPARSE):
        names = list(group)
        parts += [_sparse(assessments, n) for n in names] if sparse else [_plain(names)]
    commas = [p for part in parts for p in (part, pl.lit(","))][:-1]
    return assessments.select(pl.concat_str(pl.lit("{"), *commas, pl.lit("}")).alias("line")).to_series()


def _plain(names: list[str]) -> pl.Expr:
    """`"row":1,"id":"…"`, without the braces."""
    return pl.struct(names).struct.json_encode().str.strip_prefix("{").str.strip_suffix("}")


def _sparse(frame: pl.DataFrame, name: str) -> pl.Expr:
    """`"facts":{"age":{…}}` with the keys that have a value. Encoding all and removing nulls costs twice as much."""
    column = frame[name]
    fields = column.struct.fields if isinstance(column.dtype, pl.Struct) else []
    columns = {f: column.struct.field(f) for f in fields}
    filled = {f: c for f, c in columns.items() if c.null_count() < len(c)}
    if not filled:
        return pl.lit(f'"{name}":{{}}')
    entries = [_entry(f, c, pl.col(name).struct.field(f)) for f, c in filled.items()]
    text = pl.concat_str(entries, ignore_nulls=True).str.strip_prefix(",")
    return pl.concat_str(pl.lit(f'"{name}":{{'), text, pl.lit("}"))


def _entry(key: str, values: pl.Series, column: pl.Expr) -> pl.Expr:
    """`,"age":{"value":65,…}`; NULL where there is no value."""
    head = f",{json.dumps(key, ensure_ascii=False)}:"
    if not isinstance(values.dtype, pl.Struct):
        return pl.concat_str(pl.lit(head), _value(values, column))
    inner = [_member(f, values.struct.field(f), column.struct.field(f)) for f in values.struct.fields]
    commas = [p for part in inner for p in (part, pl.lit(","))][:-1]
    text = pl.concat_str(pl.lit(head + "{"), *commas, pl.lit("}"))
    return pl.when(column.is_not_null()).then(text)


def _member(key: str, values: pl.Series, column: pl.Expr) -> pl.Expr:
    text = _value(values, column)
    if values.null_count():
        text = text.fill_null(pl.lit("null"))
    return pl.concat_str(pl.lit(json.dumps(key) + ":"), text)


def _value(values: pl.Series, column: pl.Expr) -> pl.Expr:
    """A value as JSON; NULL stays NULL."""
    dtype = values.dtype
    if (dtype == pl.String and not values.str.contains(_ESCAPED).any()) or isinstance(dtype, pl.Date):
        return pl.concat_str(pl.lit('"'), column.cast(pl.String), pl.lit('"'))
    if dtype.is_integer() or dtype == pl.Boolean:
        return column.cast(pl.String)
    whole = pl.struct(column.alias("v")).struct.json_encode()
    return pl.when(column.is_not_null()).then(whole.str.strip_prefix('{"v":').str.strip_suffix("}"))
