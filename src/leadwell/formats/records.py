"""Where does one row end and the next begin, even in a file that breaks the rules?

The careful reader of delimited text. A row is mended only where there is one way to understand it: quotes left
unescaped inside a cell that still give the right number of cells. Anything else is set aside with its reason, and
reading goes on at the next line, so that one open quote costs one row and not the rest of the file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

BROKEN_QUOTE = "a quotation mark is opened and never closed"
ALL_EMPTY = "every cell is empty"
_MOST_LINES = 40  # of one row whose quotes need mending


class _OpenQuote(Exception):  # noqa: N818  no error, a state
    """A quote is open where the text ends."""


@dataclass(frozen=True, slots=True)
class Record:
    """One row. `reason` is None where it can be used; `end` is where the next one starts."""

    cells: tuple[str, ...]
    end: int
    reason: str | None = None


def wrong_count(found: int, expected: int) -> str:
    return f"has {found:,} cells where the header has {expected:,}"


def records(text: str, delimiter: str, width: int | None, *, start: int = 0, whole: bool = True) -> Iterator[Record]:
    """Rows of `text` from `start`. Blank lines are no rows. `width` None: any number of cells will do. Where `text`
    is not the `whole`, it ends before a row that may go on."""
    at = start
    while at < len(text):
        line_end = _line_end(text, at)
        if not text[at:line_end].strip("\r\n"):
            at = line_end
            continue
        record = one_record(text, at, delimiter, width, whole=whole)
        if record is None:
            return
        yield record
        at = record.end


def one_record(text: str, at: int, delimiter: str, width: int | None, *, whole: bool = True) -> Record | None:
    """The row that starts at `at`. None where that cannot be told before more of the text is there (it is not the
    `whole`)."""
    try:
        strict = _strict(text, at, delimiter)
    except _OpenQuote:
        if not whole:
            return None
        strict = None
    if strict and (width is None or len(strict.cells) == width):
        return strict if width is None or any(strict.cells) else Record((), strict.end, ALL_EMPTY)
    if strict is None:
        mended, at_the_end = _mended(text, at, delimiter, width)
        if mended or (at_the_end and not whole):
            return mended
    return _unusable(text, at, delimiter, width, strict=strict)


def _unusable(text: str, at: int, delimiter: str, width: int | None, *, strict: Record | None) -> Record:
    line_end = _line_end(text, at)
    line = text[at:line_end].rstrip("\r\n")
    if strict is None:
        return Record((line,), line_end, BROKEN_QUOTE)
    assert width is not None
    if len(strict.cells) > width and not any(strict.cells[width:]):
        cells = strict.cells[:width]
        return Record(cells, strict.end) if any(cells) else Record((), strict.end, ALL_EMPTY)
    if strict.end > line_end and _swallows_a_row(text, line_end, strict.end, delimiter, width):
        return Record((line,), line_end, BROKEN_QUOTE)
    return Record(strict.cells, strict.end, wrong_count(len(strict.cells), width))


def _swallows_a_row(text: str, at: int, end: int, delimiter: str, width: int) -> bool:
    """Whether a line between `at` and `end` is a whole row of its own."""
    while at < end:
        line_end = _line_end(text, at)
        alone = _alone(text[at:line_end], delimiter)
        if alone and width > 1 and len(alone.cells) == width:
            return True
        at = line_end
    return False


def _alone(line: str, delimiter: str) -> Record | None:
    try:
        return _strict(line, 0, delimiter)
    except _OpenQuote:
        return None


def _mended(text: str, at: int, delimiter: str, width: int | None) -> tuple[Record | None, bool]:
    """The row with quotes unescaped inside its cells, on the fewest lines that give the right number of cells; and
    whether the text ended before that was found."""
    end = at
    for count in range(_MOST_LINES):
        line_start, end = end, _line_end(text, end)
        if count and width and _swallows_a_row(text, line_start, end, delimiter, width):
            return None, False
        cells = _lenient(text[at:end].rstrip("\r\n"), delimiter)
        if cells and (width is None or len(cells) == width):
            return Record(cells, end), False
        if end >= len(text):
            return None, True
    return None, False


def _line_end(text: str, at: int) -> int:
    found = text.find("\n", at)
    return len(text) if found < 0 else found + 1


@cache
def _patterns(delimiter: str) -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    """A quoted cell; a bare one; the end of a cell whose inner quotes were not doubled."""
    d = re.escape(delimiter)
    blanks = "" if delimiter == " " else "[ ]*"
    return (
        re.compile(rf'{blanks}"([^"]*+(?:""[^"]*+)*+)("{blanks}(?={d}|\r?\n|\r?\Z))?'),
        re.compile(rf"[^{d}\n]*+"),
        re.compile(rf'"{blanks}(?={d}|\r?\n|\r?\Z)'),
    )


def _strict(text: str, at: int, delimiter: str) -> Record | None:
    """The row by the rules (RFC 4180, blanks around quotes allowed), or None where a quote breaks them."""
    quoted, bare, _ = _patterns(delimiter)
    cells: list[str] = []
    while True:
        found = quoted.match(text, at)
        if found and found[2] is None:
            if found.end() >= len(text):
                raise _OpenQuote
            return None
        if found:
            cells.append(found[1].replace('""', '"'))
        else:
            found = bare.match(text, at)
            assert found
            cells.append(found[0])
        at = found.end()
        if not text.startswith(delimiter, at):
            break
        at += len(delimiter)
    cells[-1] = cells[-1].removesuffix("\r")
    return Record(tuple(cells), _line_end(text, at))


def _lenient(row: str, delimiter: str) -> tuple[str, ...] | None:
    """Cells of one row in which a quote ends a cell only before a delimiter or the end."""
    _, bare, closing = _patterns(delimiter)
    cells: list[str] = []
    at = 0
    while True:
        if row.startswith('"', at):
            closed = closing.search(row, at + 1)
            if not closed:
                return None
            cells.append(row[at + 1 : closed.start()].replace('""', '"'))
            at = closed.end()
        else:
            found = bare.match(row, at)
            assert found
            cells.append(found[0])
            at = found.end()
        if not row.startswith(delimiter, at):
            return tuple(cells) if at >= len(row) else None
        at += len(delimiter)
