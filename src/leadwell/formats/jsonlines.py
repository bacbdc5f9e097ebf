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
        parts += map(_object, names) if struct else [_plain(names)]
    commas = [p for part in parts for p in (part, pl.lit(","))][:-1]
    frame = assessments.with_columns(_sparse(assessments[name]) for name in SPARSE if name in structs)
    return frame.select(pl.concat_str(pl.lit("{"), *commas, pl.lit("}" + end)).alias("line")).to_series()


def together(lines: pl.Series) -> memoryview:
    """The bytes of all lines, as they lie behind one another in memory: Polars' own writers copy them thrice."""
    texts = lines.to_arrow(compat_level=pl.CompatLevel.oldest())
    _, _, octets = texts.buffers()
    return memoryview(octets or b"")


def _plain(names: list[str]) -> pl.Expr:
    """`"row":1,"id":"…"`, without the braces."""
    return pl.struct(names).struct.json_encode().str.strip_prefix("{").str.strip_suffix("}")


def _object(name: str) -> pl.Expr:
    """`"contact":{…}`; of a sparse one its text is there already."""
    text = pl.col(name) if name in SPARSE else pl.col(name).struct.json_encode().fill_null("null")
    return pl.concat_str(pl.lit(_key(name)), text)


def _sparse(values: pl.Series) -> pl.Series:
    """`{"age":{…}}` with only the keys that have a value. Of the struct's fields as columns: an expression that takes
    one of a struct's fields costs by all of them, of 28 facts eight times what writing them does."""
    fields = values.struct.unnest()
    entries = [_entry(s.name, s, pl.col(s.name)) for s in fields.get_columns() if s.null_count() < len(s)]
    if not entries:
        return pl.Series(values.name, ["{}"], dtype=pl.String).new_from_index(0, len(values))
    text = pl.concat_str(entries, separator=",", ignore_nulls=True).fill_null("")
    return fields.select(pl.concat_str(pl.lit("{"), text, pl.lit("}")).alias(values.name)).to_series()


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
