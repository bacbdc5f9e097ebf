"""How likely is it the same person, all told? Fellegi and Sunter's weights, with the household as a rival explanation.

A pair may come about in four ways (see `data/weights.toml`). Its weight is log2 of the odds of the first way against
the three others together: that two share a telephone and a name says little where a brother explains it as well.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Final

import numpy as np
import numpy.typing as npt

from leadwell.identity.candidates import Index
from leadwell.identity.compare import HOME, LEVELS, Compared, Flags, Levels
from leadwell.identity.names import MISSING
from leadwell.identity.records import Codes
from leadwell.identity.weights import WAYS, Chances, Weights

Bits = npt.NDArray[np.float64]
# The comparisons that prove more than a name and a place, and the last level that still does.
_PROOF: Final = {
    "birth": "typing error",
    "phone": "typing error",
    "email": "typing error",
    "house": "same",
    "street": "swapped",
    "place": "swapped",
}
_PLACE: Final = {"zip": "typing error", "city": "typing error"}
NEIGHBOURHOOD: Final = 4.0  # bits: names are that much commoner where they are common; judged, and depends on the place
# bits: a name's few neighbours together are this much commoner than the name, against a usual one's.
NEIGHBOURS: Final = 4.5
RIVALS: Final = ("relative", "namesake")


@dataclass(frozen=True)
class Evidence:
    """Bits of each pair for each way against 'other', before how often each way is expected."""

    same: Bits
    relative: Bits
    namesake: Bits


@dataclass(frozen=True)
class Scored:
    """Levels of many pairs, and for each comparison the bits by which a shared value is rarer than the usual one.

    A rare value counts alike for every way, so these bits are added up once.
    """

    size: int
    levels: Mapping[str, Levels]
    rare: Mapping[str, Bits]

    def __len__(self) -> int:
        return self.size

    def of(self, at: Index) -> Scored:
        """A few of these pairs, by their places."""
        levels = {name: found[at] for name, found in self.levels.items()}
        return Scored(len(at), levels, {name: found[at] for name, found in self.rare.items()})

    @cached_property
    def rare_home(self) -> Bits:
        return _total(len(self), (self.rare[name] for name in self.levels if name in HOME and name in self.rare))

    @cached_property
    def rare_elsewhere(self) -> Bits:
        return _total(len(self), (self.rare[name] for name in self.levels if name not in HOME and name in self.rare))


def _total(size: int, parts: Iterable[Bits]) -> Bits:
    total = np.zeros(size)
    for part in parts:
        total += part
    return total


def neighbourhood_bits(pairs: Scored) -> Bits:
    """What is taken off where little but the name agrees: where one Maria Garcia lives there are others."""
    return np.where(proven(pairs), 0.0, -NEIGHBOURHOOD)


def proven(pairs: Scored) -> Flags:
    """Whether more agrees than the name and a place, or the name and a year of birth."""
    year_and_place = _agrees(pairs, {"year": "same"}) & _agrees(pairs, _PLACE)
    named = _agrees(pairs, {"given": "typing error"}) & _agrees(pairs, {"family": "typing error"})
    return _agrees(pairs, _PROOF) | (year_and_place & named)


def by_name_alone(pairs: Scored) -> Flags:
    """Those of whom nothing agrees but the name, or the name and a year of birth: cousins and namesakes share that."""
    by_year = _agrees(pairs, {"year": "a generation apart"})
    return ~proven(pairs) & (by_year | ~_agrees(pairs, _PLACE | {"asker": "same"}))


def _agrees(pairs: Scored, enough: Mapping[str, str]) -> Flags:
    """In any of these comparisons, so well or better."""
    found = np.zeros(len(pairs), dtype=np.bool_)
    for name, level in enough.items():
        if name in pairs.levels:
            found |= pairs.levels[name] <= LEVELS[name].index(level)
    return found


def scored(compared: Compared, weights: Weights, rarities: Mapping[str, Bits]) -> Scored:
    """The pairs, ready to be weighed; comparisons that no pair tells are left out."""
    told = {name: levels for name, levels in compared.levels.items() if (levels != MISSING).any()}
    rare = {}
    for name in told:
        if name in compared.shared:
            usual = np.log2(weights.chances[name][0][WAYS.index("other")])
            by_value = usual - rarities[name]
            by_value[0] = 0.0
            rare[name] = by_value[compared.shared[name]]
            if name in compared.near:
                rare[name] += _rare_near(by_value, *compared.near[name])
    return Scored(len(compared.levels["given"]), told, rare)


def _rare_near(by_value: Bits, a: Codes, b: Codes) -> Bits:
    """Few names are one letter from a rare one; the commoner of the two counts."""
    return np.asarray(np.where(a > 0, np.maximum(np.minimum(by_value[a], by_value[b]) - NEIGHBOURS, 0.0), 0.0))


def bits(pairs: Scored, comparison: str, way: str, weights: Weights) -> Bits:
    """log2 of how much likelier the levels of one comparison are for one way than for others; 0 where it is untold."""
    return _bits_by_level(weights.chances[comparison], way)[pairs.levels[comparison]]


@lru_cache(maxsize=512)
def _bits_by_level(of_levels: tuple[Chances, ...], way: str) -> Bits:
    table = np.zeros(MISSING + 1)
    at, by = WAYS.index(way), WAYS.index("other")
    for level, chances in enumerate(of_levels):
        table[level] = np.log2(chances[at] / chances[by])
    return table


def home_bits(pairs: Scored, way: str, weights: Weights) -> Bits:
    """The parts of an address agree together or, for who moved, by chance together: never worse than having moved."""
    return _or_moved(home_parts(pairs, way, weights), weights.together[way])


def home_parts(pairs: Scored, way: str, weights: Weights) -> Bits:
    return pairs.rare_home + _total(
        len(pairs), (bits(pairs, name, way, weights) for name in pairs.levels if name in HOME)
    )


def _or_moved(parts: Bits, together: float) -> Bits:
    return np.asarray(np.log2(together * np.exp2(parts) + (1 - together)), dtype=np.float64)


def evidence_of(pairs: Scored, way: str, weights: Weights) -> Bits:
    own = _total(len(pairs), (bits(pairs, name, way, weights) for name in pairs.levels if name not in HOME))
    return own + pairs.rare_elsewhere + home_bits(pairs, way, weights)


def same_bits(pairs: Scored, weights: Weights) -> Bits:
    return evidence_of(pairs, "same", weights) + neighbourhood_bits(pairs)


def evidence(pairs: Scored, weights: Weights) -> Evidence:
    return Evidence(same_bits(pairs, weights), *(evidence_of(pairs, way, weights) for way in RIVALS))


def _odds(found: Evidence, way: str, expected: Mapping[str, float], people: int) -> Bits:
    """Of one way against 'other', how often it is expected included."""
    return np.asarray(np.exp2(getattr(found, way)) * (2 * expected[way] / people), dtype=np.float64)


def rival_bits(found: Evidence, expected: Mapping[str, float], people: int) -> Bits:
    """What the household takes away: log2 of 1 + the odds of a relative or namesake against a stranger."""
    return np.asarray(np.log2(1 + sum(_odds(found, way, expected, people) for way in RIVALS)), dtype=np.float64)


def weight(found: Evidence, expected: Mapping[str, float], people: int) -> Bits:
    """log2 odds that each pair is one person, in a list of so many."""
    against = rival_bits(found, expected, people)
    return np.asarray(found.same + np.log2(2 * expected["same"] / people) - against, dtype=np.float64)


def chance_of(found: Evidence, expected: Mapping[str, float], people: int) -> dict[str, Bits]:
    """How likely each pair came about in each way but 'other'."""
    odds = {way: _odds(found, way, expected, people) for way in expected}
    total = 1 + sum(odds.values())
    return {way: one / total for way, one in odds.items()}


def expected_from(chance: Mapping[str, Bits], repeats: int, weights: Weights, rows: int) -> dict[str, float]:
    """Pairs of each way a record, as the list shows them, beside the shipped figures.

    Namesakes follow relatives: one pair in FEBRL's heavy errors looks like one (the same name, years apart), and left
    to themselves they would take such pairs for their own.
    """
    before = weights.expected
    whole = rows + weights.expected_records
    sums = {"same": float(chance["same"].sum()) + repeats, "relative": float(chance["relative"].sum())}
    expected = {way: (sums[way] + weights.expected_records * before[way]) / whole for way in sums}
    return expected | {"namesake": expected["relative"] * before["namesake"] / before["relative"]}
