"""Which of two names that share a word is meant? In "visiting dialysis starting Monday" the one said as it is written.

A loose phrase is found in any order, so "start dialysis" is also found in "dialysis starting". Where such words, turned
round, share some but not all of theirs with a name of another service that stands as written, they are no name.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from leadwell.reading.evidence import said as words
from leadwell.reading.fold import folded_words
from leadwell.reading.grouped import Flags, Ints
from leadwell.reading.picked import Picked

_STEM: Final = 3  # letters in which a word and its other forms agree


def straight(picked: Picked, named: Ints) -> Ints:
    """The names, in the order of their words, without those turned round across one that is not."""
    first, last = picked.first[named], picked.last[named]
    if len(named) < 2:
        return named
    reached = np.maximum.accumulate(last)
    crossed = first[1:] <= reached[:-1]
    if not crossed.any():
        return named
    turned = _turned(picked, named)
    width = picked.mentions.phrases["width"].to_numpy()[picked.phrase[named]]
    written = named[~turned & (last > first) & ((width == 0) | (last - first < width))]
    tight = turned & (last - first < width)
    dropped = [number for number in np.flatnonzero(tight).tolist() if _crossed(picked, named[number], written)]
    return np.delete(named, dropped)


def _crossed(picked: Picked, one: int, written: Ints) -> bool:
    """Whether a name of something else that stands as written shares some of its words, and has one of its own."""
    first, last = picked.first[written], picked.last[written]
    shares = (first <= picked.last[one]) & (last >= picked.first[one])
    own = (first < picked.first[one]) | (last > picked.last[one])
    return bool((shares & own & (picked.key[written] != picked.key[one])).any())


def _turned(picked: Picked, named: Ints) -> Flags:
    """Which are of several words and have the one that is written first further on."""
    several = np.flatnonzero(picked.last[named] > picked.first[named])
    told = words(picked.mentions.texts.frame["folded"], picked.spans(named[several])).to_list()
    wordings = picked.mentions.phrases["wording"].gather(picked.phrase[named[several]]).to_list()
    turned = np.zeros(len(named), dtype=np.bool_)
    begins = zip(told, folded_words(wordings), strict=True)
    turned[several] = [f" {asked[0][:_STEM]}" in text and text[:_STEM] != asked[0][:_STEM] for text, asked in begins]
    return turned
