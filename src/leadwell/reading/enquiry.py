"""What kind of message is it: from a provider, from an organisation, or no request for care at all? (promises 3, 14)

Words of `lexicon/enquiry.toml` weigh for one kind or another; a kind counts from a weight of three. What is no request
for care must outweigh every request: a complaint with a clear new request stays a lead.
"""

from __future__ import annotations

from functools import reduce
from typing import Final

import polars as pl

from leadwell.playbook.model import Playbook
from leadwell.reading.mentions import Mentions
from leadwell.reading.safety import with_words

_ENOUGH: Final = 3
_OTHERS: Final = ("complaint", "vendor", "job", "existing-patient")  # the first of equals
_KINDS: Final = (*_OTHERS, "referral", "business", "care")
_MOST_OF_WEAK: Final = 4  # weak words, however many, weigh no more
_CLINICAL: Final = r"\b\d{1,2} ?(yo|y o|yr old|year old|yom|yof)? ?[mf]\b"  # "63M", "58 yo f"


def enquiry(mentions: Mentions, frame: pl.DataFrame, playbook: Playbook) -> pl.DataFrame:
    found = mentions.table.filter(pl.col("kind") == "enquiry")
    split = pl.col("key").str.splitn(".", 2).struct
    found = found.with_columns(says=split.field("field_0"), weight=split.field("field_1").cast(pl.Int32))
    kinds = _decided(_scores(found, _clinical(mentions)))
    told = [_told(mentions, name, found, kinds) for name in ("other", "type")]
    return pl.concat(told, how="horizontal")


def _told(mentions: Mentions, name: str, found: pl.DataFrame, kinds: pl.DataFrame) -> pl.DataFrame:
    """The kind decided for each lead, with the weightiest words that say it."""
    wanted = kinds.select("row", says=name).drop_nulls()
    words = found.join(wanted, on=["row", "says"], how="semi").sort(-pl.col("weight"), "first", maintain_order=True)
    first = words.unique("row", keep="first", maintain_order=True)
    return mentions.fact(name, with_words(first, mentions), pl.col("says"))


def _clinical(mentions: Mentions) -> pl.DataFrame:
    """Which leads are written as clinicians write: an age with its sex."""
    texts = mentions.texts.frame.filter(pl.col("folded").str.contains(_CLINICAL))
    return texts.select("row").unique(maintain_order=True).with_columns(clinical=pl.lit(2))


def _scores(found: pl.DataFrame, clinical: pl.DataFrame) -> pl.DataFrame:
    """What the words of each lead weigh for each kind: every phrase once, none that lies inside a longer one."""
    said = found.sort("row", "says", "first", pl.col("last"), descending=[False, False, False, True])
    outer = said.filter(~(pl.col("last") <= pl.col("last").cum_max().shift(1)).over("row", "says").fill_null(False))
    once = outer.unique(["row", "says", "phrase"], keep="first", maintain_order=True)
    scores = once.group_by("row", maintain_order=True).agg([_weight(kind) for kind in _KINDS])
    scores = scores.join(clinical, on="row", how="left", maintain_order="left")
    return scores.with_columns(referral=pl.col("referral") + pl.col("clinical").fill_null(0))


def _weight(kind: str) -> pl.Expr:
    weight = pl.col("weight").filter(pl.col("says") == kind)
    weak = weight.filter(weight < _ENOUGH).sum().clip(0, _MOST_OF_WEAK)
    return (weight.filter(weight >= _ENOUGH).sum() + weak).alias(kind)


def _decided(scores: pl.DataFrame) -> pl.DataFrame:
    """`row`, `other`, `type`: what each lead is, NULL where the words do not say."""
    most = pl.max_horizontal(_OTHERS)
    request = pl.max_horizontal("care", "referral", "business")
    first = reduce(
        lambda rest, kind: pl.when(pl.col(kind) == most).then(pl.lit(kind)).otherwise(rest), _OTHERS[::-1], pl.lit(None)
    )
    other = pl.when((most >= _ENOUGH) & (most > request)).then(first)
    sent = (pl.col("referral") >= _ENOUGH) & (pl.col("referral") >= pl.col("business"))
    type_ = pl.when(sent).then(pl.lit("referral")).when(pl.col("business") >= _ENOUGH).then(pl.lit("business"))
    return scores.select("row", other=other, type=pl.when(other.is_null()).then(type_))
