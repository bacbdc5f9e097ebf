"""What do these people's own repeats say? The weights, moved by a list: expectation and maximisation on its pairs.

Only how often records of one person agree is learned. How often unrelated people do is counted (see `rarity`), and
relatives keep the shipped figures, or the training would take a household for one person with many errors.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from leadwell.identity.compare import HOME, Levels
from leadwell.identity.scoring import Bits, Scored, chance_of, evidence, expected_from, home_parts, same_bits
from leadwell.identity.weights import Chances, Weights

# So many pairs of one person must a list show to weigh as much as the shipped figures; and so many more for each pair
# of relatives in it, since twins look like one person with another name, and father and son like a mistyped birth date.
PRIOR_PAIRS: Final = 50
PRIOR_PER_RELATIVE: Final = 60
ROUNDS: Final = 15


@dataclass(frozen=True)
class Seen:
    """What there is to learn from: pairs (each standing for so many), and rows that say exactly what another says."""

    pairs: Scored
    repeats: int
    rows: int
    people: int
    stands_for: int = 1


@dataclass(frozen=True)
class Learned:
    weights: Weights
    expected: dict[str, float]  # pairs of each way a record


def learn(seen: Seen, weights: Weights, *, fixed: bool = False, households: bool = True) -> Learned:
    """How many pairs of each way the list has and, unless the weights are `fixed`, how its people's records agree.

    `households`: the list may hold some, so learn with caution.
    """
    learned = Learned(weights, dict(weights.expected))
    found = evidence(seen.pairs, weights)
    for _ in range(ROUNDS):
        chance = chance_of(found, learned.expected, seen.people)
        chance = {way: found * seen.stands_for for way, found in chance.items()}
        learned = replace(learned, expected=expected_from(chance, seen.repeats, weights, seen.rows))
        if not fixed:
            prior = PRIOR_PAIRS + (PRIOR_PER_RELATIVE * float(chance["relative"].sum()) if households else 0)
            learned = replace(learned, weights=_moved(seen.pairs, learned.weights, weights, chance["same"], prior))
            found = replace(found, same=same_bits(seen.pairs, learned.weights))
    return learned


def _moved(pairs: Scored, now: Weights, before: Weights, same: Bits, prior: float) -> Weights:
    home = home_parts(pairs, "same", now)
    stayed = 1 / (1 + np.exp2(-home) * (1 - now.together["same"]) / now.together["same"])
    told = same * (home != 0)
    together = ((told * stayed).sum() + prior * before.together["same"]) / (told.sum() + prior)
    at_home = same * stayed
    chances = {
        name: _counted(pairs.levels[name], before.chances[name], at_home if name in HOME else same, prior)
        for name in pairs.levels
    }
    return replace(now, chances={**now.chances, **chances}, together={**before.together, "same": float(together)})


def _counted(levels: Levels, shipped: tuple[Chances, ...], same: Bits, prior: float) -> tuple[Chances, ...]:
    seen = np.bincount(levels, weights=same, minlength=256)[: len(shipped)]
    whole = seen.sum() + prior
    return tuple(((float(count) + prior * one[0]) / whole, *one[1:]) for count, one in zip(seen, shipped, strict=True))
