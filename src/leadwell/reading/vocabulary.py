"""What does one written word stand for? Every distinct token is answered once and remembered.

A token stands for a class of words (the forms of a word of some phrase that has several) and for a group of phrases of
one word. Zero means none. A misspelt token stands for what it was meant to be; a real word never does.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from leadwell.reading.fold import CLAUSE, CLOSING, COLON, FIRST_WORD_BYTE, SENTENCE, TEXT_END
from leadwell.reading.inflect import forms, kin
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
_REMEMBERED: Final = 500_000


class Token(NamedTuple):
    """`lead`: signs before the word; `size`: its letters, 0 for none."""

    word: int
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
        if bare and bare not in self.classes and bare not in self.groups:
            meant = self.speller.meant(bare) or bare
        signs = _signs(before, bare, after)
        learnt = Token(self.classes.get(meant, 0), self.groups.get(meant, 0), signs, lead, len(bare))
        if len(token) < 40:
            self.tokens[token] = learnt
        return learnt


class Classes:
    """Words that share a form are one class, whoever they come from."""

    def __init__(self, families: Iterable[frozenset[str]]) -> None:
        self.family = {word: family for family in families for word in family}
        self.of: dict[str, int] = {}
        self._same: list[int] = [0]

    def forms(self, word: str, *, inflect: bool, spanish: bool) -> frozenset[str]:
        """One way: what finds a phrase of this one word."""
        family = self.family.get(word, frozenset()) if inflect else frozenset()
        return (forms(word, spanish=spanish) if inflect else frozenset((word,))) | family

    def add(self, word: str, *, inflect: bool, spanish: bool) -> None:
        """Put a word of a longer phrase, with its kin, into one class."""
        family = self.family.get(word, frozenset())
        members = (kin(word, spanish=spanish) if inflect else frozenset((word,))) | (family if inflect else frozenset())
        roots = sorted({self._root(self.of[m]) for m in members if m in self.of})
        if not roots:
            self._same.append(len(self._same))
            roots = [len(self._same) - 1]
        for other in roots[1:]:
            self._same[other] = roots[0]
        for member in members:
            self.of.setdefault(member, roots[0])

    def _root(self, number: int) -> int:
        while self._same[number] != number:
            number = self._same[number]
        return number

    def settled(self) -> dict[str, int]:
        return {word: self._root(number) for word, number in self.of.items()}
