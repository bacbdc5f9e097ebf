"""Which phrases stand in which lead, and where? One long frame, a row a mention.

All phrases are looked for at once: words become numbers (`tokens`), numbers make phrases (`matching`), and where the
folded text differs from what was received, the places are brought back. Nothing depends on another row of the frame.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl

from leadwell.contract import WORDS
from leadwell.reading import matching, tokens
from leadwell.reading.fold import fold, received_offsets, without_widthless
from leadwell.reading.machine import without_orders
from leadwell.reading.search import Search
from leadwell.reading.tokens import Words

MOST: Final = 100_000  # characters of one text that are read; whoever sends more has pasted something


@dataclass(frozen=True)
class Texts:
    """Every text that is searched, as far as it is read, by lead and field.

    `frame` has `row`, `field`, `received`, `folded`, and `odd`: whether characters without a width were left out, so
    that offsets of `folded` are not those of `received`. `ordered`: the rows in which a sentence speaks to a program;
    it is blank in `folded`, unless the texts are wanted `whole`.
    """

    frame: pl.DataFrame
    ordered: pl.Series

    @classmethod
    def of(cls, frame: pl.DataFrame, fields: Sequence[str] = WORDS, *, whole: bool = False) -> Texts:
        there = [f for f in fields if f in frame.columns]
        kinds = pl.Enum(list(fields))
        rows = frame.select(pl.int_range(pl.len(), dtype=pl.UInt32).alias("row"), *there)
        parts = [rows.select("row", pl.lit(f, dtype=kinds).alias("field"), received=f).drop_nulls() for f in there]
        empty = pl.DataFrame(schema={"row": pl.UInt32, "field": kinds, "received": pl.String})
        stacked = pl.concat([empty, *parts])
        if sum(not part.is_empty() for part in parts) > 1:
            stacked = stacked.sort("row", "field")
        if (stacked["received"].str.len_bytes() > MOST).any():
            stacked = stacked.with_columns(pl.col("received").str.head(MOST))
        clean, odd = without_widthless(stacked["received"])
        plain = fold(clean)
        folded = without_orders(plain)
        ordered = stacked["row"].filter(folded != plain).unique(maintain_order=True)
        return cls(stacked.with_columns((plain if whole else folded).alias("folded"), odd.alias("odd")), ordered)


@dataclass(frozen=True)
class Found:
    """`spans`: `phrase`, `first`, `last`, `sentence`, by first word; `words`: what they number (`tokens.Words`)."""

    texts: Texts
    search: Search
    words: Words
    spans: pl.DataFrame

    def placed(self, spans: pl.DataFrame) -> pl.DataFrame:
        """Spans -> mentions, by lead, field and place.

        Added: `text` (which of `texts`), `row`, `field`, `kind`, `key`, `start`, `end` (code points of the field as
        received), `clause`.
        """
        places = pl.DataFrame(self.words.places(spans["first"].to_numpy(), spans["last"].to_numpy())).cast(pl.UInt32)
        meaning = self.search.table.select("kind", "key")[spans["phrase"]]
        whose = self.texts.frame.select("row", "field", "odd")[places["text"]]
        mentions = pl.concat([spans, places, meaning, whose], how="horizontal")
        return _as_received(mentions, self.texts).drop("odd")


def find(texts: Texts, search: Search) -> Found:
    words = tokens.words(texts.frame["folded"], search.vocabulary)
    phrase, first, last = matching.spans(words, search)
    spans = pl.DataFrame({"phrase": phrase, "first": first, "last": last, "sentence": words.sentence[first]})
    return Found(texts, search, words, spans.cast(pl.UInt32))


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
