"""What is each header or field taken for, and what does somebody say instead? One table, of lists and submissions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from leadwell import contract
from leadwell.server.intake.sources.typed import is_column
from leadwell.server.leads.telling import label

COLUMNS: Final = tuple((name, label(name)) for name in contract.INCOMING)  # ours, and as people call them


@dataclass(frozen=True)
class Header:
    """`column`: what it is taken for, '' where it is carried along and not judged; `field`: the control's name."""

    field: str
    name: str
    column: str
    why: str
    own: bool  # of the playbook, so not among our columns
    samples: tuple[str, ...]


def header(place: int, name: str, column: str, why: str, samples: Iterable[str]) -> Header:
    """`column`: '' where it is not understood."""
    own = bool(column) and column not in contract.INCOMING
    return Header(f"header-{place}", name, column, why, own, tuple(one[:80] for one in samples if one))


def twice(typed: Mapping[str, str], headers: Sequence[Header]) -> str:
    """The column for which two headers are taken; '' where there is none."""
    given = Counter(typed.get(one.field, one.column) for one in headers)
    return next((column for column, count in given.items() if column and count > 1), "")


def said(typed: Mapping[str, str], headers: Sequence[Header]) -> dict[str, str]:
    """Header -> column, where somebody says otherwise than what it was taken for."""
    told: dict[str, str] = {}
    for one in headers:
        given = typed.get(one.field, one.column)
        if given != one.column and (not given or is_column(given)):
            told[one.name] = given or contract.EXTRA_PREFIX + one.name
    return told
