"""How is an assessment written as JSON? One object a line, in the contract's shape, composed without a loop over rows.

In `criteria` and `facts` a key without a value is absent; every other key is present, as null where there is nothing.
Each large object is encoded by itself and copied once: stripping braces off the whole costs as much as encoding it.
"""

from __future__ import annotations

import json
from itertools import groupby
from typing import Final

import polars as pl

SPARSE: Final = ("criteria", "facts")  # objects that hold only the keys that have a value
_ESCAPED: Final = r'["\\\x00-\x1f\x7f]'


def json_lines(assessments: pl.DataFrame, *, end: str = "") -> pl.Series:
    """One JSON text a row, and `end` behind each."""
    parts: list[pl.Expr] = []
    structs = {name for name, dtype in assessments.schema.items() if isinstance(dtype, pl.Struct)}
    for struct, group in groupby(assessments.columns, key=structs.__contains__):
        names = list(group)
        parts += [_object(assessments, n) for n in names] if struct else [_plain(names)]
    commas = [p for part in parts for p in (part, pl.lit(","))][:-1]
    return assessments.select(pl.concat_str(pl.lit("{"), *commas, pl.lit("}" + end)).alias("line")).to_series()


def together(lines: pl.Series) -> memoryview:
    """The bytes of all lines, as they lie behind one another in memory: Polars' own writers copy them thrice."""
    texts = lines.to_arrow(compat_level=pl.CompatLevel.oldest())
    _, _, octets = texts.buffers()
    return memoryview(octets or b"")


def _plain(names: list[str]) -> pl.Expr:
    """`"row":1,"id":"…"`, without the braces."""
    return pl.struct(names).struct.json_encode().str.strip_prefix("{").str.strip_suffix("}")


def _object(frame: pl.DataFrame, name: str) -> pl.Expr:
    """`"contact":{…}`, or `"facts":{"age":{…}}` with only the keys that have a value."""
    key = pl.lit(_key(name))
    if name not in SPARSE:
        return pl.concat_str(key, pl.col(name).struct.json_encode().fill_null("null"))
    fields = {s.name: s for s in frame[name].struct.unnest().get_columns()}
    entries = [_entry(f, s, pl.col(name).struct.field(f)) for f, s in fields.items() if s.null_count() < len(s)]
    if not entries:
        return pl.concat_str(key, pl.lit("{}"))
    text = pl.concat_str(entries, separator=",", ignore_nulls=True).fill_null("")
    return pl.concat_str(key, pl.lit("{"), text, pl.lit("}"))


def _entry(name: str, values: pl.Series, column: pl.Expr) -> pl.Expr:
    """`"age":{"value":65,…}`; NULL where there is no value."""
    text = pl.concat_str(pl.lit(_key(name)), _value(values, column))
    return pl.when(column.is_not_null()).then(text) if isinstance(values.dtype, pl.Struct) else text


def _value(values: pl.Series, column: pl.Expr) -> pl.Expr:
    if isinstance(values.dtype, pl.Struct):
        return column.struct.json_encode()
    if values.dtype == pl.String and not values.str.contains(_ESCAPED).any():
        return pl.concat_str(pl.lit('"'), column, pl.lit('"'))
    whole = pl.struct(column.alias("v")).struct.json_encode()
    return pl.when(column.is_not_null()).then(whole.str.strip_prefix('{"v":').str.strip_suffix("}"))


def _key(name: str) -> str:
    return json.dumps(name, ensure_ascii=False) + ":"
