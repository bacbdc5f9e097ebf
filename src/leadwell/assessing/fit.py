"""Do we offer what is asked for? (promises 10, 16)

A patient's or referral's request is matched with the services, a business's with the offers. Naming nothing we know is
unknown, never a no; naming only what stands under `elsewhere`, or seeking care of quite another kind, or choosing a
service we do not have, is not met.

Adds: fit; elsewhere, offer (the playbook's key of what is asked for there), NULL where there is none; unknown_service
(the form's choice is nothing the playbook knows), never NULL.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import polars as pl

from leadwell.assessing.because import Because
from leadwell.assessing.findings import MET, NOT_MET, named
from leadwell.assessing.sources import IN
from leadwell.playbook.model import Playbook

NEEDS: Final = (
    "type",
    "service",
    "in.service",
    "named.service",
    "named.referral_service",
    "asked.elsewhere",
    "asked.offers",
)
ADDS: Final = ("fit", "elsewhere", "offer", "unknown_service")
SAYS: Final = ("service#",)

_BUSINESS: Final = pl.col("type") == "business"
_REFERRED_FOR: Final = pl.col("named.referral_service").struct.field("elsewhere")


def columns(playbook: Playbook) -> dict[str, pl.Expr]:
    chosen = pl.col("named.service").struct
    in_field = chosen.field("elsewhere").fill_null(chosen.field("offer"))
    unknown_service = (
        pl.col(IN + "service").is_not_null() & chosen.field("key").is_null() & ~chosen.field("vague").fill_null(False)
    )
    offers = pl.coalesce(pl.col("asked.offers").list.first(), chosen.field("offer"))
    asked = pl.col("asked.elsewhere")
    known = asked.list.eval(pl.element().filter(_is_known(pl.element(), playbook))).list.first()
    elsewhere = pl.coalesce(chosen.field("elsewhere"), known, asked.list.first(), _REFERRED_FOR)
    ours = pl.col("service").is_not_null()
    theirs = elsewhere.is_not_null() | pl.col("unknown_service")
    care = pl.when(ours).then(pl.lit(MET)).when(theirs).then(pl.lit(NOT_MET))
    business = pl.when(pl.col("offer").is_not_null()).then(pl.lit(MET))
    return {
        "elsewhere": pl.when(_is_known(elsewhere, playbook)).then(elsewhere),
        "offer": pl.when(_BUSINESS).then(offers),
        "unknown_service": (unknown_service & in_field.is_null() & ~_BUSINESS).fill_null(False),
        "fit": pl.when(_BUSINESS).then(business).otherwise(care),
    }


def _is_known(key: pl.Expr, playbook: Playbook) -> pl.Expr:
    """Whether the playbook says what to do with who seeks that; it has nothing for care of another kind."""
    return key.is_in(pl.Series(list(playbook.elsewhere), dtype=pl.String).implode())


def because(playbook: Playbook) -> Iterator[Because]:
    services = {s.key: s.name for s in playbook.services.values()}
    offers = {o.key: o.name for o in playbook.offers.values()}
    key, context = pl.col("key"), pl.col("context")
    care, asserted = ~_BUSINESS, context == "asserted"
    stated = pl.col("service#").is_in(["stated", "verified", "derived"])
    yield Because("fit", care & stated, pl.format("asks for {}", named(services, pl.col("service"))), fact="service")
    for how, says in _NAMED.items():
        yield Because("fit", care, pl.format(says, named(services, key)), mentions="read.services", only=context == how)
    names = pl.format("names {}", _kind_of(key))
    yield Because("fit", care, names, mentions="read.specifics", only=asserted)
    not_ours = pl.format("asks for {}, which we do not offer", key.str.replace_all("-", " "))
    yield Because("fit", care, not_ours, mentions="read.elsewhere", only=asserted)
    referred = pl.format("referred for {}, which we do not offer", _REFERRED_FOR.str.replace_all("-", " "))
    yield Because("fit", care & _REFERRED_FOR.is_not_null(), referred, column="referral_service")
    yield Because("fit", pl.col("unknown_service"), "chose a service we do not offer", column="service")
    offered = pl.format("asks for {}", named(offers, key))
    yield Because("fit", _BUSINESS, offered, mentions="read.offers", only=asserted)


_NAMED: Final = {  # how -> what is said of a service named so
    "asserted": "asks for {}",
    "negated": "does not want {}",
    "past": "had {} before",
    "hypothetical": "may need {} one day",
    "other person": "names {} of somebody else",
}


def _kind_of(key: pl.Expr) -> pl.Expr:
    return named(_KINDS, key)


_KINDS: Final = {
    "imaging": "imaging or tests done before",
    "provider": "an outside provider",
    "clinic": "a clinic",
    "condition": "a condition",
    "procedure": "a procedure",
    "reason": "a reason",
}
