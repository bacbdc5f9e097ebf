"""Which phrases do these words make? Arrays of phrases found, their first and last word.

Phrases of one word are looked up. Exact ones walk a tree from every two words that may begin one. Loose ones start from
their rarest word, where all their words are near, and look at its neighbours.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import reduce
from typing import Final

import numpy as np

from leadwell.reading.grouped import Bits, Ints
from leadwell.reading.search import Search
from leadwell.reading.tokens import Words
from leadwell.reading.tree import CLASS_BITS

# A phrase found is one number while it is sorted: first word, how far the last is, phrase.
_PHRASE_BITS: Final = 20
_WIDTH_BITS: Final = 8


def spans(words: Words, search: Search) -> tuple[Ints, Ints, Ints]:
    """Words -> phrases found, their first and last word; by first word, each once."""
    codes = np.concatenate([_alone(words, search), *_exact(words, search), _loose(words, search)])
    codes.sort(kind="stable")  # nearly all are in order, a few times over
    twice = codes[1:] == codes[:-1]
    if twice.any():
        codes = codes[np.flatnonzero(np.append(~twice, True))]
    first = codes >> (_PHRASE_BITS + _WIDTH_BITS)
    width = (codes >> _PHRASE_BITS) & ((1 << _WIDTH_BITS) - 1)
    return codes & ((1 << _PHRASE_BITS) - 1), first, first + width


def _codes(phrase: Ints, first: Ints, width: Ints | int) -> Ints:
    codes: Ints = (((first << _WIDTH_BITS) | width) << _PHRASE_BITS) | phrase
    return codes


def _alone(words: Words, search: Search) -> Ints:
    at = np.flatnonzero(words.group != 0)
    which, phrase = search.alone.each(words.group[at])
    return _codes(phrase, at[which], 0)


def _exact(words: Words, search: Search) -> Iterator[Ints]:
    """From every two words that may begin an exact phrase, one step of the tree a word."""
    form, sentence, tree = words.form, words.sentence, search.exact
    first, node = tree.pairs.each((form[:-1].astype(np.int64) << CLASS_BITS) | form[1:])
    place, steps = first + 1, 1
    while True:
        inside = np.flatnonzero(sentence[place] == sentence[first])
        first, node = first[inside], node[inside]
        ended, phrase = tree.ends.each(node)
        yield _codes(phrase, first[ended], steps)
        steps += 1
        more = np.flatnonzero(first + steps < len(form))
        if not len(more):
            return
        which, node = tree.edges.each((node[more] << CLASS_BITS) | form[first[more] + steps])
        first = first[more][which]
        place = first + steps


def _loose(words: Words, search: Search) -> Ints:
    loose, clause = search.loose, words.clause
    at, which = _candidates(words, search)
    if not len(at):
        return at
    mixed = (words.sentence.astype(np.int64) << CLASS_BITS) | words.word
    chosen = [at]
    for slot in range(1, loose.needs.shape[1]):
        asked = np.flatnonzero(loose.needs[which, slot] >= 0)
        if not len(asked):
            break
        place = chosen[0].copy()  # where nothing more is needed: no further than the rarest word
        taken = [c[asked] for c in chosen]
        target = (words.sentence[taken[0]].astype(np.int64) << CLASS_BITS) | loose.needs[which[asked], slot]
        place[asked] = _nearest(mixed, target, taken, reach=loose.span[which[asked]] - 1)
        there = np.flatnonzero(place >= 0)
        which, chosen = which[there], [c[there] for c in (*chosen, place)]
    first, last = reduce(np.minimum, chosen), reduce(np.maximum, chosen)
    commas = clause[last] - clause[first]  # each counts as another word between
    near = np.flatnonzero(last - first + commas < loose.span[which])
    return _codes(loose.phrase[which[near]], first[near], (last - first)[near])


def _candidates(words: Words, search: Search) -> tuple[Ints, Ints]:
    """Where the rarest word of a loose phrase stands with all its others near, and which of `search.loose` it is."""
    loose = search.loose
    at = np.flatnonzero(loose.rarest[words.word])
    if not len(at):
        return at, at
    reach = int(loose.span.max()) - 1
    near = _around(search.bits[words.word], reach)[np.maximum(at - reach, 0)]
    which, number = loose.by_rarest.each(words.word[at])
    likely = np.flatnonzero((loose.mask[number] & ~near[which]) == 0)
    return at[which[likely]], number[likely]


def _around(bits: Bits, reach: int) -> Bits:
    """For each place the bits of it and of the next 2 * reach places."""
    near, width = bits.copy(), 1
    while width < 2 * reach + 1:
        further = min(width, 2 * reach + 1 - width)
        near[:-further] |= near[further:]
        width += further
    return near


def _nearest(mixed: Ints, target: Ints, taken: list[Ints], *, reach: Ints) -> Ints:
    """The place nearest to a phrase's rarest word where a needed one stands, no other standing there yet; or -1."""
    found = np.full(len(target), -1, dtype=np.int64)
    least, most = int(reach.min()), int(reach.max())
    beyond = np.full(most, -1, dtype=np.int64)
    mixed, begin = np.concatenate((beyond, mixed, beyond)), taken[0] + most
    left = np.arange(len(target))
    for step in (s for d in range(1, most + 1) for s in (d, -d)):
        there = mixed[begin[left] + step] == target[left]
        if abs(step) > least:
            there &= reach[left] >= abs(step)
        for other in taken[1:]:
            there &= taken[0][left] + step != other[left]
        hit = left[np.flatnonzero(there)]
        if len(hit):
            found[hit] = taken[0][hit] + step
            left = left[np.flatnonzero(~there)]
    return found
