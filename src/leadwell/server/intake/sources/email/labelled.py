"""Do the lines of a letter say fields, as "Patient: …", "DOB: …"? Several patients of one letter are several leads."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from leadwell import contract
from leadwell.formats.meaning import fold, meaning_of

_LINE: Final = re.compile(r"^(?:[*•-]|\(?\d{1,2}[.)])?\s*([A-Za-zÁÉÍÓÚÑáéíóúñ#][\w /'().#-]{1,40}?)\s*[:=]\s*(\S.*)$")
_FEWEST: Final = 2
_LONGEST: Final = 2_000  # characters of a line
_NAMES: Final = ("patient_full_name", "patient_first_name", "full_name", "first_name")


@dataclass(frozen=True)
class Group:
    """What is said of one: column -> value, and where in the text they begin and end."""

    columns: dict[str, str]
    start: int
    end: int


def groups(text: str, mapping: Mapping[str, str]) -> list[dict[str, str]]:
    """Column -> value, for each patient that the letter names; none where it has fewer than two such lines.

    A name that comes again begins another patient. `mapping`: label -> column, as somebody said.
    """
    return [one.columns for one in placed(text, mapping)]


def placed(text: str, mapping: Mapping[str, str]) -> list[Group]:
    """The same, with where each stands: to the next, and the last with its paragraph."""
    found: list[Group] = []
    last = 0
    for start, column, value in _fields(text, mapping):
        if not found or (column in _NAMES and column in found[-1].columns):
            found.append(Group({}, start, len(text)))
        found[-1].columns.setdefault(column, value)
        last = start
    if sum(len(one.columns) for one in found) < _FEWEST:
        return []
    end = text.find("\n\n", last)
    ends = [*(one.start for one in found[1:]), len(text) if end < 0 else end]
    return [replace(one, end=end) for one, end in zip(found, ends, strict=True)]


def _fields(text: str, mapping: Mapping[str, str]) -> Iterator[tuple[int, str, str]]:
    at = 0
    for line in text.split("\n"):
        match = _LINE.match(line.strip()[:_LONGEST])
        if match is not None and (column := mapping.get(match[1].strip()) or _column(match[1])):
            yield at, column, match[2].strip()
        at += len(line) + 1


def _column(label: str) -> str | None:
    if fold(label) in ("patient", "paciente"):
        return "patient_full_name"
    meant = meaning_of(label)
    return meant.column if meant is not None and meant.column in contract.INCOMING else None
