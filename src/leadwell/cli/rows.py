"""Which leads are to be shown, and does the list have them? `--explain ROW`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import polars as pl

    from leadwell.formats import LeadList, Rejected

_CHEAP: Final = 8_000_000  # bytes that are read in a blink


class Kept:
    """Leads that are to be shown, with their assessments, as they pass by."""

    def __init__(self, rows: Sequence[int]) -> None:
        self.rows = tuple(rows)
        self.found: dict[int, tuple[dict[str, Any], dict[str, Any]]] = {}
        self._ids: dict[int, int] = {}

    def __call__(self, leads: pl.DataFrame, assessments: pl.DataFrame) -> None:
        _note_ids(leads, self.rows, self._ids)
        for assessment in assessments.iter_rows(named=True):
            lead = leads.row(leads["row"].search_sorted(assessment["row"]), named=True)
            self.found[assessment["row"]] = lead, assessment

    def missing(self, row: int, count: int) -> str:
        """Why this one cannot be shown, `count` being the rows that there are."""
        return absent(row, count, self._ids.get(row)) or f"Row {row} could not be read as a lead."


def unknown_rows(leads: LeadList, rows: Sequence[int]) -> list[str]:
    """What is wrong with these numbers of rows, where a look at the list costs next to nothing."""
    if not rows or leads.size > _CHEAP:
        return []
    count = 0
    ids: dict[int, int] = {}

    def rejected(some: Sequence[Rejected]) -> None:
        nonlocal count
        count += len(some)

    for batch in leads.batches(columns=["id"], on_rejected=rejected):
        count += batch.height
        _note_ids(batch, rows, ids)
    return [says for row in rows if (says := absent(row, count, ids.get(row)))]


def absent(row: int, count: int, meant: int | None) -> str | None:
    """Why there is no such row; None where there is one. `meant`: the row that has this number as its id."""
    if 1 <= row <= count:
        return None
    has = f"the list has {count:,} row{'' if count == 1 else 's'}"
    also = f"; {row} is the id of row {meant}" if meant is not None else ""
    return f"There is no row {row}; {has}{also}."


def _note_ids(leads: pl.DataFrame, rows: Sequence[int], ids: dict[int, int]) -> None:
    """Which rows bear these numbers as their id: the first of each."""
    if not rows or "id" not in leads.columns:
        return
    named = leads.select("row", "id").filter(leads["id"].is_in([str(row) for row in rows]))
    for row, said in named.iter_rows():
        ids.setdefault(int(said), row)
