"""Where are the words, and in which sentence? One row a word, from one search of bytes."""

from __future__ import annotations

from typing import Final

import polars as pl
import pyarrow as pa

from leadwell.reading.fold import FIRST_WORD_BYTE, TEXT_END
from leadwell.reading.vocabulary import (
    ABBREVIATES,
    ENDS_CLAUSE,
    ENDS_SENTENCE,
    ENDS_TEXT,
    NUMBER,
    Token,
    Vocabulary,
)

_TOKEN: Final = {"word": pl.UInt32, "group": pl.UInt32, "signs": pl.UInt8, "lead": pl.UInt32, "size": pl.UInt32}


def _cut(folded: pl.Series) -> tuple[pl.Series, pl.Series]:
    """Folded texts -> every token with the separator that ends it, and where it starts in all texts joined."""
    joined = pa.py_buffer((folded.str.join(TEXT_END).item() + TEXT_END).encode())
    octets = pl.Series(pa.Array.from_buffers(pa.uint8(), joined.size, [None, joined]))
    ends = (octets < FIRST_WORD_BYTE).arg_true() + 1
    bounds = pl.concat([pl.Series([0], dtype=pl.UInt32), ends]).cast(pl.Int64)
    starts = pa.array(bounds.to_arrow(), pa.int64()).buffers()[1]
    tokens = pl.Series(pa.Array.from_buffers(pa.large_utf8(), len(ends), [None, starts, joined]))
    return tokens, bounds[:-1].cast(pl.UInt32)


def _read(tokens: pl.Series, vocabulary: Vocabulary) -> pl.DataFrame:
    """What each token stands for; each distinct one is asked once."""
    hashed = tokens.hash().to_frame("hash").with_row_index("at")
    distinct = hashed.unique("hash", keep="any")
    learnt: list[Token] = vocabulary.read(tokens.gather(distinct["at"]).to_list())
    meaning = pl.DataFrame(learnt, schema=_TOKEN, orient="row").with_columns(distinct["hash"])
    return hashed.join(meaning, on="hash", how="left", maintain_order="left").drop("hash", "at")


def _has(bits: int) -> pl.Expr:
    return (pl.col("signs") & bits) != 0


def _ends_sentence() -> pl.Expr:
    """A full stop ends a sentence unless it shortens a word or stands inside a number; a text's end always does."""
    spaced = pl.col("size").shift(-1, fill_value=0) == 0
    inside_number = _has(NUMBER) & _has(NUMBER).shift(-1, fill_value=False) & ~spaced
    return _has(ENDS_TEXT) | (_has(ENDS_SENTENCE) & ~_has(ABBREVIATES) & ~inside_number)


def words(folded: pl.Series, vocabulary: Vocabulary) -> pl.DataFrame:
    """A row a word, in order: its `text`, `start`, `size`, `sentence`, `clause`, and `word` and `group` (`vocabulary`).

    Sentences and clauses are numbered through all texts; a clause never spans two sentences.
    """
    tokens, starts = _cut(folded)
    lengths = folded.str.len_bytes()
    offset = lengths.cum_sum() + pl.int_range(1, len(folded) + 1, eager=True, dtype=pl.UInt32) - lengths - 1
    frame = _read(tokens, vocabulary).with_columns(start=starts)
    frame = frame.with_columns(sentence_end=_ends_sentence(), text_end=_has(ENDS_TEXT))
    before = {
        "sentence": pl.col("sentence_end"),
        "clause": _has(ENDS_CLAUSE) & ~_has(ABBREVIATES) | pl.col("sentence_end"),
    }
    counts = {n: e.cast(pl.UInt32).cum_sum().shift(1, fill_value=0) for n, e in before.items()}
    text = pl.col("text_end").cast(pl.UInt32).cum_sum().shift(1, fill_value=0)
    frame = frame.with_columns(text=text, **counts).filter(pl.col("size") > 0)
    inside = pl.col("start") + pl.col("lead") - pl.lit(offset).gather(pl.col("text"))
    return frame.select("text", "size", "sentence", "clause", "word", "group", start=inside)
