"""Is one given name the other with a slip of the fingers, or are they names of two who are alike? (promise A8)"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt
from rapidfuzz.distance import OSA, Postfix, Prefix

from leadwell.identity.names import first_word, share_of
from leadwell.identity.nicknames import is_listed
from leadwell.identity.rules import Texts, applied

Flags = npt.NDArray[np.bool_]

_KEYS: Final = ("qwertyuiop", "asdfghjkl", "zxcvbnm")


def mistyped(first: Texts, second: Texts) -> Flags:
    """Of names that are unlike by a letter or two, those of which one is no name that we know, and is the other but for
    one letter that fingers miss. With the first letter another, or an A at the end, it is another name (Aiden, Jaiden;
    Karim, Karima)."""
    return _each(_slip, first, second)


def a_letter_more(first: Texts, second: Texts) -> Flags:
    """Those of which one is the other with a letter at its end, by which it may be a name of its own (Ari, Aria)."""
    return _each(lambda one, other: one[:-1] == other or other[:-1] == one, first, second) & ~mistyped(first, second)


def _each(rule: Callable[[str, str], bool], first: Texts, second: Texts) -> Flags:
    sides = (applied(first_word, names).to_list() for names in (first, second))
    return np.array([rule(one or "", other or "") for one, other in zip(*sides, strict=True)], dtype=np.bool_)


def _slip(one: str, other: str) -> bool:
    if _is_name(one) == _is_name(other) or one[:1] != other[:1] or OSA.distance(one, other, score_cutoff=1) > 1:
        return False
    if len(one) != len(other):
        return one + "a" != other and other + "a" != one
    start, end = Prefix.similarity(one, other), Postfix.similarity(one, other)
    wrong = one[start : len(one) - end], other[start : len(one) - end]
    return len(wrong[0]) != 1 or frozenset(wrong) in _neighbours()


def _is_name(text: str) -> bool:
    """Given names, those that are handed down in families, and those that are short for others."""
    return text in share_of("given") or text in share_of("family") or is_listed(text)


@lru_cache(maxsize=1)
def _neighbours() -> frozenset[frozenset[str]]:
    """Letters on keys that touch."""
    beside = [row[at : at + 2] for row in _KEYS for at in range(len(row) - 1)]
    below = [
        upper[at + more] + lower[at] for upper, lower in pairwise(_KEYS) for at in range(len(lower)) for more in (0, 1)
    ]
    return frozenset(map(frozenset, (*beside, *below)))
