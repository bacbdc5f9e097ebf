"""Where are the words, and in which sentence? One row a word, from one search of bytes."""

from __future__ import annotations

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


def _read(tokens: pl.Series, vocabulary: Vocabulary) -> pl.DataFrame:
    """What each token stands for; each distinct one is asked once."""
    hashed = tokens.hash().to_frame("hash").with_row_index("at")
    distinct = hashed.unique("hash", keep="any")
    learnt: list[Token] = vocabulary.read(tokens.gather(distinct["at"]).to_list())
    meaning = pl.DataFrame(learnt, schema=_TOKEN, orient="row").with_columns(distinct["hash"])
    return hashed.join(meaning, on="hash", how="left", maintain_order="left").drop("hash", "at")


def _has(bits: int) -> pl.Expr:
    return (pl.col("signs") & bits) != 0


def _breaks() -> dict[str, pl.Expr]:
    """Before which words a sentence, a clause or a text begins.

    A full stop ends a sentence unless it shortens a word or stands inside a number; a text's end always does.
    """
    inside_number = _has(NUMBER) & _has(NUMBER).shift(-1, fill_value=False) & ~_has(SPACED).shift(-1, fill_value=True)
    shortens = _has(ABBREVIATES) | inside_number
    sentence = _has(ENDS_TEXT) | (_has(ENDS_SENTENCE) & ~shortens)
    clause = _has(ENDS_TEXT) | (_has(ENDS_CLAUSE) & ~shortens)
    return {
        "text": _has(ENDS_TEXT).shift(1, fill_value=False),
        "sentence": sentence.shift(1, fill_value=False) | _has(STARTS_SENTENCE),
        "clause": clause.shift(1, fill_value=False) | _has(STARTS_CLAUSE),
    }


def words(folded: pl.Series, vocabulary: Vocabulary) -> pl.DataFrame:
    """A row a word, in order: its `text`, `start`, `size`, `sentence`, `clause`, `word`, `form` and `group`
    (`vocabulary`),
    and whether a colon follows it (`heading`).

    Sentences and clauses are numbered through all texts; a clause never spans two sentences. Where a text ends after
    other signs, or is empty, stands a word of size 0.
    """
    tokens, starts = _cut(folded)
    lengths = folded.str.len_bytes()
    offset = lengths.cum_sum() + pl.int_range(1, len(folded) + 1, eager=True, dtype=pl.UInt32) - lengths - 1
    frame = _read(tokens, vocabulary).with_columns(start=starts)
    counts = {name: starts.cast(pl.UInt32).cum_sum() for name, starts in _breaks().items()}
    frame = frame.with_columns(**counts)
    inside = pl.col("start") + pl.col("lead") - pl.lit(offset).gather(pl.col("text"))
    heading = _has(ENDS_HEADING) | _has(FOLLOWS_HEADING).shift(-1, fill_value=False)
    columns = ("text", "size", "sentence", "clause", "word", "form", "group")
    return frame.select(*columns, start=inside, heading=heading)
