"""Do they mean it, and how soon? (promise 11)

Readiness: a wish to book, a timeline within `ready.within_days`, a fixed day, a referral or an order is `ready`; asking
only for prices or general information is `information`; naming a need without either is `considering`.
Urgency: `urgent` by their words, in danger of any kind, or within `urgent.within_days`, `soon` within
`ready.within_days`, else `routine`; `none` where nothing is asked for.

Adds: readiness, urgency and later (wanted only beyond `not_yet.beyond_days`, or not for now), never NULL; earliest_days
(whole days to the first day that would do), NULL where no day is given; intent, unknown where they merely consider.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import polars as pl

from leadwell.assessing.because import Because
from leadwell.assessing.findings import MET, NOT_MET
from leadwell.assessing.sources import IN, days_to
from leadwell.playbook.model import Playbook

NEEDS: Final = (
    "type", "service", "offer", "specificity", "condition", "as_of_date", "timeline_days", "timeline_days<", "deadline",
    "has_referral", "has_order", "appointment_type", "age", "birth_date", "payer", "payment",
    "read.wish", "read.considering", "read.information", "read.only_asks", "read.not_yet", "read.urgent", "read.safety",
    "read.timeline_start",
    "in.service", "in.preferred_location", "in.best_time", "in.preferred_channel", "in.payer", "in.timeline",
)  # fmt: skip
ADDS: Final = ("readiness", "later", "urgency", "earliest_days", "intent")
SAYS: Final = ("timeline_days#",)


def columns(playbook: Playbook) -> dict[str, pl.Expr]:
    limits = playbook.intent
    days = pl.col("timeline_days")
    later = pl.col("later")
    soon = (days <= limits.ready_within_days) & pl.col("timeline_days<").ne_missing("urgent")
    asks = pl.col("read.wish") | pl.col("read.urgent") | pl.col("appointment_type").is_not_null()
    fixed = pl.col("deadline").is_not_null() | soon
    referred = pl.col("has_referral") | pl.col("has_order")
    need = pl.col("service").is_not_null() | (pl.col("specificity") > 0) | pl.col("offer").is_not_null()
    chosen = pl.col(IN + "service").is_not_null() & pl.col("service").is_not_null()
    asking = pl.col("read.information") & ~(need & _personal())
    information = asking | pl.col("read.only_asks")
    readiness = (
        pl.when(pl.col("type") == "other").then(pl.lit("other"))
        .when(later & pl.col("read.information")).then(pl.lit("information"))
        .when(later & need).then(pl.lit("considering"))
        .when(asks | (fixed & need)).then(pl.lit("ready"))
        .when(pl.col("read.considering")).then(pl.lit("considering"))
        .when(referred).then(pl.lit("ready"))
        .when(information).then(pl.lit("information"))
        .when(fixed | (chosen & _where_or_how())).then(pl.lit("ready"))
        .when(need | later).then(pl.lit("considering"))
        .otherwise(pl.lit("other"))
    )  # fmt: skip
    return {
        "earliest_days": pl.coalesce(_earliest(), pl.when(_no_period()).then(days)),
        "later": ((pl.col("earliest_days") > limits.not_yet_beyond_days) | pl.col("read.not_yet")).fill_null(False),
        "readiness": readiness,
        "urgency": _urgency(playbook),
        "intent": _finding(),
    }


def _urgency(playbook: Playbook) -> pl.Expr:
    days = pl.col("timeline_days")
    hurried = pl.col("read.urgent") | pl.col("read.safety").is_in(["emergency", "crisis"])
    return (
        pl.when(hurried | (days <= playbook.intent.urgent_within_days)).then(pl.lit("urgent"))
        .when(days <= playbook.intent.ready_within_days).then(pl.lit("soon"))
        .when(pl.col("readiness").is_in(["ready", "considering"])).then(pl.lit("routine"))
        .otherwise(pl.lit("none"))
    )  # fmt: skip


def _finding() -> pl.Expr:
    readiness = pl.col("readiness")
    not_now = (readiness == "information") | pl.col("later")
    return pl.when(not_now).then(pl.lit(NOT_MET)).when(readiness == "ready").then(pl.lit(MET))


def _personal() -> pl.Expr:
    """A question about prices that comes with an age, a payer or an order is asked by somebody who has the need."""
    told = ("age", "payer", "payment", "has_order", "has_referral", "condition", "birth_date")
    return pl.any_horizontal(pl.col(fact).is_not_null() for fact in told) | (pl.col("specificity") > 0)


def _where_or_how() -> pl.Expr:
    """Someone who chose a service and said where, when to call or how they pay is asking to be seen."""
    said = ("preferred_location", "best_time", "preferred_channel", "payer", "timeline")
    return pl.any_horizontal(pl.col(IN + c).is_not_null() for c in said)


def _earliest() -> pl.Expr:
    """Days to the first day that would do. What must be done by a fixed day may be done before it."""
    starts = pl.col("read.timeline_start")
    return pl.when(starts.ne_missing(pl.col("deadline"))).then(days_to("read.timeline_start").clip(lower_bound=0))


def _no_period() -> pl.Expr:
    return pl.col("read.timeline_start").is_null() & pl.col("deadline").is_null()


def because(playbook: Playbook) -> Iterator[Because]:
    yield Because("intent", pl.col("read.wish"), "wants to be seen", words="read.wish@")
    yield Because("intent", pl.col("read.urgent"), "says that it is urgent", words="read.urgent@")
    dated = pl.col("timeline_days#") != "derived"
    yield Because("intent", dated, pl.format("wants care {}", _in_days()), words="read.timeline@")
    day = pl.col("deadline")
    yield Because("intent", day.is_not_null(), pl.format("must be by {}", day.cast(pl.String)), words="read.deadline@")
    yield Because("intent", pl.col("has_referral"), "comes with a referral", fact="has_referral")
    yield Because("intent", pl.col("read.considering"), "is still weighing it", words="read.considering@")
    information = pl.col("read.information")
    yield Because("intent", information, "asks for information or prices", words="read.information@")
    yield Because("intent", pl.col("read.not_yet"), "says it is not for now", words="read.not_yet@")


def _in_days() -> pl.Expr:
    days = pl.col("timeline_days")
    return (
        pl.when(days == 0).then(pl.lit("today"))
        .when(days == 1).then(pl.lit("tomorrow"))
        .otherwise(pl.format("in {} days", days))
    )  # fmt: skip
