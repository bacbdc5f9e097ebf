"""Which rows of a block can Polars read as they stand? Quotes and delimiters counted on the bytes, without a loop
over rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import polars as pl

from leadwell.formats.encoding import as_utf8
from leadwell.formats.records import Record

Bytes = np.ndarray[Any, np.dtype[np.uint8]]
Places = np.ndarray[Any, np.dtype[np.intp]]
Mask = np.ndarray[Any, np.dtype[np.bool_]]

_QUOTE: Final = ord('"')
_LINE: Final = ord("\n")
_RETURN: Final = ord("\r")


@dataclass(frozen=True, slots=True)
class Taken:
    """Rows as a frame of text; and those with the wrong number of cells, read with care, each group with how many
    rows of the frame stand before it."""

    frame: pl.DataFrame
    odd: list[tuple[int, list[Record]]]


@dataclass(frozen=True, slots=True)
class Rows:
    """Whole rows: their bytes, where the quotes are, and where each row ends (its line end)."""

    text: bytes
    quotes: Places
    ends: Places


def take(part: bytes, delimiter: str, width: int, *, whole: bool) -> tuple[Taken | None, int, bool]:
    """The rows at the front of `part` that can be told apart, how many bytes they are, and whether trouble follows."""
    rows, trouble = _trusted(part, delimiter, whole=whole)
    if not len(rows.ends):
        return None, 0, trouble
    outside = _outside(rows, delimiter)
    if int(np.count_nonzero(outside)) == len(rows.ends) * (width - 1) and not _blank_lines(rows, width):
        frame = _polars(rows.text, delimiter, width)
        if frame is not None and frame.height == len(rows.ends):
            return Taken(frame, []), min(len(rows.text), len(part)), trouble
    return _apart(rows, outside, delimiter, width, trouble=trouble, most=len(part))


def _trusted(part: bytes, delimiter: str, *, whole: bool) -> tuple[Rows, bool]:
    """Rows up to the first quote out of order, and whether there is one."""
    text = part + b"\n" if whole and not part.endswith(b"\n") else part
    array = np.frombuffer(text, np.uint8)
    quotes = np.flatnonzero(array == _QUOTE)
    lines = np.flatnonzero(array == _LINE)
    ends = lines[(np.searchsorted(quotes, lines) & 1) == 0] if len(quotes) else lines
    bad = _misplaced(array, quotes, ord(delimiter))
    if bad is not None:
        ends = ends[: np.searchsorted(ends, quotes[bad])]
    open_at_the_end = whole and len(quotes) % 2 == 1
    return _cut(Rows(text, quotes, ends)), bad is not None or open_at_the_end


def _cut(rows: Rows) -> Rows:
    """Bytes and quotes up to the last row's end."""
    size = int(rows.ends[-1]) + 1 if len(rows.ends) else 0
    text = rows.text if size == len(rows.text) else rows.text[:size]
    return Rows(text, rows.quotes[: np.searchsorted(rows.quotes, size)], rows.ends)


def _misplaced(array: Bytes, quotes: Places, delimiter: int) -> int | None:
    """The first quote that neither opens a cell, closes one, nor is one of a pair inside."""
    if not len(quotes):
        return None
    opening, closing = quotes[0::2], quotes[1::2]
    before = array[np.maximum(opening - 1, 0)]
    fine = (before == delimiter) | (before == _LINE) | (opening == 0)
    fine[1:] |= opening[1:] - closing[: len(opening) - 1] == 1
    after = array[np.minimum(closing + 1, len(array) - 1)]
    ends = (after == delimiter) | (after == _LINE) | (after == _RETURN) | (closing == len(array) - 1)
    paired = closing[: len(opening) - 1] if len(closing) == len(opening) else closing
    ends[: len(opening) - 1] |= opening[1:] - paired[: len(opening) - 1] == 1
    wrong = [2 * int(np.argmin(fine))] if not fine.all() else []
    wrong += [2 * int(np.argmin(ends)) + 1] if not ends.all() else []
    return min(wrong, default=None)


def _outside(rows: Rows, delimiter: str) -> Mask:
    """Where a delimiter stands outside quotes."""
    found: Mask = np.frombuffer(rows.text, np.uint8) == ord(delimiter)
    if len(rows.quotes):
        between = np.diff(np.concatenate([[0], rows.quotes, [len(found)]]))
        found &= np.repeat(np.arange(len(between)) & 1 == 0, between)
    return found


def _blank_lines(rows: Rows, width: int) -> bool:
    return width == 1 and bool(_is_blank(rows).any())


def _is_blank(rows: Rows) -> Mask:
    starts = _starts(rows)
    array = np.frombuffer(rows.text, np.uint8)
    length = rows.ends - starts
    blank: Mask = (length == 0) | ((length == 1) & (array[starts] == _RETURN))
    return blank


def _starts(rows: Rows) -> Places:
    return np.concatenate([np.zeros(1, np.intp), rows.ends[:-1] + 1])


def _polars(text: bytes, delimiter: str, width: int) -> pl.DataFrame | None:
    schema = {str(i): pl.String for i in range(width)}
    try:
        frame = pl.read_csv(text, has_header=False, schema=schema, separator=delimiter, truncate_ragged_lines=False)
    except pl.exceptions.PolarsError:
        return None
    return frame.with_columns(pl.when(pl.all() != "").then(pl.all())) if b'""' in text else frame


def _apart(  # noqa: PLR0913  one block, as it was measured
    rows: Rows, outside: Mask, delimiter: str, width: int, *, trouble: bool, most: int
) -> tuple[Taken | None, int, bool]:
    """Rows with the right number of cells by Polars, the others one by one; up to the first odd row of several lines,
    in which a quote may have swallowed rows."""
    starts, blank = _starts(rows), _is_blank(rows)
    odd = (np.add.reduceat(outside, starts, dtype=np.int32) + 1 != width) & ~blank
    long = np.flatnonzero(odd & (_lines(rows, starts) > 1))
    if len(long):
        rows = _cut(Rows(rows.text, rows.quotes, rows.ends[: long[0]]))
        starts, blank, odd, trouble = starts[: long[0]], blank[: long[0]], odd[: long[0]], True
    if not len(rows.ends):
        return None, 0, trouble
    good = ~odd & ~blank
    text = b"".join(_runs(rows, starts, good))
    frame = _polars(text, delimiter, width) if text else _nothing(width)
    if frame is None:
        frame = _polars(as_utf8(text), delimiter, width)
    if frame is None or frame.height != int(good.sum()):
        return None, 0, True
    return Taken(frame, _odd(rows, starts, good, odd, delimiter, width)), min(len(rows.text), most), trouble


def _lines(rows: Rows, starts: Places) -> Places:
    lines = np.frombuffer(rows.text, np.uint8) == _LINE
    counted: Places = np.add.reduceat(lines, starts, dtype=np.intp)
    return counted


def _nothing(width: int) -> pl.DataFrame:
    return pl.DataFrame(schema={str(i): pl.String for i in range(width)})


def _runs(rows: Rows, starts: Places, good: Mask) -> list[bytes]:
    """The bytes of the good rows, neighbours in one slice."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], good, [False]]).astype(np.int8)))
    return [rows.text[starts[a] : rows.ends[b - 1] + 1] for a, b in zip(edges[0::2], edges[1::2], strict=True)]


def _odd(  # noqa: PLR0913, PLR0917
    rows: Rows,
    starts: Places,
    good: Mask,
    odd: Mask,
    delimiter: str,
    width: int,
) -> list[tuple[int, list[Record]]]:
    from leadwell.formats.delimited import careful_rows  # noqa: PLC0415  it imports this module

    before = np.cumsum(good)
    found = []
    for i in np.flatnonzero(odd):
        text = as_utf8(rows.text[starts[i] : rows.ends[i] + 1]).decode("utf-8", errors="replace")
        found.append((int(before[i]), careful_rows(text, delimiter, width, whole=True)[0]))
    return found
