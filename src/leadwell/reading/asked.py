"""What is asked for? Services, what others offer, what organisations ask, with the words that name them."""

from __future__ import annotations

from typing import Final

import polars as pl

from leadwell.contract import MENTION
from leadwell.playbook.model import Playbook
from leadwell.reading.context import overlaps, within_longer
from leadwell.reading.fold import EDGES, fold
from leadwell.reading.mentions import Mentions

_FAR: Final = 1 << 40  # beyond any word
# "Pt" is a patient after "our" and before a name, an age or what they have; else it is physical therapy.
_OF_PATIENT: Final = r"(?i)(?:\b(?:our|my|your|this|the|that|new|another|established|referring|refer|re)\s+|^\s*)$"
_PATIENT_DOES: Final = (
    r"^\.?\s*(?:[:;,#]|\(|(?i:w/|with\b|is\b|has\b|had\b|was\b|c/o\b|s/p\b|dob\b|presents|presented|reports|states|who\b|name\b|"
    r"seen\b|needs\b|will\b|yo\b|y/o\b|info\b)|\d{1,3}\s?(?i:y|m\b|f\b)|[A-Z]\.? ?[A-Z][a-z]|[A-Z][a-z]+ [A-Z])"
)
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
    named = _without_names(_without_patients(named, mentions), mentions, frame)
    named = _outermost(named, mentions.phrases["width"], mentions.of("want"))
    parts = {name: named.filter(pl.col("kind") == kind) for name, kind in _LISTS.items()}
    return pl.concat([listed(mentions, name, found) for name, found in parts.items()], how="horizontal")


def _without_patients(named: pl.DataFrame, mentions: Mentions) -> pl.DataFrame:
    """Without the "pt" that is short for a patient."""
    short = named["said"].str.to_lowercase().is_in(["pt", "p t"])
    if not short.any():
        return named
    text = pl.lit(mentions.texts.frame["received"]).gather(pl.col("text"))
    before, after = text.str.head(pl.col("start")), text.str.slice(pl.col("end"), 30)
    patient = after.str.contains(_PATIENT_DOES) | (
        before.str.contains(_OF_PATIENT)
        & ~after.str.contains(r"^\s*(?:[.!?]|$|(?i:after|for|to|session|appointment|please))")
    )
    return named.filter(~(short & named.select(patient).to_series()))


def _without_names(named: pl.DataFrame, mentions: Mentions, frame: pl.DataFrame) -> pl.DataFrame:
    """Without what stands in the name of the organisation that writes: "Harbor Point Rehab" asks for no rehab."""
    for column in ("organization", "referrer_organization"):
        if named.is_empty() or column not in frame.columns or frame[column].null_count() == frame.height:
            continue
        name = pl.lit(fold(frame[column].fill_null("")).str.strip_chars(EDGES)).gather(pl.col("row"))
        text = pl.lit(mentions.texts.frame["folded"]).gather(pl.col("text"))
        at = text.str.find(pl.when(name.str.len_chars() > 0).then(name), literal=True)
        inside = (pl.col("start") >= at) & (pl.col("end") <= at + name.str.len_chars())
        named = named.filter(~named.select(inside.fill_null(False)).to_series())
    return named


def _outermost(named: pl.DataFrame, widths: pl.Series, wants: pl.DataFrame) -> pl.DataFrame:
    """Without names inside longer ones, and without those that reach across another's words to share its last or first:
    who "needs couples therapy" does not "need therapy". Care and offers to organisations do not meet. Words of wanting
    are no part of a name: "busco psicólogo" lies inside "psicólogo infantil"."""
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
    inside = within_longer(spans, tight) | _goes_on(spans, tight, wants)
    return once.filter(spans.select((pl.col("tight") | ~shared) & ~pl.lit(inside)).to_series())


def _goes_on(spans: pl.DataFrame, tight: pl.DataFrame, wants: pl.DataFrame) -> pl.Series:
    """Which spans begin with words of wanting, and another begins right after these and ends beyond them."""
    wanted = dict(wants.select("first", "last").iter_rows())
    reach = dict(tight.group_by("first").agg(pl.col("last").max()).iter_rows())
    begins = pl.col("first").replace_strict(wanted, default=None, return_dtype=pl.Int64) + 1
    ends = begins.replace_strict(reach, default=None, return_dtype=pl.Int64)
    return spans.select((ends > pl.col("last")).fill_null(False)).to_series()


def listed(mentions: Mentions, name: str, found: pl.DataFrame) -> pl.DataFrame:
    """Mentions of each lead, with their words, as one list in the contract's shape; NULL where there are none."""
    one = pl.struct("key", pl.col("field").cast(pl.String), pl.col("said").alias("text"), "start", "end", "context")
    if found.is_empty():
        return pl.DataFrame(schema={f"read.{name}": pl.List(MENTION)}).clear(mentions.height)
    grouped = found.group_by("row", maintain_order=True).agg(one.cast(MENTION).alias(f"read.{name}"))
    return mentions.by_lead(grouped)
