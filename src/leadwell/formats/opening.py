"""Of which kind is this file? Told from its bytes, never from its suffix; then opened as that."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Final

from leadwell.formats import tables
from leadwell.formats.delimited import LARGE, Piece, pieces
from leadwell.formats.dialect import DELIMITERS, Dialect, Header, dialect_of
from leadwell.formats.encoding import as_utf8, blocks, encoding_of
from leadwell.formats.lists import SAMPLE_ROWS, Asked, LeadList
from leadwell.formats.problems import CannotRead
from leadwell.formats.records import records

_EXCEL: Final = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_OTHERS: Final = (b"%PDF", b"\x1f\x8b", b"\x89PNG", b"\xff\xd8\xff", b"GIF8")
_PARQUET: Final = b"PAR1"
_CONTROL: Final = tuple(bytes([c]) for c in range(1, 32) if c not in (9, 10, 12, 13, 27, 31))


def opened(asked: Asked) -> LeadList:
    """The list in a file. Raises CannotRead, WrongMapping."""
    if asked.head.startswith(_PARQUET):
        return _parquet(asked)
    if asked.head.startswith(_EXCEL):
        return _sheet(asked)
    name, codec, mark = encoding_of(asked.head)
    text = _decoded(asked, codec, mark)
    if _is_json(text):
        return _json(asked)
    if codec == "utf-8" and _is_binary(asked.head):
        raise CannotRead(f"{asked.name} is no list that Leadwell reads (CSV, TSV, XLSX, JSON lines, Parquet)")
    return _delimited(asked, text, name, codec, mark=mark)


def _decoded(asked: Asked, codec: str, mark: int) -> str:
    """The sample as text; where the file goes on, up to its last whole line."""
    head = asked.head[mark:]
    if codec != "utf-8":
        return head.decode(codec, errors="replace").replace("\0", "")
    lines = head if asked.whole else head[: head.rfind(b"\n") + 1] or head
    return as_utf8(lines).decode("utf-8", errors="replace").replace("\0", "")


def _is_json(text: str) -> bool:
    first = text.lstrip("\ufeff \t\r\n")
    return first.startswith('{"') or (first.startswith("{") and first.split("\n", 1)[0].rstrip().endswith("}"))


def _is_binary(head: bytes) -> bool:
    """Many control characters: a picture, an archive, a document."""
    control = sum(map(head[:4096].count, _CONTROL))
    return control > 0.05 * min(len(head), 4096) or head.startswith(_OTHERS)


def _delimited(asked: Asked, text: str, encoding: str, codec: str, *, mark: int) -> LeadList:
    old_lines = "\n" not in text and "\r" in text
    text = text.replace("\r", "\n") if old_lines else text
    dialect = dialect_of(text, whole=asked.whole)
    if dialect is None:
        raise CannotRead(f"{asked.name} is empty")
    header, delimiter = dialect.header, dialect.delimiter

    def found() -> Iterator[Piece]:
        with asked.path.open("rb") as file:
            file.seek(mark)
            stream = blocks(file, codec, size=LARGE)
            stream = (b.replace(b"\r", b"\n") for b in stream) if old_lines else stream
            for piece in pieces(_behind(stream, _lines(text[: dialect.start])), delimiter, header.width):
                leads.read_to = max(leads.read_to, file.tell())
                yield piece

    kind = "TSV" if delimiter == "\t" else "CSV"
    says = (encoding, f"cut by {dialect.says}" if delimiter in DELIMITERS else dialect.says, *_about(header))
    leads = LeadList(
        asked.path, asked.name, kind, says, asked.meant(header.names, _rows(text, dialect, whole=asked.whole)), found
    )
    return leads


def _rows(text: str, dialect: Dialect, *, whole: bool) -> list[tuple[str, ...]]:
    """Some rows below the header."""
    found = records(text, dialect.delimiter, dialect.header.width, start=dialect.start, whole=whole)
    return [r.cells for r in islice(found, SAMPLE_ROWS) if r.reason is None]


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


def _about(header: Header) -> tuple[str, ...]:
    if header.index is None:
        return ("no header row: give one, or name columns with --map",)
    return (f"header in row {header.index + 1}",) if header.index else ()


def _sheet(asked: Asked) -> LeadList:
    sheet, cells, header, note = tables.sheet_of(asked.path)
    data = cells.slice(0 if header.index is None else header.index + 1)
    names = (*header.names, *(f"column {i + 1}" for i in range(len(header.names), cells.width)))
    says = (f'sheet "{sheet}"', *_about(header), *((note,) if note else ()))
    meant = asked.meant(names, data.head(SAMPLE_ROWS).rows())
    return LeadList(asked.path, asked.name, "spreadsheet", says, meant, lambda: tables.sheet_pieces(cells, header))


def _parquet(asked: Asked) -> LeadList:
    names = tables.parquet_names(asked.path)
    first = next(tables.parquet_pieces(asked.path), None)
    meant = asked.meant(names, first.frame.drop("row").head(SAMPLE_ROWS).rows() if first else [])
    return LeadList(asked.path, asked.name, "Parquet", (), meant, lambda: tables.parquet_pieces(asked.path))


def _json(asked: Asked) -> LeadList:
    with asked.path.open("rb") as file:
        names = tables.json_names(file)

    def found() -> Iterator[Piece]:
        with asked.path.open("rb") as file:
            for piece in tables.json_pieces(file, names):
                leads.meant = asked.meant(names)
                leads.read_to = max(leads.read_to, file.tell())
                yield piece

    leads = LeadList(asked.path, asked.name, "JSON lines", (), asked.meant(names), found)
    return leads
