"""What do these people's own repeats say? The weights, moved by a list: expectation and maximisation on its pairs.

Only how often records of one person agree is learned. How often unrelated people do is counted (see `rarity`), and
relatives keep the shipped figures, or the training would take a household for one person with many errors.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

import numpy as np

from leadwell.identity.compare import HOME, Compared
from leadwell.identity.scoring import Bits, bits, chance_of, evidence, expected_from
from leadwell.identity.weights import Chances, Weights

# So many pairs of one person must a list show to weigh as much as the shipped figures.
PRIOR_PAIRS: Final = 100
ROUNDS: Final = 20


def trained(
    compared: Compared, rarities: Mapping[str, Bits], weights: Weights, *, repeats: int, people: int
) -> Weights:
    """The weights after the list; `repeats` rows say exactly what another says."""
    learned, expected = weights, dict(weights.expected)
    for _ in range(ROUNDS):
        chance = chance_of(evidence(compared, learned, rarities), expected, people)
        expected = expected_from(chance, repeats, weights, people)
        learned = _moved(compared, rarities, learned, weights, chance["same"])
    return learned


def _moved(
    compared: Compared, rarities: Mapping[str, Bits], now: Weights, before: Weights, same: Bits
) -> Weights:
    home = np.zeros(len(same)) + sum(bits(compared, part, "same", now, rarities) for part in HOME)
    stayed = 1 / (1 + np.exp2(-home) * (1 - now.together["same"]) / now.together["same"])
    told = same * (home != 0)
    together = ((told * stayed).sum() + PRIOR_PAIRS * before.together["same"]) / (told.sum() + PRIOR_PAIRS)
    chances = {
        comparison: _counted(compared, comparison, before, same * stayed if comparison in HOME else same)
        for comparison in before.chances
    }
    return replace(now, chances=chances, together={**before.together, "same": float(together)})


def _counted(compared: Compared, comparison: str, before: Weights, same: Bits) -> tuple[Chances, ...]:
    shipped = before.chances[comparison]
    seen = np.bincount(compared.levels[comparison], weights=same, minlength=256)[: len(shipped)]
    whole = seen.sum() + PRIOR_PAIRS
    return tuple(
        ((float(count) + PRIOR_PAIRS * level[0]) / whole, *level[1:]) for count, level in zip(seen, shipped, strict=True)
    )
