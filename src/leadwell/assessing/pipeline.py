"""In what order is a lead judged? Each stage is a function of a frame and a playbook; this module runs them.

prepare -> reading -> contact -> resolve -> facts -> safety and the seven dimensions -> score -> disposition -> review
-> the assessment, with its reasons and questions
"""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from types import ModuleType
from typing import Final

import polars as pl

from leadwell import contact, contract, reading
from leadwell.assessing import (
    consistency,
    decision_maker,
    disposition,
    eligibility,
    fit,
    integrity,
    intent,
    reachability,
    review,
    safety,
    score,
)
from leadwell.assessing.assessment import assessments
from leadwell.assessing.because import Because, gather
from leadwell.assessing.elsewhere import heard_elsewhere
from leadwell.assessing.facts import add_facts
from leadwell.assessing.prepare import prepare
from leadwell.assessing.resolve import resolve
from leadwell.assessing.widening import Columns, with_series
from leadwell.playbook.model import Playbook
from leadwell.reading.reaching import reaching

# Each gives in `columns` what it adds, one after the other where one rests on another; names in NEEDS the columns that
# these read, besides those that conditions of the playbook name, and in ADDS those that it adds, besides those under
# its PREFIX; "criterion:" is every column that begins so. In SAYS stand those that its `because` reads besides all
# these, and besides the words that it quotes. Tested.
STAGES: Final = (
    safety, fit, intent, eligibility, reachability, integrity, consistency, decision_maker, score, disposition, review,
)  # fmt: skip
DIMENSIONS: Final = (fit, intent, eligibility, reachability, consistency, decision_maker, integrity, safety)


def judge(leads: pl.DataFrame, playbook: Playbook, *, as_of: datetime | None = None) -> pl.DataFrame:
    """A frame of assessments, one row a lead, in their order, as docs/assessment.md has them.

    Strictly row by row: a lead's assessment depends on no other. `leads` may carry any of `contract.INCOMING`, and what
    `link` adds. `as_of`: when we judge, by default when each lead was received. Raises MissingTime where a lead has
    neither.
    """
    return settled(known(leads, playbook, as_of=as_of), playbook)


def settled(frame: pl.DataFrame, playbook: Playbook) -> pl.DataFrame:
    """The assessments of a frame from `known`, to which the columns of `contract.LINK` may have been given since."""
    return told(decided(frame, playbook), playbook)


def decided(frame: pl.DataFrame, playbook: Playbook) -> pl.DataFrame:
    """The same frame with every stage's columns: what `told` writes down, and routing asks."""
    return add(frame, STAGES, playbook)


def told(frame: pl.DataFrame, playbook: Playbook) -> pl.DataFrame:
    """The assessments of a frame from `decided`."""
    return assessments(frame, gather(frame, _reasons(playbook)), playbook)


def add(frame: pl.DataFrame, stages: tuple[ModuleType, ...], playbook: Playbook) -> pl.DataFrame:
    """The frame with what these stages add."""
    for step in _steps(stages, playbook):
        frame = with_series(frame, step.of_frame(frame))
    return frame


@lru_cache(maxsize=256)
def _steps(stages: tuple[ModuleType, ...], playbook: Playbook) -> list[Columns]:
    """What the stages add, in as few steps as what rests on what allows."""
    at: dict[str, int] = {}
    steps: list[list[pl.Expr]] = []
    for stage in stages:
        for name, column in stage.columns(playbook).items():
            at[name] = max((at[root] + 1 for root in column.meta.root_names() if root in at), default=0)
            steps += [[] for _ in range(at[name] + 1 - len(steps))]
            steps[at[name]].append(column.alias(name))
    return [Columns.of(step) for step in steps]


@lru_cache(maxsize=64)
def _reasons(playbook: Playbook) -> tuple[Because, ...]:
    return tuple(because for module in DIMENSIONS for because in module.because(playbook))


def known(leads: pl.DataFrame, playbook: Playbook, *, as_of: datetime | None = None) -> pl.DataFrame:
    """The leads with their facts, before anything is judged; none of it rests on who is who. Raises MissingTime."""
    frame = prepare(leads, playbook, as_of=as_of)
    absent = [
        pl.lit(None, dtype=dtype).alias(name) for name, dtype in contract.LINK.items() if name not in frame.columns
    ]
    frame = frame.with_columns(absent)
    frame = heard_elsewhere(reaching(reading.read(frame, playbook)), leads, playbook)
    frame = contact.check(frame, playbook)
    return add_facts(resolve(frame, playbook), playbook)
