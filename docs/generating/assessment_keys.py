"""Which keys does an assessment have? Its schema, asked of the engine, with a meaning for each key.

A key without a meaning, or a meaning without its key, is an error: the page cannot be made.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import polars as pl

from generating.markdown import code, page, table

OPENING: Final = """
# Keys of an assessment

Every key that `leadwell assess --out FILE.jsonl`, the library and the flat formats write, read from the engine
itself. In a flat file (CSV, XLSX, Parquet) the same names are joined by dots, and lists by `; `. What to do with
each is told in [Reading an assessment](../assessment.md).

"list of" means that there may be none or many, in the order of judging.
"""
REASON: Final = """
## A reason

What stands in every `because` and in `safety_because`. Nothing is explained afterwards by other means: the reasons
are what the finding was made from.
"""
_REASON: Final = "reason."
_HEADS: Final = ("key", "", "means")
# Depends on the playbook: one key a criterion, one a fact.
_BY_NAME: Final = {"criteria": "NAME", "facts": "NAME", "dimensions": "DIMENSION"}
_CALLED: Final = {
    pl.String: "text", pl.Boolean: "true or false", pl.UInt32: "whole number", pl.Int32: "whole number",
    pl.Int64: "whole number", pl.Float64: "number", pl.Date: "date",
}  # fmt: skip


def page_text() -> str:
    meanings = _meanings()
    found = keys()
    unsaid, gone = [k for k in found if k not in meanings], [k for k in meanings if k not in found]
    if unsaid or gone:
        raise LookupError(f"assessment_keys.toml: no meaning for {unsaid}, no such key {gone}")
    rows = {k: (code(k), found[k], meanings[k]) for k in found}
    reasons = [row for k, row in rows.items() if k.startswith(_REASON)]
    return page(
        OPENING,
        "## The assessment\n\n" + table(_HEADS, [row for k, row in rows.items() if not k.startswith(_REASON)]),
        REASON,
        table(_HEADS, reasons),
    )


def _meanings() -> dict[str, str]:
    return tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))


def keys() -> dict[str, str]:
    """Each key, nested ones joined by dots, -> its type in words."""
    schema = _schema()
    found = dict(pair for name, dtype in schema.items() for pair in _keys(name, dtype))
    reason = schema["safety_because"]
    assert isinstance(reason, pl.List)
    return found | dict(pair for pair in _keys("reason", reason.inner) if pair[0].startswith(_REASON))


def _schema() -> dict[str, pl.DataType]:
    from leadwell import judge, load_playbook  # noqa: PLC0415

    lead = {"received_at": datetime(2026, 11, 18, 15, 5, tzinfo=UTC).isoformat(), "message": "A visit, please."}
    return dict(judge([lead], load_playbook("lakeside-orthopedics")).schema)


def _keys(path: str, dtype: pl.DataType) -> Iterator[tuple[str, str]]:
    yield path, _type(path, dtype)
    if path.endswith("because") and isinstance(dtype, pl.List):
        return
    inner = dtype.inner if isinstance(dtype, pl.List) else dtype
    if not isinstance(inner, pl.Struct):
        return
    mark = "[]" if isinstance(dtype, pl.List) else ""
    if path in _BY_NAME:
        first = next((f for f in inner.fields if f.name != "birth_date"), None)
        if first is not None:
            yield from _keys(f"{path}.{_BY_NAME[path]}", first.dtype)
        return
    for field in inner.fields:
        yield from _keys(f"{path}{mark}.{field.name}", field.dtype)


def _type(path: str, dtype: pl.DataType) -> str:
    if isinstance(dtype, pl.List):
        inner = "reasons" if path.endswith("because") else _type(path, dtype.inner)
        return f"list of {'objects' if inner == 'object' else 'texts' if inner == 'text' else inner}"
    if isinstance(dtype, pl.Struct):
        return "object"
    if path == "facts.NAME.value":
        return "as the fact's type"
    return _CALLED[type(dtype)]
