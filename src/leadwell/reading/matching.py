"""Which phrases do these words make? One row a phrase found: `phrase`, and its `first` and `last` word.

Phrases of one word are a join. Exact ones walk a tree from every word that begins one. Loose ones start from their
rarest word, where all their words are near, and look at its neighbours.
"""

from __future__ import annotations

from typing import Final

import polars as pl

from leadwell.reading.search import Search
from leadwell.reading.tree import CLASS_BITS

# A phrase found is one number while it is sorted: first word, how far the last is, phrase.
_PHRASE_BITS: Final = 20
_WIDTH_BITS: Final = 8


def spans(words: pl.DataFrame, search: Search) -> pl.DataFrame:
    """Words (`tokens.Words.frame`) -> what they make: `phrase`, `first`, `last`, by first word."""
    found = pl.concat([_alone(words, search), *_exact(words, search), *_loose(words, search)]).sort()
    code = pl.col("code")
    first = (code // (1 << (_PHRASE_BITS + _WIDTH_BITS))).cast(pl.UInt32)
    width = (code // (1 << _PHRASE_BITS) % (1 << _WIDTH_BITS)).cast(pl.UInt32)
    phrase = (code % (1 << _PHRASE_BITS)).cast(pl.UInt32)
    once = found.to_frame("code").filter(code.shift(1).is_null() | (code != code.shift(1)))
    return once.select(phrase=phrase, first=first, last=first + width)


def _code(first: pl.Expr, width: pl.Expr | int) -> pl.Expr:
    width = pl.lit(width, dtype=pl.UInt64) if isinstance(width, int) else width.cast(pl.UInt64)
    return (first.cast(pl.UInt64) * (1 << _WIDTH_BITS) + width) * (1 << _PHRASE_BITS) + pl.col("phrase")


def _alone(words: pl.DataFrame, search: Search) -> pl.Series:
    at = words.select("group", first=pl.int_range(pl.len(), dtype=pl.UInt32)).filter(pl.col("group") > 0)
    found = at.join(search.alone, on="group", how="inner")
    return found.select(_code(pl.col("first"), 0)).to_series()


def _exact(words: pl.DataFrame, search: Search) -> list[pl.Series]:
    """From every word that begins an exact phrase, one step of the tree a word."""
    sentence, form = pl.lit(words["sentence"]), pl.lit(words["form"])
    begins = pl.lit(search.begins).gather(pl.col("form"))
    follows = pl.lit(search.follows).gather(pl.col("form")).shift(-1, fill_value=False)
    at = words.select("sentence", "form", first=pl.int_range(pl.len(), dtype=pl.UInt32)).filter(begins & follows)
    at = at.join(search.starts, on="form", how="inner")
    found: list[pl.Series] = []
    steps = 0
    while not at.is_empty():
        steps += 1
        place = pl.col("first") + steps
        on = place.clip(0, words.height - 1)
        step = pl.col("node").cast(pl.UInt64) * (1 << CLASS_BITS) + form.gather(on)
        at = at.filter((place < words.height) & (sentence.gather(on) == pl.col("sentence")))
        at = at.select("sentence", "first", step=step).join(search.edges, on="step", how="inner")
        if (ended := at.filter("ends")).height:
            ended = ended.join(search.emits, on="node", how="inner")
            found.append(ended.select(_code(pl.col("first"), steps)).to_series())
    return found


def _loose(words: pl.DataFrame, search: Search) -> list[pl.Series]:
    at = _near(words, search)
    if at.is_empty():
        return []
    at = at.join(search.loose, on="word", how="inner")
    at = at.filter((pl.col("near") & pl.col("mask")) == pl.col("mask")).drop("near", "mask", "word")
    mixed = words.select(_mixed("word")).to_series()
    chosen = ["at_0"]
    for i, need in enumerate([c for c in at.columns if c.startswith("need_")], start=1):
        if at[need].null_count() == at.height:  # of no row as well
            break
        at = at.with_columns(_nearest(mixed, need, chosen, reach=_reach(at)).alias(f"at_{i}"))
        at = at.filter(pl.col(need).is_null() | pl.col(f"at_{i}").is_not_null())
        chosen.append(f"at_{i}")
    at = at.select("phrase", "span", first=pl.min_horizontal(chosen), last=pl.max_horizontal(chosen))
    first, last, clause = pl.col("first"), pl.col("last"), pl.lit(words["clause"])
    commas = clause.gather(last) - clause.gather(first)  # each counts as another word between
    return [at.filter(last - first + commas < pl.col("span")).select(_code(first, last - first)).to_series()]


def _reach(at: pl.DataFrame) -> int:
    """How far the longest of these phrases may go from its rarest word."""
    longest = at["span"].max()
    return longest - 1 if isinstance(longest, int) else 0


def _near(words: pl.DataFrame, search: Search) -> pl.DataFrame:
    """Where the rarest word of a loose phrase stands, with the bits of all words within reach of it."""
    at = words.select("word", "sentence", near=pl.lit(search.bits).gather(pl.col("word")))
    near, width = pl.col("near"), 1
    while width < 2 * search.reach + 1:
        further = min(width, 2 * search.reach + 1 - width)
        at, width = at.with_columns(near | near.shift(-further, fill_value=0)), width + further
    near = near.shift(search.reach, fill_value=(1 << 64) - 1)
    at = at.with_columns(near, at_0=pl.int_range(pl.len(), dtype=pl.Int64))
    return at.filter(pl.lit(search.rarest).gather(pl.col("word")))


def _mixed(word: str) -> pl.Expr:
    """A word's class and its sentence as one number, so that one comparison asks for both."""
    return pl.col("sentence").cast(pl.UInt64) * (1 << CLASS_BITS) + pl.col(word)


def _nearest(mixed: pl.Series, need: str, taken: list[str], *, reach: int) -> pl.Expr:
    """The place nearest to the rarest word where another word of the phrase stands, none standing there yet."""
    wanted = _mixed(need)
    last = max(len(mixed) - 1, 0)
    tries = []
    for step in (s for d in range(1, reach + 1) for s in (d, -d)):
        place = pl.col("at_0") + step
        there = pl.lit(mixed).gather(place.clip(0, last))
        free = [place != pl.col(t) for t in taken[1:]]
        near = pl.col("span") > abs(step)
        tries.append(pl.when(pl.all_horizontal(there == wanted, near, place.is_between(0, last), *free)).then(place))
    return pl.coalesce(tries)
