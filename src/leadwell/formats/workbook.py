"""What stands on the sheets of a workbook? "To do", which a coordinator works through, and "Assessments", everything.

Both have a frozen header and a filter. Text is written as text, so that nothing becomes a formula, a link or a number.
What is to do waits on disk until all leads are known, so that a long list costs no more memory than a short one.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from typing import IO, Any, Final

import polars as pl

from leadwell.formats.todo import WIDTHS

TO_DO: Final = "To do"
ASSESSMENTS: Final = "Assessments"
OTHERS: Final = "leads"  # a table of something else than assessments
_TEXT: Final = 32_767  # characters that a cell holds
PHONE: Final = ("contact.phone",)  # ours, in international form
_HEIGHT: Final = 62  # four lines of a message
_WIDE: Final = 18


class Sheets:
    """The sheets of one workbook, filled batch by batch."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._bold = book.add_format({"bold": True, "bottom": 1})
        self._wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        self._to_do: Any = None
        self._table: Any = None
        self._rows = 0
        self._columns = 0
        self._waiting = _Waiting()

    def write(self, table: pl.DataFrame, waiting: pl.DataFrame | None = None) -> None:
        """A batch, its text harmless: the flat assessments with what is carried through; what is to do of them."""
        if self._table is None:
            self._begin(table.columns, judged=waiting is not None)
        for row, cells in enumerate(table.iter_rows(), start=self._rows + 1):
            _line(self._table, row, cells)
        self._rows += table.height
        if waiting is not None:
            self._waiting.add(waiting)

    def _begin(self, columns: Sequence[str], *, judged: bool) -> None:
        if judged:
            self._to_do = self._sheet(TO_DO, dict(WIDTHS))
            self._to_do.set_default_row(_HEIGHT)
            self._to_do.set_row(0, 18)
        self._table = self._sheet(ASSESSMENTS if judged else OTHERS, dict.fromkeys(columns, _WIDE))
        self._columns = len(columns)

    def _sheet(self, name: str, widths: dict[str, int]) -> Any:
        sheet = self._book.add_worksheet(name)
        sheet.freeze_panes(1, 0)
        for column, (header, width) in enumerate(widths.items()):
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, header, self._bold)
        return sheet

    def finish(self) -> None:
        """Writes what is to do, in the order in which it is to be done."""
        if self._table is not None and self._rows:
            self._table.autofilter(0, 0, self._rows, self._columns - 1)
        if self._to_do is None:
            return
        row = 0
        for row, cells in enumerate(self._waiting.in_order(), start=1):
            _line(self._to_do, row, cells, self._wrapped)
        if row:
            self._to_do.autofilter(0, 0, row, len(WIDTHS) - 1)

    def forget(self) -> None:
        """Leaves nothing of what waited."""
        self._waiting.close()


class _Waiting:
    """Lines kept on disk, one file a place in the order."""

    def __init__(self) -> None:
        self._files: dict[str, IO[bytes]] = {}

    def add(self, lines: pl.DataFrame) -> None:
        for (place,), some in lines.partition_by("place", as_dict=True, include_key=False).items():
            if str(place) not in self._files:
                self._files[str(place)] = tempfile.TemporaryFile(prefix="leadwell-")  # noqa: SIM115  lives until `close`
            some.write_ndjson(self._files[str(place)])

    def in_order(self) -> Iterator[tuple[object, ...]]:
        for _, file in sorted(self._files.items()):
            file.seek(0)
            for line in file:
                yield tuple(json.loads(line).values())

    def close(self) -> None:
        for file in self._files.values():
            file.close()
        self._files.clear()


def _line(sheet: Any, row: int, cells: Iterable[object], style: Any = None) -> None:
    for column, cell in enumerate(cells):
        if cell is None:
            continue
        if isinstance(cell, bool):
            sheet.write_boolean(row, column, cell, style)
        elif isinstance(cell, (int, float)):
            sheet.write_number(row, column, cell, style)
        else:
            text = str(cell)
            sheet.write_string(row, column, text if len(text) <= _TEXT else text[: _TEXT - 1] + "…", style)
