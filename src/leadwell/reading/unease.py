"""Do the words sound like danger where no rule says so? Then a person looks. (promise 18)

Where they plainly do, it alarms. The weights (`unease.csv`; which danger: `unease_kind.csv`) are trained by
`benchmarks/right/unease.py` and `benchmarks/right/unease_kind.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from leadwell.reading.dangers import NOTHING, SAYS
from leadwell.reading.ears import Ear, Floats
from leadwell.reading.grouped import Ints
from leadwell.reading.tokens import Block

PLAIN: Final = 3.0
# Words; in fewer it is too easily a chance. By fold, of 2,274 text messages between friends five alarm at both that no
# rule alarms at (2.2 in 1,000), at 8 words ten; of 5,112 turns of dialogues none. To raise PLAIN to 4.0 instead would
# take the alarm from one in four of the dangers that only the filter hears. What is quieter or shorter a person sees.
FEWEST: Final = 11
_EAR: Final = Ear("leadwell.reading", "unease.csv")
_KIND: Final = Ear("leadwell.reading", "unease_kind.csv")  # 0 and above: a crisis, below: an emergency
_EMERGENCY, _CRISIS, _DOUBT = map(SAYS.index, ("emergency", "crisis", "doubt"))


def sounds(blocks: Sequence[Block]) -> Floats:
    """How much each text sounds like danger: 0 and above is enough to have a person look."""
    return _EAR.sounds(blocks)


def says(blocks: Sequence[Block]) -> Ints:
    """What the sound of each text says, an index into SAYS: an alarm, a doubt or NOTHING."""
    return np.concatenate([np.zeros(0, dtype=np.int64), *map(_says_in, blocks)])


def _says_in(block: Block) -> Ints:
    """An alarm where it sounds plainly so and is long enough, a doubt where it sounds so."""
    heard = _EAR.sounds_in(block)
    plain = heard >= PLAIN
    plain[plain] = [words(block.folded.text(text)) >= FEWEST for text in np.flatnonzero(plain).tolist()]
    told = np.where(heard >= 0, _DOUBT, NOTHING)
    if plain.any():
        crisis = _KIND.sounds_in(block, among=plain) >= 0
        told = np.where(plain, np.where(crisis, _CRISIS, _EMERGENCY), told)
    return told


def words(text: str) -> int:
    """How many words a text has that begin with a letter."""
    return sum(word[0].isalpha() for word in text.split())
