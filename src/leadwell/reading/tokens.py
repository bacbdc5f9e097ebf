"""Where are the words, and in which sentence? One row a word, from one search of bytes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl
import pyarrow as pa

from leadwell.reading.fold import FIRST_WORD_BYTE, TEXT_END
from leadwell.reading.grouped import Flags, Ints
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

_FEW: Final = 1000  # tokens that are sooner asked one by one than told apart first


@dataclass(frozen=True, eq=False)
class Words:
    """Arrays of a row a word, in order: `token` (its column of `tokens`), `start` (of the token, in all texts joined),
    `sentence`, `clause` (numbered through all texts), `word`, `form`, `group` (`vocabulary`), and whether a colon
    follows it (`heading`). Where a text ends after other signs, or is empty, stands a word of size 0.

    `lead`, `size`: of each distinct token. `ends`: where each text ends in all texts joined.
    """

    token: Ints
    start: Ints
    sentence: Ints
    clause: Ints
    word: Ints
    form: Ints
    group: Ints
    heading: Flags
    lead: Ints
    size: Ints
    ends: Ints

    def places(self, first: Ints, last: Ints) -> dict[str, Ints]:
        """Where spans are: `text` (which of the folded texts), `start` and `end` in it, and `clause`."""
        head, tail = self.token[first], self.token[last]
        start = self.start[first] + self.lead[head]
        end = self.start[last] + self.lead[tail] + self.size[tail]
        text = np.searchsorted(self.ends, start, "right")
        begin = np.concatenate(([0], self.ends))[text]
        return {"text": text, "start": start - begin, "end": end - begin, "clause": self.clause[first]}


def _cut(folded: pl.Series) -> tuple[pl.Series, Ints]:
    """Folded texts -> every word with the separators before it and the first one after, and where it starts in all.

    A text's end is a token of its own where other separators stand before it.
    """
    joined = (folded.str.join(TEXT_END).item() + TEXT_END).encode()
    octets = np.frombuffer(joined, dtype=np.uint8)
    apart = octets < FIRST_WORD_BYTE
    ends = octets == ord(TEXT_END)
    ends[0] |= apart[0]
    ends[1:] |= apart[1:] & ~apart[:-1]
    bounds = np.concatenate(([0], np.flatnonzero(ends) + 1))
    parts = pa.Array.from_buffers(pa.large_utf8(), len(bounds) - 1, [None, pa.py_buffer(bounds), pa.py_buffer(joined)])
    return pl.Series(parts), bounds[:-1]


def _read(tokens: pl.Series, vocabulary: Vocabulary) -> tuple[Ints, dict[str, Ints]]:
    """For each token its number among the distinct ones, and what those are; each distinct one is asked once."""
    if len(tokens) < _FEW:
        return np.arange(len(tokens)), _table(vocabulary.read(tokens.to_list()))
    hashed = tokens.hash().to_frame("hash").with_row_index("at")
    distinct = hashed.unique("hash", keep="any").with_row_index("token")
    table = _table(vocabulary.read(tokens.gather(distinct["at"]).to_list()))
    numbered = hashed.select("hash").join(
        distinct.select("hash", "token"), on="hash", how="left", maintain_order="left"
    )
    return numbered["token"].to_numpy(), table


def _table(tokens: list[Token]) -> dict[str, Ints]:
    return dict(zip(Token._fields, np.array(tokens, dtype=np.int64).T, strict=True))


def _next(values: Flags, beyond: bool) -> Flags:
    return np.append(values[1:], beyond)


def _after(values: Flags) -> Flags:
    """Which words follow one of these."""
    return np.concatenate(([False], values[:-1]))


def words(folded: pl.Series, vocabulary: Vocabulary) -> Words:
    if folded.is_empty():
        folded = pl.Series([""])
    tokens, start = _cut(folded)
    token, table = _read(tokens, vocabulary)
    signs = table["signs"].astype(np.int16)[token]
    opens = _after(_over(signs)) | _has(signs, STARTS_SENTENCE)
    parts = opens | _has(signs, STARTS_CLAUSE) | _after(_has(signs, ENDS_CLAUSE) & ~_has(signs, ABBREVIATES))
    return Words(
        token=token,
        start=start,
        sentence=np.cumsum(opens, dtype=np.int32),
        clause=np.cumsum(parts, dtype=np.int32),
        word=table["word"].astype(np.int32)[token],
        form=table["form"].astype(np.int32)[token],
        group=table["group"].astype(np.int32)[token],
        heading=_has(signs, ENDS_HEADING) | _next(_has(signs, FOLLOWS_HEADING), False),
        lead=table["lead"],
        size=table["size"],
        ends=np.cumsum(folded.str.len_bytes().to_numpy().astype(np.int64) + 1),
    )


def _over(signs: Ints) -> Flags:
    """A full stop ends a sentence unless it shortens a word or stands inside a number; a text's end always does."""
    number = _has(signs, NUMBER)
    inside_number = number & _next(number, False) & ~_next(_has(signs, SPACED), True)
    return _has(signs, ENDS_TEXT) | (_has(signs, ENDS_SENTENCE) & ~_has(signs, ABBREVIATES) & ~inside_number)


def _has(signs: Ints, bits: int) -> Flags:
    has: Flags = (signs & bits) != 0
    return has
