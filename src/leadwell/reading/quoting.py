"""What does a mail say without the lines of another (`quotes`)? (promise 18)

They are shown, and tell nothing of the lead. Blanked lines keep their length, so every offset stays right.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from leadwell.reading.fold import SENTENCE, SPACE
from leadwell.reading.grouped import Ints
from leadwell.reading.tokens import Block, cut


def without_quotes(blocks: Sequence[Block]) -> tuple[list[Block], Ints]:
    """Blocks of texts with the quoted lines blanked, and the texts that have some."""
    left: list[Block] = []
    quoting: list[int] = []
    before = 0
    for block in blocks:
        left.append(_blanked(block) if len(block.folded.quoted) else block)
        texts = np.searchsorted(block.folded.ends, block.folded.quoted[:, 0], "right")
        quoting.extend((before + np.unique(texts)).tolist())
        before += block.texts
    return left, np.array(quoting, dtype=np.int64)


def _blanked(block: Block) -> Block:
    octets = block.folded.octets.copy()
    for start, end in block.folded.quoted.tolist():
        octets[start:end] = ord(SPACE)
        octets[start] = octets[end - 1] = ord(SENTENCE)
    return cut(replace(block.folded, octets=octets))
