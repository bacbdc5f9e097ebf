"""Which leads are in a list that was uploaded? CSV, TSV, XLSX, JSON Lines or Parquet: one submission, many leads."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from typing import Any, Final

from leadwell.formats import CannotRead, LeadList, Rejected, WrongMapping, open_list
from leadwell.server.intake.opening import Sent
from leadwell.server.intake.sources import Reading

MOST_ROWS: Final = 50_000


def opened_list(body: bytes, mapping: Mapping[str, str]) -> LeadList:
    """A list, with those lines of the mapping whose header it has: one mapping serves lists of many shapes.

    Raises CannotRead, WrongMapping.
    """
    listed = open_list(BytesIO(body))
    fitting = {meant.header: mapping[meant.header] for meant in listed.meant if meant.header in mapping}
    if not fitting:
        return listed
    listed.close()
    return open_list(BytesIO(body), corrections=fitting)


def read(sent: Sent, settings: Mapping[str, Any]) -> Reading:
    """`settings["mapping"]`: header -> column, as somebody said. A row that cannot be read is no lead; it is counted in
    `rejected`, and shown with its reason where the submission is."""
    rejected: list[Rejected] = []
    try:
        listed = opened_list(sent.body, settings.get("mapping") or {})
    except CannotRead:
        return Reading(problem="no list that can be read: CSV, TSV, XLSX, JSON Lines or Parquet")
    except WrongMapping:
        return Reading(problem="its mapping no longer fits the headers")
    try:
        leads = []
        for batch in listed.batches(on_rejected=rejected.extend):
            leads += [{k: v for k, v in row.items() if v} for row in batch.drop("row").iter_rows(named=True)]
            if len(leads) > MOST_ROWS:
                return Reading(problem=f"more than {MOST_ROWS:,} rows; send it in parts, or use `leadwell import`")
    finally:
        listed.close()
    if not leads:
        return Reading(problem="there are no rows in it")
    return Reading(leads=tuple(leads), rejected=tuple((one.row, one.reason) for one in rejected))
