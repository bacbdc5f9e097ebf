"""Which phrases stand in which lead, and where? One long frame, a row a mention.

All phrases are looked for at once: words become numbers (`tokens`), numbers make phrases (`matching`), and where the
folded text differs from what was received, the places are brought back. Texts are read in blocks, and what is found is
numbered through all of them. Nothing depends on another row of the frame.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from operator import add
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import polars as pl

from leadwell.contract import WORDS
from leadwell.reading import matching, tokens
from leadwell.reading.fold import fold_texts, received_offsets
from leadwell.reading.grouped import Ints
from leadwell.reading.machine import without_orders
from leadwell.reading.quoting import without_quotes
from leadwell.reading.search import Search
from leadwell.reading.tokens import Block, Words

MOST: Final = 100_000  # characters of one text that are read; whoever sends more has pasted something
_PLACE: Final = ("text", "start", "end", "clause")

Columns = dict[str, npt.NDArray[Any]]


@dataclass(frozen=True)
class Texts:
    """Every text that is searched, as far as it is read, by lead and field.

    `frame` has `row`, `field`, `received`, `folded`, and `odd`: whether characters without a width were left out, so
    that offsets of `folded` are not those of `received`. `blocks`: the words of the folded texts, in their order.
    `ordered`: the rows in which a sentence speaks to a program; it is blank in `folded`, unless the texts are wanted
    `whole`. `quoting`: those with lines of somebody else, blank too unless their `quotes` are wanted.
    """

    frame: pl.DataFrame
    blocks: tuple[Block, ...]
    ordered: pl.Series
    quoting: pl.Series

    @classmethod
    def of(
        cls, frame: pl.DataFrame, fields: Sequence[str] = WORDS, *, whole: bool = False, quotes: bool = False
    ) -> Texts:
        stacked = _stacked(frame, fields)
        received = stacked["received"].to_list()
        if max(map(len, received), default=0) > MOST:
            received = [text[:MOST] for text in received]
            stacked = stacked.with_columns(received=pl.Series(received, dtype=pl.String))
        plain = [tokens.cut(fold_texts(texts)) for texts in tokens.together(received)]
        own, quoting = without_quotes(plain)
        read, ordered = without_orders(plain if quotes else own)
        blocks = tuple(plain if whole else read)
        folded = pl.concat([pl.Series("folded", [], dtype=pl.String), *(block.folded.series() for block in blocks)])
        odd = pl.Series("odd", np.concatenate([np.zeros(0, dtype=np.bool_), *(block.folded.odd for block in blocks)]))
        rows = (pl.Series("row", np.unique(stacked["row"].to_numpy()[texts])) for texts in (ordered, quoting))
        return cls(stacked.hstack([folded.rechunk(), odd]), blocks, *rows)


def _stacked(frame: pl.DataFrame, fields: Sequence[str]) -> pl.DataFrame:
    """`row`, `field` and `received` of every text that is there, by lead and field."""
    given = {at: frame[name] for at, name in enumerate(fields) if name in frame.columns}
    given = {at: texts for at, texts in given.items() if texts.null_count() < len(texts)}
    said = np.ones((len(given), frame.height), dtype=np.bool_)
    for i, texts in enumerate(given.values()):
        if texts.null_count():
            said[i] = texts.is_not_null().to_numpy()
    row, which = np.nonzero(said.T)
    received = pl.concat([pl.Series([], dtype=pl.String), *given.values()])
    if len(row) < len(received) or len(given) > 1:
        received = received.gather(which * frame.height + row)
    field = pl.Series(fields, dtype=pl.Enum(list(fields))).gather(np.array(list(given), dtype=np.int64)[which])
    return pl.DataFrame([pl.Series("row", row.astype(np.uint32)), field.alias("field"), received.alias("received")])


@dataclass(frozen=True, eq=False)
class Spans:
    """Phrases, their first and last word and the sentence of these; by first word, then by last."""

    phrase: Ints
    first: Ints
    last: Ints
    sentence: Ints

    def at(self, which: Ints) -> Spans:
        return Spans(self.phrase[which], self.first[which], self.last[which], self.sentence[which])


@dataclass(frozen=True, eq=False)
class Part:
    """What was found in the words of one block.

    `before`: how many texts, words, sentences and clauses stand in the blocks before it.
    """

    words: Words
    spans: Spans
    before: tuple[int, int, int, int]

    def numbered(self, spans: Spans) -> Columns:
        """`phrase`, `first`, `last`, `sentence`, numbered through all blocks."""
        _, words, sentences, _ = self.before
        return {
            "phrase": spans.phrase,
            "first": spans.first + words,
            "last": spans.last + words,
            "sentence": spans.sentence + sentences,
        }

    def places(self, first: Ints, last: Ints) -> Columns:
        """`text`, `start`, `end` and `clause` of spans of this block."""
        texts, _, _, clauses = self.before
        places = self.words.places(first, last)
        places["text"] = places["text"] + texts
        places["clause"] = places["clause"] + clauses
        return places


@dataclass(frozen=True, eq=False)
class Found:
    texts: Texts
    search: Search
    parts: tuple[Part, ...]

    @property
    def spans(self) -> pl.DataFrame:
        """`phrase`, `first`, `last`, `sentence`, by first word."""
        return end_to_end([part.numbered(part.spans) for part in self.parts])

    def placed(self, spans: pl.DataFrame) -> pl.DataFrame:
        """Spans -> mentions, by lead, field and place.

        Added: `text` (which of `texts`), `start`, `end` (code points of the field as received), `clause`, and what
        `meant` adds.
        """
        first, last = (spans[name].to_numpy().astype(np.int64) for name in ("first", "last"))
        whose = np.searchsorted([part.before[1] for part in self.parts], first, "right") - 1
        places = {name: np.zeros(len(first), dtype=np.uint32) for name in _PLACE}
        for number, part in enumerate(self.parts):
            at, (_, words, _, _) = np.flatnonzero(whose == number), part.before
            for name, values in part.places(first[at] - words, last[at] - words).items():
                places[name][at] = values
        return self.meant(spans.hstack(pl.DataFrame(places)))

    def meant(self, mentions: pl.DataFrame) -> pl.DataFrame:
        """Mentions with `kind`, `key`, `row` and `field`, and their places as received."""
        meaning = self.search.table.select("kind", "key")[mentions["phrase"]]
        whose = self.texts.frame.select("row", "field")[mentions["text"]]
        return _as_received(mentions.hstack(meaning).hstack(whose), self.texts)


def find(texts: Texts, search: Search) -> Found:
    return Found(texts, search, tuple(_parts(texts.blocks or (tokens.cut(fold_texts([""])),), search)))


def _parts(blocks: Sequence[Block], search: Search) -> Iterator[Part]:
    before = [0, 0, 0, 0]
    for block in blocks:
        words = tokens.words(block, search.vocabulary)
        phrase, first, last = matching.spans(words, search)
        spans = Spans(phrase, first, last, words.sentence[first])
        yield Part(words, spans, (before[0], before[1], before[2], before[3]))
        here = (block.texts, len(block.token), int(words.sentence[-1]) + 1, int(words.clause[-1]) + 1)
        before = list(map(add, before, here))


def end_to_end(parts: Sequence[Columns]) -> pl.DataFrame:
    """The columns of all parts; numbers as UInt32."""
    types = {name: np.bool_ if values.dtype == np.bool_ else np.uint32 for name, values in parts[0].items()}
    return pl.DataFrame(
        {n: np.concatenate([part[n] for part in parts], dtype=t, casting="unsafe") for n, t in types.items()}
    )


def _as_received(mentions: pl.DataFrame, texts: Texts) -> pl.DataFrame:
    """Offsets of the folded text -> of the text as received, where the two differ."""
    if not any(block.folded.odd.any() for block in texts.blocks):
        return mentions
    at = np.flatnonzero(texts.frame["odd"].to_numpy()[mentions["text"].to_numpy()])
    text, start, end = (mentions[name].to_numpy()[at].tolist() for name in ("text", "start", "end"))
    maps = {t: received_offsets(texts.frame["received"][t]) for t in set(text)}
    starts = [maps[t][s] for t, s in zip(text, start, strict=True)]
    ends = [maps[t][e - 1] + 1 for t, e in zip(text, end, strict=True)]
    return mentions.with_columns(
        mentions["start"].clone().scatter(at, pl.Series(starts, dtype=pl.UInt32)),
        mentions["end"].clone().scatter(at, pl.Series(ends, dtype=pl.UInt32)),
    )
