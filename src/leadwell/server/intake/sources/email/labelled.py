"""Do the lines of a letter say fields, as "Patient: …", "DOB: …"? Several patients of one letter are several leads."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from leadwell import contract
from leadwell.formats.meaning import fold, meaning_of

_LINE: Final = re.compile(r"^[*•-]?\s*([A-Za-zÁÉÍÓÚÑáéíóúñ#][\w /'().#-]{1,40}?)\s*[:=]\s*(\S.*)$")
_FEWEST: Final = 2
_LONGEST: Final = 2_000  # characters of a line
_NAMES: Final = ("patient_full_name", "patient_first_name", "full_name", "first_name")


def groups(text: str, mapping: Mapping[str, str]) -> list[dict[str, str]]:
    """Column -> value, for each patient that the letter names; none where it has fewer than two such lines.

    A name that comes again begins another patient. `mapping`: label -> column, as somebody said.
    """
    found: list[dict[str, str]] = [{}]
    for line in text.split("\n"):
        match = _LINE.match(line.strip()[:_LONGEST])
        if match is None or (column := mapping.get(match[1].strip()) or _column(match[1])) is None:
            continue
        if column in _NAMES and column in found[-1]:
            found.append({})
        found[-1].setdefault(column, match[2].strip())
    return found if sum(map(len, found)) >= _FEWEST else []


def _column(label: str) -> str | None:
    if fold(label) in ("patient", "paciente"):
        return "patient_full_name"
    meant = meaning_of(label)
    return meant.column if meant is not None and meant.column in contract.INCOMING else None
