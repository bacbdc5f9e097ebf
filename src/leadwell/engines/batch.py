"""What is made of one batch of a list? First what its leads say; then, once it is known who is who, what they are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

import polars as pl

from leadwell import contract
from leadwell.assessing import MissingTime, known, settled
from leadwell.assessing.prepare import prepare
from leadwell.engines.summary import Summary
from leadwell.formats import Part, Shape
from leadwell.playbook.model import Playbook
from leadwell.reading import own_words

_NOTHING: Final[tuple[Part, ...]] = ()


@dataclass(frozen=True, slots=True)
class Wanted:
    """`now` stands in for the time of leads that do not say when they were received. `shape`: how the sink wants it.
    `shown`: the rows whose assessments are handed back as they are; None is all."""

    as_of: datetime | None = None
    now: datetime | None = None
    shape: Shape | None = None
    shown: Sequence[int] | None = None


@dataclass(frozen=True, slots=True)
class Made:
    """Of one batch: what the sink takes, the assessments to be shown, the counts."""

    parts: Iterable[Part]
    shown: pl.DataFrame
    summary: Summary


def heard(leads: pl.DataFrame, playbook: Playbook, wanted: Wanted) -> pl.DataFrame:
    """What is known of these leads but who is who: six sevenths of the work. Raises MissingTime."""
    frame = leads.select(judged(leads.columns, playbook))
    try:
        return known(frame, playbook, as_of=wanted.as_of)
    except MissingTime:
        if wanted.now is None:
            raise
    frame, _ = with_times(frame, playbook, wanted.now)
    return known(frame, playbook, as_of=wanted.as_of)


def made(leads: pl.DataFrame, known_of: pl.DataFrame, linked: pl.DataFrame, playbook: Playbook, wanted: Wanted) -> Made:
    """`linked`: `contract.LINK` of the leads, in their order."""
    assessments = settled(known_of.with_columns(linked.get_columns()), playbook)
    del known_of  # what comes takes as much again
    summary = Summary()
    summary.count(assessments)
    shown = assessments if wanted.shown is None else assessments.filter(pl.col("row").is_in(list(wanted.shown)))
    return Made(wanted.shape(assessments, leads) if wanted.shape else _NOTHING, shown, summary)


def judged(columns: Iterable[str], playbook: Playbook) -> list[str]:
    """The columns that can say anything: a list may carry thousands of others through."""
    columns = list(columns)
    own = {contract.EXTRA_PREFIX + fact.field for fact in playbook.own_facts.values() if fact.field}
    names = {"row", *contract.INCOMING, *own, *own_words.columns(columns)}
    return [c for c in columns if c in names or c.startswith(contract.ANSWER_PREFIX)]


def with_times(frame: pl.DataFrame, playbook: Playbook, now: datetime) -> tuple[pl.DataFrame, int]:
    """The leads, those without a readable `received_at` taken as received now; and how many those are."""
    given = [c for c in ("row", "received_at") if c in frame.columns]
    received = prepare(frame.select(given), playbook, as_of=now)["received"]
    missing = received == now
    written = now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    column = pl.col("received_at") if "received_at" in frame.columns else pl.lit(None, dtype=pl.String)
    frame = frame.with_columns(pl.when(missing).then(pl.lit(written)).otherwise(column).alias("received_at"))
    return frame, int(missing.sum())
