"""Which word did they mean? For words of six letters or more that are no words, the nearest one of the phrases.

One typing error (a letter too many, missing, wrong, or two swapped) up to eight letters, two from nine on; the first
letter must be right, or swapped with the second. A word that exists is never taken for another.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Final

from rapidfuzz.distance import OSA

SHORTEST: Final = 6
_DOUBLED: Final = 5  # letters of a word that a doubled letter makes long enough: "tatoo"
TWO_ERRORS_FROM: Final = 9


def _without_one(word: str) -> set[str]:
    return {word[:i] + word[i + 1 :] for i in range(len(word))} | {word}


class Speller:
    """Targets are the words of phrases; `real` are words that mean themselves."""

    def __init__(self, targets: Iterable[str], real: frozenset[str]) -> None:
        self.targets = sorted({t for t in targets if len(t) >= SHORTEST and t.isalpha()})
        self._real = real
        self._near: dict[str, list[str]] = defaultdict(list)
        self._long: dict[str, list[str]] = defaultdict(list)
        for target in self.targets:
            for rest in _without_one(target):
                self._near[rest].append(target)
            if len(target) >= TWO_ERRORS_FROM:
                self._long[target[0]].append(target)

    def meant(self, word: str) -> str | None:
        """The one nearest target; None where there is none, or the word is one itself."""
        if not _DOUBLED <= len(word) <= 30 or not word.isalpha() or self._is_real(word):
            return None
        if len(word) < SHORTEST:
            return next((t for t in self._near.get(word, ()) if t in _doubled(word)), None)
        near = {t for rest in _without_one(word) for t in self._near.get(rest, ())}
        found = _nearest(word, near, 1)
        if found is None and len(word) >= TWO_ERRORS_FROM:
            found = _nearest(word, self._long.get(word[0], ()), 2)
        return found

    def _is_real(self, word: str) -> bool:
        return word in self._real or (word.endswith("s") and word[:-1] in self._real)


def _doubled(word: str) -> set[str]:
    """The word with one of its letters doubled."""
    return {word[:i] + word[i] + word[i:] for i in range(len(word))}


def _nearest(word: str, targets: Iterable[str], most: int) -> str | None:
    best: tuple[int, str] | None = None
    for target in targets:
        if target[0] != word[0] and target[:2] != word[1::-1]:
            continue
        errors = OSA.distance(word, target, score_cutoff=most)
        if errors <= most and (best is None or (errors, target) < best):
            best = (errors, target)
    return best[1] if best else None
