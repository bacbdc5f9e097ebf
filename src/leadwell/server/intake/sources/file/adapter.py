"""Which leads are in a list that was uploaded? CSV, TSV, XLSX, JSON Lines or Parquet: one submission, many leads."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from io import BytesIO
from typing import Any, Final

from polars import DataFrame

from leadwell.formats import CannotRead, LeadList, Rejected, WrongMapping, open_list
from leadwell.formats.delimited import Piece
from leadwell.server.base.unpacked import too_large
from leadwell.server.intake.opening import Sent
from leadwell.server.intake.sources import Reading

MOST_ROWS: Final = 50_000
MOST_COLUMNS: Final = 2_000


def opened_list(body: bytes, mapping: Mapping[str, str]) -> LeadList:
    """A list, with those lines of the mapping whose header it has: one mapping serves lists of many shapes.

    Raises CannotRead, WrongMapping.
    """
    if too_large(body, most_rows=MOST_ROWS):
        raise CannotRead("unpacked it has more rows or bytes than a list may; send it in parts")
    try:
        listed = open_list(BytesIO(body))
    except (CannotRead, WrongMapping):
        raise
    except Exception as error:
        raise CannotRead("it is damaged, or no list at all") from error
    if len(listed.meant) > MOST_COLUMNS:
        listed.close()
        raise CannotRead(f"more than {MOST_COLUMNS:,} columns")
    fitting = {meant.header: mapping[meant.header] for meant in listed.meant if meant.header in mapping}
    if not fitting:
        return listed
    listed.close()
    return open_list(BytesIO(body), corrections=fitting)


def read(sent: Sent, settings: Mapping[str, Any]) -> Reading:
    """`settings["mapping"]`: header -> column, as somebody said. A row that cannot be read is no lead; it is counted in
    `rejected`, and shown with its reason where the submission is."""
    try:
        listed = opened_list(sent.body, settings.get("mapping") or {})
    except CannotRead:
        return Reading(problem="no list that can be read: CSV, TSV, XLSX, JSON Lines or Parquet")
    except WrongMapping:
        return Reading(problem="its mapping no longer fits the headers")
    try:
        return _rows(listed)
    except CannotRead as error:
        return Reading(problem=str(error))
    finally:
        listed.close()


def frames(
    listed: LeadList, *, on_rejected: Callable[[Sequence[Rejected]], object] = lambda _: None
) -> list[DataFrame]:
    """The rows of a list, under our columns. Raises CannotRead: what is damaged further down shows only now."""
    whole = listed.pieces
    listed.pieces = lambda: _counted(whole())
    try:
        return list(listed.batches(on_rejected=on_rejected))
    except CannotRead:
        raise
    except Exception as error:
        raise CannotRead(f"damaged, so that it cannot be read to its end ({type(error).__name__})") from error


def _counted(pieces: Iterator[Piece]) -> Iterator[Piece]:
    """Counts rows that cannot be read too: they take the longest."""
    rows = 0
    for piece in pieces:
        rows += piece.frame.height + len(piece.rejected)
        if rows > MOST_ROWS:
            raise CannotRead(f"more than {MOST_ROWS:,} rows; send it in parts, or use `leadwell import`")
        yield piece


def _rows(listed: LeadList) -> Reading:
    rejected: list[Rejected] = []
    rows = (
        row for frame in frames(listed, on_rejected=rejected.extend) for row in frame.drop("row").iter_rows(named=True)
    )
    leads = tuple({name: text for name, text in row.items() if text} for row in rows)
    if not leads:
        return Reading(problem="there are no rows in it")
    return Reading(leads=leads, rejected=tuple((one.row, one.reason) for one in rejected))
