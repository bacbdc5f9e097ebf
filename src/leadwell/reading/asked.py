"""What is asked for? Services, what others offer, what organisations ask, with the words that name them."""

from __future__ import annotations

from typing import Final

import polars as pl

from leadwell.contract import MENTION
from leadwell.playbook.model import Playbook
from leadwell.reading.context import overlaps, within_longer
from leadwell.reading.mentions import Mentions

_FAR: Final = 1 << 40  # beyond any word
_LISTS: Final = {"services": "service", "elsewhere": "elsewhere", "offers": "offer"}


def asked(mentions: Mentions, frame: pl.DataFrame, playbook: Playbook) -> pl.DataFrame:
    """`read.services`, `read.elsewhere`, `read.offers`: wanted and unwanted alike (`context`).

    A name inside a longer one is not meant: "dental implant" asks for no implant, "teen IOP" not for the adults' one.
    "My therapist" is one they have.
    """
    named = mentions.of(*_LISTS.values(), "provider")
    providers = named.filter(pl.col("kind") == "provider")
    named = named.filter(pl.col("kind") != "provider")
    if providers.height and named.height:
        theirs = pl.lit(overlaps(named, providers))
        named = named.with_columns(context=pl.when(theirs).then(pl.lit("past")).otherwise("context"))
    named = _outermost(named, mentions.phrases["width"])
    parts = {name: named.filter(pl.col("kind") == kind) for name, kind in _LISTS.items()}
    return pl.concat([listed(mentions, name, found) for name, found in parts.items()], how="horizontal")


def _outermost(named: pl.DataFrame, widths: pl.Series) -> pl.DataFrame:
    """Without names inside longer ones, and without those that reach across another's words to share its last or first:
    who "needs couples therapy" does not "need therapy". Care and offers to organisations do not meet."""
    if named.height < 2:
        return named
    once = named.unique(["key", "first", "last"], keep="first", maintain_order=True)
    words = pl.col("last") - pl.col("first") + 1
    own = pl.lit(widths).gather(pl.col("phrase"))
    apart = (pl.col("kind") == "offer").cast(pl.Int64) * _FAR
    spans = once.select(
        pl.col("first", "last").cast(pl.Int64) + apart, tight=(own == 0) | (words <= own), several=words > 1
    )
    tight = spans.filter("tight")
    ends = tight.filter("several")
    shared = pl.col("first").is_in(ends["first"].implode()) | pl.col("last").is_in(ends["last"].implode())
    inside = within_longer(spans, tight)
    return once.filter(spans.select((pl.col("tight") | ~shared) & ~pl.lit(inside)).to_series())


def listed(mentions: Mentions, name: str, found: pl.DataFrame) -> pl.DataFrame:
    """Mentions of each lead, with their words, as one list in the contract's shape; NULL where there are none."""
    one = pl.struct("key", pl.col("field").cast(pl.String), pl.col("said").alias("text"), "start", "end", "context")
    if found.is_empty():
        return pl.DataFrame(schema={f"read.{name}": pl.List(MENTION)}).clear(mentions.height)
    grouped = found.group_by("row", maintain_order=True).agg(one.cast(MENTION).alias(f"read.{name}"))
    return mentions.by_lead(grouped)
