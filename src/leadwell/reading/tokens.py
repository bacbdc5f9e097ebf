"""Where are the words, and in which sentence? One row a word, from one search of bytes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import polars as pl
import pyarrow as pa

from leadwell.reading.fold import FIRST_WORD_BYTE, TEXT_END
from leadwell.reading.vocabulary import (
    ABBREVIATES,
    ENDS_CLAUSE,
    ENDS_HEADING,
    ENDS_SENTENCE,
    ENDS_TEXT,
    FOLLOWS_HEADING,
    NUMBER,
    SPACED,
    STARTS_CLAUSE,
    STARTS_SENTENCE,
    Token,
    Vocabulary,
)

_TOKEN: Final = {
    "word": pl.UInt32,
    "form": pl.UInt32,
    "group": pl.UInt32,
    "signs": pl.UInt16,
    "lead": pl.UInt32,
    "size": pl.UInt32,
}
_FEW: Final = 1000  # tokens that are sooner asked one by one than told apart first


@dataclass(frozen=True)
class Words:
    """`frame`: a row a word, in order: `token` (its row of `tokens`), `start` (of the token, in all texts joined),
    `sentence`, `clause` (numbered through all texts), `word`, `form`, `group` (`vocabulary`), and whether a colon
    follows it (`heading`). Where a text ends after other signs, or is empty, stands a word of size 0.

    `tokens`: what each distinct token is. `ends`: where each text ends in all texts joined.
    """

    frame: pl.DataFrame
    tokens: pl.DataFrame
    ends: pl.Series

    def places(self, spans: pl.DataFrame) -> pl.DataFrame:
        """Where spans (`first`, `last`) are: `text` (which of the folded texts), `start`, `end` in it, `clause`."""
        head = self.frame.select("token", "start", "clause")[spans["first"]]
        tail = self.frame.select("token", "start")[spans["last"]]
        lead, size = pl.lit(self.tokens["lead"]), pl.lit(self.tokens["size"])
        start = head.select("clause", start=pl.col("start") + lead.gather(pl.col("token")))
        end = tail.select(end=pl.col("start") + (lead + size).gather(pl.col("token")))
        both = pl.concat([start, end], how="horizontal").with_columns(
            text=pl.lit(self.ends).search_sorted(pl.col("start"), "right")
        )
        begin = pl.lit(self.ends.shift(1, fill_value=0)).gather(pl.col("text"))
        return both.select("text", "clause", pl.col("start", "end") - begin)


def _cut(folded: pl.Series) -> tuple[pl.Series, pl.Series]:
    """Folded texts -> every word with the separators before it and the first one after, and where it starts in all.

    A text's end is a token of its own where other separators stand before it.
    """
    joined = pa.py_buffer((folded.str.join(TEXT_END).item() + TEXT_END).encode())
    octets = pl.Series(pa.Array.from_buffers(pa.uint8(), joined.size, [None, joined]))
    apart = octets < FIRST_WORD_BYTE
    ends = ((apart & ~apart.shift(1, fill_value=True)) | (octets == ord(TEXT_END))).arg_true()
    bounds = pl.concat([pl.Series([0], dtype=pl.Int64), ends.cast(pl.Int64) + 1])
    starts = pa.array(bounds.to_arrow(), pa.int64()).buffers()[1]
    tokens = pl.Series(pa.Array.from_buffers(pa.large_utf8(), len(ends), [None, starts, joined]))
    return tokens, bounds[:-1].cast(pl.UInt32)


def _read(tokens: pl.Series, vocabulary: Vocabulary) -> tuple[pl.Series, pl.DataFrame]:
    """For each token its number among the distinct ones, and what those are; each distinct one is asked once."""
    if len(tokens) < _FEW:
        return pl.int_range(len(tokens), eager=True, dtype=pl.UInt32), _table(vocabulary.read(tokens.to_list()))
    hashed = tokens.hash().to_frame("hash").with_row_index("at")
    distinct = hashed.unique("hash", keep="any").with_row_index("token")
    table = _table(vocabulary.read(tokens.gather(distinct["at"]).to_list()))
    numbered = hashed.select("hash").join(
        distinct.select("hash", "token"), on="hash", how="left", maintain_order="left"
    )
    return numbered["token"], table


def _table(tokens: list[Token]) -> pl.DataFrame:
    columns = zip(*tokens, strict=True) if tokens else ([] for _ in _TOKEN)
    return pl.DataFrame(dict(zip(_TOKEN, map(list, columns), strict=True)), schema=_TOKEN)


def _has(bits: int) -> pl.Expr:
    return (pl.col("signs") & bits) != 0


def _sentence_end() -> pl.Expr:
    """A full stop ends a sentence unless it shortens a word or stands inside a number; a text's end always does."""
    inside_number = _has(NUMBER) & _has(NUMBER).shift(-1, fill_value=False) & ~_has(SPACED).shift(-1, fill_value=True)
    return _has(ENDS_TEXT) | (_has(ENDS_SENTENCE) & ~_has(ABBREVIATES) & ~inside_number)


def words(folded: pl.Series, vocabulary: Vocabulary) -> Words:
    tokens, starts = _cut(folded)
    token, table = _read(tokens, vocabulary)
    frame = pl.DataFrame({"token": token, "start": starts})
    asked = {name: pl.lit(table[name]).gather(pl.col("token")) for name in ("word", "form", "group", "signs")}
    frame = frame.with_columns(**asked).with_columns(over=_sentence_end())
    opens = pl.col("over").shift(1, fill_value=False) | _has(STARTS_SENTENCE)
    parts = opens | _has(STARTS_CLAUSE) | (_has(ENDS_CLAUSE) & ~_has(ABBREVIATES)).shift(1, fill_value=False)
    frame = frame.select(
        "token", "start", "word", "form", "group",
        sentence=opens.cast(pl.UInt32).cum_sum(),
        clause=parts.cast(pl.UInt32).cum_sum(),
        heading=_has(ENDS_HEADING) | _has(FOLLOWS_HEADING).shift(-1, fill_value=False),
    )  # fmt: skip
    ends = (folded.str.len_bytes() + 1).cum_sum()
    return Words(frame, table, ends)
