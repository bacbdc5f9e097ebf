"""Does a text sound like a wish to be left alone where no rule says so? Then a person looks; it is never a stop.

The weights (`heard.csv`) are trained by `benchmarks/right/left_alone.py`.
"""

from __future__ import annotations

from typing import Final

from leadwell.reading.ears import Ear
from leadwell.reading.grouped import Flags
from leadwell.reading.tokens import Block

WHY: Final = "It sounds like a wish to be left alone, in words that no rule knows."
_EAR: Final = Ear("leadwell.permission.stops", "heard.csv")


def sounds_like_a_wish(block: Block, among: Flags) -> Flags:
    """Which texts of a block sound like one, of those that are listened to."""
    heard: Flags = (_EAR.sounds_in(block, among) >= 0) & among
    return heard
