"""Which phrases stand in which lead, and where? One long frame, a row a mention.

`find` looks for all phrases at once: words become numbers (`tokens`), phrases of one word are a join, longer ones start
from their rarest word and look at its neighbours. Nothing depends on another row of the frame.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from leadwell.contract import WORDS
from leadwell.reading import tokens
from leadwell.reading.fold import fold, received_offsets, without_widthless
from leadwell.reading.search import Search

_CLASS_BITS = 20  # a sentence's number and a word's class share 64 bits, so that one comparison asks for both


@dataclass(frozen=True)
class Texts:
    """Every text that was searched, one row each: `row` of the frame, `field`, `received`, `folded`, `odd`."""

    frame: pl.DataFrame

    @classmethod
    def of(cls, frame: pl.DataFrame, fields: Sequence[str] = WORDS) -> Texts:
        rows = pl.int_range(pl.len(), dtype=pl.UInt32).alias("row")
        kinds = pl.Enum(list(fields))
        parts = [
            frame.select(rows, pl.lit(f, dtype=kinds).alias("field"), pl.col(f).alias("received")).drop_nulls(
                "received"
            )
            for f in fields
            if f in frame.columns
        ]
        empty = pl.DataFrame(schema={"row": pl.UInt32, "field": kinds, "received": pl.String})
        stacked = pl.concat([empty, *parts])
        clean, odd = without_widthless(stacked["received"])
        return cls(stacked.with_columns(fold(clean).alias("folded"), odd.alias("odd")))


def find(texts: Texts, search: Search) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Texts -> mentions, sorted by row, field and place, and the words of the texts (`tokens.words`).

    Columns: `text` (index into `texts`), `row`, `field`, `phrase` (index into `search.phrases`), `kind`, `key`, `governs`, `reach`,
    `start`, `end` (code points of the field as received), `first`, `last` (its words, numbered through all texts),
    `sentence`, `clause`.
    """
    words = tokens.words(texts.frame["folded"], search.vocabulary)
    found = pl.concat([_alone(words, search), _loose(words, search), _exact(words, search)])
    found = found.unique().sort("first", "last", "phrase")
    return _placed(found, words, search, texts), words


def _alone(words: pl.DataFrame, search: Search) -> pl.DataFrame:
    at = words.select("group", pl.int_range(pl.len(), dtype=pl.UInt32).alias("first")).filter(pl.col("group") > 0)
    found = at.join(search.alone, on="group", how="inner", maintain_order="left")
    return found.select("phrase", "first", last="first")


def _candidates(words: pl.DataFrame, wanted: pl.DataFrame) -> pl.DataFrame:
    """Where the rarest word of a phrase stands."""
    at = words.select("word", "sentence", pl.int_range(pl.len(), dtype=pl.Int64).alias("at"))
    at = at.filter(pl.col("word").is_in(wanted["word"].unique().implode()))
    return at.join(wanted, on="word", how="inner", maintain_order="left")


def _with_sentence(words: pl.DataFrame) -> pl.Series:
    mixed = (pl.col("sentence").cast(pl.UInt64) * (1 << _CLASS_BITS)) + pl.col("word")
    return words.select(mixed).to_series()


def _in_sentence(need: str) -> pl.Expr:
    return (pl.col("sentence").cast(pl.UInt64) * (1 << _CLASS_BITS)) + pl.col(need)


def _exact(words: pl.DataFrame, search: Search) -> pl.DataFrame:
    found = _candidates(words, search.exact)
    mixed = _with_sentence(words)
    for i in range(1, search.most[1] + 1):
        place = (pl.col("at") + pl.col(f"step_{i}")).clip(0, max(words.height - 1, 0))
        there = pl.lit(mixed).gather(place.fill_null(0))
        found = found.filter(pl.col(f"need_{i}").is_null() | (there == _in_sentence(f"need_{i}")))
    return found.select(
        "phrase",
        first=(pl.col("at") - pl.col("before")).cast(pl.UInt32),
        last=(pl.col("at") + pl.col("after")).cast(pl.UInt32),
    )


def _loose(words: pl.DataFrame, search: Search) -> pl.DataFrame:
    found = _candidates(words, search.loose).with_columns(at_0=pl.col("at"))
    mixed = _with_sentence(words)
    chosen = ["at_0"]
    for i in range(1, search.most[0]):
        nearest = _nearest(mixed, f"need_{i}", chosen, reach=_reach(found))
        found = found.with_columns(nearest.alias(f"at_{i}"))
        found = found.filter(pl.col(f"need_{i}").is_null() | pl.col(f"at_{i}").is_not_null())
        chosen.append(f"at_{i}")
    first, last = pl.min_horizontal(chosen), pl.max_horizontal(chosen)
    found = found.filter(last - first < pl.col("span"))
    return found.select("phrase", first=first.cast(pl.UInt32), last=last.cast(pl.UInt32))


def _reach(found: pl.DataFrame) -> int:
    longest = found["span"].max()
    return int(longest) - 1 if isinstance(longest, int) else 0


def _nearest(mixed: pl.Series, need: str, taken: list[str], *, reach: int) -> pl.Expr:
    """The place nearest to the rarest word where another word of the phrase stands, none standing there yet."""
    wanted = _in_sentence(need)
    last = max(len(mixed) - 1, 0)
    tries = []
    for step in (s for d in range(1, reach + 1) for s in (d, -d)):
        place = pl.col("at") + step
        there = pl.lit(mixed).gather(place.clip(0, last))
        free = [place != pl.col(t) for t in taken[1:]]
        near = pl.col("span") > abs(step)
        tries.append(pl.when(pl.all_horizontal(there == wanted, near, place.is_between(0, last), *free)).then(place))
    return pl.coalesce(tries) if tries else pl.lit(None, dtype=pl.Int64)


def _placed(found: pl.DataFrame, words: pl.DataFrame, search: Search, texts: Texts) -> pl.DataFrame:
    head = words.select("text", "start", "sentence", "clause")[found["first"]]
    tail = words.select(end=pl.col("start") + pl.col("size"))[found["last"]]
    meaning = search.table[found["phrase"]]
    whose = texts.frame.select("row", "field", "odd")[head["text"]]
    mentions = pl.concat([found, head, tail, meaning, whose], how="horizontal")
    return _as_received(mentions, texts).drop("odd").sort("row", "field", "first", maintain_order=True)


def _as_received(mentions: pl.DataFrame, texts: Texts) -> pl.DataFrame:
    """Offsets of the folded text -> of the text as received, where the two differ."""
    if not mentions["odd"].any():
        return mentions
    odd = mentions.filter("odd").select("text", "start", "end")
    maps = {t: received_offsets(texts.frame["received"][t]) for t in odd["text"].unique()}
    starts = [maps[t][s] for t, s in zip(odd["text"], odd["start"], strict=True)]
    ends = [maps[t][e - 1] + 1 for t, e in zip(odd["text"], odd["end"], strict=True)]
    at = mentions["odd"].arg_true()
    return mentions.with_columns(
        mentions["start"].clone().scatter(at, pl.Series(starts, dtype=pl.UInt32)),
        mentions["end"].clone().scatter(at, pl.Series(ends, dtype=pl.UInt32)),
    )
