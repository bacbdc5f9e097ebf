"""Do the words sound like danger where no rule says so? Then a person looks; nothing alarms. (promise 18)

The weights (`unease.csv`) are trained by `benchmarks/right/unease.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from leadwell.reading.ears import Ear, Floats
from leadwell.reading.tokens import Block

_EAR: Final = Ear("leadwell.reading", "unease.csv")


def sounds(blocks: Sequence[Block]) -> Floats:
    """How much each text sounds like danger: 0 and above is enough to have a person look."""
    return _EAR.sounds(blocks)
