"""What is each of these leads? The library's own way in: frames of any kind, a playbook by name or file, answers as a
frame."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import polars as pl

from leadwell import assessing
from leadwell import playbook as playbooks
from leadwell.formats import as_frame, explaining
from leadwell.playbook import Playbook


def load_playbook(source: str | Path) -> Playbook:
    """A playbook, by the name of one that comes with Leadwell or by the path of a file.

    Raises PlaybookError with every problem (line, column, sentence), LookupError for an unknown name, OSError for a
    file that cannot be read.
    """
    path = Path(source)
    if path.suffix == ".toml" or len(path.parts) > 1 or path.is_file():
        return _loaded(path.read_bytes())
    return _loaded(playbooks.find(str(source)))


@lru_cache(maxsize=16)
def _loaded(source: bytes) -> Playbook:
    return playbooks.load(source)


def assess(leads: Any, playbook: Playbook, *, as_of: datetime | None = None) -> pl.DataFrame:
    """Assessments of a list of leads, one row a lead, in their order: `link`, then `judge`.

    `leads`: a Polars, pandas or Arrow table or a list of dicts, with any of the columns of `docs/lead.md`; others are
    never judged. `as_of` (with a zone): when we judge; by default when each lead was received. Raises MissingTime where
    a lead has neither. The same inputs give the same bytes.
    """
    return assessing.assess(as_frame(leads), playbook, as_of=_zoned(as_of))


def link(leads: Any, playbook: Playbook, *, as_of: datetime | None = None) -> pl.DataFrame:
    """The same leads knowing who is who: `duplicate_of`, `possible_duplicate_of`, `same_person_as`, `link_weight`."""
    return assessing.link(as_frame(leads), playbook, as_of=_zoned(as_of))


def judge(leads: Any, playbook: Playbook, *, as_of: datetime | None = None) -> pl.DataFrame:
    """Assessments, strictly row by row: a lead gets the same answer alone or among a million."""
    return assessing.judge(as_frame(leads), playbook, as_of=_zoned(as_of))


def explain(assessment: pl.DataFrame | Mapping[str, Any], lead: Any) -> str:
    """One assessment and its lead, as a person would want to read it. Each is a mapping or a frame of one row."""
    return explaining.explain(_one(assessment), _one(lead))


def _one(value: Any) -> Mapping[str, Any]:
    if isinstance(value, Mapping):
        return value
    frame = as_frame(value)
    if frame.height != 1:
        raise ValueError(f"explain takes one lead and its assessment, not {frame.height:,}")
    return frame.row(0, named=True)


def _zoned(as_of: datetime | None) -> datetime | None:
    if as_of is not None and as_of.tzinfo is None:
        raise ValueError("as_of has no time zone; give one, as in datetime(2026, 11, 18, 9, 0, tzinfo=UTC)")
    return as_of
