"""What leads are in this file? Opens a list of any form, says what it took for what, and gives its rows in batches.

The whole list is never in memory (but for spreadsheets, which end at 1,048,576 rows). Rows in = rows given + rows rejected.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from itertools import islice
from typing import IO, BinaryIO, Final

import polars as pl

from leadwell import contract
from leadwell.formats import tables
from leadwell.formats.delimited import LARGE, Piece, pieces, rebatched
from leadwell.formats.dialect import DELIMITERS, Dialect, Header, dialect_of
from leadwell.formats.encoding import as_utf8, blocks, encoding_of
from leadwell.formats.meaning import Meant, map_headers, marks, unique
from leadwell.formats.problems import CannotRead, Rejected
from leadwell.formats.records import records

BATCH: Final = 50_000
_SAMPLE: Final = 1 << 20
_SAMPLE_ROWS: Final = 200
_EXCEL: Final = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_PARQUET: Final = b"PAR1"


@dataclass
class LeadList:
    """A list of leads, opened. `says` tells in words what it was taken for; `meant` what each header was taken for."""

    path: Path
    name: str
    kind: str
    says: tuple[str, ...]
    meant: tuple[Meant, ...]
    pieces: Callable[[], Iterator[Piece]] = field(repr=False)
    read_to: int = 0  # bytes of the file read so far in this pass, where that is known
    temporary: IO[bytes] | None = field(default=None, repr=False)

    @property
    def columns(self) -> tuple[str, ...]:
        return tuple(m.column for m in self.meant)

    @property
    def size(self) -> int:
        return self.path.stat().st_size

    def close(self) -> None:
        """Removes what was kept of a stream."""
        if self.temporary is not None:
            self.temporary.close()

    def batches(
        self,
        size: int = BATCH,
        *,
        columns: Sequence[str] | None = None,
        on_rejected: Callable[[Sequence[Rejected]], object] = lambda _: None,
    ) -> Iterator[pl.DataFrame]:
        """Frames of `row` (UInt32, from 1) and text columns under our names. `columns`: only these. May be called again."""
        for piece in rebatched((self._narrow(p, columns) for p in self.pieces()), size):
            on_rejected(piece.rejected)
            if piece.frame.height:
                yield piece.frame

    def _narrow(self, piece: Piece, columns: Sequence[str] | None) -> Piece:
        wanted = [(str(i), c) for i, c in enumerate(self.columns) if columns is None or c in columns]
        absent = [pl.lit(None, dtype=pl.String).alias(c) for i, c in wanted if i not in piece.frame.columns]
        found = [pl.col(i).alias(c) for i, c in wanted if i in piece.frame.columns]
        return Piece(piece.frame.select("row", *map(_unmarked, found), *absent), piece.rejected)


def _unmarked(column: pl.Expr) -> pl.Expr:
    mark = marks().get(column.meta.output_name())
    return column.str.strip_prefix(mark) if mark else column


def open_list(
    source: str | Path | BinaryIO,
    *,
    own: Mapping[str, str] | None = None,
    corrections: Mapping[str, str] | None = None,
) -> LeadList:
    """Opens a list: a path, "-" for standard input, or a binary stream. `own`: folded header -> column, for a playbook's
    own facts. `corrections`: header -> column, as a person said. Raises CannotRead, WrongMapping."""
    path, name, temporary = _local(source)
    try:
        with path.open("rb") as file:
            head = file.read(_SAMPLE)
            whole = not file.read(1)
    except IsADirectoryError as problem:
        raise CannotRead(f"{name} is a folder; give a file") from problem
    except FileNotFoundError as problem:
        raise CannotRead(f"there is no file {name}") from problem
    except OSError as problem:
        raise CannotRead(f"{name} cannot be opened: {problem.strerror}") from problem
    if not head.strip(b"\0 \t\r\n\xef\xbb\xbf"):
        raise CannotRead(f"{name} is empty")
    opened = _opened(path, name, head, whole=whole, own=own or {}, corrections=corrections or {})
    opened.temporary = temporary
    return opened


def _local(source: str | Path | BinaryIO) -> tuple[Path, str, IO[bytes] | None]:
    """A file that can be read twice; a stream is kept in a temporary file that only we can read."""
    if isinstance(source, (str, Path)) and str(source) != "-":
        return Path(source), Path(source).name, None
    stream = sys.stdin.buffer if isinstance(source, (str, Path)) else source
    kept = tempfile.NamedTemporaryFile(prefix="leadwell-", suffix=".list")  # noqa: SIM115  # lives as long as the list
    while block := stream.read(LARGE):
        kept.write(block)
    kept.flush()
    return Path(kept.name), "standard input", kept


def _opened(
    path: Path, name: str, head: bytes, *, whole: bool, own: Mapping[str, str], corrections: Mapping[str, str]
) -> LeadList:
    if head.startswith(_PARQUET):
        return _parquet(path, name, own, corrections)
    if head.startswith(_EXCEL):
        return _sheet(path, name, own, corrections)
    encoding, codec, mark = encoding_of(head)
    text = _decoded(head, codec, mark, whole=whole)
    if _is_json(text):
        return _json(path, name, own, corrections)
    if _is_binary(head, codec):
        raise CannotRead(f"{name} is no list that Leadwell reads (CSV, TSV, XLSX, JSON lines, Parquet)")
    return _delimited(path, name, text, (encoding, codec, mark), whole=whole, own=own, corrections=corrections)


def _decoded(head: bytes, codec: str, mark: int, *, whole: bool) -> str:
    if codec != "utf-8":
        return head[mark:].decode(codec, errors="replace").replace("\0", "")
    lines = head[mark:] if whole else head[mark : head.rfind(b"\n") + 1] or head[mark:]
    return as_utf8(lines).decode("utf-8", errors="replace").replace("\0", "")


def _is_json(text: str) -> bool:
    first = text.lstrip("\ufeff \t\r\n")
    return first.startswith('{"') or (first.startswith("{") and first.split("\n", 1)[0].rstrip().endswith("}"))


def _is_binary(head: bytes, codec: str) -> bool:
    """Many control characters: a picture, an archive, a document."""
    if codec != "utf-8":
        return False
    control = sum(head[:4096].count(bytes([c])) for c in range(1, 32) if c not in (9, 10, 12, 13, 27, 31))
    return control > 0.05 * min(len(head), 4096) or head.startswith((b"%PDF", b"\x1f\x8b", b"\x89PNG"))


def _delimited(
    path: Path,
    name: str,
    text: str,
    encoding: tuple[str, str, int],
    *,
    whole: bool,
    own: Mapping[str, str],
    corrections: Mapping[str, str],
) -> LeadList:
    old_lines = "\n" not in text and "\r" in text
    text = text.replace("\r", "\n") if old_lines else text
    dialect = dialect_of(text, whole=whole)
    if dialect is None:
        raise CannotRead(f"{name} is empty")
    called, codec, mark = encoding
    header, delimiter = dialect.header, dialect.delimiter
    opened = LeadList(
        path,
        name,
        "TSV" if delimiter == "\t" else "CSV",
        (called, f"cut by {dialect.says}" if delimiter in DELIMITERS else dialect.says, *_about(header)),
        map_headers(header.names, samples=_delimited_samples(text, dialect), own=own, corrections=corrections),
        lambda: iter(()),
    )

    def found() -> Iterator[Piece]:
        with path.open("rb") as file:
            file.seek(mark)
            stream = blocks(file, codec, size=LARGE)
            stream = (b.replace(b"\r", b"\n") for b in stream) if old_lines else stream
            for piece in pieces(_behind(stream, _lines(text[: dialect.start])), delimiter, header.width):
                opened.read_to = file.tell()
                yield piece

    opened.pieces = found
    return opened


def _lines(text: str) -> int:
    """Lines, counting a last one that no line end closes."""
    return text.count("\n") + (not text.endswith("\n") if text else 0)


def _behind(stream: Iterator[bytes], lines: int) -> Iterator[bytes]:
    """The stream without its first lines."""
    for block in stream:
        at = 0
        while lines and (end := block.find(b"\n", at)) >= 0:
            at, lines = end + 1, lines - 1
        if not lines:
            yield block[at:]


def _delimited_samples(text: str, dialect: Dialect) -> dict[str, list[str]]:
    rows = islice(records(text, dialect.delimiter, dialect.header.width, start=dialect.start), _SAMPLE_ROWS)
    return _samples(dialect.header.names, [r.cells for r in rows if r.reason is None])


def _samples(names: Sequence[str], rows: Sequence[Sequence[str | None]]) -> dict[str, list[str]]:
    return {name: [v for r in rows if (v := r[i])] for i, name in enumerate(unique(names))}


def _about(header: Header) -> tuple[str, ...]:
    if header.index is None:
        return ("no header row: give one, or name columns with --map",)
    return (f"header in row {header.index + 1}",) if header.index else ()


def _sheet(path: Path, name: str, own: Mapping[str, str], corrections: Mapping[str, str]) -> LeadList:
    sheet, cells, header, note = tables.sheet_of(path)
    data = cells.slice(0 if header.index is None else header.index + 1)
    names = (*header.names, *(f"column {i + 1}" for i in range(len(header.names), cells.width)))
    meant = map_headers(names, samples=_samples(names, data.head(_SAMPLE_ROWS).rows()), own=own, corrections=corrections)
    says = (f'sheet "{sheet}"', *_about(header), *((note,) if note else ()))
    return LeadList(path, name, "spreadsheet", says, meant, lambda: tables.sheet_pieces(cells, header))


def _parquet(path: Path, name: str, own: Mapping[str, str], corrections: Mapping[str, str]) -> LeadList:
    names = tables.parquet_names(path)
    first = next(tables.parquet_pieces(path), None)
    rows = first.frame.drop("row").head(_SAMPLE_ROWS).rows() if first else []
    meant = map_headers(names, samples=_samples(names, rows), own=own, corrections=corrections)
    return LeadList(path, name, "Parquet", (), meant, lambda: tables.parquet_pieces(path))


def _json(path: Path, name: str, own: Mapping[str, str], corrections: Mapping[str, str]) -> LeadList:
    with path.open("rb") as file:
        names = tables.json_names(file)
    opened = LeadList(path, name, "JSON lines", (), (), lambda: iter(()))

    def found() -> Iterator[Piece]:
        with path.open("rb") as file:
            for piece in tables.json_pieces(file, names):
                opened.meant = map_headers(names, own=own, corrections=corrections)
                opened.read_to = file.tell()
                yield piece

    opened.pieces = found
    opened.meant = map_headers(names, own=own, corrections=corrections)
    return opened
