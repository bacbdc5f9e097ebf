"""What do the words say of the facts that only this playbook knows?

A yes-no is true where its words are said (also of what is past: who had a pacemaker put in has one), false where they
are denied. One of several is what its words name. A number stands beside the words; text and dates are the words.
"""

from __future__ import annotations

import polars as pl

from leadwell.playbook.model import Fact, Playbook
from leadwell.playbook.vocabulary import TYPES
from leadwell.reading.mentions import Mentions

_NUMBER_AFTER = r"^\W*(?:(?:is|are|was|of|about|around|approximately|es|son|unos|unas|de)\s+)?(\d{1,6}(?:\.\d+)?)"
_NUMBER_BEFORE = r"(\d{1,6}(?:\.\d+)?)\s*(?:\w+\s+)?$"
DENIED = "denied"  # the key of words that deny a yes-no by themselves: "no implants"
_WIDTH = 30  # characters looked at on one side


def own_facts(mentions: Mentions, frame: pl.DataFrame, playbook: Playbook) -> pl.DataFrame:
    """`read.answer.<fact>` and its evidence, for each fact of this playbook that has words."""
    facts = {key: fact for key, fact in playbook.own_facts.items() if fact.words or fact.options}
    if not facts:
        return pl.DataFrame()
    found = mentions.of(*(f"answer.{key}" for key in facts)).filter(~pl.col("other") & ~pl.col("hypothetical"))
    return pl.concat([_fact(mentions, fact, found) for fact in facts.values()], how="horizontal")


def _fact(mentions: Mentions, fact: Fact, found: pl.DataFrame) -> pl.DataFrame:
    own = found.filter(pl.col("kind") == f"answer.{fact.key}")
    if fact.type == "yes-no":
        denied = pl.col("negated") | (pl.col("key") == DENIED)
        own = own.filter(~pl.col("uncertain")).with_columns(negated=denied).sort("row", "negated", maintain_order=True)
        value = ~pl.col("negated")
    elif fact.type == "number":
        own, value = _numbers(mentions, own.filter(~pl.col("negated")))
    else:
        own, value = own.filter(~pl.col("negated")), pl.col("key" if fact.options else "said")
    if fact.options:
        own = own.filter(pl.col("key") != "")
    if fact.type == "date":
        own, value = own.head(0), pl.lit(None)  # the day itself is read by `when`, which knows no playbook
    return mentions.fact(f"answer.{fact.key}", own, value.cast(TYPES[fact.type or "text"]))


def _numbers(mentions: Mentions, own: pl.DataFrame) -> tuple[pl.DataFrame, pl.Expr]:
    """Mentions with the number that stands right after them, else right before."""
    received = pl.lit(mentions.texts.frame["received"]).gather(pl.col("text"))
    start = pl.col("start").cast(pl.Int64)
    behind = (start - _WIDTH).clip(0)
    after = received.str.slice(pl.col("end"), _WIDTH).str.extract(_NUMBER_AFTER)
    before = received.str.slice(behind, start - behind).str.extract(_NUMBER_BEFORE)
    with_number = own.with_columns(number=pl.coalesce(after, before).cast(pl.Float64)).drop_nulls("number")
    return with_number, pl.col("number")
