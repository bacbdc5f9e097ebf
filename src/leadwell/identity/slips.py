"""Is one given name the other with a slip of the fingers, or are they names of two who are alike? (promise A8)"""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt
from rapidfuzz.distance import OSA, Postfix, Prefix

from leadwell.identity.names import first_word, is_name
from leadwell.identity.rules import Texts, applied

Flags = npt.NDArray[np.bool_]

_KEYS: Final = ("qwertyuiop", "asdfghjkl", "zxcvbnm")


def mistyped(first: Texts, second: Texts) -> Flags:
    """Of names that are unlike, those of which one is no name that we know, and is the other but for one letter that
    fingers miss, or breaks off before the other's end. With the first letter another, or one letter more or less at
    the end, it is another name (Aiden, Jaiden; Luca, Lucas)."""
    sides = (applied(first_word, names).to_list() for names in (first, second))
    return np.array([_slip(one or "", other or "") for one, other in zip(*sides, strict=True)], dtype=np.bool_)


def _slip(one: str, other: str) -> bool:
    if is_name(one) == is_name(other) or one[:1] != other[:1]:
        return False
    wrong, name = (other, one) if is_name(one) else (one, other)
    if name.startswith(wrong):
        return len(name) - len(wrong) > 1
    if OSA.distance(one, other, score_cutoff=1) > 1:
        return False
    if len(one) != len(other):
        return not wrong.startswith(name)
    start, end = Prefix.similarity(one, other), Postfix.similarity(one, other)
    left = one[start : len(one) - end], other[start : len(one) - end]
    return len(left[0]) != 1 or frozenset(left) in _neighbours()


@lru_cache(maxsize=1)
def _neighbours() -> frozenset[frozenset[str]]:
    """Letters on keys that touch."""
    beside = [row[at : at + 2] for row in _KEYS for at in range(len(row) - 1)]
    below = [
        upper[at + more] + lower[at] for upper, lower in pairwise(_KEYS) for at in range(len(lower)) for more in (0, 1)
    ]
    return frozenset(map(frozenset, (*beside, *below)))
