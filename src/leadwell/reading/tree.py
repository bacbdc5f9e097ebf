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
from leadwell.reading.vocabulary import How


@dataclass(frozen=True, eq=False, slots=True)
class OneOf:
    """A set: the words of each member. One for all phrases that name it, and known by itself: comparing a hundred
    members each time took a third of compiling."""

    members: tuple[tuple[str, ...], ...]


Part = str | OneOf
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
    shared = {words: OneOf(words) for words in members.values()}
    for phrase, piece in zip(phrases, pieces, strict=True):
        named = {name: shared[members[names]] for name, names in phrase.sets}
        parts: list[Part] = []
        for i, text in enumerate(piece):
            parts.extend([named[text]] if i % 2 else folded[text])
        yield parts


class Tree:
    """`forms` gives the numbers of all forms that may stand for a word of a phrase."""

    def __init__(self, forms: Callable[[str, How], list[int]]) -> None:
        self._forms = forms
        self._nodes: dict[tuple[int, Part, bool], int] = {}
        self._known: dict[tuple[int, Part, How], int] = {}
        self._steps: dict[tuple[int, int, int], None] = {}
        self._ends: list[tuple[int, int]] = []

    def add(self, number: int, parts: Iterable[Part], how: How) -> None:
        at = 0
        for part in parts:
            after = self._known.get((at, part, how))
            if after is None:
                after = self._known[at, part, how] = self._grown(at, part, how)
            at = after
        self._ends.append((at, number))

    def _grown(self, at: int, part: Part, how: How) -> int:
        after = self._node(at, part, how)
        for member in ((part,),) if isinstance(part, str) else part.members:
            before = at
            for word in member[:-1]:
                before = self._step(before, self._node(before, word, how), word, how)
            self._step(before, after, member[-1], how)
        return after

    def _node(self, before: int, part: Part, how: How) -> int:
        return self._nodes.setdefault((before, part, how.inflect), len(self._nodes) + 1)

    def _step(self, at: int, after: int, word: str, how: How) -> int:
        self._steps.update(dict.fromkeys((at, form, after) for form in self._forms(word, how)))
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
