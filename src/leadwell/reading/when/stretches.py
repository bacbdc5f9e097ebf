"""Where might days be named? Stretches of words that could be a date, found in a whole column at once.

A stretch holds at least one word that only stands where time is meant (an anchor), with the small words and numbers
around it. Most messages hold none and cost one search. Signs count as spaces here: the grammar reads them in the text
as received.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import Any, Final

import polars as pl

from leadwell.reading.when.vocabulary import UNSURE, vocabulary

MARK: Final = "\x01"
AS_WRITTEN: Final = pl.QueryOptFlags.none()  # planning a small query costs more than running it
_EDGE: Final = r"(?-u:\b)"
_FEW, _SHORT = 8, 4000  # so few texts, of so many bytes at most, are searched one by one
_SIGNS: Final = re.compile(r"[^a-z0-9\n]")
_BETWEEN: Final = (
    "the",
    "a",
    "of",
    "about",
    "next",
    "coming",
    "last",
    "this",
    "couple",
    "few",
    "more",
    "and",
    "or",
    "half",
    "to",
)
# A figure, perhaps an ordinal or glued to its unit: "15th", "3weeks".
_NUMBER: Final = "[0-9]{1,4}(?:st|nd|rd|th|ro|er|ra|o|a|am|pm)?"
_GLUED: Final = "[0-9]{1,3}(?:d|days?|dias?|w|wks?|weeks?|semanas?|mos?|months?|mes|meses|yrs?|years?|hrs?|hours?)"
_FIGURES: Final = "[0-9]{1,4}[ !][0-9]{1,4}"
# "mar3"
_STUCK: Final = "(?:jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec|ene|abr|ago|dic)[0-9]{1,2}"
_YEAR: Final = "(?:in|since|of|by|until|before|after|en|del?|desde|year|ano)~(?:19|20)[0-9]{2}"
_THE_NTH: Final = "(?:the|on|by|before|until|after|from|since)~{ordinals}|(?:dia|el|del)~[0-9]{{1,2}}"
ANCHORS: Final = ("M", "W", "S", "H", "Ue", "Uq", "today", "tomorrow", "yesterday", "overmorrow", "foreyesterday")
# A week or a day names none by itself: only with one of these before it, a number between, or one of those behind it.
_BEFORE_UNIT: Final = (
    "this", "next", "last", "coming", "in", "within", "nosooner", "hace", "early", "mid", "late", "later", "other",
    "weekday", "O",
)  # fmt: skip
_AFTER_UNIT: Final = (
    "next",
    "coming",
    "last",
    "ago",
    "hence",
    "now",
    "from",
    "after",
    "starting",
    "before",
    "of",
    "later",
)
_LEADS: Final = (
    "in", "on", "by", "this", "next", "last", "coming", "until", "to", "before", "after", "early", "mid", "late",
    "since", "from", "starting", "nosooner", "within", "the", "for",
)  # fmt: skip


def trie(words: Iterable[str]) -> str:
    """One pattern for many words that tries each letter once."""
    root: dict[str, Any] = {}
    for word in words:
        node = root
        for letter in word:
            node = node.setdefault(letter, {})
        node[""] = {}
    return _branch(root)


def _branch(node: dict[str, Any]) -> str:
    ends = "" in node
    parts = [
        (letter if letter == "~" else re.escape(letter)) + _branch(rest)
        for letter, rest in sorted(node.items())
        if letter
    ]
    if not parts:
        return ""
    inner = parts[0] if len(parts) == 1 and not ends else f"(?:{'|'.join(parts)})"
    return f"(?:{inner})?" if ends else inner


@cache
def patterns() -> tuple[str, str]:
    """What a text must hold to be looked at, and what a stretch looks like."""
    known = vocabulary()
    words = {word for phrase in known.tokens for word in phrase}
    ordinals = f"(?:[0-9]{{1,2}}(?:st|nd|rd|th)|{_gapped(known.phrases('O'))})"
    unsure = _gapped(known.phrases(UNSURE))
    leads = _gapped(phrase for phrase in known.phrases(*_LEADS) if " " not in phrase)
    number = f"(?:{_NUMBER}|{_gapped(known.phrases('N', 'O'))})"
    company = f"{leads}~{unsure}|{unsure}~(?:the~)?{number}|{number}~(?:of~|de~)?{unsure}"
    unit, some = _gapped(known.phrases("U")), f"(?:(?:{_gapped(known.phrases(*_BETWEEN))}|{number})~){{0,4}}"
    unit = f"(?:{unit}|{_GLUED})"
    units = f"{_gapped(known.phrases(*_BEFORE_UNIT))}~{some}{unit}|{unit}~{_gapped(known.phrases(*_AFTER_UNIT))}"
    anchors = _gapped(form for phrase in _anchors() for form in _owned(phrase))
    anchor = "|".join((anchors, units, _STUCK, company, _FIGURES, _THE_NTH.format(ordinals=ordinals), _YEAR))
    token = f"(?:{trie(words)}|{_NUMBER}|{_GLUED}|{_STUCK}|s)"
    stretch = f"{_EDGE}(?:{token}~)*(?:{anchor}){_EDGE}(?:~{token}{_EDGE})*"
    return f"{_EDGE}(?:{anchor}){_EDGE}".replace("~", r"[^a-z0-9\n]{1,3}"), stretch.replace("~", " {1,3}")


def _gapped(phrases: Iterable[str]) -> str:
    """A pattern for all phrases; ~ stands for what may part two words."""
    return trie(phrase.replace(" ", "~") for phrase in phrases)


def _anchors() -> list[str]:
    """Single words, and of longer phrases (holidays) all."""
    return [phrase.replace(".", " ") for phrase in vocabulary().phrases(*ANCHORS)]


def _owned(phrase: str) -> list[str]:
    """ "mothers day" is also written "mother's day"; within a stretch the sign counts as a space."""
    words = phrase.split()
    if len(words) == 1 or not any(word.endswith("s") and len(word) > 3 for word in words):
        return [phrase]
    return [phrase, *(phrase.replace(w, w[:-1] + sign + "s") for w in words if w.endswith("s") for sign in "' ")]


def find(texts: pl.DataFrame) -> pl.DataFrame:
    """`texts` (row, field, text, folded, received) -> one row a stretch: the same columns, start (UInt32), stretch."""
    return marked(texts, *patterns())


def marked(texts: pl.DataFrame, must: str, pattern: str) -> pl.DataFrame:
    """Every place where `pattern` is found in those `texts` that hold `must`; signs count as spaces."""
    if len(texts) <= _FEW and (texts["folded"].str.len_bytes().max() or 0) <= _SHORT:  # type: ignore[operator]
        return _marked_few(texts, must, pattern)
    hit = texts.filter(pl.col("folded").str.contains(must)).with_row_index("at_text")
    if hit.is_empty():
        return _none(texts)
    # Pieces are words around, stretch, words around ...: a text of k stretches has 2k + 1, which add up to its size.
    plain = (
        pl.col("folded")
        .str.replace_all(r"[^a-z0-9\n]", " ")
        .str.replace_all(pattern, f"{MARK}$0{MARK}")
        .str.split(MARK)
    )
    length, count = pl.col("folded").str.len_bytes(), pl.col("piece").list.len()
    pieces = (
        hit.lazy().select("at_text", piece=plain, text_from=length.cum_sum() - length)
        .with_columns(piece_from=count.cum_sum() - count)
        .explode("piece")
        .with_columns(size=pl.col("piece").str.len_bytes())
        .with_columns(
            start=pl.col("size").cum_sum() - pl.col("size") - pl.col("text_from"),
            nth=pl.int_range(pl.len()) - pl.col("piece_from"),
        )
        .filter(pl.col("nth") % 2 == 1).select("at_text", pl.col("start").cast(pl.UInt32), "size")
    )  # fmt: skip
    found = pieces.join(hit.lazy(), on="at_text", how="left", maintain_order="left").drop("at_text")
    return (
        found.with_columns(stretch=pl.col("text").str.slice("start", "size"))
        .drop("size")
        .collect(optimizations=AS_WRITTEN)
    )


def _none(texts: pl.DataFrame) -> pl.DataFrame:
    return texts.clear().with_columns(start=pl.lit(None, pl.UInt32), stretch=pl.lit(None, pl.String))


def _marked_few(texts: pl.DataFrame, must: str, pattern: str) -> pl.DataFrame:
    """The same for a handful of short texts: one lead pays for no frames (long texts could make this search slow)."""
    first, second = _compiled(must), _compiled(pattern)
    found = []
    for at, (text, folded) in enumerate(texts.select("text", "folded").iter_rows()):
        if folded is None or not first.search(folded):
            continue
        for match in second.finditer(_SIGNS.sub(" ", folded)):
            found.append((at, match.start(), text[match.start() : match.end()]))
    if not found:
        return _none(texts)
    ats, starts, stretches = zip(*found, strict=True)
    return texts[list(ats)].with_columns(
        pl.Series("start", starts, dtype=pl.UInt32), pl.Series("stretch", stretches, dtype=pl.String)
    )


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern.replace("(?-u:", "(?a:"))
