"""When must this lead be judged again? The next midnight, at the clinic, at which a date crosses a bound of the policy.

Adds: review_at (UTC), NULL where no passing of time changes the judgement.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Final

import polars as pl

from leadwell.playbook.model import Condition, Playbook

NEEDS: Final = ("as_of_date", "timeline_days", "earliest_days", "birth_date")
ADDS: Final = ("review_at",)

_BOUND: Final = r"\b{name}\s*(<=|>=|<>|<|>|=|BETWEEN)\s*(\d+)(?:\s+AND\s+(\d+))?"


def columns(playbook: Playbook) -> dict[str, pl.Expr]:
    today = pl.col("as_of_date")
    ahead = [*_timeline_crossings(playbook), *(pl.when(day > today).then(day) for day in _birthdays(playbook))]
    midnight = (
        pl.min_horizontal(ahead)
        .cast(pl.Datetime("us"))
        .dt.replace_time_zone(playbook.organization.time_zone, ambiguous="earliest", non_existent="null")
    )
    return {"review_at": midnight.dt.convert_time_zone("UTC")}


def _timeline_crossings(playbook: Playbook) -> Iterator[pl.Expr]:
    """The next day at which the days to go will cross a bound: the greatest that lies below them."""
    limits = playbook.intent
    own = (("<=", limits.ready_within_days), ("<=", limits.urgent_within_days))
    crossed = {
        "timeline_days": (*_bounds_of(playbook, "timeline_days"), *own),
        "earliest_days": ((">", limits.not_yet_beyond_days),),
    }
    for name, compared in crossed.items():
        bounds = {bound for operator, bound in compared if operator in ("<=", ">", "=")}
        bounds |= {bound - 1 for operator, bound in compared if operator in ("<", ">=", "=")}
        sorted_ = pl.lit(pl.Series(sorted(bounds), dtype=pl.Int32))
        days = pl.col(name).cast(pl.Int32)
        below = sorted_.search_sorted(days).cast(pl.Int32)
        crossing = pl.when(days.is_not_null() & (below > 0)).then(days - sorted_.gather((below - 1).clip(0)))
        yield (pl.col("as_of_date").cast(pl.Int32) + crossing).cast(pl.Date)


def _birthdays(playbook: Playbook) -> Iterator[pl.Expr]:
    for operator, bound in _bounds_of(playbook, "age"):
        if operator in (">=", "<", "="):
            yield pl.col("birth_date").dt.offset_by(f"{bound}y")
        if operator in (">", "<=", "="):
            yield pl.col("birth_date").dt.offset_by(f"{bound + 1}y")


@cache
def _bounds_of(playbook: Playbook, name: str) -> tuple[tuple[str, int], ...]:
    """Every (operator, number) that the policy compares a fact with; BETWEEN gives both its ends."""
    found: set[tuple[str, int]] = set()
    for condition in _conditions(playbook):
        for operator, low, high in re.findall(_BOUND.format(name=name), condition.text, re.IGNORECASE):
            if operator.upper() == "BETWEEN":
                found |= {(">=", int(low)), ("<=", int(high or low))}
            else:
                found.add(("=" if operator == "<>" else operator, int(low)))
    return tuple(sorted(found))


def _conditions(playbook: Playbook) -> Iterator[Condition]:
    for criterion in playbook.criteria.values():
        yield criterion.when
        if criterion.applies:
            yield criterion.applies
    yield from (c.when for c in playbook.conflicts)
    yield from (p.when for p in playbook.score.points)
