"""Where do assessments go? Batch by batch into one file, which is whole or not there at all.

Written under another name beside it and renamed at the end, so that nobody reads half a file; a run that is stopped
closes what it has as a valid file.
"""

from __future__ import annotations

import contextlib
import sys
from abc import ABC, abstractmethod
from pathlib import Path
from typing import Any, BinaryIO, Final

import polars as pl

from leadwell import contract
from leadwell.formats.flat import flat, harmless
from leadwell.formats.jsonlines import json_lines
from leadwell.formats.problems import CannotWrite

XLSX_ROWS: Final = 1_048_575  # below the header, by the format's own limit
_LINES: Final = 8_192


class Sink(ABC):
    """Takes batches of assessments with the leads they are of (for what is carried through)."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.rows = 0
        self._part = path.with_name(f".{path.name}.part")

    def write(self, assessments: pl.DataFrame, leads: pl.DataFrame | None = None) -> None:
        """A batch. An empty one only as the first: it gives an empty list its header."""
        if assessments.height or not self.rows:
            self._write(assessments, leads)
            self.rows += assessments.height

    @abstractmethod
    def _write(self, assessments: pl.DataFrame, leads: pl.DataFrame | None) -> None: ...

    def close(self) -> None:
        """Ends the file and gives it its name."""
        self._finish()
        self._part.replace(self.path)

    def abandon(self) -> None:
        """Leaves nothing behind."""
        with contextlib.suppress(Exception):
            self._finish()
        self._part.unlink(missing_ok=True)

    @abstractmethod
    def _finish(self) -> None: ...


class JsonLines(Sink):
    """The nested contract, one object a line."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self._file: BinaryIO = self._part.open("wb")

    def _write(self, assessments: pl.DataFrame, leads: pl.DataFrame | None) -> None:
        write_lines(self._file, assessments)

    def _finish(self) -> None:
        self._file.close()


class StandardOutput(Sink):
    """JSON lines to whoever reads our standard output."""

    def __init__(self) -> None:
        super().__init__(Path("standard output"))

    def _write(self, assessments: pl.DataFrame, leads: pl.DataFrame | None) -> None:
        write_lines(sys.stdout.buffer, assessments)

    def _finish(self) -> None:
        sys.stdout.buffer.flush()

    def close(self) -> None:
        self._finish()

    def abandon(self) -> None:
        self._finish()


def write_lines(file: BinaryIO, assessments: pl.DataFrame) -> None:
    for some in assessments.iter_slices(_LINES):  # a batch as text would take hundreds of megabytes, several times
        json_lines(some).to_frame().write_csv(file, include_header=False, quote_style="never")


class Delimited(Sink):
    """Flat CSV or TSV in UTF-8. No cell can become a formula: `+`, `-`, `=`, `@`, tab and return get an apostrophe
    before them, telephone numbers too."""

    def __init__(self, path: Path, delimiter: str) -> None:
        super().__init__(path)
        self._delimiter = delimiter
        self._file: BinaryIO = self._part.open("wb")

    def _write(self, assessments: pl.DataFrame, leads: pl.DataFrame | None) -> None:
        text = harmless(with_extras(assessments, leads))
        text.write_csv(self._file, include_header=not self.rows, separator=self._delimiter)

    def _finish(self) -> None:
        self._file.close()


class Parquet(Sink):
    """Flat, with numbers, dates and yes-no in their types; one row group a batch."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self._writer: Any = None

    def _write(self, assessments: pl.DataFrame, leads: pl.DataFrame | None) -> None:
        import pyarrow.parquet as pq  # noqa: PLC0415  takes a third of a second

        table = with_extras(assessments, leads).to_arrow()
        if self._writer is None:
            self._writer = pq.ParquetWriter(self._part, table.schema, compression="snappy")
        self._writer.write_table(table)

    def _finish(self) -> None:
        if self._writer is None:
            pl.DataFrame(schema={"row": pl.UInt32}).write_parquet(self._part)
        else:
            self._writer.close()


class Workbook(Sink):
    """What is to do on the first sheet, everything on the second; see `workbook`."""

    def __init__(self, path: Path) -> None:
        import xlsxwriter  # type: ignore[import-untyped]  # noqa: PLC0415  takes a fifth of a second

        from leadwell.formats.workbook import Sheets  # noqa: PLC0415

        super().__init__(path)
        self._book = xlsxwriter.Workbook(str(self._part), {"constant_memory": True, "strings_to_formulas": False})
        self._sheets = Sheets(self._book)

    def _write(self, assessments: pl.DataFrame, leads: pl.DataFrame | None) -> None:
        if self.rows + assessments.height > XLSX_ROWS:
            raise CannotWrite(
                f"A spreadsheet holds at most {XLSX_ROWS:,} leads; write .parquet, .csv or .jsonl instead"
            )
        self._sheets.write(with_extras(assessments, leads), assessments, leads)

    def close(self) -> None:
        try:
            self._sheets.finish()
        except BaseException:
            self.abandon()
            raise
        super().close()
        self._sheets.forget()

    def abandon(self) -> None:
        self._sheets.forget()
        super().abandon()

    def _finish(self) -> None:
        self._book.close()


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
    if not path.parent.is_dir():
        raise CannotWrite(f"There is no folder {path.parent}")
    try:
        return make(path)
    except OSError as problem:
        raise CannotWrite(f"{path} cannot be written: {problem.strerror}") from problem
