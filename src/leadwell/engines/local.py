"""How is a list of any length judged on one machine? Twice through the file: who is who over the whole list, then
each lead.

Linking sees the whole list but few of its columns; judging sees every column but only a batch of rows. A run that is
stopped closes the output as a valid file and tells how far it came.
"""

from __future__ import annotations

import ctypes
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain, islice
from typing import TYPE_CHECKING, Final

import polars as pl

from leadwell import contract
from leadwell.assessing import MissingTime, judge, link
from leadwell.engines.batch import Made, Wanted, heard, made, with_times
from leadwell.engines.cores import at_once
from leadwell.engines.summary import Summary
from leadwell.formats import LeadList, Rejects, Sink
from leadwell.playbook.model import Playbook

if TYPE_CHECKING:
    from leadwell.engines.processes import Judge

BATCH: Final = 25_000  # with twice as many each process takes 250 MB more, and hardly less time
_COLUMNS: Final = 50_000  # rows read at once for who is who
ALONE: Final = 40_000  # leads that one process judges before others have come up
_AHEAD: Final = 4  # batches that each process may have heard before it is known who is who; it keeps 45 MB of each
_CELLS: Final = BATCH * 120  # criteria and facts of one batch, at most about so many
_FEWEST: Final = 1_000
# Carried into the assessment's facts, but never asked who is who.
_NOT_LINKED: Final = frozenset({"source", "campaign", "page", "form"})

Told = Callable[[str, int], None]  # stage ("reading" | "linking" | "judging"), rows done


@dataclass
class Run:
    """What became of a list. `stopped`: it was interrupted after `rows` leads. `taken_as_now`: leads without a time."""

    rows: int = 0
    stopped: bool = False
    taken_as_now: int = 0
    now: datetime | None = None
    summary: Summary = field(default_factory=Summary)


@dataclass(frozen=True, slots=True)
class _Task:
    """A list and what is to become of it."""

    leads: LeadList
    playbook: Playbook
    wanted: Wanted
    told: Told
    stop: Callable[[], bool]
    rejects: Rejects | None

    def batches(self) -> Iterator[pl.DataFrame]:
        rejected = self.rejects.add if self.rejects else lambda _: None
        return self.leads.batches(batch_size(self.playbook), on_rejected=rejected)


def run(  # noqa: PLR0913  each is one thing a caller may give
    leads: LeadList,
    playbook: Playbook,
    *,
    source: bytes | None = None,
    sink: Sink | None = None,
    rejects: Rejects | None = None,
    as_of: datetime | None = None,
    now: datetime | None = None,
    told: Told = lambda stage, rows: None,
    seen: Callable[[pl.DataFrame, pl.DataFrame], None] = lambda leads, assessments: None,
    shown: tuple[int, ...] | None = None,
    stop: Callable[[], bool] = lambda: False,
) -> Run:
    """Assesses a list into `sink`.

    `source`: the playbook's file; with it a long list is judged by several processes. `now` stands in for the time of
    leads that do not say when they were received; without it they raise MissingTime. `seen` is handed every batch, and
    the assessments of those of its rows that are `shown` (without it, of all). `stop` is asked before each.
    """
    done = Run(now=now)
    wanted = Wanted(as_of=as_of, now=now, shape=sink.shape if sink else None, shown=shown)
    task = _Task(leads, playbook, wanted, told, stop, rejects)
    whole = _whole(task)
    first = list(islice(whole, 1))
    if source is not None and first and first[0].height > ALONE and at_once() > 1:
        batches = _side_by_side(task, chain(first, whole), done, source)
    else:
        batches = _alone(task, chain(first, whole), done)
    for batch, finished in batches:
        if sink:
            sink.put(finished.parts, batch.height)
        done.rows += batch.height
        done.summary.add(finished.summary)
        seen(batch, finished.shown)
        told("judging", done.rows)
    if sink and not done.rows and not done.stopped:
        sink.write(judge(pl.DataFrame(schema={"row": pl.UInt32}), playbook, as_of=as_of))
    return done


def _alone(task: _Task, whole: Iterable[pl.DataFrame], done: Run) -> Iterator[tuple[pl.DataFrame, Made]]:
    """Each batch and what is made of it, in the list's order."""
    linked = _linked(list(whole), task, done)
    _give_back()
    start = 0
    for batch in task.batches():
        if task.stop():
            done.stopped = True
            return
        of_these = linked.slice(start, batch.height)
        yield batch, made(batch, heard(batch, task.playbook, task.wanted), of_these, task.playbook, task.wanted)
        start += batch.height


def _side_by_side(
    task: _Task, whole: Iterable[pl.DataFrame], done: Run, source: bytes
) -> Iterator[tuple[pl.DataFrame, Made]]:
    """The same by several processes: they hear the first batches while the list is read here for who is who, and that
    is worked out."""
    from leadwell.engines.processes import judges  # noqa: PLC0415  a short list needs none (`cores`)

    with judges(source, task.wanted) as pool, ThreadPoolExecutor(1) as aside:
        handing = _handed(task.batches(), pool)
        first = aside.submit(lambda: list(islice(handing, _AHEAD * len(pool))))
        linked = _linked(list(whole), task, done)
        _give_back()
        waiting: deque[tuple[pl.DataFrame, Future[Made]]] = deque()
        start = 0
        for number, batch, judge_of in chain(first.result(), handing):
            if task.stop():
                done.stopped = True
                break
            waiting.append((batch, judge_of.make(number, linked.slice(start, batch.height))))
            start += batch.height
            if len(waiting) > len(pool):
                yield _first(waiting)
        while waiting:
            yield _first(waiting)


def _handed(batches: Iterator[pl.DataFrame], pool: list[Judge]) -> Iterator[tuple[int, pl.DataFrame, Judge]]:
    """Numbers the batches and hands them out in turn."""
    for number, batch in enumerate(batches):
        judge_of = pool[number % len(pool)]
        judge_of.hear(number, batch)
        yield number, batch, judge_of


def _first(waiting: deque[tuple[pl.DataFrame, Future[Made]]]) -> tuple[pl.DataFrame, Made]:
    batch, making = waiting.popleft()
    return batch, making.result()


def _whole(task: _Task) -> Iterator[pl.DataFrame]:
    """The columns of the list that tell who is who; a list that one process judges is all in the first part."""
    columns = [c for c in task.leads.columns if c in contract.INCOMING and c not in _NOT_LINKED]
    rows = 0
    for frame in task.leads.batches(_COLUMNS, columns=columns):
        rows += frame.height
        task.told("reading", rows)
        yield frame


def _linked(parts: list[pl.DataFrame], task: _Task, done: Run) -> pl.DataFrame:
    """`contract.LINK` of every lead, in the list's order. The list of parts is emptied: it is as long as the list."""
    if not parts:
        return pl.DataFrame(schema=contract.LINK)
    whole = pl.concat(parts, how="diagonal")
    parts.clear()
    task.told("linking", whole.height)
    try:
        return link(whole, task.playbook, as_of=task.wanted.as_of).select(*contract.LINK)
    except MissingTime:
        if done.now is None:
            raise
    whole, done.taken_as_now = with_times(whole, task.playbook, done.now)
    return link(whole, task.playbook, as_of=task.wanted.as_of).select(*contract.LINK)


def _give_back() -> None:
    """Returns to the system what linking held, where the C library keeps it (`leadwell.memory`)."""
    if sys.platform == "linux" and hasattr(library := ctypes.CDLL(None), "malloc_trim"):
        library.malloc_trim(0)


def batch_size(playbook: Playbook) -> int:
    """Rows judged at once: fewer where a playbook of thousands of criteria makes each row wide."""
    width = len(playbook.criteria) + len(playbook.facts) + len(playbook.conflicts) + len(playbook.score.points)
    return max(_FEWEST, min(BATCH, _CELLS // max(1, width)))
