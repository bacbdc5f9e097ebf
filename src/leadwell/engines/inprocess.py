"""What is each of these leads? The library's own way in: frames of any kind, a playbook by name or file, answers as a
frame."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import polars as pl

from leadwell import assessing
from leadwell import playbook as playbooks
from leadwell.assessing import MissingTime
from leadwell.assessing.prepare import prepare
from leadwell.formats import as_frame, explaining
from leadwell.playbook import Playbook

_NEVER: Final = datetime(1900, 1, 1, tzinfo=UTC)  # stands in for a time that cannot be read
_LOOKED_AT: Final = 100
_LONGEST_FORM: Final = 40


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


def assess(leads: Any, playbook: Playbook | str | Path, *, as_of: datetime | None = None) -> pl.DataFrame:
    """Assessments of a list of leads, one row a lead, in their order: `link`, then `judge`.

    `leads`: a Polars, pandas or Arrow table or a list of dicts, with any of the columns of `docs/lead.md`; others are
    never judged. `playbook`: one that is loaded, or what `load_playbook` takes. `as_of` (with a zone): when we judge;
    by default when each lead was received. Raises MissingTime where a lead has neither. The same inputs give the same
    bytes.
    """
    return _timed(assessing.assess, leads, playbook, as_of)


def link(leads: Any, playbook: Playbook | str | Path, *, as_of: datetime | None = None) -> pl.DataFrame:
    """The same leads knowing who is who: `duplicate_of`, `possible_duplicate_of`, `same_person_as`, `link_weight`."""
    return _timed(assessing.link, leads, playbook, as_of)


def judge(leads: Any, playbook: Playbook | str | Path, *, as_of: datetime | None = None) -> pl.DataFrame:
    """Assessments, strictly row by row: a lead gets the same answer alone or among a million."""
    return _timed(assessing.judge, leads, playbook, as_of)


def _timed(
    does: Callable[..., pl.DataFrame], leads: Any, playbook: Playbook | str | Path, as_of: datetime | None
) -> pl.DataFrame:
    frame = as_frame(leads)
    policy = playbook if isinstance(playbook, Playbook) else load_playbook(playbook)
    try:
        return does(frame, policy, as_of=_zoned(as_of))
    except MissingTime as error:
        if form := _form(frame, policy):
            error.args = (f"{error} Some have a received_at that cannot be read, of the form {form}.",)
        raise


def _form(frame: pl.DataFrame, playbook: Playbook) -> str | None:
    """How the first unreadable time is written, with 9 for every digit and a for every letter."""
    if "received_at" not in frame.columns:
        return None
    times = frame["received_at"].cast(pl.String, strict=False).str.strip_chars()
    for text in times.filter(times.is_not_null() & (times != "")).unique(maintain_order=True).head(_LOOKED_AT):
        if _unreadable(text, playbook):
            return re.sub(r"[^\W\d_]", "a", re.sub(r"\d", "9", text[:_LONGEST_FORM]))
    return None


def _unreadable(text: str, playbook: Playbook) -> bool:
    one = pl.DataFrame({"row": pl.Series([1], dtype=pl.UInt32), "received_at": [text]})
    return bool(prepare(one, playbook, as_of=_NEVER)["received"][0] == _NEVER)


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
