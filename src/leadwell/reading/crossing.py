"""Which of two names that share a word is meant? In "visiting dialysis starting Monday" the one said as it is written.

A loose phrase is found in any order, so "start dialysis" is also found in "dialysis starting". Where such words, turned
round, share some but not all of theirs with a name of another service that stands as written, they are no name.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import numpy as np

from leadwell.reading.evidence import said as words
from leadwell.reading.fold import folded_words
from leadwell.reading.grouped import Flags, Ints
from leadwell.reading.picked import Picked

_STEM: Final = 3  # letters in which a word and its other forms agree


def straight(picked: Picked, named: Ints) -> Ints:
    """The names, in the order of their words, without those turned round across one that is not."""
    beyond = _beyond(picked.first[named], picked.last[named], picked.key[named])
    if not len(beyond):
        return named
    at = np.flatnonzero(np.isin(picked.row[named], picked.row[named[beyond]]))
    some = named[at]
    first, last = picked.first[some], picked.last[some]
    turned = _turned(picked, some)
    width = picked.mentions.phrases["width"].to_numpy()[picked.phrase[some]]
    written = some[~turned & (last > first) & ((width == 0) | (last - first < width))]
    tight = np.flatnonzero(turned & (last - first < width))
    return np.delete(named, [at[number] for number in tight.tolist() if _crossed(picked, some[number], written)])


def _beyond(first: Ints, last: Ints, key: Ints) -> Ints:
    """Spans that begin within one of another name before them and end behind it: few leads have any."""
    order = np.lexsort((-last, first))
    first, last, key = first[order], last[order], key[order]
    reached = np.maximum.accumulate(last)
    holder = np.maximum.accumulate(np.where(last == reached, np.arange(len(last)), 0))
    crosses: Flags = (first[1:] <= reached[:-1]) & (last[1:] > reached[:-1]) & (key[1:] != key[holder[:-1]])
    beyond: Ints = order[1:][crosses]
    return beyond


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
    begins = zip(told, map(_begins, wordings), strict=True)
    turned[several] = [f" {stem}" in text and not text.startswith(stem) for text, stem in begins]
    return turned


@lru_cache(maxsize=4096)
def _begins(wording: str) -> str:
    return folded_words([wording])[0][0][:_STEM]
