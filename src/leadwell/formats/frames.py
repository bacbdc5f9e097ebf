"""What does a program hand us, or want back? Polars, pandas, Arrow or dicts in; a file's leads as one frame; a frame
to a file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO

import polars as pl

from leadwell.formats.astext import as_text
from leadwell.formats.lists import open_list
from leadwell.formats.ownheaders import own_headers
from leadwell.formats.sinks import open_sink
from leadwell.formats.tables import text_of
from leadwell.playbook.model import Playbook


def as_frame(leads: Any) -> pl.DataFrame:
    """Leads as a Polars frame, from a Polars, pandas or Arrow table, or a list of dicts (one dict is one lead)."""
    if isinstance(leads, pl.DataFrame):
        return leads
    if isinstance(leads, pl.LazyFrame):
        return leads.collect()
    if isinstance(leads, Mapping):
        return _of_dicts([leads])
    if isinstance(leads, Sequence) and not isinstance(leads, (str, bytes)):
        return _of_dicts(leads)
    module = type(leads).__module__.partition(".")[0]
    if module == "pandas":
        return as_text(pl.from_pandas(leads, nan_to_null=True))
    if hasattr(leads, "__arrow_c_stream__") or module == "pyarrow":
        return pl.DataFrame(leads)
    raise TypeError(f"leads are a Polars, pandas or Arrow table or a list of dicts, not {type(leads).__name__}")


def _of_dicts(leads: Sequence[Mapping[str, Any]]) -> pl.DataFrame:
    """One column a key, as text: values of mixed types are common in JSON."""
    keys = dict.fromkeys(key for lead in leads for key in lead)
    columns = {key: [text_of(lead.get(key)) for lead in leads] for key in keys}
    if not columns:
        return pl.DataFrame({"id": [None] * len(leads)}, schema={"id": pl.String})
    return pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String))


def read(
    source: str | Path | BinaryIO, playbook: Playbook | None = None, *, mapping: Mapping[str, str] | None = None
) -> pl.DataFrame:
    """The leads of a file: `row` (UInt32, from 1) and text columns under our names, others as `extra.<header>`. Rows
    that cannot be read are left out, and their numbers with them. `mapping`: their header -> our column. Raises
    CannotRead."""
    opened = open_list(source, own=own_headers(playbook) if playbook else None, corrections=mapping)
    try:
        frames = list(opened.batches())
    finally:
        opened.close()
    if not frames:
        return pl.DataFrame(schema={"row": pl.UInt32, **dict.fromkeys(opened.columns, pl.String)})
    return pl.concat(frames, how="diagonal")


def write(assessments: pl.DataFrame, out: str | Path, leads: pl.DataFrame | None = None) -> None:
    """Assessments to .jsonl (nested), or .csv, .tsv, .xlsx, .parquet (flat, dotted names). `leads`: carries their
    `extra.*` columns through into the flat forms. Raises CannotWrite."""
    sink = open_sink(out)
    try:
        sink.write(assessments, leads)
    except BaseException:
        sink.abandon()
        raise
    sink.close()
