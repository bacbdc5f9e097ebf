"""How is this text cut into cells, and which row names the columns? Found from the first rows, whatever the suffix
says.

Each delimiter is tried on the sample. The right one gives most rows the same number of cells, as many as the header
has, and a header whose words we know. Title lines above the header ("Leads, January") are skipped.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import islice
from typing import Final

from leadwell.formats.meaning import known_header, looks_like_data
from leadwell.formats.records import Record, records

ONE_COLUMN: Final = "\x1f"  # a delimiter that text does not hold
DELIMITERS: Final = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
_ROWS: Final = 200
_TITLE_ROWS: Final = 15


@dataclass(frozen=True, slots=True)
class Header:
    """Which row of the sample names the columns (None: none does), and how many cells a row has."""

    index: int | None
    names: tuple[str, ...]
    width: int
    score: float


@dataclass(frozen=True, slots=True)
class Dialect:
    """`start` is where the data begin, in characters of the sample."""

    delimiter: str
    header: Header
    start: int

    @property
    def says(self) -> str:
        return DELIMITERS.get(self.delimiter, "one column")


def dialect_of(sample: str, *, whole: bool = True) -> Dialect | None:
    """How `sample` is cut; None where it holds no row. `whole`: the file ends with the sample."""
    told, start = _told(sample)
    if told:
        return _cut_by(sample, told, start, whole=whole)
    tried = [_cut_by(sample, d, start, whole=whole) for d in DELIMITERS if d in sample]
    tried.append(_cut_by(sample, ONE_COLUMN, start, whole=whole))
    return max((t for t in tried if t), key=lambda t: t.header.score, default=None)


def _told(sample: str) -> tuple[str | None, int]:
    """Excel's own first line: `sep=;`."""
    line = sample[: sample.find("\n") + 1]
    if line[:4].lower() == "sep=" and line[4:5] in DELIMITERS and not line[5:].strip():
        return line[4], len(line)
    return None, 0


def _cut_by(sample: str, delimiter: str, start: int, *, whole: bool) -> Dialect | None:
    rows = list(islice(records(sample, delimiter, None, start=start, whole=whole), _ROWS))
    if not whole and len(rows) > 1 and rows[-1].end >= len(sample):
        rows.pop()  # cut off in the middle
    if not rows:
        return None
    header = header_of([r.cells for r in rows], one_column=delimiter == ONE_COLUMN)
    return Dialect(delimiter, header, _start(rows, header, start))


def _start(rows: list[Record], header: Header, start: int) -> int:
    if header.index is None:
        return start
    return rows[header.index].end


def header_of(rows: list[tuple[str, ...]], *, one_column: bool = False) -> Header:
    """The header among the first rows: names that we know, distinct words, as many as the rows below have cells."""
    choices = [_as_header(rows, i, one_column=one_column) for i in range(min(_TITLE_ROWS, len(rows)))]
    best = max((c for c in choices if c), key=lambda c: (c.score, -(c.index or 0)), default=None)
    return best or _no_header(rows)


def _as_header(rows: list[tuple[str, ...]], index: int, *, one_column: bool) -> Header | None:
    names = _trimmed(rows[index])
    if not names or (len(names) == 1 and not one_column):
        return None
    filled = [n for n in names if n.strip()]
    data = sum(map(looks_like_data, filled))
    if data * 3 > len(filled) or len(filled) * 2 < len(names):
        return None  # whatever its names mean
    known = sum(known_header(n) for n in filled)
    if data * 3 > known:
        return None
    if known * 2 <= len(filled) and _data_above(rows[:index], len(filled)):
        return None
    if one_column and any(d in names[0] for d in DELIMITERS) and not known_header(names[0]):
        return None
    width, regular = _width(len(names), [len(r) for r in rows[index + 1 :]])
    score = regular * (1 + known / len(names)) + min(known, 20) * 0.5 + min(width, 20) * 0.01 - index * 0.05
    return Header(index, _fitted(names, width), width, score)


def _data_above(rows: list[tuple[str, ...]], filled: int) -> bool:
    """Whether a row above is too full for a title: then these would be leads, lost above a lead taken for a header."""
    return any(sum(bool(c.strip()) for c in row) * 2 > filled for row in rows)


def _no_header(rows: list[tuple[str, ...]]) -> Header:
    width, count = Counter(map(len, rows)).most_common(1)[0]
    return Header(None, _fitted((), width), width, count / len(rows) * 0.5 + min(width, 20) * 0.02)


def _trimmed(cells: tuple[str, ...]) -> tuple[str, ...]:
    while cells and not cells[-1].strip():
        cells = cells[:-1]
    return cells


def _width(named: int, below: list[int]) -> tuple[int, float]:
    """Cells a row has, and the share of rows that have so many. Where no row has as many as the header, the rows are
    right."""
    if not below:
        return named, 1.0
    counts = Counter(below)
    if counts[named]:
        return named, counts[named] / len(below)
    most, share = counts.most_common(1)[0]
    if share >= 0.6 * len(below) and most > 1 and len(below) > 2:
        return most, share / len(below) * 0.8
    return named, 0.0


def _fitted(names: tuple[str, ...], width: int) -> tuple[str, ...]:
    padded = (*names, *("" for _ in range(width - len(names))))[:width]
    return tuple(name.strip() or f"column {i + 1}" for i, name in enumerate(padded))
