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
from datetime import UTC, datetime
from typing import Final

import polars as pl

from leadwell import contract
from leadwell.assessing import MissingTime, judge, link
from leadwell.assessing.prepare import prepare
from leadwell.engines.summary import Summary
from leadwell.formats import LeadList, Rejects, Sink
from leadwell.playbook.model import Playbook

BATCH: Final = 50_000
# Batches judged side by side, in threads: each holds Python's lock a third of its time. Processes would need the engine
# once more each (a second, 0.25 GiB) and hand on 90 MB a batch.
_AT_ONCE: Final = 2
_CELLS: Final = 50_000 * 60  # criteria and facts of one batch, at most about so many
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


def run(  # noqa: PLR0913  each is one thing a caller may give
    leads: LeadList,
    playbook: Playbook,
    *,
    sink: Sink | None = None,
    rejects: Rejects | None = None,
    as_of: datetime | None = None,
    now: datetime | None = None,
    told: Told = lambda stage, rows: None,
    seen: Callable[[pl.DataFrame, pl.DataFrame], None] = lambda leads, assessments: None,
    stop: Callable[[], bool] = lambda: False,
) -> Run:
    """Assesses a list into `sink`. `now` stands in for the time of leads that do not say when they were received;
    without it they raise MissingTime. `seen` is handed every batch: its leads and their assessments. `stop` is asked
    before each."""
    done = Run(now=now)
    linked = _linked(leads, playbook, done, as_of=as_of, told=told)
    _give_back()
    batches = leads.batches(batch_size(playbook), on_rejected=rejects.add if rejects else lambda _: None)
    for batch, assessments in _judged(_until(stop, batches, done), linked, playbook, done, as_of=as_of):
        if sink:
            sink.write(assessments, batch)
        done.rows += batch.height
        done.summary.add(assessments)
        seen(batch, assessments)
        told("judging", done.rows)
    if sink and not done.rows and not done.stopped:
        sink.write(judge(pl.DataFrame(schema={"row": pl.UInt32}), playbook, as_of=as_of))
    return done


def _until(stop: Callable[[], bool], batches: Iterator[pl.DataFrame], done: Run) -> Iterator[pl.DataFrame]:
    for batch in batches:
        if stop():
            done.stopped = True
            return
        yield batch


def _judged(
    batches: Iterator[pl.DataFrame], linked: pl.DataFrame, playbook: Playbook, done: Run, *, as_of: datetime | None
) -> Iterator[tuple[pl.DataFrame, pl.DataFrame]]:
    """Each batch with its assessments, in order. Two are judged at once: one alone leaves a second core half idle."""

    def assessments(frame: pl.DataFrame) -> pl.DataFrame:
        if done.taken_as_now and done.now:
            frame, _ = with_times(frame, playbook, done.now)
        return judge(frame, playbook, as_of=as_of)

    waiting: deque[tuple[pl.DataFrame, Future[pl.DataFrame]]] = deque()
    start = 0
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        for batch in batches:
            frame = batch.select(judged(batch.columns, playbook)).hstack(linked.slice(start, batch.height))
            start += batch.height
            waiting.append((batch, pool.submit(assessments, frame)))
            if len(waiting) > _AT_ONCE:
                yield _first(waiting)
        while waiting:
            yield _first(waiting)


def _first(waiting: deque[tuple[pl.DataFrame, Future[pl.DataFrame]]]) -> tuple[pl.DataFrame, pl.DataFrame]:
    batch, judging = waiting.popleft()
    return batch, judging.result()


def _linked(leads: LeadList, playbook: Playbook, done: Run, *, as_of: datetime | None, told: Told) -> pl.DataFrame:
    """`contract.LINK` of every lead, in the list's order."""
    columns = [c for c in leads.columns if c in contract.INCOMING and c not in _NOT_LINKED]
    frames = []
    rows = 0
    for frame in leads.batches(BATCH, columns=columns):
        frames.append(frame)
        rows += frame.height
        told("reading", rows)
    if not frames:
        return pl.DataFrame(schema=contract.LINK)
    whole = pl.concat(frames, how="diagonal")
    del frames
    told("linking", rows)
    try:
        return link(whole, playbook, as_of=as_of).select(*contract.LINK)
    except MissingTime:
        if done.now is None:
            raise
    whole, done.taken_as_now = with_times(whole, playbook, done.now)
    return link(whole, playbook, as_of=as_of).select(*contract.LINK)


def _give_back() -> None:
    """Returns to the system what linking held, where the C library keeps it (`cli.memory`)."""
    if sys.platform == "linux" and hasattr(library := ctypes.CDLL(None), "malloc_trim"):
        library.malloc_trim(0)


def judged(columns: Iterable[str], playbook: Playbook) -> list[str]:
    """The columns that can say anything: a list may carry thousands of others through."""
    own = {contract.EXTRA_PREFIX + fact.field for fact in playbook.own_facts.values() if fact.field}
    known = {"row", *contract.INCOMING, *own}
    return [c for c in columns if c in known or c.startswith(contract.ANSWER_PREFIX)]


def batch_size(playbook: Playbook) -> int:
    """Rows judged at once: fewer where a playbook of thousands of criteria makes each row wide."""
    width = len(playbook.criteria) + len(playbook.facts) + len(playbook.conflicts) + len(playbook.score.points)
    return max(_FEWEST, min(BATCH, _CELLS // max(1, width)))


def with_times(frame: pl.DataFrame, playbook: Playbook, now: datetime) -> tuple[pl.DataFrame, int]:
    """The leads, those without a readable `received_at` taken as received now; and how many those are."""
    given = [c for c in ("row", "received_at") if c in frame.columns]
    received = prepare(frame.select(given), playbook, as_of=now)["received"]
    missing = received == now
    written = now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    column = pl.col("received_at") if "received_at" in frame.columns else pl.lit(None, dtype=pl.String)
    frame = frame.with_columns(pl.when(missing).then(pl.lit(written)).otherwise(column).alias("received_at"))
    return frame, int(missing.sum())
