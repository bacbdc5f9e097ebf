"""How is a word written, and what stands round it? What a token shows whoever reads it, whatever it means."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np

from leadwell.reading.fold import CLAUSE, CLOSING, COLON, FIRST_WORD_BYTE, SENTENCE, TEXT_END
from leadwell.reading.remembered import Remembered

# Bits of `signs`: what stands after the word, before it, and in it.
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


def apart(token: str) -> tuple[str, str, str]:
    """The separators before a token's word, the word with its quotes, and the one separator after it."""
    body = token[:-1]
    word = body.lstrip(_SEPARATORS)
    return body[: len(body) - len(word)], word, token[-1]


def bare(token: str) -> str:
    """A token's word without quotes round it."""
    return token[:-1].lstrip(_SEPARATORS).strip("'")


def _is_item(before: str, word: str, after: str) -> bool:
    """The number of an item: "2) no surgery"."""
    return after == CLOSING and CLAUSE not in before and word.isdigit() and len(word) < 3


def _signs(before: str, word: str, after: str) -> int:
    signs = _AFTER.get(after, 0) | (SPACED if before else 0)
    if SENTENCE in before or _is_item(before, word, after):
        signs |= STARTS_SENTENCE | STARTS_CLAUSE
    if COLON in before:
        signs |= FOLLOWS_HEADING
    if not _CLAUSES.isdisjoint(before):
        signs |= STARTS_CLAUSE
    if len(word) == 1 or word in ABBREVIATIONS:
        signs |= ABBREVIATES
    return signs | NUMBER if word[:1].isdigit() else signs


def _learn(tokens: Sequence[str]) -> Iterator[tuple[int, int, int]]:
    for before, quoted, after in map(apart, tokens):
        word = quoted.strip("'")
        yield _signs(before, word, after), len(before) + len(quoted) - len(quoted.lstrip("'")), len(word)


# `lead`: signs before the word; `size`: its letters, 0 for none.
WRITTEN: Final = Remembered(_learn, signs=np.int16, lead=np.int32, size=np.int32)
