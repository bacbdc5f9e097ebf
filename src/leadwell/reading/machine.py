"""Which sentences speak to a program instead of the clinic? They are shown, never obeyed, and no fact comes of them.

Words: `machine.toml`. A blanked sentence keeps its length, so every offset stays right.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache, reduce
from operator import or_
from typing import Final

import numpy as np

from leadwell.reading.fold import SENTENCE
from leadwell.reading.grouped import Bits, Ints
from leadwell.reading.remembered import Remembered
from leadwell.reading.tables import read_table
from leadwell.reading.tokens import Block, cut

_SHORT: Final = 3  # letters


@cache
def _phrases() -> tuple[str, ...]:
    return tuple(read_table("machine")["phrases"])


@cache
def _said() -> re.Pattern[str]:
    """Any of the phrases, with whatever separates words between theirs, and up to three words for a `*`."""
    gap = r"[^a-z0-9']+"
    some = rf"{gap}(?:[a-z0-9']+{gap}){{0,3}}"
    phrases = (some.join(gap.join(map(re.escape, part.split())) for part in p.split(" * ")) for p in _phrases())
    return re.compile("|".join(phrases))


@cache
def _bits() -> dict[str, int]:
    """A bit for each word of the phrases that is not short."""
    words = sorted({word for phrase in _phrases() for word in phrase.split() if len(word) > _SHORT})
    return {word: 1 << (i % 64) for i, word in enumerate(words)}


@cache
def _needed() -> Bits:
    """The bits of each phrase: a text without all of them needs no closer look."""
    masks = (reduce(or_, (_bits().get(word, 0) for word in phrase.split())) for phrase in _phrases())
    return np.array(list(masks), dtype=np.uint64)


def _learn(tokens: Sequence[str]) -> Iterator[tuple[int]]:
    some = re.compile("|".join(map(re.escape, _bits())))
    for token in tokens:
        held = (bit for word, bit in _bits().items() if word in token) if some.search(token) else ()
        yield (reduce(or_, held, 0),)


_HELD: Final = Remembered(_learn, bits=np.uint64)  # what words of the phrases a token holds


def without_orders(blocks: Sequence[Block]) -> tuple[list[Block], Ints]:
    """Blocks of texts with the sentences blanked that speak to a program, and the texts in which one does."""
    left: list[Block] = []
    ordered: list[int] = []
    before = 0
    for block in blocks:
        blanked = _blanks(block)
        left.append(_with(block, blanked) if blanked else block)
        ordered.extend(before + text for text in blanked)
        before += block.texts
    return left, np.array(ordered, dtype=np.int64)


def _blanks(block: Block) -> dict[int, str]:
    """What the texts become in which a sentence speaks to a program."""
    held = _HELD.of(block.distinct)["bits"]
    needed = _needed()
    needed = needed[(needed & ~np.bitwise_or.reduce(held)) == 0]
    if not len(needed):
        return {}
    by_text = np.bitwise_or.reduceat(held[block.token], block.begins[:-1])
    suspects = np.flatnonzero(((needed & ~by_text[:, np.newaxis]) == 0).any(axis=1)).tolist()
    texts = {text: block.folded.text(text) for text in suspects}
    return {text: blanked for text, plain in texts.items() if (blanked := _blanked(plain)) != plain}


def _with(block: Block, texts: dict[int, str]) -> Block:
    """The block cut anew with these texts, each as long as the one in its place."""
    octets = block.folded.octets.copy()
    for number, text in texts.items():
        end = block.folded.ends[number] - 1
        octets[end - len(text) : end] = np.frombuffer(text.encode(), dtype=np.uint8)
    return cut(replace(block.folded, octets=octets))


def _blanked(text: str) -> str:
    sentences = re.findall(rf"[^{SENTENCE}]*{SENTENCE}?", text)
    return "".join(" " * len(s) if _said().search(s) else s for s in sentences)
