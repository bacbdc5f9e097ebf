"""What do people tell of who they are, in the columns that the engine compares? (`identity.records.PEOPLE`)"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

import polars as pl

from leadwell.assessing.linking import people as patients
from leadwell.identity.few import Few
from leadwell.identity.rules import series

_TEXTS: Final = (
    "first_name", "last_name", "full_name", "patient_first_name", "patient_last_name", "patient_full_name",
    "birth_date", "patient_birth_date", "age", "sex", "phone", "phone_2", "email", "address", "city", "state", "zip",
)  # fmt: skip


def comparable(known: Sequence[Mapping[str, str]], days: Sequence[date]) -> pl.DataFrame:
    """Each as a row: the patient where one is named, and who asks beside them. `days`: when each came to be known."""
    texts = {name: [(one.get(name) or "").strip() or None for one in known] for name in _TEXTS}
    columns = {name: series(Few(values), pl.String()) for name, values in texts.items()}
    row, day = pl.Series(range(len(known)), dtype=pl.UInt32), pl.Series(days, dtype=pl.Date)
    return patients(pl.DataFrame({**columns, "row": row, "received_date": day}))
