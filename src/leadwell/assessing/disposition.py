"""What should happen next? The first of nine answers that applies, with its reasons and where it goes.

Adds: disposition, one of `contract.DISPOSITIONS`, never NULL; redirect (struct {to, say}: a team, place or programme,
and what is said), NULL where the lead goes nowhere else. `reasons` lists the playbook's reasons for it.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Final

import polars as pl

from leadwell.assessing.eligibility import column
from leadwell.assessing.findings import MET, NOT_MET, UNKNOWN, look_up
from leadwell.assessing.longtable import Choice, chosen
from leadwell.assessing.patient import OF_AGE
from leadwell.playbook.model import Criterion, Playbook

NEEDS: Final = (
    "type", "other", "fit", "elsewhere", "service", "eligibility", "criterion:", "reachability", "consistency",
    "readiness", "later", "safety", "look", "age", "authority", "possible_duplicate_of", "spam", "test", "repeat",
)  # fmt: skip
ADDS: Final = ("disposition", "redirect")
_GOES: Final = pl.Struct({"to": pl.String, "say": pl.String})


def columns(playbook: Playbook) -> dict[str, pl.Expr]:
    answer = pl.lit("schedule")
    for says, applies in reversed(_answers(playbook)):
        answer = pl.when(applies).then(pl.lit(says)).otherwise(answer)
    return {"disposition": answer, "redirect": pl.when(pl.col("disposition") == "redirect").then(_where(playbook))}


def _answers(playbook: Playbook) -> list[tuple[str, pl.Expr]]:
    """The order is the promise: see DESIGN, “Disposition: the first that applies”."""
    fit, eligibility, reachability = pl.col("fit"), pl.col("eligibility"), pl.col("reachability")
    return [
        ("review", pl.col("safety").is_not_null() | pl.col("look")),
        ("discard", pl.col("spam") | pl.col("test") | pl.col("repeat")),
        ("redirect", pl.col("type") == "other"),
        ("review", _a_person_must_look(playbook)),
        ("redirect", (fit == NOT_MET) & pl.col("elsewhere").is_not_null()),
        ("redirect", _any(_not_met(c) for c in playbook.criteria.values() if c.redirect)),
        ("decline", (fit == NOT_MET) | (eligibility == NOT_MET)),
        ("nurture", (pl.col("readiness") == "information") | pl.col("later")),
        ("verify", fit.is_null() | reachability.ne_missing(MET) | _any(still_open(playbook))),
    ]


def still_open(playbook: Playbook) -> list[pl.Expr]:
    """What stands between a lead and `schedule`: a decisive criterion is unknown, something is still to be obtained."""
    criteria = playbook.criteria.values()
    unknown = [column(c) == UNKNOWN for c in criteria if c.decisive]
    to_get = [column(c) == NOT_MET for c in criteria if c.obtainable]
    return [*unknown, *to_get]


def _a_person_must_look(playbook: Playbook) -> pl.Expr:
    sensitive = [s.key for s in playbook.services.values() if s.sensitive]
    minor = (pl.col("age") < OF_AGE) & pl.col("service").is_in(sensitive)
    by_parent = pl.col("authority").is_in(["parent", "guardian"]).fill_null(False)
    return _any([
        pl.col("possible_duplicate_of").is_not_null(),
        pl.col("consistency") == NOT_MET,
        *(column(c) == NOT_MET for c in playbook.criteria.values() if c.review),
        minor & ~by_parent,
    ])  # fmt: skip


def _not_met(criterion: Criterion) -> pl.Expr:
    if criterion.obtainable or criterion.review:
        return pl.lit(False)
    return column(criterion).eq_missing(NOT_MET)


def _any(conditions: Iterable[pl.Expr]) -> pl.Expr:
    held = list(conditions)
    return pl.any_horizontal(held) if held else pl.lit(False)


def _where(playbook: Playbook) -> pl.Expr:
    """Where a redirected lead goes and what is said: to its team, as `elsewhere` has it, or as the criterion has it."""
    other = pl.col("type") == "other"
    nothing = pl.lit(None, dtype=pl.String)
    to, say = nothing, nothing
    for criterion in reversed(list(playbook.criteria.values())):
        if criterion.redirect:
            to = pl.when(_not_met(criterion)).then(pl.lit(criterion.redirect)).otherwise(to)
            say = pl.when(_not_met(criterion)).then(pl.lit(criterion.says)).otherwise(say)
    elsewhere = (pl.col("fit") == NOT_MET) & pl.col("elsewhere").is_not_null()
    places, teams = playbook.elsewhere.values(), playbook.other.values()
    to = pl.when(elsewhere).then(look_up("elsewhere", {p.key: p.redirect for p in places})).otherwise(to)
    say = pl.when(elsewhere).then(look_up("elsewhere", {p.key: p.say for p in places})).otherwise(say)
    team = look_up("other", {t.key: t.team for t in teams}).fill_null(playbook.fallback_team)
    to = pl.when(other).then(team).otherwise(to)
    say = pl.when(other).then(look_up("other", {t.key: t.say for t in teams})).otherwise(say)
    return pl.struct(to=to, say=say).cast(_GOES)


def reasons(frame: pl.DataFrame, playbook: Playbook) -> pl.Series:
    """For each lead, the reasons that hold: list of text, each once, the engine's own before the criteria's."""
    masks, choice = _reasons(playbook)
    return chosen(frame.select(masks), choice)


@lru_cache(maxsize=64)
def _reasons(playbook: Playbook) -> tuple[list[pl.Expr], Choice]:
    discarded = pl.col("disposition") == "discard"
    lead = ~discarded & (pl.col("type") != "other")
    held = [
        ("spam", discarded & pl.col("spam")),
        ("test", discarded & pl.col("test")),
        ("duplicate", discarded & pl.col("repeat")),
        ("not-an-enquiry", ~discarded & (pl.col("type") == "other")),
        ("service-mismatch", lead & (pl.col("fit") == NOT_MET)),
        *((c.reason or "criteria-not-met", lead & _not_met(c)) for c in playbook.criteria.values()),
    ]
    masks = [when.fill_null(False).alias(str(i)) for i, (_, when) in enumerate(held)]
    return masks, Choice.of([reason for reason, _ in held], pl.String())
