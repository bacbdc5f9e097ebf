"""What rows does a spreadsheet, a Parquet file or a list of JSON lines hold? The same pieces as delimited text
gives."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO, Final

import polars as pl

from leadwell.formats.astext import as_text
from leadwell.formats.delimited import Piece
from leadwell.formats.dialect import Header, header_of
from leadwell.formats.encoding import as_utf8
from leadwell.formats.problems import CannotRead, Rejected
from leadwell.formats.records import ALL_EMPTY

PARQUET_ROWS: Final = 50_000
_JSON_LINES: Final = 5_000
_JSON_SAMPLE: Final = 1_000
_ERROR_CELLS: Final = ("#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!")

# --- spreadsheets ----------------------------------------------------------------------------------------


def sheet_of(path: Path) -> tuple[str, pl.DataFrame, Header, str | None]:
    """The sheet's name, its cells as text under "0", "1", …, its header, and a note on other sheets."""
    import fastexcel  # noqa: PLC0415  only for spreadsheets

    try:
        book = fastexcel.read_excel(path)
        sheets = [(name, _cells(book, name)) for name in book.sheet_names]
    except (fastexcel.FastExcelError, ValueError, OSError) as problem:
        raise CannotRead(
            "This spreadsheet cannot be opened: it is damaged, protected or no spreadsheet at all"
        ) from problem
    filled = [(name, cells) for name, cells in sheets if cells.height]
    if not filled:
        raise CannotRead("This spreadsheet is empty")
    choices = [(name, cells, header_of(_first_rows(cells), one_column=cells.width == 1)) for name, cells in filled]
    name, cells, header = max(choices, key=lambda c: (c[2].score, c[1].height)) if len(choices) > 1 else choices[0]
    others = [n for n, _, _ in choices if n != name]
    return name, cells, header, f"not read: {', '.join(others)}" if others else None


def _cells(book: Any, name: str) -> pl.DataFrame:
    sheet = book.load_sheet(name, header_row=None, dtypes="string")
    cells: pl.DataFrame = sheet.to_polars()
    cells.columns = [str(i) for i in range(cells.width)]
    midnight = pl.all().str.replace(r"^(\d{4}-\d\d-\d\d) 00:00:00$", "$1")
    cells = cells.with_columns(midnight)
    cells = cells.with_columns(pl.when(~pl.all().is_in(_ERROR_CELLS) & (pl.all() != "")).then(pl.all()))
    return _without_tail(cells)


def _without_tail(cells: pl.DataFrame) -> pl.DataFrame:
    """Without the empty rows that a sheet has below its last one."""
    if not cells.width:
        return cells
    filled = cells.select(~pl.all_horizontal(pl.all().is_null())).to_series().arg_true()
    return cells.head(int(filled[-1]) + 1 if len(filled) else 0)


def _first_rows(cells: pl.DataFrame) -> list[tuple[str, ...]]:
    """As a CSV would have them: without the empty cells at the end."""
    rows = []
    for row in cells.head(200).iter_rows():
        texts = tuple(cell or "" for cell in row)
        filled = max((i + 1 for i, text in enumerate(texts) if text), default=0)
        rows.append(texts[:filled])
    width = cells.width
    head = next((i for i, r in enumerate(rows) if len(r) > 1), 0)
    return [r if i <= head + 3 and len(r) <= 1 < width else (*r, *[""] * (width - len(r))) for i, r in enumerate(rows)]


def sheet_pieces(cells: pl.DataFrame, header: Header) -> Iterator[Piece]:
    data = cells.slice(0 if header.index is None else header.index + 1)
    yield _numbered(data.select(str(i) for i in range(data.width)), row=0)


def _numbered(data: pl.DataFrame, *, row: int) -> Piece:
    data = data.with_row_index("row", offset=row + 1)
    empty = data.select(pl.all_horizontal(pl.exclude("row").is_null())).to_series()
    if not empty.any():
        return Piece(data)
    rejected = tuple(Rejected(n, ALL_EMPTY, ()) for n in data.filter(empty)["row"])
    return Piece(data.filter(~empty), rejected)


# --- Parquet ---------------------------------------------------------------------------------------------


def parquet_names(path: Path) -> list[str]:
    try:
        return list(pl.read_parquet_schema(path))
    except (pl.exceptions.PolarsError, OSError) as problem:
        raise CannotRead("This Parquet file cannot be opened: it is damaged or not Parquet") from problem


def parquet_pieces(path: Path) -> Iterator[Piece]:
    row = 0
    for frame in pl.scan_parquet(path).collect_batches(chunk_size=PARQUET_ROWS, maintain_order=True):
        texts = as_text(frame)
        texts.columns = [str(i) for i in range(texts.width)]
        yield _numbered(texts, row=row)
        row += frame.height


# --- JSON lines ------------------------------------------------------------------------------------------


def json_names(stream: BinaryIO) -> list[str]:
    """Every key of the first lines, in the order met."""
    names: dict[str, None] = {}
    for _, lead, _ in islice(_leads(stream), _JSON_SAMPLE):
        names |= dict.fromkeys(lead or ())
    return list(names)


def json_pieces(stream: BinaryIO, names: list[str]) -> Iterator[Piece]:
    """Rows of JSON objects, one a line. A key met later than in the sample is added to `names`."""
    leads = _leads(stream)
    while batch := list(islice(leads, _JSON_LINES)):
        good = [(row, lead) for row, lead, _ in batch if lead is not None]
        for _, lead in good:
            names.extend(key for key in lead if key not in names)
        rejected = tuple(Rejected(row, reason, (raw,)) for row, lead, (reason, raw) in batch if lead is None)
        columns = [pl.Series(str(i), [lead.get(n) for _, lead in good], dtype=pl.String) for i, n in enumerate(names)]
        rows = pl.Series("row", [row for row, _ in good], dtype=pl.UInt32)
        yield Piece(pl.DataFrame([rows, *columns]), rejected)


def _leads(stream: BinaryIO) -> Iterator[tuple[int, dict[str, str | None] | None, tuple[str, str]]]:
    """Row number, the lead as texts or None, and then why with the line as read."""
    row = 0
    for number, line in enumerate(stream):
        text = as_utf8(line.replace(b"\0", b"")).decode("utf-8", errors="replace")
        text = text.lstrip("\ufeff") if number == 0 else text
        if not text.strip():
            continue
        row += 1
        yield row, *_one(text)


def _one(text: str) -> tuple[dict[str, str | None] | None, tuple[str, str]]:
    raw = text.rstrip("\r\n")
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return None, ("is not JSON", raw)
    if not isinstance(value, dict):
        return None, ("is JSON, but not an object of one lead", raw)
    lead = dict(_texts(value))
    return (lead, ("", "")) if any(v is not None for v in lead.values()) else (None, (ALL_EMPTY, raw))


def _texts(value: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, str | None]]:
    for key, inner in value.items():
        if isinstance(inner, dict) and len(prefix) < 200:
            yield from _texts(inner, f"{prefix}{key}.")
        else:
            yield prefix + key, text_of(inner)


def text_of(value: Any) -> str | None:
    """A value of a program or of JSON as text; None where there is nothing."""
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return None if math.isnan(value) else str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, list) and not any(isinstance(v, (list, dict)) for v in value):
        return "; ".join(t for t in map(text_of, value) if t) or None
    if isinstance(value, (dict, list)):
        return json.dumps(value, ensure_ascii=False, default=str)
    return value.isoformat() if isinstance(value, datetime) else str(value)
