"""How far are we, how fast, how long still? On a terminal only; a log file or a pipe gets nothing."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from leadwell.formats import LeadList

_WORDS = {"reading": "Reading", "linking": "Who is who", "judging": "Judging"}


@contextmanager
def progress(leads: LeadList) -> Iterator[Callable[[str, int], None]]:
    """What the engine calls with its stage and the rows done."""
    if not sys.stderr.isatty():
        yield lambda stage, rows: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn("{task.description:<10}"), BarColumn(bar_width=30),
        TextColumn("{task.fields[rows]:>9,} leads"), TextColumn("{task.fields[rate]:>7,}/s"), TimeRemainingColumn(),
    )  # fmt: skip
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        yield _Shown(bar, leads)


class _Shown:
    """Keeps one line a stage; the total is known in bytes first, in rows once the list has been read."""

    def __init__(self, bar: object, leads: LeadList) -> None:
        from rich.progress import Progress

        assert isinstance(bar, Progress)
        self._bar, self._leads = bar, leads
        self._stage, self._rows = "", 0
        self._task = bar.add_task("Reading", total=leads.size, rows=0, rate=0)

    def __call__(self, stage: str, rows: int) -> None:
        if stage != self._stage:
            self._stage = stage
            total = {"reading": self._leads.size, "linking": None}.get(stage, self._rows)
            self._bar.remove_task(self._task)
            self._task = self._bar.add_task(_WORDS[stage], total=total, rows=rows, rate=0)
        if stage == "reading":
            self._rows = rows
        task = self._bar.tasks[-1]
        rate = int(rows / task.elapsed) if task.elapsed else 0
        done = self._leads.read_to if stage == "reading" else rows
        self._bar.update(self._task, completed=done, rows=rows, rate=rate)
