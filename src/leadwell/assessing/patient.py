"""Who is the patient, who speaks for them, and who pays? Facts that rest on each other.

Needs: the facts of `facts.py` settled before (asks_for, type, service). Adds: birth_date, age, authority, payer,
plan_kind, payment, payer_accepted.
"""

from __future__ import annotations

from functools import cache, lru_cache
from typing import Final

import polars as pl

from leadwell.assessing import stated as fields
from leadwell.assessing.sources import DAY, IN, Source, derived, in_a_field, said, stated
from leadwell.playbook.model import Playbook

OF_AGE: Final = 18  # years
OLDEST: Final = 120  # years; beyond it an age or a birth date is a typing error
_Facts = dict[str, list[Source]]


@cache
def birth_date() -> _Facts:
    """The patient's. A lone field is the asker's where they ask for somebody to whom the words give another age."""
    theirs, written = _day("patient_birth_date"), _day("birth_date")
    agrees = ((_years(written) - pl.col("read.age")).abs() <= 1) | pl.col("read.age").is_null()
    return {
        "birth_date": [
            stated("patient_birth_date", theirs),
            stated("birth_date", pl.when(for_self() | agrees).then(written)),
            said("birth_date"),
        ]
    }


def for_self() -> pl.Expr:
    """Whether what is told of the asker is told of the patient, as far as anything is said. Never NULL."""
    return pl.col("asks_for").is_null() | pl.col("asks_for").is_in(["self", "patient"])


def _day(column: str) -> pl.Expr:
    day, today = pl.col(DAY + IN + column), pl.col("received_date")
    return pl.when(day.is_between(today.dt.offset_by(f"-{OLDEST}y"), today)).then(day)


def _years(day: pl.Expr) -> pl.Expr:
    """Whole years from `day` to when we judge."""
    today = pl.col("as_of_date")
    had_birthday = _month_and_day(today) >= _month_and_day(day)
    return today.dt.year() - day.dt.year() - (~had_birthday).cast(pl.Int32)


def _month_and_day(day: pl.Expr) -> pl.Expr:
    return day.dt.month().cast(pl.Int32) * 100 + day.dt.day()


@cache
def age() -> _Facts:
    written = fields.years(IN + "age")
    years = pl.when(written.is_between(0, OLDEST)).then(written)
    from_birth = _years(pl.col("birth_date"))
    return {
        "age": [
            stated("age", years),
            derived("birth_date", pl.when(in_a_field("birth_date")).then(from_birth), "birth_date"),
            said("age"),
            derived("birth_date", from_birth, "read.birth_date"),
        ]
    }


_SPEAKS: Final = {
    "self": "self",
    "child": "parent",
    "spouse": "relative",
    "parent": "relative",
    "relative": "relative",
    "patient": "provider",
    "organization": "organization",
}


@cache
def authority() -> _Facts:
    """Who speaks. A parent speaks for a child only while it is one."""
    by_relation = pl.col("asks_for").replace_strict(_SPEAKS, default=None, return_dtype=pl.String)
    grown = (pl.col("asks_for") == "child") & (pl.col("age") >= OF_AGE)
    not_grown = ~grown.fill_null(False)
    a_grown_childs = (grown & (pl.col("read.authority") == "parent")).fill_null(False)
    by_type = pl.col("type").replace_strict(
        {"referral": "provider", "business": "organization"}, default=None, return_dtype=pl.String
    )
    return {
        "authority": [
            *(stated(c, pl.when(not_grown).then(_speaks(c))) for c in ("relationship", "asks_for")),
            said("authority", pl.when(~a_grown_childs).then(pl.col("read.authority"))),
            derived("type", by_type),
            derived("asks_for", pl.when(grown).then(pl.lit("relative")).otherwise(by_relation)),
        ]
    }


def _speaks(column: str) -> pl.Expr:
    return fields.meaning(IN + column, "authority")


@cache
def payer() -> _Facts:
    named, plan = pl.col("named.payer").struct, pl.col("named.plan").struct
    return {
        "payer": [
            stated("payer", named.field("payer")),
            stated("plan", pl.when(plan.field("plan_kind").is_null()).then(plan.field("payer"))),
            said("payer"),
        ]
    }


@lru_cache(maxsize=64)
def paying(playbook: Playbook) -> _Facts:
    """How it would be paid. A self-payer has no plan; a payer that is not on the list is not accepted."""
    named, plan = pl.col("named.payer").struct, pl.col("named.plan").struct
    written = fields.meaning(IN + "payment", "payment")
    pays_self = pl.coalesce(written, named.field("payment"), plan.field("payment"), pl.col("read.payment")) == "self"
    return {
        "payment": [
            stated("payment", written),
            stated("payer", named.field("payment")),
            stated("plan", plan.field("payment")),
            said("payment"),
            derived("payer", pl.when(pl.col("payer").is_not_null()).then(pl.lit("plan")), "payer"),
        ],
        "payer_accepted": [derived("payer", pl.col("payer").is_in(list(playbook.payers.accepted)), "payer")],
        "plan_kind": [
            stated("plan", plan.field("plan_kind")),
            stated("payer", named.field("plan_kind")),
            said("plan_kind"),
            derived(
                "payment",
                pl.when(pays_self).then(pl.lit("none")),
                *(IN + c for c in ("payment", "payer", "plan")),
                "read.payment",
            ),
            derived("payer", pl.when(pl.col("payer") == "medicare").then(pl.lit("medicare")), "payer"),
        ],
    }
