"""What leads are in this file? Opens a list of any form, says what it took for what, and gives its rows in batches.

The whole list is never in memory (but for spreadsheets, which end at 1,048,576 rows). Rows in = rows given + rows
rejected."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, BinaryIO, Final

import polars as pl

from leadwell.formats.delimited import LARGE, Piece, rebatched
from leadwell.formats.meaning import Meant, map_headers, marks, unique
from leadwell.formats.problems import CannotRead, Rejected

BATCH: Final = 50_000
SAMPLE_ROWS: Final = 200
_SAMPLE: Final = 1 << 20


@dataclass
class LeadList:
    """A list of leads, opened. `says` tells in words what it was taken for; `meant` what each header was taken for."""

    path: Path
    name: str
    kind: str
    says: tuple[str, ...]
    meant: tuple[Meant, ...]
    pieces: Callable[[], Iterator[Piece]] = field(repr=False)
    read_to: int = 0  # bytes of the file that were read so far, where that is known
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
        """Frames of `row` (UInt32, from 1) and text columns under our names. `columns`: only these. Repeatable."""
        for piece in rebatched((self._narrow(p, columns) for p in self.pieces()), size):
            on_rejected(piece.rejected)
            if piece.frame.height:
                yield piece.frame

    def _narrow(self, piece: Piece, columns: Sequence[str] | None) -> Piece:
        kept = set(self.columns if columns is None else columns)
        wanted = [(str(i), c) for i, c in enumerate(self.columns) if c in kept]
        there = set(piece.frame.columns)  # asked once: a list may have ten thousand
        absent = [pl.lit(None, dtype=pl.String).alias(c) for i, c in wanted if i not in there]
        found = [pl.col(i).alias(c) for i, c in wanted if i in there]
        return Piece(piece.frame.select("row", *map(_unmarked, found), *absent), piece.rejected)


def _unmarked(column: pl.Expr) -> pl.Expr:
    mark = marks().get(column.meta.output_name())
    return column.str.strip_prefix(mark) if mark else column


@dataclass(frozen=True)
class Asked:
    """A file to open: its first bytes (`whole`: they are all), and what is known of its headers."""

    path: Path
    name: str
    head: bytes
    whole: bool
    own: Mapping[str, str]
    corrections: Mapping[str, str]

    def meant(self, names: Sequence[str], rows: Sequence[Sequence[str | None]] = ()) -> tuple[Meant, ...]:
        """What the headers mean, `rows` being some of the rows below them."""
        samples = {name: [v for r in rows if i < len(r) and (v := r[i])] for i, name in enumerate(unique(names))}
        return map_headers(names, samples=samples, own=self.own, corrections=self.corrections)


def open_list(
    source: str | Path | BinaryIO,
    *,
    own: Mapping[str, str] | None = None,
    corrections: Mapping[str, str] | None = None,
) -> LeadList:
    """Opens a list: a path, "-" for standard input, or a binary stream. `own`: folded header -> column, for a
    playbook's own facts. `corrections`: header -> column, as a person said. Raises CannotRead, WrongMapping."""
    from leadwell.formats.opening import opened  # noqa: PLC0415  it imports this module

    path, name, temporary = _local(source)
    try:
        head, whole = _head(path, name)
        leads = opened(Asked(path, name, head, whole, own or {}, corrections or {}))
    except BaseException:
        if temporary:
            temporary.close()
        raise
    leads.temporary = temporary
    return leads


def _local(source: str | Path | BinaryIO) -> tuple[Path, str, IO[bytes] | None]:
    """A file that can be read twice; a stream is kept in a temporary file that only we can read."""
    if isinstance(source, (str, Path)) and Path(source).is_fifo():  # as in: leadwell assess <(zcat leads.csv.gz)
        with Path(source).open("rb") as pipe:
            path, _, kept = _local(pipe)
        return path, Path(source).name, kept
    if isinstance(source, (str, Path)) and str(source) != "-":
        return Path(source), Path(source).name, None
    stream = sys.stdin.buffer if isinstance(source, (str, Path)) else source
    kept = tempfile.NamedTemporaryFile(prefix="leadwell-", suffix=".list")  # noqa: SIM115  lives as long as the list
    while block := stream.read(LARGE):
        kept.write(block)
    kept.flush()
    return Path(kept.name), "standard input", kept


def _head(path: Path, name: str) -> tuple[bytes, bool]:
    """The first bytes, and whether they are all. Raises CannotRead."""
    try:
        with path.open("rb") as file:
            head = file.read(_SAMPLE)
            whole = not file.read(1)
    except IsADirectoryError as problem:
        raise CannotRead(f"{name} is a folder; give a file") from problem
    except FileNotFoundError as problem:
        raise CannotRead(f"There is no file {path}") from problem
    except OSError as problem:
        raise CannotRead(f"{name} cannot be opened: {problem.strerror}") from problem
    if whole and not head.strip(b"\0 \t\r\n\xef\xbb\xbf\xff\xfe"):
        raise CannotRead(f"{name} is empty")
    return head, whole
