"""How likely is it the same person, all told? Fellegi and Sunter's weights, with the household as a rival explanation.

A pair may come about in four ways (see `data/weights.toml`). Its weight is log2 of the odds of the first way against
the three others together: that two share a telephone and a name says little where a brother explains it as well.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from leadwell.identity.compare import HOME, LEVELS, MISSING, Compared
from leadwell.identity.weights import WAYS, Weights

Bits = npt.NDArray[np.float64]
RIVALS: Final = ("relative", "namesake")
ROUNDS: Final = 12


@dataclass(frozen=True)
class Evidence:
    """Bits of each pair for each way against 'other', before how often each way is expected."""

    same: Bits
    relative: Bits
    namesake: Bits


def bits(compared: Compared, comparison: str, way: str, weights: Weights, rarities: Mapping[str, Bits]) -> Bits:
    """log2 of how much likelier the levels of one comparison are for one way than for others; 0 where one is missing."""
    chances = weights.chances[comparison]
    at, by = WAYS.index(way), WAYS.index("other")
    table = np.zeros(MISSING + 1)
    table[: len(chances)] = [np.log2(level[at] / level[by]) for level in chances]
    found = table[compared.levels[comparison]]
    if comparison in compared.shared:
        shared = compared.shared[comparison]
        found = np.where(shared > 0, np.log2(chances[0][at]) - rarities[comparison][shared], found)
    return found


def home_bits(compared: Compared, way: str, weights: Weights, rarities: Mapping[str, Bits]) -> Bits:
    """The parts of an address agree together or, for who moved, by chance together: never worse than having moved."""
    parts = sum((bits(compared, part, way, weights, rarities) for part in HOME), np.zeros(len(compared.levels["zip"])))
    together = weights.together[way]
    return np.logaddexp2(np.log2(together) + parts, np.log2(1 - together))


def evidence(compared: Compared, weights: Weights, rarities: Mapping[str, Bits]) -> Evidence:
    def of(way: str) -> Bits:
        own = (bits(compared, name, way, weights, rarities) for name in LEVELS if name not in HOME)
        return sum(own, home_bits(compared, way, weights, rarities))

    return Evidence(same=of("same"), relative=of("relative"), namesake=of("namesake"))


def rival_bits(found: Evidence, expected: Mapping[str, float], people: int) -> Bits:
    """What the household takes away: log2 of 1 + the odds of a relative or namesake against a stranger; never negative."""
    rivals = [np.log2(2 * expected[way] / people) + getattr(found, way) for way in RIVALS]
    return np.asarray(np.logaddexp2(0.0, np.logaddexp2(*rivals)), dtype=np.float64)


def weight(found: Evidence, expected: Mapping[str, float], people: int) -> Bits:
    """log2 odds that each pair is one person, in a list of so many."""
    return found.same + np.log2(2 * expected["same"] / people) - rival_bits(found, expected, people)


def chance_of(found: Evidence, expected: Mapping[str, float], people: int) -> dict[str, Bits]:
    """How likely each pair came about in each way but 'other'."""
    logs = {way: np.log2(2 * expected[way] / people) + getattr(found, way) for way in expected}
    total = np.logaddexp2.reduce([np.zeros(len(found.same)), *logs.values()])
    return {way: np.exp2(log - total) for way, log in logs.items()}


def expected_from(chance: Mapping[str, Bits], repeats: int, weights: Weights, people: int) -> dict[str, float]:
    """Pairs of each way a record, as the list shows them, beside the shipped figures.

    Namesakes follow relatives: one pair in FEBRL's heavy errors looks like one (the same name, years apart), and left
    to themselves they would take such pairs for their own.
    """
    before = weights.expected
    whole = people + weights.expected_records
    sums = {"same": float(chance["same"].sum()) + repeats, "relative": float(chance["relative"].sum())}
    expected = {way: (sums[way] + weights.expected_records * before[way]) / whole for way in sums}
    return expected | {"namesake": expected["relative"] * before["namesake"] / before["relative"]}


def expected_here(found: Evidence, repeats: int, weights: Weights, people: int) -> dict[str, float]:
    """How many pairs of each way this list has a record: EM on these figures alone."""
    expected = dict(weights.expected)
    for _ in range(ROUNDS):
        expected = expected_from(chance_of(found, expected, people), repeats, weights, people)
    return expected
