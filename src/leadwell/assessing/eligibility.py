"""May we take them? The playbook's criteria, each met, not met or unknown (promise 12).

A criterion applies to the lead types it names; where whether it applies is unknown, so is the criterion.

Adds: `criterion:<key>` for each criterion ('met' | 'not met' | 'unknown', NULL where it does not apply); eligibility.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import polars as pl

from leadwell.assessing.because import Because
from leadwell.assessing.facts import quotable
from leadwell.assessing.findings import MET, NOT_MET, UNKNOWN, met_or_not
from leadwell.playbook.model import Criterion, Playbook

NEEDS: Final = ("type",)  # and the facts that the criteria name
ADDS: Final = ("eligibility",)
PREFIX: Final = "criterion:"


def column(criterion: Criterion) -> pl.Expr:
    """What a criterion was found to be, once eligibility is judged."""
    return pl.col(PREFIX + criterion.key)


def columns(playbook: Playbook) -> dict[str, pl.Expr]:
    states = {PREFIX + c.key: _state(c) for c in playbook.criteria.values()}
    return states | {"eligibility": _finding(playbook)}


def _state(criterion: Criterion) -> pl.Expr:
    state = met_or_not(criterion.when.expr)
    if criterion.applies:
        applies = criterion.applies.expr
        state = pl.when(applies).then(state).when(applies.is_null()).then(pl.lit(UNKNOWN))
    return pl.when(pl.col("type").is_in(criterion.types)).then(state)


def _finding(playbook: Playbook) -> pl.Expr:
    hard = [c for c in playbook.criteria.values() if not c.obtainable and not c.review]
    failed = pl.any_horizontal(column(c) == NOT_MET for c in hard) if hard else pl.lit(False)
    open_ = [column(c).eq_missing(UNKNOWN) for c in playbook.criteria.values()]
    open_ += [column(c).eq_missing(NOT_MET) for c in playbook.criteria.values() if c.obtainable]
    unknown = pl.any_horizontal(open_) if open_ else pl.lit(False)
    return pl.when(failed).then(pl.lit(NOT_MET)).when(~unknown).then(pl.lit(MET))


def because(playbook: Playbook) -> Iterator[Because]:
    for criterion in playbook.criteria.values():
        fact = _telling_fact(criterion, playbook)
        says = _SAYS | _STILL_TO_GET if criterion.obtainable else _SAYS
        for state, sentence in says.items():
            yield Because("eligibility", column(criterion) == state, sentence.format(criterion.says), fact=fact)


_SAYS: Final = {NOT_MET: "not met: {}", MET: "met: {}", UNKNOWN: "not known yet: {}"}
_STILL_TO_GET: Final = {NOT_MET: "still to get: {}"}


def _telling_fact(criterion: Criterion, playbook: Playbook) -> str | None:
    """The fact whose words stand for the criterion: the first it names, in the order of its text."""
    return next(iter(quotable(criterion.when.in_order, playbook)), None)
