"""Which texts may name a day, an age or haste at all? By their single words, each distinct one looked at once.

Whatever is looked for holds one of these words, or a figure: texts without one need no closer look.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

import numpy as np

from leadwell.reading.grouped import Flags, Ints
from leadwell.reading.remembered import Remembered
from leadwell.reading.tokens import Block
from leadwell.reading.when import ages, stretches, timeline

_FIGURES: Final = re.compile("[0-9]")


class Likely(NamedTuple):
    """Which texts may name a day, an age, haste."""

    day: Flags
    age: Flags
    haste: Flags

    @classmethod
    def of(cls, blocks: Sequence[Block]) -> Likely:
        held = [np.zeros(0, dtype=np.int64), *map(_held, blocks)]
        told = np.concatenate(held)
        return cls(*((told & bit) > 0 for bit in _BITS))

    def where(self, which: Flags) -> Likely:
        return Likely(*(flags[which] for flags in self))


_BITS: Final = tuple(1 << i for i in range(len(Likely._fields)))


def _held(block: Block) -> Ints:
    """What any token of each text may be of, as bits."""
    bits = _KNOWN.of(block.distinct)["bits"].astype(np.int64)
    held: Ints = np.bitwise_or.reduceat(bits[block.token], block.begins[:-1])
    return held


def _learn(tokens: Sequence[str]) -> Iterator[tuple[int]]:
    day, age, haste = stretches.needed(), ages.needed(), timeline.needed()
    for token in tokens:
        words = re.findall("[a-z0-9]+", token)
        figure = _FIGURES.search(token) is not None
        may = (
            figure or not day.isdisjoint(words),
            figure or any(word.startswith(age) for word in words),
            not haste.isdisjoint(words),
        )
        yield (sum(bit for bit, told in zip(_BITS, may, strict=True) if told),)


_KNOWN: Final = Remembered(_learn, bits=np.uint8)
