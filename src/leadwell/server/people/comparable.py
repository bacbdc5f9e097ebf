"""What do people tell of who they are, in the columns that the engine compares? (`identity.rows.PEOPLE`)"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

import polars as pl

from leadwell.assessing.linking import patients
from leadwell.formats.referral import identified
from leadwell.identity import rules
from leadwell.identity.few import Few
from leadwell.identity.identifiers import BETWEEN
from leadwell.identity.rows import Rows, held
from leadwell.identity.rules import Texts

_TEXTS: Final = (
    "first_name", "last_name", "full_name", "patient_first_name", "patient_last_name", "patient_full_name",
    "birth_date", "patient_birth_date", "age", "sex", "phone", "phone_2", "email", "address", "city", "state", "zip",
)  # fmt: skip
_KINDS: Final = {"row": pl.UInt32(), "received_date": pl.Date()}


def comparable(known: Sequence[Mapping[str, str]], days: Sequence[date]) -> Rows:
    """Each as a row: the patient where one is named, and who asks beside them. `days`: when each came to be known."""
    told: dict[str, Texts] = {name: Few([(one.get(name) or "").strip() or None for one in known]) for name in _TEXTS}
    told |= {"row": Few(range(len(known))), "received_date": Few(days)}
    numbers: Texts = Few([_identifiers(one) for one in known])
    if len(known) > rules.MOST:
        told = {name: rules.series(column, _KINDS.get(name, pl.String())) for name, column in told.items()}
        numbers = rules.series(numbers, pl.String())
    return held(patients(told) | {"identifiers": numbers}, len(known))


def _identifiers(known: Mapping[str, str]) -> str | None:
    return BETWEEN.join(sorted(f"{system}|{value}" for system, value in identified(known))) or None
