"""Which leads and which expectations are kept beside a playbook? The leads are read as `assess` reads any list."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

import typer

from leadwell.cli import policy, screen
from leadwell.cli.assess import sentences

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

    from leadwell.formats import LeadList, Rejected
    from leadwell.playbook import Playbook

_MOST: Final = 5


def leads(path: Path, playbook: Playbook) -> pl.DataFrame:
    """The leads under our names. What of them was not understood is said, for it is not judged as it was meant."""
    from leadwell.formats import open_list, own_headers

    with sentences():
        opened = open_list(path, own=own_headers(playbook))
        for line in screen.not_understood(opened):
            typer.echo(line, err=True)
        frame, rejected = _read(opened)
        for one in rejected:
            typer.echo(f"Row {one.row} {one.reason}, so it is not tried.", err=True)
        return _timed(frame, playbook, opened)


def _read(opened: LeadList) -> tuple[pl.DataFrame, list[Rejected]]:
    import polars as pl

    rejected: list[Rejected] = []
    frames = list(opened.batches(on_rejected=rejected.extend))
    empty = pl.DataFrame(schema={"row": pl.UInt32} | dict.fromkeys(opened.columns, pl.String))
    return pl.concat([empty, *frames]), rejected


def _timed(frame: pl.DataFrame, playbook: Playbook, opened: LeadList) -> pl.DataFrame:
    """Those that tell no time of receipt taken as received now, as in any list, which is said."""
    from leadwell.assessing import times_told
    from leadwell.engines.batch import with_times
    from leadwell.formats.shown import shown

    if "received_at" not in frame.columns:
        typer.echo("No column tells when a lead was received (received_at); each is taken as received now.", err=True)
    else:
        header = next(m.header for m in opened.meant if m.column == "received_at")
        untold = frame.filter(~times_told(frame["received_at"], playbook).fill_null(False))
        for line in _without_time(untold["row"].to_list(), shown(header)):
            typer.echo(line, err=True)
    return with_times(frame, playbook, datetime.now(UTC).replace(microsecond=0))[0]


def _without_time(rows: list[int], header: str) -> Iterator[str]:
    for row in rows[:_MOST]:
        yield f"Row {row} tells no time in {header} (received_at); it is taken as received now."
    if len(rows) > _MOST:
        yield f"So do {len(rows) - _MOST:,} more rows."


def expected(path: Path) -> list[dict[str, object]]:
    """What is expected, one object a line. Ends the command where a line is none."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        policy.refuse(f"{path}, which says what is expected of the leads, cannot be read.")
    found = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            entry = json.loads(line)
        except json.JSONDecodeError as error:
            policy.refuse(f"{path}:{number}:{error.colno}: this line is no JSON: {error.msg}.")
        if not isinstance(entry, dict):
            policy.refuse(f'{path}:{number}:1: this line is no object like {{"id": "1", "disposition": "verify"}}.')
        found.append(entry)
    return found
