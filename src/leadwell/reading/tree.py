"""Which words, side by side, make an exact phrase? A tree of all of them, walked one word at a time.

"my {relative} had" is one path however many relatives there are: all members of a set lead to one node.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from leadwell.reading.fold import folded_words
from leadwell.reading.grouped import Grouped, Sparse
from leadwell.reading.phrases import Phrase

Part = str | tuple[tuple[str, ...], ...]  # a word, or a set: the words of each member
CLASS_BITS: Final = 20  # what a class of words takes of a number that it shares with a node or a sentence
_SET: Final = re.compile(r"\{(\w+)\}")


def patterns(phrases: Sequence[Phrase]) -> Iterator[list[Part]]:
    """The folded parts of each phrase."""
    sets = {members for phrase in phrases for _, members in phrase.sets}
    pieces = [_SET.split(p.text) if p.sets else [p.text] for p in phrases]  # words, name of a set, words ...
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


class Tree:
    """`forms` gives the numbers of all forms that may stand for a word of a phrase."""

    def __init__(self) -> None:
        self._nodes: dict[tuple[int, Part, bool], int] = {}
        self._steps: dict[tuple[int, int, int], None] = {}
        self._ends: list[tuple[int, int]] = []

    def add(self, number: int, phrase: Phrase, parts: Iterable[Part], forms: Callable[[str], list[int]]) -> None:
        at = 0
        for part in parts:
            after = self._node(at, part, phrase)
            for member in ((part,),) if isinstance(part, str) else part:
                before = at
                for word in member[:-1]:
                    before = self._step(before, self._node(before, word, phrase), forms(word))
                self._step(before, after, forms(member[-1]))
            at = after
        self._ends.append((at, number))

    def _node(self, before: int, part: Part, phrase: Phrase) -> int:
        return self._nodes.setdefault((before, part, phrase.inflect), len(self._nodes) + 1)

    def _step(self, at: int, after: int, forms: list[int]) -> int:
        self._steps.update(dict.fromkeys((at, form, after) for form in forms))
        return after

    def compiled(self) -> Exact:
        at, form, after = np.array(list(self._steps), dtype=np.int64).reshape(-1, 3).T
        first, later = at == 0, at > 0
        begun = Grouped.of(after[first], form[first], len(self._nodes) + 1)  # node -> forms that lead to it
        second, head = begun.each(at[later])
        pairs = Sparse.of((head << CLASS_BITS) | form[later][second], after[later][second])
        edges = Sparse.of((at[later] << CLASS_BITS) | form[later], after[later])
        ends = Grouped.of([node for node, _ in self._ends], [number for _, number in self._ends], len(self._nodes) + 1)
        return Exact(pairs, edges, ends)


@dataclass(frozen=True, eq=False)
class Exact:
    """`pairs`: the forms of the first two words -> nodes; `edges`: node and form -> nodes; `ends`: node -> phrases."""

    pairs: Sparse
    edges: Sparse
    ends: Grouped
