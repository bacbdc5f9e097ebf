"""In what order is a lead judged? Each stage is a function of a frame and a playbook; this module runs them.

prepare -> contact -> reading -> resolve -> facts -> safety and the seven dimensions -> score -> disposition -> review
-> the assessment, with its reasons and questions
"""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
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
from leadwell.assessing.facts import add_facts
from leadwell.assessing.prepare import prepare
from leadwell.assessing.resolve import resolve
from leadwell.playbook.model import Playbook

# Each names in NEEDS the columns that its `add` reads, besides those that the conditions of the playbook name, and in
# ADDS those that it adds, besides those under its PREFIX; "criterion:" is every column that begins so. In SAYS stand
# those that its `because` reads besides all these, and besides the words that it quotes. Tested.
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
    frame = known(leads, playbook, as_of=as_of)
    for stage in STAGES:
        frame = stage.add(frame, playbook)
    return assessments(frame, gather(frame, _reasons(playbook)), playbook)


@lru_cache(maxsize=64)
def _reasons(playbook: Playbook) -> tuple[Because, ...]:
    return tuple(because for module in DIMENSIONS for because in module.because(playbook))


def known(leads: pl.DataFrame, playbook: Playbook, *, as_of: datetime | None = None) -> pl.DataFrame:
    """The leads with their facts, before anything is judged. Raises MissingTime."""
    frame = prepare(leads, playbook, as_of=as_of)
    absent = [
        pl.lit(None, dtype=dtype).alias(name) for name, dtype in contract.LINK.items() if name not in frame.columns
    ]
    frame = frame.with_columns(absent)
    frame = contact.check(frame, playbook)
    frame = reading.read(frame, playbook)
    return add_facts(resolve(frame, playbook), playbook)
