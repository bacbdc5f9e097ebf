"""Which words, side by side, make an exact phrase? A tree of all of them, walked one word at a time.

"my {relative} had" is one path however many relatives there are: all members of a set lead to one node.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

import polars as pl

from leadwell.reading.fold import folded_words
from leadwell.reading.phrases import Phrase

Part = str | tuple[tuple[str, ...], ...]  # a word, or a set: the words of each member
CLASS_BITS: Final = 20  # what a class of words takes of a number that it shares with a node or a sentence
_SET: Final = re.compile(r"\{(\w+)\}")


def patterns(phrases: Sequence[Phrase]) -> Iterator[list[Part]]:
    """The folded parts of each phrase."""
    sets = {members for phrase in phrases for _, members in phrase.sets}
    pieces = [_SET.split(phrase.text) for phrase in phrases]  # words, name of a set, words ...
    texts = {text for piece in pieces for text in piece[::2]} | {member for members in sets for member in members}
    listed = sorted(texts)
    folded = dict(zip(listed, folded_words(listed), strict=True))
    members = {names: tuple(folded[name] for name in names) for names in sets}
    for phrase, piece in zip(phrases, pieces, strict=True):
        named = {name: members[names] for name, names in phrase.sets}
        parts: list[Part] = []
        for i, text in enumerate(piece):
            parts.extend([named[text]] if i % 2 else folded[text])
        yield parts


def flat(parts: Iterable[Part]) -> list[str]:
    """All words of a phrase, those of its sets among them."""
    return [w for part in parts for w in ([part] if isinstance(part, str) else [w for m in part for w in m])]


class Tree:
    def __init__(self) -> None:
        self._nodes: dict[tuple[int, Part], int] = {}
        self._steps: dict[tuple[int, str, int], None] = {}
        self._ends: list[tuple[int, int]] = []

    def add(self, number: int, parts: Iterable[Part]) -> None:
        at = 0
        for part in parts:
            after = self._node(at, part)
            for member in ((part,),) if isinstance(part, str) else part:
                self._walk(at, member, after)
            at = after
        self._ends.append((at, number))

    def _node(self, before: int, part: Part) -> int:
        return self._nodes.setdefault((before, part), len(self._nodes) + 1)

    def _walk(self, at: int, words: Sequence[str], end: int) -> None:
        for word in words[:-1]:
            after = self._node(at, word)
            self._steps[at, word, after] = None
            at = after
        self._steps[at, words[-1], end] = None

    def frames(self, of: Mapping[str, int]) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
        """First steps (`word`, `node`), further ones (`step`: node and word in one; `node`), ends (`node`, `phrase`)."""
        first = {(of[word], after): None for at, word, after in self._steps if not at}
        later = {((at << CLASS_BITS) + of[word], after): None for at, word, after in self._steps if at}
        return (
            pl.DataFrame(list(first), schema={"word": pl.UInt32, "node": pl.UInt32}, orient="row"),
            pl.DataFrame(list(later), schema={"step": pl.UInt64, "node": pl.UInt32}, orient="row"),
            pl.DataFrame(self._ends, schema={"node": pl.UInt32, "phrase": pl.UInt32}, orient="row"),
        )
