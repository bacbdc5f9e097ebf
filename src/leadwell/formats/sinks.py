"""Where do assessments go? Batch by batch into one file, which is whole or not there at all.

Written under another name beside it and renamed at the end, so that nobody reads half a file; a run that is stopped
closes what it has as a valid file. A batch is brought into its shape by a function that knows nothing of the file, so
that another process can do that.
"""

from __future__ import annotations

import contextlib
import io
import shutil
import sys
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import chain, islice
from pathlib import Path
from typing import BinaryIO, Final

import polars as pl

from leadwell import contract
from leadwell.formats import row_groups
from leadwell.formats.flat import flat, harmless
from leadwell.formats.held import Spared, let_go, only_ours
from leadwell.formats.jsonlines import json_lines, together
from leadwell.formats.problems import CannotWrite
from leadwell.formats.todo import to_do

XLSX_ROWS: Final = 1_048_575  # below the header, by the format's own limit
_LINES: Final = 4_096

Part = pl.DataFrame | bytes | memoryview
# A batch of assessments and the leads they are of (for what is carried through) -> what a sink puts into its file.
Shape = Callable[[pl.DataFrame, pl.DataFrame | None], Iterator[Part]]


class Sink(ABC):
    """Takes batches of assessments, each brought into `shape`, a function that can be sent to another process."""

    def __init__(self, path: Path, shape: Shape) -> None:
        self.path = path
        self.shape = shape
        self.rows = 0

    def write(self, assessments: pl.DataFrame, leads: pl.DataFrame | None = None) -> None:
        """A batch. An empty one only as the first: it gives an empty list its header."""
        if assessments.height or not self.rows:
            self.put(self.shape(assessments, leads), assessments.height)

    def put(self, parts: Iterable[Part], rows: int) -> None:
        """A batch that is in its shape."""
        self._put(parts)
        self.rows += rows

    @abstractmethod
    def _put(self, parts: Iterable[Part]) -> None: ...

    @abstractmethod
    def close(self) -> None:
        """Ends the file and gives it its name."""

    @abstractmethod
    def abandon(self) -> None:
        """Leaves nothing behind."""


class StandardOutput(Sink):
    """JSON lines to whoever reads our standard output."""

    def __init__(self) -> None:
        super().__init__(Path("standard output"), as_lines)
        if sys.stdout is None:
            raise CannotWrite("There is no standard output to write to")

    def _put(self, parts: Iterable[Part]) -> None:
        _write_all(sys.stdout.buffer, parts)

    def close(self) -> None:
        sys.stdout.buffer.flush()

    def abandon(self) -> None:
        with contextlib.suppress(OSError):
            self.close()


class File(Sink):
    """A file under another name until it is whole. Two runs cannot write the same one at once: the second is told.

    What a killed run left behind is overwritten by the next.
    """

    def __init__(self, path: Path, shape: Shape) -> None:
        super().__init__(path, shape)
        self._part = path.with_name(f".{path.name}.part")
        self._file = only_ours(self._part, path)

    def close(self) -> None:
        try:
            self._finish()
            self._file.flush()
            self._part.replace(self.path)
        except BaseException:
            self._part.unlink(missing_ok=True)
            raise
        finally:
            self._tidy()
            let_go(self._file)

    def abandon(self) -> None:
        self._part.unlink(missing_ok=True)
        self._tidy()
        let_go(self._file)

    def _finish(self) -> None:
        """Writes what stands at the end of such a file."""

    def _tidy(self) -> None:
        """Puts away what is not needed any more, whether or not the file was finished."""


class JsonLines(File):
    """The nested contract, one object a line."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, as_lines)

    def _put(self, parts: Iterable[Part]) -> None:
        _write_all(self._file, parts)


def as_lines(assessments: pl.DataFrame, leads: pl.DataFrame | None) -> Iterator[Part]:
    for some in assessments.iter_slices(_LINES):  # a batch as text would take hundreds of megabytes, several times
        yield together(json_lines(some, end="\n"))


def _write_all(file: BinaryIO, parts: Iterable[Part]) -> None:
    """Written by ourselves, so that a closed pipe or a full disk is known for what it is.

    An unbuffered standard output may take less than it is given, as where Ctrl-C comes while it writes.
    """
    for part in parts:
        assert not isinstance(part, pl.DataFrame)
        left = memoryview(part)
        while left:
            left = left[file.write(left) :]


class Delimited(File):
    """Flat CSV or TSV in UTF-8. No cell can become a formula: `+`, `-`, `=`, `@`, tab and return get an apostrophe
    before them, telephone numbers too."""

    def __init__(self, path: Path, delimiter: str) -> None:
        super().__init__(path, partial(as_cells, delimiter=delimiter))

    def _put(self, parts: Iterable[Part]) -> None:
        """The first part is the header, of which one is enough."""
        _write_all(self._file, islice(parts, 1 if self.rows else 0, None))


def as_cells(assessments: pl.DataFrame, leads: pl.DataFrame | None, *, delimiter: str) -> Iterator[Part]:
    table = harmless(with_extras(assessments, leads))
    for rows, header in chain(((table.clear(), True),), ((some, False) for some in table.iter_slices(_LINES))):
        text = io.BytesIO()
        rows.write_csv(text, include_header=header, separator=delimiter)
        yield text.getbuffer()


class Parquet(File):
    """Flat, with numbers, dates and yes-no in their types; one row group a batch."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, as_row_group)
        self._contents: list[bytes] = []
        self._starts: list[int] = []

    def _put(self, parts: Iterable[Part]) -> None:
        """The parts make a file of their own (`row_groups`)."""
        groups, contents = row_groups.apart(b"".join(part for part in parts if not isinstance(part, pl.DataFrame)))
        if not self._starts:
            _write_all(self._file, (row_groups.MARK,))
        self._starts.append(self._file.tell())
        self._contents.append(contents)
        _write_all(self._file, (groups,))

    def _finish(self) -> None:
        if self._starts:
            _write_all(self._file, (row_groups.end_of(self._contents, self._starts),))
        else:
            pl.DataFrame(schema={"row": pl.UInt32}).write_parquet(self._file)


def as_row_group(assessments: pl.DataFrame, leads: pl.DataFrame | None) -> Iterator[Part]:
    """A Parquet file of this batch."""
    import pyarrow as pa  # noqa: PLC0415
    import pyarrow.parquet as pq  # noqa: PLC0415  takes a third of a second

    table = with_extras(assessments, leads).to_arrow(compat_level=pl.CompatLevel.newest())  # as it lies in memory
    file = pa.BufferOutputStream()
    # The Arrow type of a text is nobody's business: older readers know no views.
    with pq.ParquetWriter(file, table.schema, compression="snappy", store_schema=False) as writer:
        writer.write_table(table)
    yield memoryview(file.getvalue())


class Workbook(File):
    """What is to do on the first sheet, everything on the second; see `workbook`.

    Its rows wait beside it in a folder that only we can read. One that a killed run left behind is known by its name,
    and ours to take away, as nobody else writes this workbook.
    """

    def __init__(self, path: Path) -> None:
        import xlsxwriter  # type: ignore[import-untyped]  # noqa: PLC0415  takes a fifth of a second

        from leadwell.formats.workbook import Sheets  # noqa: PLC0415

        super().__init__(path, as_sheets)
        self._rough = path.with_name(f".{path.name}.rough")
        shutil.rmtree(self._rough, ignore_errors=True)
        self._rough.mkdir(mode=0o700)
        options = {"constant_memory": True, "strings_to_formulas": False, "tmpdir": str(self._rough)}
        self._book = xlsxwriter.Workbook(Spared(self._file), options)
        self._sheets = Sheets(self._book)

    def _put(self, parts: Iterable[Part]) -> None:
        table, *waiting = (part for part in parts if isinstance(part, pl.DataFrame))
        if self.rows + table.height > XLSX_ROWS:
            raise CannotWrite(
                f"A spreadsheet holds at most {XLSX_ROWS:,} leads; write .parquet, .csv or .jsonl instead"
            )
        self._sheets.write(table, *waiting)

    def _finish(self) -> None:
        from xlsxwriter.exceptions import XlsxWriterException  # type: ignore[import-untyped]  # noqa: PLC0415

        self._sheets.finish()
        try:
            self._book.close()
        except XlsxWriterException as problem:
            why = getattr(problem.__context__, "strerror", None) or problem
            raise CannotWrite(f"{self.path} cannot be written: {why}") from problem

    def _tidy(self) -> None:
        self._sheets.forget()
        for sheet in self._book.worksheets():
            if sheet.row_data_fh:
                sheet.row_data_fh.close()
        shutil.rmtree(self._rough, ignore_errors=True)


def as_sheets(assessments: pl.DataFrame, leads: pl.DataFrame | None) -> Iterator[Part]:
    """The table, and where leads were judged what is to do."""
    from leadwell.formats.workbook import PHONE  # noqa: PLC0415

    yield harmless(with_extras(assessments, leads), plain=PHONE)
    if "disposition" in assessments.columns:
        yield to_do(assessments, leads)


def with_extras(assessments: pl.DataFrame, leads: pl.DataFrame | None) -> pl.DataFrame:
    """Flat assessments, and behind them the columns of the list that are carried through unjudged."""
    table = flat(assessments)
    extras = [] if leads is None else [c for c in leads.columns if c.startswith(contract.EXTRA_PREFIX)]
    return table.hstack(leads.select(extras)) if leads is not None and extras else table


_BY_SUFFIX: Final = {
    ".jsonl": JsonLines,
    ".ndjson": JsonLines,
    ".csv": lambda path: Delimited(path, ","),
    ".tsv": lambda path: Delimited(path, "\t"),
    ".parquet": Parquet,
    ".xlsx": Workbook,
}


def open_sink(out: str | Path) -> Sink:
    """The sink for a path, by its suffix; "-" is standard output. Raises CannotWrite."""
    if str(out) == "-":
        return StandardOutput()
    path = Path(out)
    make = _BY_SUFFIX.get(path.suffix.lower())
    if make is None:
        raise CannotWrite(f'Cannot tell the form of "{path.name}"; end it in {", ".join(_BY_SUFFIX)}')
    if path.is_dir():
        raise CannotWrite(f"{path} is a folder; name a file")
    if not path.parent.is_dir():
        raise CannotWrite(f"There is no folder {path.parent}")
    try:
        return make(path)
    except OSError as problem:
        raise CannotWrite(f"{path} cannot be written: {problem.strerror}") from problem
