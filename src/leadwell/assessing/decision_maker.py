"""Who decides, and whom else must we speak with? (promise 15)

Met where the one who asks decides: an adult for themselves, a parent or guardian for a child, an authorised person, the
provider who refers, the role an offer names. An adult's relative may or may not: unknown. A minor alone: not met. Of an
organisation, what it says of who decides (`contact_decides`) goes before any role.

Adds: decision_maker.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import polars as pl

from leadwell.assessing import stated
from leadwell.assessing.because import Because
from leadwell.assessing.findings import MET, NOT_MET
from leadwell.assessing.patient import OF_AGE
from leadwell.playbook.model import Playbook

NEEDS: Final = ("type", "authority", "age", "read.decides", "offer", "contact_role", "contact_decides")
ADDS: Final = ("decision_maker",)
_DECIDES: Final = ("self", "parent", "guardian", "authorized", "provider")


def columns(playbook: Playbook) -> dict[str, pl.Expr]:
    care = pl.when(_minor_alone()).then(pl.lit(NOT_MET)).when(pl.col("authority").is_in(_DECIDES)).then(pl.lit(MET))
    by_role = pl.col("read.decides").is_not_null() | _role_decides(playbook)
    says = pl.col("contact_decides")
    business = pl.when(says | (says.is_null() & by_role)).then(pl.lit(MET)).when(~says).then(pl.lit(NOT_MET))
    return {"decision_maker": pl.when(pl.col("type") == "business").then(business).otherwise(care)}


def _role_decides(playbook: Playbook) -> pl.Expr:
    """Whether the role that they gave is one that decides on the offer, or on any, where it is not known which."""
    role, offer = stated.fold(pl.col("contact_role")), pl.col("offer")
    decides = pl.lit(False)
    for one in playbook.offers.values():
        roles = pl.DataFrame({"role": one.decides}, schema={"role": pl.String}).select(stated.fold(pl.col("role")))
        decides |= role.is_in(roles.to_series().implode()) & (offer.is_null() | (offer == one.key))
    return decides.fill_null(False)


def _minor_alone() -> pl.Expr:
    return (pl.col("authority") == "self") & (pl.col("age") < OF_AGE)


def because(playbook: Playbook) -> Iterator[Because]:
    says = {
        "self": "asks for themselves",
        "parent": "a parent asks for their child",
        "guardian": "a guardian asks",
        "authorized": "is authorised to decide for the patient",
        "relative": "a relative asks: speak with the patient, or hear that they may decide",
        "provider": "a provider's office refers the patient",
        "organization": "somebody asks for an organisation",
    }
    for authority, sentence in says.items():
        yield Because("decision_maker", pl.col("authority") == authority, sentence, fact="asks_for")
    alone = "a minor: a parent or guardian must be asked too"
    yield Because("decision_maker", _minor_alone(), alone, fact="age")
    business = pl.col("type") == "business"
    yield Because(
        "decision_maker", business & pl.col("contact_decides"), "says that they decide", fact="contact_decides"
    )
    another = "somebody else decides there: hear who, and speak with them"
    yield Because("decision_maker", business & ~pl.col("contact_decides"), another, fact="contact_decides")
    unless_denied = pl.col("contact_decides").fill_null(value=True)
    decides = pl.format("decides: {}", pl.col("read.decides"))
    in_words, by_role = pl.col("read.decides").is_not_null(), pl.format("decides: {}", pl.col("contact_role"))
    yield Because("decision_maker", business & in_words & unless_denied, decides, words="read.decides@")
    known = pl.col("contact_decides").is_not_null()
    yield Because("decision_maker", business & ~known & _role_decides(playbook), by_role, fact="contact_role")
    yield Because("decision_maker", pl.col("authority").is_null(), "not said who asks for whom")
