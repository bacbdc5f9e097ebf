"""When must this lead be judged again? The next midnight, at the clinic, at which a date crosses a bound of the policy.

Adds: review_at (UTC), NULL where no passing of time changes the judgement.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from math import ceil, floor, isfinite, nan
from typing import Final

import polars as pl

from leadwell.playbook.conditions.tree import Among, Between, Compare, Fact, Minus, Node, Sum, Value, children
from leadwell.playbook.model import Condition, Playbook

NEEDS: Final = ("as_of_date", "timeline_days", "earliest_days", "birth_date")
ADDS: Final = ("review_at",)

_FARTHEST: Final = {"age": 150, "timeline_days": 36_500}  # beyond them nothing is crossed, and calendars end
_TURNED: Final = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}


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
    own = {limits.ready_within_days + 1, limits.urgent_within_days + 1}
    crossed = {
        "timeline_days": sorted(own.union(_bounds_of(playbook, "timeline_days"))),
        "earliest_days": [limits.not_yet_beyond_days + 1],
    }
    for name, bounds in crossed.items():
        steps = pl.lit(pl.Series(sorted(bound - 1 for bound in bounds), dtype=pl.Int32))
        days = pl.col(name).cast(pl.Int32)
        below = steps.search_sorted(days).cast(pl.Int32)
        crossing = pl.when(days.is_not_null() & (below > 0)).then(days - steps.gather((below - 1).clip(0)))
        yield (pl.col("as_of_date").cast(pl.Int32) + crossing).cast(pl.Date)


def _birthdays(playbook: Playbook) -> Iterator[pl.Expr]:
    for bound in _bounds_of(playbook, "age"):
        yield pl.col("birth_date").dt.offset_by(f"{bound}y")


@cache
def _bounds_of(playbook: Playbook, name: str) -> tuple[int, ...]:
    """Every whole number that a comparison of the policy sets apart from the one below it."""
    found = {bound for condition in _conditions(playbook) for bound in _bounds(condition.tree, name)}
    return tuple(sorted(bound for bound in found if abs(bound) <= _FARTHEST[name]))


def _bounds(node: Node, name: str) -> Iterator[int]:
    match node:
        case Compare(left, sign, right):
            yield from _crossed(left, sign, right, name)
        case Between(value, low, high):
            yield from _crossed(value, ">=", low, name)
            yield from _crossed(value, "<=", high, name)
        case Among(value, options):
            for option in options:
                yield from _crossed(value, "=", option, name)
        case _:
            for child in children(node):
                yield from _bounds(child, name)


def _crossed(left: Node, sign: str, right: Node, name: str) -> Iterator[int]:
    """Where `left sign right` changes as the fact grows by one, however the two are written."""
    times, more = _line(Sum(left, "-", right), name)
    if not times or not isfinite(more):
        return
    bound = -more / times
    if times < 0:
        sign = _TURNED.get(sign, sign)
    if sign in (">=", "<", "=", "<>"):
        yield ceil(bound)
    if sign in (">", "<=", "=", "<>"):
        yield floor(bound) + 1


def _line(node: Node, name: str) -> tuple[float, float]:
    """A sum as so many times the fact, and more; `more` is no number where another fact is in it."""
    match node:
        case Fact(name=named) if named == name:
            return 1.0, 0.0
        case Value(value=float() as number):
            return 0.0, number
        case Minus(value):
            times, more = _line(value, name)
            return -times, -more
        case Sum(left, sign, right):
            (one, more), (other, less) = _line(left, name), _line(right, name)
            return (one + other, more + less) if sign == "+" else (one - other, more - less)
    return 0.0, nan


def _conditions(playbook: Playbook) -> Iterator[Condition]:
    for criterion in playbook.criteria.values():
        yield criterion.when
        if criterion.applies:
            yield criterion.applies
    yield from (c.when for c in playbook.conflicts)
    yield from (p.when for p in playbook.score.points)
