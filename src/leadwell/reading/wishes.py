"""What papers do they have, and how do they want to be reached and seen?"""

from __future__ import annotations

from typing import Final

import polars as pl

from leadwell.reading.beside import beside
from leadwell.reading.heard import Heard

KINDS: Final = ("referral", "order", "interpreter", "channel", "visit_mode", "time")
_PAPERS: Final = {"has_referral": "referral", "has_order": "order", "interpreter_needed": "interpreter"}


def wishes(heard: Heard) -> pl.DataFrame:
    papers = [_yes_or_no(heard, fact, kind) for fact, kind in _PAPERS.items()]
    reached = heard.fact("preferred_channel", heard.asserted("channel"))
    return pl.concat([*papers, reached, _visit_mode(heard)], how="horizontal")


def _yes_or_no(heard: Heard, fact: str, kind: str) -> pl.DataFrame:
    """Denied is no; supposed, unsure, somebody else's or on its way is nothing. A no outweighs a yes."""
    found = heard.all(kind)
    if found.is_empty():
        return heard.fact(fact, found)
    denied = beside(heard.mentions.texts, found, "denied")["denied"]
    settled = ~pl.col("hypothetical") & ~pl.col("other") & ~pl.col("uncertain") & (pl.col("key") != "waiting")
    found = found.with_columns(yes=(pl.col("key") == "yes") & ~denied).filter(settled)
    return heard.fact(fact, found.sort("yes", maintain_order=True), pl.col("yes"))


def _visit_mode(heard: Heard) -> pl.DataFrame:
    """Nothing where both are said."""
    found = heard.asserted("visit_mode")
    if not found.is_empty():
        found = found.filter(pl.col("key").n_unique().over("row") == 1)
    return heard.fact("visit_mode", found)
