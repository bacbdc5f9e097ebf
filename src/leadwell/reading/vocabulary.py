"""What does one written word stand for? Every distinct token is answered once and remembered.

A token stands for a class of words (for loose phrases: all forms of a word), for one form (for exact phrases), and for
a group of phrases of one word. Zero means none. A misspelt token stands for what it was meant to be; a real word only
for itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from leadwell.reading.fold import CLAUSE, CLOSING, COLON, FIRST_WORD_BYTE, SENTENCE, TEXT_END
from leadwell.reading.grouped import Grouped
from leadwell.reading.inflect import GRAMMAR, forms, kin
from leadwell.reading.misspelling import Speller

# Bits of Token.signs: what stands after the word, before it, and in it.
ENDS_TEXT: Final = 1
ENDS_SENTENCE: Final = 2
ENDS_CLAUSE: Final = 4
STARTS_SENTENCE: Final = 8
STARTS_CLAUSE: Final = 16
SPACED: Final = 32  # more than one separator stood before it
ABBREVIATES: Final = 64
NUMBER: Final = 128
ENDS_HEADING: Final = 256
FOLLOWS_HEADING: Final = 512

_SHORTENED: Final = "dr dra mr mrs ms sr sra srta st ste vs approx appt dept ext tel apt hrs min mt ft rd ave"
ABBREVIATIONS: Final = frozenset(_SHORTENED.split())
_SEPARATORS: Final = "".join(map(chr, range(FIRST_WORD_BYTE)))
_AFTER: Final = {
    TEXT_END: ENDS_TEXT | ENDS_SENTENCE | ENDS_CLAUSE,
    SENTENCE: ENDS_SENTENCE | ENDS_CLAUSE,
    CLAUSE: ENDS_CLAUSE,
    CLOSING: ENDS_CLAUSE,
    COLON: ENDS_CLAUSE | ENDS_HEADING,
}
_CLAUSES: Final = frozenset((CLAUSE, COLON, CLOSING))
_REMEMBERED: Final = 200_000


class Token(NamedTuple):
    """`lead`: signs before the word; `size`: its letters, 0 for none."""

    word: int
    form: int
    group: int
    signs: int
    lead: int
    size: int


def _is_item(before: str, bare: str, after: str) -> bool:
    """The number of an item: "2) no surgery"."""
    return after == CLOSING and CLAUSE not in before and bare.isdigit() and len(bare) < 3


def _signs(before: str, bare: str, after: str) -> int:
    signs = _AFTER.get(after, 0) | (SPACED if before else 0)
    if SENTENCE in before or _is_item(before, bare, after):
        signs |= STARTS_SENTENCE | STARTS_CLAUSE
    if COLON in before:
        signs |= FOLLOWS_HEADING
    if not _CLAUSES.isdisjoint(before):
        signs |= STARTS_CLAUSE
    if len(bare) == 1 or bare in ABBREVIATIONS:
        signs |= ABBREVIATES
    return signs | NUMBER if bare[:1].isdigit() else signs


@dataclass
class Vocabulary:
    """Forms of words -> classes and groups. Built once for a set of phrases; `tokens` grows with what was read."""

    classes: dict[str, int]
    forms: dict[str, int]
    groups: dict[str, int]
    speller: Speller
    tokens: dict[str, Token] = field(default_factory=dict)

    def read(self, tokens: Sequence[str]) -> list[Token]:
        known = self.tokens
        if len(known) > _REMEMBERED:
            known.clear()
        return [known.get(token) or self._learn(token) for token in tokens]

    def _learn(self, token: str) -> Token:
        """`token`: separators and quotes, the word, quotes, one separator."""
        body, after = token[:-1], token[-1]
        word = body.lstrip(_SEPARATORS)
        before = body[: len(body) - len(word)]
        bare = word.strip("'")
        lead = len(body) - len(word.lstrip("'"))
        meant = bare
        if bare and bare not in self.classes and bare not in self.forms and bare not in self.groups:
            meant = self.speller.meant(bare) or bare
        signs = _signs(before, bare, after)
        ids = (self.classes.get(meant, 0), self.forms.get(meant, 0), self.groups.get(meant, 0))
        learnt = Token(*ids, signs, lead, len(bare))
        if len(token) < 40:
            self.tokens[token] = learnt
        return learnt


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
