"""What does one written word stand for? Every distinct token is answered once and remembered.

A token stands for a class of words (for loose phrases: all forms of a word), for one form (for exact phrases), and for
a group of phrases of one word. Zero means none. A misspelt token stands for what it was meant to be; a real word only
for itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from leadwell.reading.grouped import Grouped
from leadwell.reading.inflect import GRAMMAR, forms, kin
from leadwell.reading.misspelling import Speller
from leadwell.reading.remembered import Remembered
from leadwell.reading.written import bare


@dataclass(frozen=True, eq=False)
class Vocabulary:
    """Forms of words -> classes and groups. Built once for a set of phrases; `known` grows with what was read."""

    classes: dict[str, int]
    forms: dict[str, int]
    groups: dict[str, int]
    speller: Speller

    @cached_property
    def known(self) -> Remembered:
        """`word`, `form` and `group` of tokens."""
        return Remembered(self._learn, word=np.int32, form=np.int32, group=np.int32)

    def _learn(self, tokens: Sequence[str]) -> Iterator[tuple[int, int, int]]:
        for word in map(bare, tokens):
            meant = word
            if word and word not in self.classes and word not in self.forms and word not in self.groups:
                meant = self.speller.meant(word) or word
            yield self.classes.get(meant, 0), self.forms.get(meant, 0), self.groups.get(meant, 0)


class Classes:
    """Words that share a form are one class, whoever they come from."""

    def __init__(self) -> None:
        self._of: dict[str, int] = {}
        self._same: list[int] = [0]

    def add(self, members: Iterable[str]) -> None:
        roots = sorted({self._root(self._of[m]) for m in members if m in self._of})
        if not roots:
            self._same.append(len(self._same))
            roots = [len(self._same) - 1]
        for other in roots[1:]:
            self._same[other] = roots[0]
        for member in members:
            self._of.setdefault(member, roots[0])

    def _root(self, number: int) -> int:
        root = number
        while self._same[root] != root:
            root = self._same[root]
        while number != root:  # whoever asks next has a short way
            number, self._same[number] = self._same[number], root
        return root

    def settled(self) -> dict[str, int]:
        return {word: self._root(number) for word, number in self._of.items()}


class How(NamedTuple):
    """How the words of a phrase may differ from what is written; of its own language, or Spanish."""

    inflect: bool
    misspelt: bool
    spanish: bool


class Words:
    """The words of phrases as they are gathered: alone in a phrase, or beside others."""

    def __init__(self, families: Iterable[frozenset[str]]) -> None:
        self.classes = Classes()
        self._targets: set[str] = set()
        self._variants: set[str] = set()
        self._family = {word: family for family in families for word in family}
        self.forms: dict[str, int] = {}
        self.width: dict[int, int] = {}  # loose phrase -> its words
        self._alone: dict[str, list[int]] = {}
        self._joined: set[tuple[str, How]] = set()
        self._standing: dict[tuple[str, How], list[int]] = {}
        self._kin: dict[tuple[str, bool], frozenset[str]] = {}

    def alone(self, word: str, number: int, how: How) -> None:
        """One way: what finds a phrase of this one word."""
        family = self._family.get(word, frozenset())
        found = forms(word, spanish=how.spanish) | family if how.inflect else {word}
        for form in sorted(found):
            self._alone.setdefault(form, []).append(number)
        self._aim(word, found, how)

    def beside(self, words: Iterable[str], how: How) -> None:
        """A word of a longer loose phrase and its kin are one class."""
        for word in words:
            if (word, how) not in self._joined:
                self._joined.add((word, how))
                kind = self._all(word, how)
                self.classes.add(kind)
                self._aim(word, kind, how)

    def side_by_side(self, word: str, how: How) -> list[int]:
        """The forms that may stand for a word of an exact phrase."""
        known = self._standing.get((word, how))
        if known is None:
            kind = self._all(word, how)
            self._aim(word, kind, how)
            known = [self.forms.setdefault(form, len(self.forms) + 1) for form in sorted(kind)]
            self._standing[word, how] = known
        return known

    def _aim(self, word: str, kind: Iterable[str], how: How) -> None:
        if how.misspelt and word not in GRAMMAR:
            self._targets.add(word)
            self._variants.update(kind)

    def targets(self, real: frozenset[str]) -> set[str]:
        """What a misspelt word may have been meant to be: words of phrases, and such forms of theirs as exist."""
        return self._targets | (self._variants & real)

    def _all(self, word: str, how: How) -> frozenset[str]:
        """Both ways: a word and its kin."""
        if not how.inflect:
            return frozenset((word,))
        known = self._kin.get((word, how.spanish))
        if known is None:
            known = kin(word, spanish=how.spanish) | self._family.get(word, frozenset())
            self._kin[word, how.spanish] = known
        return known

    def _numbered(self) -> dict[tuple[int, ...], int]:
        return {numbers: i for i, numbers in enumerate(sorted({tuple(n) for n in self._alone.values()}), start=1)}

    def groups(self) -> dict[str, int]:
        """Form -> group: the set of phrases that it finds."""
        numbered = self._numbered()
        return {form: numbered[tuple(numbers)] for form, numbers in self._alone.items()}

    def members(self) -> Grouped:
        """Each group's phrases."""
        numbered = self._numbered()
        pairs = [(group, number) for numbers, group in numbered.items() for number in numbers]
        return Grouped.of([group for group, _ in pairs], [number for _, number in pairs], len(numbered) + 1)
