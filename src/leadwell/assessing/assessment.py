"""How is a judgement written down? One row a lead, as docs/assessment.md has it.

Command, library and API share that shape.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import polars as pl

from leadwell import contract
from leadwell.assessing import consistency, disposition, eligibility, questions, score
from leadwell.assessing.because import entries
from leadwell.assessing.facts import fact_types
from leadwell.assessing.findings import UNKNOWN
from leadwell.assessing.sources import has, null_counts
from leadwell.playbook.model import Playbook

# Facts that stand elsewhere in the assessment, or are findings.
_NOT_LISTED: Final = frozenset(
    {"type", "services", "phone_ok", "email_ok", "npi_ok", "received_hour", "received_weekday"}
)
_TIME: Final = "%Y-%m-%dT%H:%M:%SZ"


def assessments(frame: pl.DataFrame, long: pl.DataFrame, playbook: Playbook) -> pl.DataFrame:
    """The frame of assessments, from a judged frame and the long table of its reasons."""
    because = entries(frame, long, (*contract.DIMENSIONS, "safety"))
    plain = frame.select(_plain(playbook))
    made = {
        "dimensions": _dimensions(plain, because),
        "safety_because": because["safety"],
        "criteria": _criteria(frame, playbook),
        "questions": questions.questions(frame, playbook),
        "conflicts": consistency.held(frame, playbook),
        "points": score.points(frame, playbook),
        "unknown_points": score.unknown_points(frame, playbook),
        "reasons": disposition.reasons(frame, playbook),
        "contact": plain[list(_CONTACT)].to_struct("contact"),
        "facts": _facts(frame, playbook),
    }
    columns = [made[name] if name in made else plain[name] for name in _COLUMNS]
    return pl.DataFrame([column.alias(name) for name, column in zip(_COLUMNS, columns, strict=True)])


_COLUMNS: Final = (
    "row", "id", "playbook", "as_of", "type", "other", "disposition", "grade", "score", "readiness", "urgency",
    "safety", "safety_says", "safety_because", "services", "location", "dimensions", "criteria",
    "questions", "conflicts", "points", "unknown_points", "reasons", "redirect", "asks_for", "contact",
    "duplicate_of", "possible_duplicate_of", "same_person_as", "link_weight", "review_at", "facts",
)  # fmt: skip
_CONTACT: Final = (
    "phone", "phone_ok", "email", "email_ok", "email_suggestion", "preferred", "time_zone", "good_hours", "language",
    "npi_ok",
)  # fmt: skip


@lru_cache(maxsize=64)
def _plain(playbook: Playbook) -> list[pl.Expr]:
    """What is no list and of no more than one kind: the columns of the assessment, of its contact, and findings."""
    other_names = {
        "in.id": "id", "contact.phone": "phone", "contact.email": "email",
        "contact.email_suggestion": "email_suggestion", "preferred_channel": "preferred",
        "contact.time_zone": "time_zone",
    }  # fmt: skip
    own = (
        "row", "type", "other", "disposition", "grade", "score", "readiness", "urgency", "safety", "safety_says",
        "location", "redirect", "duplicate_of", "possible_duplicate_of", "same_person_as", "link_weight",
        "phone_ok", "email_ok", "language", "npi_ok",
    )  # fmt: skip
    return [
        *(pl.col(name) for name in own),
        *(pl.col(column).alias(name) for column, name in other_names.items()),
        *(pl.col(time).dt.strftime(_TIME) for time in ("as_of", "review_at")),
        *(pl.col(dimension).fill_null(UNKNOWN) for dimension in contract.DIMENSIONS),
        pl.lit(playbook.version).alias("playbook"),
        pl.col("services").fill_null(pl.lit([], dtype=pl.List(pl.String))),
        pl.col("asks_for").fill_null(UNKNOWN),
        _good_hours(playbook).alias("good_hours"),
    ]


def _dimensions(plain: pl.DataFrame, because: dict[str, pl.Series]) -> pl.Series:
    each = [
        pl.DataFrame([plain[d].alias("finding"), because[d].alias("because")]).to_struct(d) for d in contract.DIMENSIONS
    ]
    return pl.DataFrame(each).to_struct("dimensions")


def _criteria(frame: pl.DataFrame, playbook: Playbook) -> pl.Series:
    if not playbook.criteria:
        return frame.select("row", pl.lit(None, dtype=pl.Struct({})).alias("criteria"))["criteria"]
    states = frame[[eligibility.PREFIX + key for key in playbook.criteria]]
    states.columns = list(playbook.criteria)
    return states.to_struct("criteria")


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


def _facts(frame: pl.DataFrame, playbook: Playbook) -> pl.Series:
    """Each known fact with how we know it; NULL where unknown. `from`: the field, or the fact that it follows from."""
    types = fact_types(playbook)
    listed = [fact for fact in types if fact not in _NOT_LISTED and has(frame, f"{fact}#")]
    nulls = null_counts(frame, listed)
    known = [fact for fact in listed if nulls[fact] < frame.height]
    told = frame.select(_fact(f, types[f], bool(nulls[f]), has(frame, f"read.{f}@")) for f in known)
    unknown = {t: _unknown(t).new_from_index(0, frame.height) for t in {types[fact] for fact in listed}}
    each = [told[fact] if nulls[fact] < frame.height else unknown[types[fact]].alias(fact) for fact in listed]
    return pl.DataFrame(each).to_struct("facts")


@lru_cache(maxsize=4096)
def _fact(fact: str, dtype: pl.DataType, gaps: bool, in_words: bool) -> pl.Expr:
    """Value, provenance and origin of a fact; with gaps, NULL where it is unknown."""
    value, origin = pl.col(fact), pl.col(f"{fact}<")
    if in_words:
        extracted = pl.col(f"{fact}#") == "extracted"
        origin = pl.when(extracted).then(pl.col(f"read.{fact}@").struct.field("field")).otherwise(origin)
    written = pl.struct(
        (value.round(4) if dtype.is_float() else value).alias("value"),
        pl.col(f"{fact}#").alias("provenance"),
        origin.alias("from"),
    )
    return (pl.when(value.is_not_null()).then(written) if gaps else written).alias(fact)


@lru_cache(maxsize=64)
def _unknown(dtype: pl.DataType) -> pl.Series:
    return pl.Series("unknown", [None], dtype=pl.Struct({"value": dtype, "provenance": pl.String, "from": pl.String}))
