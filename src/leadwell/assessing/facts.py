"""What is known of this lead, and how do we know it? Fields and words brought together into facts.

A field outranks words, words outrank what is derived, and what a person verified is marked so. Needs: the frame as
prepared, checked (`contact.check`), read (`reading.read`) and resolved. Adds: every fact of `playbook.vocabulary` that
is known before judging, and the playbook's own, each as `F`, `F#` (provenance) and `F<` (where from).
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache, lru_cache
from typing import Final

import polars as pl

from leadwell import contract
from leadwell.assessing import stated as fields
from leadwell.assessing.findings import asked_for
from leadwell.assessing.own import date_columns, own_facts
from leadwell.assessing.patient import age, authority, birth_date, for_self, payer, paying
from leadwell.assessing.places import add_places
from leadwell.assessing.prepare import parse_days
from leadwell.assessing.sources import (
    DAY,
    IN,
    Source,
    days_to,
    derived,
    filled_of,
    in_a_field,
    said,
    settle,
    stated,
)
from leadwell.assessing.widening import with_series
from leadwell.playbook.model import Playbook
from leadwell.playbook.vocabulary import BUILT_IN, CRITERIA, TYPES

# Settled while judging, not before.
_JUDGED: Final = frozenset({"readiness", "urgency", *(n.name for n in BUILT_IN.values() if n.since != CRITERIA)})
_WHOLE: Final = ("age", "timeline_days", "specificity", "received_hour")

_Facts = dict[str, list[Source]]


def add_facts(frame: pl.DataFrame, playbook: Playbook) -> pl.DataFrame:
    """The frame with its facts, NULL where unknown; the incoming text moves to `in.<column>`."""
    frame = frame.clone()
    frame.columns = [IN + name if name in contract.INCOMING else name for name in frame.columns]
    frame = with_series(frame, [*asked_for(frame), *_days(frame, playbook)])
    types = fact_types(playbook)
    frame = settle(frame, _who_and_how(), types)
    frame = settle(frame, _type_and_need(), types)
    frame = frame.with_columns(_other(), _in_field_or_words()).with_columns(_services())
    frame = settle(frame, _need() | own_facts(playbook, frame.columns) | birth_date() | payer(), types)
    frame = settle(frame, age() | paying(playbook) | _asks_for(), types)
    frame = settle(frame, authority(), types)
    return add_places(frame, playbook)


def add_need(frame: pl.DataFrame, playbook: Playbook) -> pl.DataFrame:
    """The frame with those facts alone that tell who asks for what, for whom and how old: `needs.FACTS`.

    Needs: prepared, `asked.services`, `asked.offers`, `named.service`, `named.referral_service` and, as far as it is
    read, `read.*` of `type`, `other`, `asks_for`, `age` and `birth_date`. Adds `for_self` besides: what `birth_date`
    went by. The incoming text moves to `in.<column>`.
    """
    frame = frame.clone()
    frame.columns = [IN + name if name in contract.INCOMING else name for name in frame.columns]
    frame = with_series(frame, _days(frame, playbook))
    types = fact_types(playbook)
    frame = settle(frame, {"asks_for": _who_and_how()["asks_for"]}, types)
    frame = settle(frame, _type_and_need(), types)
    frame = frame.with_columns(_other(), _in_field_or_words()).with_columns(_services())
    frame = settle(frame, birth_date(), types)
    frame = frame.with_columns(for_self().alias("for_self"))
    return settle(frame, age() | _asks_for(), types)


def _days(frame: pl.DataFrame, playbook: Playbook) -> list[pl.Series]:
    """The days that the filled columns of dates name, as `day.<column>`."""
    columns = filled_of(frame, [IN + "patient_birth_date", IN + "birth_date", *date_columns(playbook)])
    today = frame["received_date"]
    return [parse_days(frame[c].cast(pl.String), latest=today).alias(DAY + c) for c in sorted(columns)]


@lru_cache(maxsize=64)
def fact_types(playbook: Playbook) -> dict[str, pl.DataType]:
    """Polars type of each fact that is known before judging."""
    types = {n.name: pl.Int32() if n.name in _WHOLE else TYPES[n.type] for n in BUILT_IN.values()}
    return types | {fact.key: TYPES[fact.type or "text"] for fact in playbook.own_facts.values()}


def _closed(column: str, fact: str | None = None) -> Source:
    return stated(column, fields.meaning(IN + column, fact or column))


@cache
def _who_and_how() -> _Facts:
    """Facts that stand on nothing but their own field and words."""
    return {
        "asks_for": [_closed("asks_for"), _closed("relationship", "asks_for"), said("asks_for"), _same_name()],
        "language": [_closed("language"), said("language")],
        "sex": [_closed("sex"), said("sex")],
        "preferred_channel": [_closed("preferred_channel"), said("preferred_channel")],
        "best_time": [stated("best_time"), said("best_time")],
        "interpreter_needed": [stated("interpreter_needed", fields.yes_no(IN + "interpreter_needed")),
                               said("interpreter_needed")],
        "appointment_type": [stated("appointment_type")],
        "contact_role": [stated("contact_role", pl.col(IN + "contact_role").str.to_lowercase())],
        "referrer": [stated("referrer_name"), stated("referrer_organization")],
        "source": [stated("source")],
        "campaign": [stated("campaign")],
        "form": [stated("form")],
        "page": [stated("page")],
        "condition": [said("condition")],
        "procedure": [said("procedure")],
        "deadline": [said("deadline")],
        "timeline_days": _timeline(),
        "zip": [stated("zip", pl.col("contact.zip")), said("zip")],
        "preferred_location": [stated("preferred_location", pl.col("named.preferred_location").struct.field("key")),
                               said("location")],
    }  # fmt: skip


def _same_name() -> Source:
    same = [
        fields.fold(pl.col(f"{IN}patient_{n}")) == fields.fold(pl.col(f"{IN}{n}")) for n in ("first_name", "last_name")
    ]
    return derived(
        "patient_first_name", pl.when(pl.all_horizontal(same)).then(pl.lit("self")), IN + "patient_first_name"
    )


def _days_until(column: str) -> pl.Expr:
    days = days_to(column)
    return pl.when(days >= 0).then(days)


def _timeline() -> list[Source]:
    """Days to when care is wanted: to the start of a period yet to begin, else to its end, or to the fixed day.

    “In the next 15 days” begins tomorrow and is a period that has begun.
    """
    starts = _days_until("read.timeline_start")
    days = pl.coalesce(
        pl.when(starts > 1).then(starts), _days_until("read.timeline_end"), starts, _days_until("read.deadline")
    )
    answered = pl.col("read.timeline@").struct.field("field") == "timeline"
    at_once = pl.when(pl.col("read.urgent")).then(pl.lit(0))
    words = ("read.timeline_start", "read.timeline_end", "read.deadline")
    return [
        Source("stated", "timeline", pl.when(answered).then(days), words),
        Source("extracted", "timeline", days, words),
        derived("urgent", at_once, "read.urgent"),
    ]


# Only a provider's office fills these; a name alone may be the patient's answer to "who referred you?".
_REFERRAL_FIELDS: Final = ("referrer_npi", "referral_reason", "referral_service", "referrer_phone", "referrer_email")


@cache
def _type_and_need() -> _Facts:
    """Kind of lead, and the services it names in fields."""
    by_fields = pl.any_horizontal(pl.col(IN + column).is_not_null() for column in _REFERRAL_FIELDS)
    in_message = pl.col("read.asks_for@").struct.field("field").eq_missing("message")
    for_self = (pl.col("asks_for") == "self") & ((pl.col("asks_for#") == "stated") | in_message)
    named = pl.col(IN + "patient_first_name").is_not_null() | pl.col(IN + "patient_full_name").is_not_null()
    referred = by_fields & (named | ~for_self.fill_null(False))
    refers = pl.col(IN + "referrer_name").is_not_null() & pl.col("asks_for").eq_missing("patient")
    care = pl.col("named.service").struct.field("key").is_not_null()
    words = pl.when(~(care & (pl.col("read.type") == "business"))).then(pl.col("read.type"))
    offer = pl.col("asked.offers").list.len() > 0
    company = pl.col(IN + "organization").is_not_null() & offer
    return {
        "type": [
            _closed("type"),
            said("other", pl.when(pl.col("read.other").is_not_null()).then(pl.lit("other"))),
            derived(
                "referrer_name",
                pl.when(referred | refers).then(pl.lit("referral")),
                *(IN + column for column in ("referrer_name", *_REFERRAL_FIELDS)),
            ),
            said("type", words),
            derived("organization", pl.when(company).then(pl.lit("business")), IN + "organization"),
            derived("message", pl.lit("patient")),
        ],
        "referral_service": [stated("referral_service", pl.col("named.referral_service").struct.field("key"))],
    }


@cache
def _other() -> pl.Expr:
    return pl.when(pl.col("type") == "other").then(pl.col("read.other")).alias("other")


@cache
def _in_field_or_words() -> pl.Expr:
    """services: those asked for, the field's first, then the words'; an empty list where neither names one."""
    first = pl.col("named.service").struct.field("key")
    in_field = pl.when(first.is_not_null()).then(pl.concat_list(first)).otherwise(pl.lit([], dtype=pl.List(pl.String)))
    return in_field.list.concat("asked.services").list.unique(maintain_order=True).alias("services")


@cache
def _services() -> pl.Expr:
    """services: those, else what the referral names. NULL: none known."""
    services, referral = pl.col("services"), pl.col("referral_service")
    none = services.list.len() == 0
    known = pl.when(none & referral.is_not_null()).then(pl.concat_list(referral)).otherwise(services)
    some = (~none | referral.is_not_null()) & (pl.col("type") != "business")
    return pl.when(some).then(known).alias("services")


@cache
def _asks_for() -> _Facts:
    """Whom they ask for, now that the type is known: whoever refers asks for a patient, a business for itself."""
    by_type = pl.col("type").replace_strict(
        {"referral": "patient", "business": "organization"}, default=None, return_dtype=pl.String
    )
    before = pl.col("asks_for")
    words_say = pl.when(pl.col("asks_for#") == "extracted").then(before)

    def field_says(column: str) -> Source:
        value = pl.when(in_a_field("asks_for") & (pl.col("asks_for<") == column)).then(before)
        return Source("stated", column, value, ("asks_for",))

    return {
        "asks_for": [
            *(field_says(column) for column in ("asks_for", "relationship")),
            derived("type", by_type),
            Source("extracted", "asks_for", words_say, ("asks_for",)),
            derived("patient_first_name", before),
        ]
    }


@cache
def _need() -> _Facts:
    """The one service a condition means by `service`, and what comes with it."""
    first = pl.col("services").list.first()
    in_field = pl.col("named.service").struct.field("key").is_not_null()
    in_words = pl.col("asked.services").list.len() > 0
    return {
        "service": [
            stated("service", pl.when(in_field).then(first)),
            said("services", pl.when(in_words).then(first)),
            derived("referral_service", first),
        ],
        "has_referral": [
            stated("has_referral", fields.yes_no(IN + "has_referral")),
            said("has_referral"),
            derived("type", pl.when(pl.col("type") == "referral").then(pl.lit(True))),
        ],
        "has_order": [stated("has_order", fields.yes_no(IN + "has_order")), said("has_order")],
        "contact_decides": [
            stated("contact_decides", fields.yes_no(IN + "contact_decides")),
            said("contact_decides", pl.when(pl.col("type") == "business").then(pl.col("read.contact_decides"))),
        ],
        "specificity": [derived("message", _specificity())],
    }


def _specificity() -> pl.Expr:
    """How many different things are named, of now or of before, in words or as the reason of a referral."""
    mention = pl.element().struct
    counts = mention.field("context").is_in(["asserted", "past"])
    named = pl.col("read.specifics").list.eval(mention.field("text").str.to_lowercase().filter(counts))
    return named.list.unique().list.len().fill_null(0) + pl.col(IN + "referral_reason").is_not_null().cast(pl.UInt32)


def quotable(names: Iterable[str], playbook: Playbook) -> tuple[str, ...]:
    """Those of the facts whose source can be shown, each once; a list of services is shown by its first."""
    shown = ("service" if name == "services" else name for name in names)
    known = fact_types(playbook).keys() - _JUDGED - {"services", "received_hour", "received_weekday"}
    return tuple(dict.fromkeys(name for name in shown if name in known))
