"""How is a judgement written down? One row a lead, as docs/assessment.md has it.

Command, library and API share that shape.
"""

from __future__ import annotations

from typing import Final

import polars as pl

from leadwell import contract
from leadwell.assessing import consistency, disposition, eligibility, questions, score
from leadwell.assessing.because import entries
from leadwell.assessing.facts import fact_types
from leadwell.assessing.findings import UNKNOWN
from leadwell.assessing.longtable import chosen
from leadwell.playbook.model import Playbook

# Facts that stand elsewhere in the assessment, or are findings.
_NOT_LISTED: Final = frozenset(
    {"type", "services", "phone_ok", "email_ok", "npi_ok", "received_hour", "received_weekday"}
)
_TIME: Final = "%Y-%m-%dT%H:%M:%SZ"


def assessments(frame: pl.DataFrame, long: pl.DataFrame, playbook: Playbook) -> pl.DataFrame:
    """The frame of assessments, from a judged frame and the long table of its reasons."""
    because = entries(frame, long, (*contract.DIMENSIONS, "safety"))
    lists = {
        "questions": questions.questions(frame, playbook),
        "conflicts": _conflicts(frame, playbook),
        "points": score.points(frame, playbook),
        "unknown_points": score.unknown_points(frame, playbook),
        "reasons": disposition.reasons(frame, playbook),
        **{f"because:{dimension}": series for dimension, series in because.items()},
    }
    frame = frame.with_columns(series.alias(name) for name, series in lists.items())
    return frame.select(
        "row", pl.col("in.id").alias("id"),
        pl.lit(playbook.version).alias("playbook"), pl.col("as_of").dt.strftime(_TIME).alias("as_of"),
        "type", "other", "disposition", "grade", "score", "readiness", "urgency",
        "safety", "safety_says", pl.col("because:safety").alias("safety_because"),
        pl.col("services").fill_null(pl.lit([], dtype=pl.List(pl.String))), "location",
        _dimensions().alias("dimensions"), _criteria(playbook).alias("criteria"),
        "questions", "conflicts", "points", "unknown_points", "reasons", "redirect",
        pl.col("asks_for").fill_null(UNKNOWN),
        _contact(playbook).alias("contact"),
        "duplicate_of", "possible_duplicate_of", "same_person_as", "link_weight",
        pl.col("review_at").dt.strftime(_TIME).alias("review_at"),
        _facts(frame, playbook).alias("facts"),
    )  # fmt: skip


def _dimensions() -> pl.Expr:
    return pl.struct(
        pl.struct(pl.col(d).fill_null(UNKNOWN).alias("finding"), pl.col(f"because:{d}").alias("because")).alias(d)
        for d in contract.DIMENSIONS
    )


def _criteria(playbook: Playbook) -> pl.Expr:
    states = [eligibility.column(c).alias(key) for key, c in playbook.criteria.items()]
    return pl.struct(states) if states else pl.lit(None, dtype=pl.Struct({}))


def _conflicts(frame: pl.DataFrame, playbook: Playbook) -> pl.Series:
    rules = consistency.conflicts(playbook)
    masks = frame.select(f"{consistency.PREFIX}{i}" for i in range(len(rules)))
    return chosen(masks, list(rules), pl.String())


def _contact(playbook: Playbook) -> pl.Expr:
    return pl.struct(
        pl.col("contact.phone").alias("phone"),
        "phone_ok",
        pl.col("contact.email").alias("email"),
        "email_ok",
        pl.col("contact.email_suggestion").alias("email_suggestion"),
        pl.col("preferred_channel").alias("preferred"),
        pl.col("contact.time_zone").alias("time_zone"),
        _good_hours(playbook).alias("good_hours"),
        "language",
        "npi_ok",
    )


def _good_hours(playbook: Playbook) -> pl.Expr:
    """When a call is welcome where they are: what the law leaves, less the playbook's own quiet hours. NULL: never."""
    hours = pl.col("contact.good_hours")
    quiet = playbook.follow_up.quiet_hours if playbook.follow_up else None
    if not quiet:
        return hours
    night, morning = quiet.split("-")  # "20:00-09:00": quiet from the evening to the morning
    opens, closes = hours.str.head(5), hours.str.tail(5)
    opens = pl.when(opens < morning).then(pl.lit(morning)).otherwise(opens)
    closes = pl.when(closes > night).then(pl.lit(night)).otherwise(closes)
    return pl.when(opens < closes).then(opens + "-" + closes)


def _facts(frame: pl.DataFrame, playbook: Playbook) -> pl.Expr:
    """Each known fact with how we know it; NULL where unknown. `from`: the field, or the fact that it follows from."""
    columns = set(frame.columns)
    known = [f for f in fact_types(playbook) if f"{f}#" in columns and f not in _NOT_LISTED]
    return pl.struct(_fact(name, fact_types(playbook)[name], columns).alias(name) for name in known)


def _fact(name: str, dtype: pl.DataType, columns: set[str]) -> pl.Expr:
    origin = pl.col(f"{name}<")
    if f"read.{name}@" in columns:
        extracted = pl.col(f"{name}#") == "extracted"
        origin = pl.when(extracted).then(pl.col(f"read.{name}@").struct.field("field")).otherwise(origin)
    value = pl.col(name)
    if dtype.is_float():
        value = value.round(4)
    written = pl.struct(
        value.alias("value"), pl.col(f"{name}#").cast(pl.String).alias("provenance"), origin.alias("from")
    )
    return pl.when(pl.col(name).is_not_null()).then(written)
