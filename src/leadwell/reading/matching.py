"""Which phrases do these words make? Arrays of phrases found, their first and last word.

Phrases of one word are looked up. Exact ones walk a tree from every word that may begin one. Loose ones start from
their rarest word, where all their words are near, and look at its neighbours.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np

from leadwell.reading.grouped import Bits, Flags, Ints
from leadwell.reading.search import Search
from leadwell.reading.tokens import Words
from leadwell.reading.tree import CLASS_BITS

# A phrase found is one number while it is sorted: first word, how far the last is, phrase.
_PHRASE_BITS: Final = 20
_WIDTH_BITS: Final = 8


def spans(words: Words, search: Search) -> tuple[Ints, Ints, Ints]:
    """Words -> phrases found, their first and last word; by first word, each once."""
    found = [_alone(words, search), *_exact(words, search), _loose(words, search)]
    codes = np.sort(np.concatenate(found))
    codes = codes[np.diff(codes, prepend=-1) > 0]
    first = codes >> (_PHRASE_BITS + _WIDTH_BITS)
    width = (codes >> _PHRASE_BITS) & ((1 << _WIDTH_BITS) - 1)
    return codes & ((1 << _PHRASE_BITS) - 1), first, first + width


def _codes(phrase: Ints, first: Ints, width: Ints | int) -> Ints:
    codes: Ints = (((first << _WIDTH_BITS) | width) << _PHRASE_BITS) | phrase
    return codes


def _alone(words: Words, search: Search) -> Ints:
    at = np.flatnonzero(words.group)
    which, phrase = search.alone.each(words.group[at])
    return _codes(phrase, at[which], 0)


def _exact(words: Words, search: Search) -> Iterator[Ints]:
    """From every word that may begin an exact phrase, one step of the tree a word."""
    form, sentence, tree = words.form, words.sentence, search.exact
    begins = np.flatnonzero(tree.begins[form[:-1]] & tree.follows[form[1:]] & (sentence[:-1] == sentence[1:]))
    which, node = tree.roots.each(form[begins])
    first, steps = begins[which], 0
    while len(first):
        steps += 1
        inside = first + steps < len(form)
        first, node = first[inside], node[inside]
        place = first + steps
        inside = sentence[place] == sentence[first]
        first, node, place = first[inside], node[inside], place[inside]
        which, node = tree.edges.each((node << CLASS_BITS) | form[place])
        first = first[which]
        ended, phrase = tree.ends.each(node)
        yield _codes(phrase, first[ended], steps)


def _loose(words: Words, search: Search) -> Ints:
    loose, clause = search.loose, words.clause
    mixed = (words.sentence.astype(np.int64) << CLASS_BITS) | words.word
    at, which = _candidates(words, search)
    chosen = [at]
    for slot in range(1, loose.needs.shape[1]):
        need = loose.needs[which, slot]
        asked = need >= 0
        if not asked.any():
            break
        place = chosen[0].copy()  # where nothing more is needed: no further than the rarest word
        taken = [c[asked] for c in chosen]
        target = (mixed[place[asked]] >> CLASS_BITS << CLASS_BITS) | need[asked]
        place[asked] = _nearest(mixed, target, taken, reach=loose.span[which[asked]] - 1)
        there = place >= 0
        which, chosen = which[there], [c[there] for c in (*chosen, place)]
    first, last = np.minimum.reduce(chosen), np.maximum.reduce(chosen)
    commas = clause[last].astype(np.int64) - clause[first]  # each counts as another word between
    near = last - first + commas < loose.span[which]
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
    mask = loose.mask[number]
    likely: Flags = (near[which] & mask) == mask
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
    left = np.arange(len(target))
    for step in (s for d in range(1, int(reach.max()) + 1) for s in (d, -d)):
        place = taken[0][left] + step
        there = (place >= 0) & (place < len(mixed)) & (reach[left] >= abs(step))
        there &= mixed[np.clip(place, 0, len(mixed) - 1)] == target[left]
        for other in taken[1:]:
            there &= place != other[left]
        found[left[there]] = place[there]
        left = left[~there]
        if not len(left):
            break
    return found
