"""What do these people's own repeats say? The weights, moved by a list: expectation and maximisation on its pairs.

Only how often records of one person agree is learned. How often unrelated people do is counted (see `rarity`), and
relatives keep the shipped figures, or the training would take a household for one person with many errors.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from leadwell.identity.compare import HOME, Compared
from leadwell.identity.scoring import Bits, bits, chance_of, evidence, expected_from
from leadwell.identity.weights import Chances, Weights

# So many pairs of one person must a list show to weigh as much as the shipped figures; and so many more for each pair of
# relatives in it, since twins look like one person with another name, and father and son like a mistyped birth date.
PRIOR_PAIRS: Final = 50
PRIOR_PER_RELATIVE: Final = 20
ROUNDS: Final = 20


@dataclass(frozen=True)
class Seen:
    """What there is to learn from: pairs (each standing for so many), and rows that say exactly what another says."""

    compared: Compared
    rarities: Mapping[str, Bits]
    repeats: int
    people: int
    stands_for: int = 1


def trained(seen: Seen, weights: Weights, *, households: bool = True) -> Weights:
    """The weights after the list. `households`: it may hold some, so learn with caution."""
    learned, expected = weights, dict(weights.expected)
    for _ in range(ROUNDS):
        chance = chance_of(evidence(seen.compared, learned, seen.rarities), expected, seen.people)
        chance = {way: found * seen.stands_for for way, found in chance.items()}
        expected = expected_from(chance, seen.repeats, weights, seen.people)
        prior = PRIOR_PAIRS + (PRIOR_PER_RELATIVE * float(chance["relative"].sum()) if households else 0)
        learned = _moved(seen, learned, weights, chance["same"], prior)
    return learned


def _moved(seen: Seen, now: Weights, before: Weights, same: Bits, prior: float) -> Weights:
    home = np.zeros(len(same)) + sum(bits(seen.compared, part, "same", now, seen.rarities) for part in HOME)
    stayed = 1 / (1 + np.exp2(-home) * (1 - now.together["same"]) / now.together["same"])
    told = same * (home != 0)
    together = ((told * stayed).sum() + prior * before.together["same"]) / (told.sum() + prior)
    chances = {
        comparison: _counted(seen.compared, comparison, before, same * stayed if comparison in HOME else same, prior)
        for comparison in before.chances
    }
    return replace(now, chances=chances, together={**before.together, "same": float(together)})


def _counted(compared: Compared, comparison: str, before: Weights, same: Bits, prior: float) -> tuple[Chances, ...]:
    shipped = before.chances[comparison]
    seen = np.bincount(compared.levels[comparison], weights=same, minlength=256)[: len(shipped)]
    whole = seen.sum() + prior
    return tuple(
        ((float(count) + prior * level[0]) / whole, *level[1:]) for count, level in zip(seen, shipped, strict=True)
    )
