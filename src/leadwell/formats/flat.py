"""How does an assessment lie flat? The same names, dotted; lists joined with "; "; a reason with its words in quotes.

`dimensions.fit.because` reads: asks for Knee replacement “knees are bone on bone”; names a condition “arthritis”.
Columns depend on the schema alone, never on the rows, so that every batch of a list has the same ones.
"""

from __future__ import annotations

from typing import Any, Final

import polars as pl

_JOIN: Final = "; "
# Text that a spreadsheet would take for a formula. An apostrophe in front makes it text.
_FORMULA: Final = r"^[=+\-@\t\r\n＝＋－＠]"


def flat(assessments: pl.DataFrame) -> pl.DataFrame:
    """Assessments without nesting; numbers and yes-no keep their type."""
    columns: list[pl.Expr] = []
    for name, dtype in assessments.schema.items():
        columns.extend(_columns(name, pl.col(name), dtype))
    return assessments.select(columns)


def _columns(name: str, column: pl.Expr, dtype: pl.DataType) -> list[pl.Expr]:
    if isinstance(dtype, pl.Struct):
        return [
            e for f in dtype.fields for e in _columns(f"{name}.{f.name}", column.struct.field(f.name), _made(f.dtype))
        ]
    if isinstance(dtype, pl.List):
        return [joined(column, _made(dtype.inner)).alias(name)]
    return [column.alias(name)]


def _made(dtype: Any) -> pl.DataType:
    made: pl.DataType = dtype() if isinstance(dtype, type) else dtype
    return made


def joined(column: pl.Expr, inner: pl.DataType) -> pl.Expr:
    """A list as one text; `inner` is the type of its entries."""
    if not isinstance(inner, pl.Struct):
        return column.cast(pl.List(pl.String)).list.join(_JOIN)
    return column.list.eval(_said({f.name for f in inner.fields})).list.join(_JOIN)


def _said(fields: set[str]) -> pl.Expr:
    """One entry of a list as a person would say it."""
    part = pl.element().struct
    if "ask" in fields:
        return part.field("ask")
    if "add" in fields:
        add = part.field("add")
        signed = pl.when(add > 0).then(pl.format("+{}", add)).otherwise(pl.format("{}", add))
        return pl.format("{} {}", signed, part.field("because"))
    if "evidence" in fields:
        says, words = part.field("says"), part.field("evidence").struct.field("text")
        return pl.when(words.is_null()).then(says).otherwise(pl.format("{} “{}”", says, words))
    return pl.element().struct.json_encode()


def harmless(frame: pl.DataFrame, *, plain: tuple[str, ...] = ()) -> pl.DataFrame:
    """The frame with no text that a spreadsheet could take for a formula. `plain`: columns left as they are."""
    return frame.with_columns(
        pl.when(pl.col(c).str.contains(_FORMULA)).then("'" + pl.col(c)).otherwise(pl.col(c)).alias(c)
        for c, dtype in frame.schema.items()
        if dtype == pl.String and c not in plain
    )
