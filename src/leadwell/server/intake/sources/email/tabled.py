"""Is there a table of patients in a mail? Each of its rows is told as lines that name fields (`labelled`).

Rows are lines with tabs or upright strokes, as an HTML table is told too. A table is one of patients by its heads.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from leadwell.formats.meaning import fold, meaning_of

_FEWEST: Final = 2
_LONGEST: Final = 2_000  # characters of a line
_RULE: Final = re.compile(r"[\s:|+=-]*")
_NAME: Final = re.compile(r"[^\W\d_][^\d@:]{1,60}")
_PATIENT: Final = ("patient_full_name", "patient_first_name")
_WHOLE: Final = ("patient_full_name", "full_name")
_PARTS: Final = ("first_name", "last_name")
_OF_PATIENTS: Final = ("birth_date", "patient_birth_date", "referral_reason", "payer", "service")
_REASONS: Final = frozenset((
    "reason", "reason for referral", "reason for visit", "procedure", "dx", "need", "needs", "mrn", "motivo", "eval",
))  # fmt: skip
_OTHERS: Final = frozenset((
    "title", "role", "specialty", "speciality", "provider", "npi", "relation", "relationship", "department", "position",
    "especialidad", "puesto", "parentesco", "dose", "dosis",
))  # fmt: skip


def with_labels(text: str) -> str:
    """The same, where a table of patients stands in it with its rows as lines "Patient: …", "DOB: …"."""
    return "\n".join(_told(text.split("\n"))) if "\t" in text or "|" in text else text


def _told(lines: Sequence[str]) -> Iterator[str]:
    heads: list[str] = []
    for line in lines:
        cells = _cells(line)
        if heads and cells and _RULE.fullmatch(line):
            continue
        if heads and cells and (row := _row(heads, cells)):
            yield from row
        elif cells and _are_heads(cells):
            heads = cells
        else:
            heads = []
            yield line


def _cells(line: str) -> list[str]:
    """Fewer than two are none."""
    if len(line) > _LONGEST:
        return []
    apart = line.split("\t") if "\t" in line else line.strip().removeprefix("|").removesuffix("|").split("|")
    cells = [cell.strip() for cell in apart]
    return cells if len(cells) >= _FEWEST else []


def _are_heads(cells: Sequence[str]) -> bool:
    columns, said = {_column(cell) for cell in cells}, {fold(cell) for cell in cells}
    if said & _OTHERS:
        return False
    of_patients = bool(columns.intersection(_OF_PATIENTS) or said & _REASONS)
    named = "full_name" in columns or columns.issuperset(_PARTS)
    return (of_patients and named) or (bool(columns.intersection(_PATIENT)) and (of_patients or "phone" in columns))


def _row(heads: Sequence[str], cells: Sequence[str]) -> list[str]:
    """Its lines, the name first; none where it is no row of a patient."""
    told = {_named_by(head): cell for head, cell in zip(heads, cells, strict=False) if cell}
    name = " ".join(told[part] for part in _PARTS if part in told)
    name = name or next((told[column] for column in _WHOLE if column in told), "")
    last, comma, first = name.partition(",")
    name = f"{first.strip()} {last.strip()}" if comma else name
    if not _NAME.fullmatch(name):
        return []
    named = (*_WHOLE, *_PARTS)
    rest = [(head, cell) for head, cell in zip(heads, cells, strict=False) if cell and _named_by(head) not in named]
    return [f"Patient: {name}", *(f"{head}: {cell}" for head, cell in rest), *filter(None, cells[len(heads) :])]


def _named_by(head: str) -> str:
    """Its column; of a part of the patient's name which part."""
    column = _column(head)
    return part if (part := column.removeprefix("patient_")) in _PARTS else column


def _column(head: str) -> str:
    if fold(head) in ("patient", "paciente", "pt"):
        return "patient_full_name"
    meant = meaning_of(head)
    return meant.column if meant else fold(head)
