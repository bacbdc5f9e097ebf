"""Where are they, as far as the words say? ZIP code and state; never a phone, a price or a doctor's state."""

from __future__ import annotations

from typing import Final

import polars as pl

from leadwell.contract import EVIDENCE
from leadwell.playbook.regions import STATES
from leadwell.reading.beside import beside
from leadwell.reading.heard import Heard

KINDS: Final = ("state",)
_CODES: Final = "|".join(STATES)
# Before a ZIP: the word, a place word, a state's code, or nothing but a sign or the text's begin; never $ or #.
_ZIP: Final = (
    r"(?i-u:\bzip(?:code| code)?(?: is|:|=)? ?|\bpostal(?: code| es)?:? ?|"
    r"\b(?:in|near|at|from|live|lives|area|around|en|de|es|cerca de|vivo en)(?: the)? "
    rf"|(?-u:\b)(?:{_CODES})[,.]? ?|[,;(] ?|[.!?] |^|\n)(?P<said>[0-9]{{5}})(?:-[0-9]{{4}})?(?: area)?(?:[,.;)!?\n ]|$)"
)
_NO_ZIP: Final = (
    r"(?i-u:(?:\b(?:acct|account|claim|order|quote|mrn|ref|id|invoice|case|number|no|ext)\.?:?|\$|#) ?[0-9]{5}\b"
    r"|[0-9]{5} ?(?:dollars|usd|patients|people|employees|miles|pesos|dolares|steps|sq))"
)
_FIVE: Final = r"(?-u:[0-9]{5})"
_CAPITALS: Final = rf"[a-z](?:,? |,)(?:{_CODES})(?-u:\b)"
_CODE: Final = rf"(?:[A-Z][a-z]+, ?|\b[A-Z][a-z]+ )(?P<said>{_CODES})(?:[,.;)!?\n ]|$)"


def whereabouts(heard: Heard) -> pl.DataFrame:
    return pl.concat([_zip(heard), _state(heard)], how="horizontal")


def _zip(heard: Heard) -> pl.DataFrame:
    texts = heard.mentions.texts.frame
    some = texts.filter(pl.col("folded").str.contains(_FIVE))
    if not some.is_empty():
        some = some.filter(~pl.col("received").str.contains(_NO_ZIP))
    return _extracted(heard, "zip", some, _ZIP)


def _state(heard: Heard) -> pl.DataFrame:
    """By name where they live or are, else by its code after a town ("Columbus, OH")."""
    named = heard.asserted("state")
    if not named.is_empty():
        near = beside(heard.mentions.texts, named, "place-here", "place-none")
        named = named.filter(near["place-here"] & ~near["place-none"])
    texts = heard.mentions.texts.frame
    by_code = _extracted(heard, "state", texts.filter(pl.col("received").str.contains(_CAPITALS)), _CODE)
    if named.is_empty():
        return by_code
    by_name = heard.fact("state", named)
    return by_name.select(pl.coalesce(pl.col(c), by_code[c]).alias(c) for c in by_name.columns)


def _extracted(heard: Heard, name: str, texts: pl.DataFrame, pattern: str) -> pl.DataFrame:
    """What the pattern's group holds in the text as received, the first of each lead."""
    if texts.is_empty():
        return heard.fact(name, heard.empty)
    groups = pl.col("received").str.extract_groups(f"(?s)^(?P<ahead>.*?{pattern.replace('(?P<said>', ')(?P<said>', 1)}")
    found = texts.select("row", "field", groups.alias("g")).unnest("g").drop_nulls("said")
    first = found.unique("row", keep="first", maintain_order=True)
    at = pl.col("ahead").str.len_chars()
    words = pl.struct(pl.col("field").cast(pl.String), text="said", start=at, end=at + pl.col("said").str.len_chars())
    told = first.select("row", pl.col("said").alias(f"read.{name}"), words.cast(EVIDENCE).alias(f"read.{name}@"))
    return heard.by_lead(told)
