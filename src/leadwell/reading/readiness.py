"""Do they want to be seen, are they weighing it, only asking, not for now, or in a hurry? (promise 11)

A wish is said outright ("book me"), or something is wanted ("I need a dentist") that is no answer ("I need to know").
Wanting is no wish where they are still weighing it; nothing is where they say that they only ask.
"""

from __future__ import annotations

from typing import NamedTuple

import polars as pl

from leadwell.reading.beside import beside
from leadwell.reading.heard import Heard

KINDS = ("wish", "want", "considering", "information", "information.only", "not_yet", "urgent")


class Readiness(NamedTuple):
    """`facts` by lead; `wanting`: mentions of who wants or weighs something; `asking`: of who asks for information."""

    facts: pl.DataFrame
    wanting: pl.DataFrame
    asking: pl.DataFrame


def readiness(heard: Heard) -> Readiness:
    weighing = _not_denied(heard, "considering")
    only = _not_denied(heard, "information.only")
    asking = pl.concat([only, _not_denied(heard, "information")])
    wished = wishes(heard, weighing, only)
    found = {
        "wish": wished,
        "considering": _without(weighing, only),
        "information": asking,
        "not_yet": _not_denied(heard, "not_yet"),
        "urgent": heard.asserted("urgent"),
    }
    facts = [heard.fact(name, mentions, pl.lit(True)) for name, mentions in found.items()]
    return Readiness(pl.concat(facts, how="horizontal"), pl.concat([wished, weighing]), asking)


def wishes(heard: Heard, weighing: pl.DataFrame, only: pl.DataFrame) -> pl.DataFrame:
    """What says a wish: outright first, then what is wanted. Who asks for information must want care."""
    outright = _wanted(heard, "wish")
    wanted = _without(_without(_wanted(heard, "want"), only), weighing)
    if wanted.is_empty():
        return outright
    texts = heard.mentions.texts
    wanted = wanted.filter(~beside(texts, wanted, "want-answer")["want-answer"])
    asks = wanted["row"].is_in(heard.all("information")["row"].implode())
    plain = ~asks & (wanted["key"] == "need")
    doubtful = wanted.filter(~plain)
    care = doubtful.filter(beside(texts, doubtful, "want-care")["want-care"])
    return pl.concat([outright, wanted.filter(plain), care])


def _wanted(heard: Heard, kind: str) -> pl.DataFrame:
    """Denied only right before: "no insurance, text me, need a dentist" denies no wish."""
    found = heard.all(kind)
    if found.is_empty():
        return found
    found = found.filter(~beside(heard.mentions.texts, found, "unwanted")["unwanted"])
    return found.filter(~pl.col("hypothetical") & ~pl.col("past") & ~pl.col("other"))


def _not_denied(heard: Heard, kind: str) -> pl.DataFrame:
    found = heard.all(kind)
    return found if found.is_empty() else found.filter(~pl.col("negated") & ~pl.col("other"))


def _without(found: pl.DataFrame, leads: pl.DataFrame) -> pl.DataFrame:
    """Mentions of leads that have none in the other frame."""
    if found.is_empty() or leads.is_empty():
        return found
    return found.filter(~pl.col("row").is_in(leads["row"].unique().implode()))
