"""Who decides, and whom else must we speak with? (promise 15)

Met where the one who asks decides: an adult for themselves, a parent or guardian for a child, an authorised person, the
provider who refers, the role an offer names. An adult's relative may or may not: unknown. A minor alone: not met.

Adds: decision_maker.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import polars as pl

from leadwell.assessing.because import Because
from leadwell.assessing.findings import MET, NOT_MET
from leadwell.assessing.patient import OF_AGE
from leadwell.playbook.model import Playbook

NEEDS: Final = ("type", "authority", "age", "read.decides")
ADDS: Final = ("decision_maker",)
_DECIDES: Final = ("self", "parent", "guardian", "authorized", "provider")


def columns(playbook: Playbook) -> dict[str, pl.Expr]:
    care = pl.when(_minor_alone()).then(pl.lit(NOT_MET)).when(pl.col("authority").is_in(_DECIDES)).then(pl.lit(MET))
    business = pl.when(pl.col("read.decides").is_not_null()).then(pl.lit(MET))
    return {"decision_maker": pl.when(pl.col("type") == "business").then(business).otherwise(care)}


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
    decides = pl.format("decides: {}", pl.col("read.decides"))
    yield Because("decision_maker", pl.col("type") == "business", decides, words="read.decides@")
    yield Because("decision_maker", pl.col("authority").is_null(), "not said who asks for whom")
