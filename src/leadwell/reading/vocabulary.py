"""What does one written word stand for? Every distinct token is answered once and remembered.

A token stands for a class of words (for loose phrases: all forms of a word), for one form (for exact phrases), and for
a group of phrases of one word. Zero means none. A misspelt token stands for what it was meant to be; a real word only
for itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from leadwell.reading.grouped import Grouped
from leadwell.reading.inflect import GRAMMAR, forms, kin
from leadwell.reading.misspelling import Speller
from leadwell.reading.phrases import Phrase
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
        while self._same[number] != number:
            number = self._same[number]
        return number

    def settled(self) -> dict[str, int]:
        return {word: self._root(number) for word, number in self._of.items()}


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
        self._joined: set[tuple[str, bool, bool]] = set()
        self._kin: dict[tuple[str, bool, bool], frozenset[str]] = {}

    def alone(self, word: str, number: int, phrase: Phrase, *, spanish: bool) -> None:
        """One way: what finds a phrase of this one word."""
        found = forms(word, spanish=spanish) | self._family.get(word, frozenset()) if phrase.inflect else {word}
        for form in sorted(found):
            self._alone.setdefault(form, []).append(number)
        self._aim(word, found, phrase)

    def beside(self, words: Iterable[str], phrase: Phrase, *, spanish: bool) -> None:
        """A word of a longer loose phrase and its kin are one class."""
        for word in words:
            kind = self._all(word, phrase, spanish=spanish)
            if (key := (word, phrase.inflect, spanish)) not in self._joined:
                self._joined.add(key)
                self.classes.add(kind)
            self._aim(word, kind, phrase)

    def side_by_side(self, word: str, phrase: Phrase, *, spanish: bool) -> list[int]:
        """The forms that may stand for a word of an exact phrase."""
        kind = self._all(word, phrase, spanish=spanish)
        self._aim(word, kind, phrase)
        return [self.forms.setdefault(form, len(self.forms) + 1) for form in sorted(kind)]

    def _aim(self, word: str, kind: Iterable[str], phrase: Phrase) -> None:
        if phrase.misspelt and word not in GRAMMAR:
            self._targets.add(word)
            self._variants.update(kind)

    def targets(self, real: frozenset[str]) -> set[str]:
        """What a misspelt word may have been meant to be: words of phrases, and such forms of theirs as exist."""
        return self._targets | (self._variants & real)

    def _all(self, word: str, phrase: Phrase, *, spanish: bool) -> frozenset[str]:
        """Both ways: a word and its kin."""
        known = self._kin.get((word, phrase.inflect, spanish))
        if known is None:
            known = (
                kin(word, spanish=spanish) | self._family.get(word, frozenset())
                if phrase.inflect
                else frozenset((word,))
            )
            self._kin[word, phrase.inflect, spanish] = known
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
