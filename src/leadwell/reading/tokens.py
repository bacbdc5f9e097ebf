"""Where are the words, and in which sentence? One row a word, from one search of bytes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from pyarrow._compute import (
    call_function,
)  # `Array.dictionary_encode` would import `pyarrow.compute`: 40 ms of wrappers

from leadwell.reading.fold import FIRST_WORD_BYTE, TEXT_END, Folded
from leadwell.reading.grouped import Flags, Ints
from leadwell.reading.remembered import Distinct
from leadwell.reading.vocabulary import Vocabulary
from leadwell.reading.written import (
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
    WRITTEN,
)

# Characters of texts that are read together: what is made of them on the way then fits a processor's own memory.
_TOGETHER: Final = 1 << 19


@dataclass(frozen=True, eq=False)
class Block:
    """Some texts and their tokens: every word with the separators before it and the first one after.

    `distinct`: the tokens, each once; `token`: which of them stand, in order; `bounds`: where each begins, and the last
    one ends, in all texts joined (`folded`). A text's end is a token of its own where other separators stand before it.
    """

    folded: Folded
    distinct: Distinct
    token: Ints
    bounds: Ints

    @property
    def texts(self) -> int:
        return len(self.folded.ends)

    @cached_property
    def begins(self) -> Ints:
        """The first token of each text, and how many tokens there are."""
        return np.searchsorted(self.bounds, np.concatenate(([0], self.folded.ends)))

    @cached_property
    def text(self) -> Ints:
        """The text of each token."""
        return np.repeat(np.arange(self.texts), np.diff(self.begins))

    @cached_property
    def breaks(self) -> Ints:
        """The tokens that begin a line which may be a sentence of its own."""
        at = self.folded.breaks
        token = np.searchsorted(self.bounds, at, "right") - 1
        first: Ints = token + (at == self.bounds[token + 1] - 1)
        return first


def cut(folded: Folded) -> Block:
    octets, end = folded.octets, ord(TEXT_END)
    apart = octets < FIRST_WORD_BYTE
    ends = octets == end
    ends[:1] |= apart[:1]
    ends[1:] |= apart[1:] > apart[:-1]
    bounds = np.concatenate(([0], np.flatnonzero(ends) + 1))
    joined = pa.Array.from_buffers(pa.large_utf8(), len(bounds) - 1, [None, pa.py_buffer(bounds), pa.py_buffer(octets)])
    encoded = call_function("dictionary_encode", [joined])
    # `encoded.indices.to_numpy()` would import pandas, where there is one
    token = np.frombuffer(encoded.indices.buffers()[1], dtype=np.int32, count=len(encoded)).astype(np.int64)
    return Block(folded, Distinct.of(encoded.dictionary.to_pylist()), token, bounds)


def together(texts: Sequence[str]) -> Iterator[Sequence[str]]:
    """Texts in runs that are worth reading at once."""
    sizes = np.cumsum(np.fromiter(map(len, texts), dtype=np.int64, count=len(texts)))
    begin = 0
    while begin < len(texts):
        before = sizes[begin - 1] if begin else 0
        stop = max(begin + 1, int(np.searchsorted(sizes, before + _TOGETHER, "right")))
        yield texts[begin:stop]
        begin = stop


@dataclass(frozen=True, eq=False)
class Words:
    """Arrays of a row a word of a block, in order: `sentence`, `clause` (numbered from 0), `word`, `form`, `group`
    (`vocabulary`), and whether a colon follows it (`heading`). Where a text ends after other signs, or is empty, stands
    a word of size 0.

    `lead`, `size`: of each distinct token.
    """

    block: Block
    sentence: Ints
    clause: Ints
    word: Ints
    form: Ints
    group: Ints
    heading: Flags
    lead: Ints
    size: Ints

    def places(self, first: Ints, last: Ints) -> dict[str, Ints]:
        """Where spans are: `text` (which of the block), `start` and `end` in it, and `clause`."""
        bounds, token = self.block.bounds, self.block.token
        head, tail = token[first], token[last]
        text = self.block.text[first]
        begin = np.concatenate(([0], self.block.folded.ends))[text]
        start = bounds[first] + self.lead[head] - begin
        end = bounds[last] + self.lead[tail] + self.size[tail] - begin
        return {"text": text, "start": start, "end": end, "clause": self.clause[first]}


def _next(values: Flags, beyond: bool) -> Flags:
    return np.append(values[1:], beyond)


def _after(values: Flags) -> Flags:
    """Which words follow one of these."""
    return np.concatenate(([False], values[:-1]))


def words(block: Block, vocabulary: Vocabulary) -> Words:
    written, known = WRITTEN.of(block.distinct), vocabulary.known.of(block.distinct)
    token = block.token
    signs = written["signs"][token]
    opens = _after(_over(signs)) | _has(signs, STARTS_SENTENCE)
    parts = opens | _has(signs, STARTS_CLAUSE) | _after(_has(signs, ENDS_CLAUSE) & ~_has(signs, ABBREVIATES))
    return Words(
        block=block,
        sentence=np.cumsum(opens, dtype=np.int32),
        clause=np.cumsum(parts, dtype=np.int32),
        word=known["word"][token],
        form=known["form"][token],
        group=known["group"][token],
        heading=_has(signs, ENDS_HEADING) | _next(_has(signs, FOLLOWS_HEADING), False),
        lead=written["lead"],
        size=written["size"],
    )


def _over(signs: npt.NDArray[np.int16]) -> Flags:
    """A full stop ends a sentence unless it shortens a word or stands inside a number; a text's end always does."""
    number = _has(signs, NUMBER)
    inside_number = number & _next(number, False) & ~_next(_has(signs, SPACED), True)
    return _has(signs, ENDS_TEXT) | (_has(signs, ENDS_SENTENCE) & ~_has(signs, ABBREVIATES) & ~inside_number)


def _has(signs: npt.NDArray[np.int16], bits: int) -> Flags:
    has: Flags = (signs & bits) != 0
    return has
