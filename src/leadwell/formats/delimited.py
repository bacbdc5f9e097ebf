"""What rows does a delimited text hold? Whole blocks at Polars' speed, and carefully only where a block breaks the
rules.

A block is trusted when every quote in it opens or closes a cell (else a quote left open could swallow the rows after
it), and when it has as many delimiters outside quotes as its rows need (`bulk`). Where a rule breaks, the rows around
go through `records`, and the rest at full speed again.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass
from typing import Final

import polars as pl

from leadwell.formats.encoding import as_utf8
from leadwell.formats.problems import Rejected
from leadwell.formats.records import ALL_EMPTY, Record, one_record

SMALL: Final = 64 << 10  # below this, counting bytes costs more than reading with care
LARGE: Final = 16 << 20
LONGEST_ROW: Final = 256 << 20  # a quote open for longer is an error, not a message


@dataclass(frozen=True, slots=True)
class Piece:
    """Some rows: `frame` has `row` (UInt32) and text columns "0", "1", …; an empty cell is NULL."""

    frame: pl.DataFrame
    rejected: tuple[Rejected, ...] = ()


def pieces(blocks: Iterable[bytes], delimiter: str, width: int) -> Iterator[Piece]:
    """All rows of a text that comes in blocks, numbered from 1."""
    reader = Reader(delimiter, width)
    left = b""
    for block in blocks:
        left = yield from reader.read(left + block, last=False)
    yield from reader.read(left, last=True)


@dataclass(slots=True)
class Reader:
    """Takes whole rows off the front of a text, counting them."""

    delimiter: str
    width: int
    row: int = 0

    def read(self, text: bytes, *, last: bool) -> Generator[Piece, None, bytes]:
        """Pieces; returns the bytes of a last row that is not whole yet."""
        at, window, careful = 0, LARGE, False
        while at < len(text):
            whole = last and at + window >= len(text)
            part = text[at : at + window]
            if not whole:
                part = part[: part.rfind(b"\n") + 1]
            piece, used, trouble = self._some(part, whole=whole, careful=careful)
            if piece:
                yield piece
            at += used
            if trouble:
                careful, window = True, SMALL
            elif used:
                careful, window = False, max(SMALL * 4, min(window * 4, LARGE))
            elif window < len(text) - at:
                window *= 4
            elif len(text) - at > LONGEST_ROW:
                last = careful = True
            else:
                break
        return text[at:]

    def _some(self, part: bytes, *, whole: bool, careful: bool) -> tuple[Piece | None, int, bool]:
        """A piece, how many bytes it took, and whether a row that breaks the rules comes next."""
        if careful or len(part) <= SMALL:
            piece, used = self._with_care(part, whole=whole)
            return piece, used, False
        return self._at_speed(part, whole=whole)

    def _with_care(self, part: bytes, *, whole: bool) -> tuple[Piece | None, int]:
        utf8 = as_utf8(part)
        text = utf8.decode("utf-8", errors="replace")
        found, at = careful_rows(text, self.delimiter, self.width, whole=whole)
        used = len(part) if at >= len(text) else _bytes_of(part, text, at)
        return self._piece(found), used

    def _at_speed(self, part: bytes, *, whole: bool) -> tuple[Piece | None, int, bool]:
        from leadwell.formats import bulk  # noqa: PLC0415  imports numpy, which a short list does not need

        taken, used, trouble = bulk.take(part, self.delimiter, self.width, whole=whole)
        return self._numbered(taken.frame, taken.odd) if taken else None, used, trouble

    def _numbered(self, frame: pl.DataFrame, odd: list[tuple[int, list[Record]]]) -> Piece:
        """`frame` with row numbers, and between its rows those that were read with care, each after so many of the
        frame's."""
        frame = frame.with_row_index("row", offset=self.row + 1)
        if not odd:
            self.row += frame.height
            return _without_empty(frame)
        before = pl.DataFrame({"after": [after for after, _ in odd], "count": [len(r) for _, r in odd]})
        before = before.with_columns(
            pl.col("after").cast(pl.UInt32) + self.row + 1, pl.col("count").cast(pl.UInt32).cum_sum()
        )
        shift = frame.select("row").join_asof(before.set_sorted("after"), left_on="row", right_on="after")["count"]
        numbered = frame.with_columns(pl.col("row") + shift.fill_null(0))
        pieces = [_without_empty(numbered)]
        ahead = 0
        for after, found in odd:
            pieces.append(_piece(found, self.row + after + ahead, self.width))
            ahead += len(found)
        self.row += frame.height + ahead
        return _joined(pieces)

    def _piece(self, found: list[Record]) -> Piece | None:
        if not found:
            return None
        piece = _piece(found, self.row, self.width)
        self.row += len(found)
        return piece


def careful_rows(text: str, delimiter: str, width: int, *, whole: bool) -> tuple[list[Record], int]:
    """Rows of `text`, and where the first one starts that may go on behind its end."""
    found: list[Record] = []
    at = 0
    while at < len(text):
        if text.startswith(("\n", "\r\n"), at):
            at = text.index("\n", at) + 1
            continue
        record = one_record(text, at, delimiter, width, whole=whole)
        if record is None:
            break
        if text[at : record.end].strip("\r\n"):
            found.append(record)
        at = record.end
    return found, at


def _bytes_of(part: bytes, text: str, at: int) -> int:
    """How many bytes of `part` the first `at` characters of `text` were. `at` is at the start of a line."""
    lines = text.count("\n", 0, at)
    end = -1
    for _ in range(lines):
        end = part.index(b"\n", end + 1)
    return end + 1


def _piece(found: list[Record], row: int, width: int) -> Piece:
    """Records as a piece; the first has the number `row` + 1."""
    numbered = list(enumerate(found, start=row + 1))
    good = [(n, r.cells) for n, r in numbered if r.reason is None]
    columns: dict[str, list[str | None]] = {str(i): [cells[i] or None for _, cells in good] for i in range(width)}
    rows = pl.Series("row", [n for n, _ in good], dtype=pl.UInt32)
    frame = pl.DataFrame([rows, *(pl.Series(k, v, dtype=pl.String) for k, v in columns.items())])
    return Piece(frame, tuple(Rejected(n, r.reason, r.cells) for n, r in numbered if r.reason is not None))


def _without_empty(frame: pl.DataFrame) -> Piece:
    empty = frame.select(pl.all_horizontal(pl.exclude("row").is_null())).to_series()
    if not empty.any():
        return Piece(frame)
    rejected = frame.filter(empty)["row"]
    return Piece(frame.filter(~empty), tuple(Rejected(row, ALL_EMPTY, ()) for row in rejected))


def _joined(found: Iterable[Piece]) -> Piece:
    found = list(found)
    rejected = sorted((r for p in found for r in p.rejected), key=lambda r: r.row)
    return Piece(pl.concat([p.frame for p in found]).sort("row"), tuple(rejected))


def rebatched(found: Iterable[Piece], size: int) -> Iterator[Piece]:
    """The same rows in pieces of `size` (the last may be smaller), so that what follows never depends on block
    lengths."""
    held: list[pl.DataFrame] = []
    rejected: list[Rejected] = []
    for piece in found:
        held.append(piece.frame)
        rejected.extend(piece.rejected)
        while sum(f.height for f in held) >= size:
            frame = pl.concat(held)
            yield Piece(frame.head(size), tuple(rejected))
            held, rejected = [frame.slice(size)], []
    frame = pl.concat(held) if held else pl.DataFrame()
    if frame.height or rejected:
        yield Piece(frame, tuple(rejected))
