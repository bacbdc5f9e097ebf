"""Which rows could not be read, and why? Kept beside the output, so that rows in = rows out + rows here."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Any, Final

from leadwell.formats.problems import Rejected

_FORMULA: Final = tuple("=+-@\t\r\n＝＋－＠")  # what a spreadsheet takes for one
_CELLS: Final = re.compile(r"has [\d,]+ cells where the header has ([\d,]+)")


class Rejects:
    """Counts rejected rows by reason, and writes them (`row, reason`, then the row as read) once there is one."""

    def __init__(self, path: Path | None, headers: Sequence[str]) -> None:
        self.path = path
        self.reasons: Counter[str] = Counter()
        self._headers = headers
        self._file: IO[str] | None = None
        self._rows: Any = None
        if path is not None:
            path.unlink(missing_ok=True)  # of an earlier run, about other rows

    @property
    def count(self) -> int:
        return self.reasons.total()

    def add(self, rejected: Sequence[Rejected]) -> None:
        for one in rejected:
            self.reasons[_CELLS.sub(r"has too many or too few cells (the header has \1)", one.reason)] += 1
        if rejected and self.path is not None:
            self._open(self.path).writerows((r.row, r.reason, *map(_harmless, r.cells)) for r in rejected)

    def _open(self, path: Path) -> Any:
        if self._file is None:
            self._file = path.open("w", encoding="utf-8", newline="")
            self._rows = csv.writer(self._file)
            self._rows.writerow(("row", "reason", *map(_harmless, self._headers)))
        return self._rows

    def close(self) -> None:
        if self._file is not None:
            self._file.close()


def rejects_beside(out: str | Path) -> Path | None:
    """`OUT-without-suffix.rejected.csv`; None for standard output."""
    return None if str(out) == "-" else Path(out).with_suffix(".rejected.csv")


def _harmless(cell: str) -> str:
    return "'" + cell if cell.startswith(_FORMULA) else cell
