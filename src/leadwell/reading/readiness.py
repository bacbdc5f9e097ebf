"""Do they want to be seen, are they weighing it, only asking, not for now, or in a hurry? (promise 11)

A wish is said outright ("book me"), or something is wanted ("I need a dentist") that is no answer ("I need to know").
Wanting is no wish where they are still weighing it; nothing is where they say that they only ask.
"""

from __future__ import annotations

from typing import NamedTuple

import polars as pl

from leadwell.reading.beside import beside
from leadwell.reading.heard import Heard

_BUT = r"(?-u:\b)(?:but|pero)(?-u:\b)"
KINDS = ("wish", "want", "considering", "information", "information.only", "not_yet", "urgent")


class Readiness(NamedTuple):
    """`facts` by lead; `wanting`: mentions of who wants or weighs something; `asking`: of who asks for information."""

    facts: pl.DataFrame
    wanting: pl.DataFrame
    asking: pl.DataFrame


def readiness(heard: Heard) -> Readiness:
    outright = _wanted(heard, "wish")
    weighing = _without_supposed(_not_denied(heard, "considering"), outright, heard)
    only = _not_denied(heard, "information.only")
    asking = pl.concat([only, _not_denied(heard, "information")])
    wished = wishes(heard, outright, weighing, only)
    found = {
        "wish": wished,
        "considering": _without(weighing, only),
        "information": asking,
        "only_asks": only,
        "not_yet": _without_supposed(_not_denied(heard, "not_yet"), outright, heard),
        "urgent": heard.asserted("urgent"),
    }
    facts = [heard.fact(name, mentions, pl.lit(True)) for name, mentions in found.items()]
    return Readiness(pl.concat(facts, how="horizontal"), pl.concat([wished, weighing]), asking)


def wishes(heard: Heard, outright: pl.DataFrame, weighing: pl.DataFrame, only: pl.DataFrame) -> pl.DataFrame:
    """What says a wish: outright first, then what is wanted. Who asks for information must want care."""
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
    near = beside(heard.mentions.texts, found, "unwanted", "priced")
    found = found.filter(~near["unwanted"] & ~((pl.col("key") == "opening") & near["priced"]))
    return found.filter(~pl.col("hypothetical") & ~pl.col("past") & ~pl.col("other"))


def _without_supposed(found: pl.DataFrame, wished: pl.DataFrame, heard: Heard) -> pl.DataFrame:
    """Without what is only supposed, where a wish follows a "but": "may need it some day, but sign me up for class"."""
    if found.is_empty() or wished.is_empty():
        return found
    last = wished.group_by("text").agg(wish=pl.col("start").max())
    placed = found.join(last, on="text", how="left", maintain_order="left")
    folded = pl.lit(heard.mentions.texts.frame["folded"]).gather(pl.col("text"))
    between = folded.str.slice(pl.col("end"), (pl.col("wish").cast(pl.Int64) - pl.col("end").cast(pl.Int64)).clip(0))
    turned = (pl.col("wish") > pl.col("end")) & between.str.contains(_BUT)
    supposed = pl.col("hypothetical") | pl.col("uncertain")
    return found.filter(~placed.select((supposed & turned).fill_null(False)).to_series())


def _not_denied(heard: Heard, kind: str) -> pl.DataFrame:
    found = heard.all(kind)
    return found if found.is_empty() else found.filter(~pl.col("negated") & ~pl.col("other"))


def _without(found: pl.DataFrame, leads: pl.DataFrame) -> pl.DataFrame:
    """Mentions of leads that have none in the other frame."""
    if found.is_empty() or leads.is_empty():
        return found
    return found.filter(~pl.col("row").is_in(leads["row"].unique().implode()))
