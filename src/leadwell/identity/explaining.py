"""Why are these two held to be one person, or not? The weights of a pair, said in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import polars as pl

from leadwell.identity.candidates import Index
from leadwell.identity.compare import LEVELS, Flags, Levels
from leadwell.identity.names import MISSING
from leadwell.identity.scoring import (
    Bits,
    Scored,
    bits,
    evidence,
    home_bits,
    home_parts,
    neighbourhood_bits,
    rival_bits,
)
from leadwell.identity.weights import Weights

BECAUSE: Final = pl.List(pl.Struct({"comparison": pl.String, "level": pl.String, "weight": pl.Float64}))
_NAMES: Final = {
    "given": "given name", "family": "family name", "middle": "middle name", "suffix": "Jr./Sr.", "birth": "birth date",
    "age": "year of birth", "year": "year of birth",
    "email": "e-mail", "asker": "who asks", "house": "house number", "place": "second address line", "zip": "ZIP",
}  # fmt: skip
_SAYS: Final = {
    "typing error": "{name} but for a typing error", "similar": "{name} alike",
    "nickname": "{name} a nickname or short form",
    "initial": "{name} only an initial", "part": "{name} in part the same", "swapped": "{name} in the other's place",
    "nearly": "{name} nearly the same",
    "in part": "{name} in part the same", "mailbox name": "mailbox name the same, at another domain",
    "a digit or a generation": "born a generation apart, or one digit mistyped",
    "in part or a generation": "born a generation apart, or the year mistyped",
    "a generation apart": "born a generation apart", "is the other": "one of them asks for the other",
    "own mailbox": "the mailbox bears one of the two names", "grown": "too old for twins of one home",
    "children": "may be twins",
    "moved": "has perhaps moved", "household": "may be another of the household",
    "any two": "any two people are rarely one",
    "contradicted": "another record of that person speaks against it",
    "alone": "little but the name agrees",
}  # fmt: skip


def because(
    pairs: Scored, weights: Weights, expected: Mapping[str, float], *, people: int, refused: Flags
) -> pl.Series:
    """`because` of each pair: comparison, level and bits, in the order of LEVELS; they add up to the weight.

    `refused`: heavy enough to link, but contradicted by another record of the cluster.
    """
    long = pl.concat(
        pl.DataFrame(
            {
                "pair": part.pair,
                "comparison": pl.Series([part.comparison]).new_from_index(0, len(part.pair)),
                "level": pl.Series(part.levels, dtype=pl.String).gather(pl.Series(part.level)),
                "weight": part.weight,
            }
        )
        for part in (*_parts(pairs, weights, expected, people), _refused(refused))
    )
    lists = long.group_by("pair", maintain_order=True).agg(because=pl.struct("comparison", "level", "weight"))
    every = pl.DataFrame({"pair": np.arange(len(pairs))}, schema={"pair": pl.Int64})
    return every.join(lists, on="pair", how="left", maintain_order="left")["because"].cast(BECAUSE)


def because_of_few(
    pairs: Scored, weights: Weights, expected: Mapping[str, float], *, people: int
) -> list[list[dict[str, Any]]]:
    """The same of so few pairs that a frame would cost more; none is refused."""
    told: list[list[dict[str, Any]]] = [[] for _ in range(len(pairs))]
    for part in _parts(pairs, weights, expected, people):
        for pair, level, weight in zip(part.pair.tolist(), part.level.tolist(), part.weight.tolist(), strict=True):
            told[pair].append({"comparison": part.comparison, "level": part.levels[level], "weight": weight})
    return told


@dataclass(frozen=True)
class _Part:
    """One comparison of those pairs that tell it: their places, which of `levels` each has, and its bits."""

    comparison: str
    pair: Index
    levels: Sequence[str]
    level: Levels
    weight: Bits


def _part(comparison: str, pair: Index, level: str, weight: Bits) -> _Part:
    return _Part(comparison, pair, (level,), np.zeros(len(pair), dtype=np.uint8), np.round(weight[pair], 2))


def _parts(pairs: Scored, weights: Weights, expected: Mapping[str, float], people: int) -> Iterator[_Part]:
    for comparison, levels in pairs.levels.items():
        found = bits(pairs, comparison, "same", weights) + pairs.rare.get(comparison, 0.0)
        pair = np.flatnonzero(levels != MISSING)
        yield _Part(comparison, pair, LEVELS[comparison], levels[pair], np.round(found[pair], 2))
    moved = home_bits(pairs, "same", weights) - home_parts(pairs, "same", weights)
    yield _part("home", np.flatnonzero(np.abs(moved) >= 0.005), "moved", moved)
    alone = neighbourhood_bits(pairs)
    yield _part("neighbours", np.flatnonzero(alone), "alone", alone)
    rivals = -rival_bits(evidence(pairs, weights), expected, people)
    yield _part("rivals", np.flatnonzero(rivals <= -0.005), "household", rivals)
    before = np.full(len(pairs), np.log2(2 * expected["same"] / people))
    yield _part("list", np.arange(len(pairs)), "any two", before)


def _refused(refused: Flags) -> _Part:
    return _part("cluster", np.flatnonzero(refused), "contradicted", np.zeros(len(refused)))


def explain(pair: Mapping[str, Any]) -> list[str]:
    """Sentences for one line of `Links.pairs`, the heaviest first: 'same phone (+19.4)', 'sex differs (−4.6)'."""
    parts = sorted(pair["because"], key=lambda part: -abs(part["weight"]))
    return [f"{_says(part['comparison'], part['level'])} ({_signed(part['weight'])})" for part in parts]


def _says(comparison: str, level: str) -> str:
    name = _NAMES.get(comparison, comparison)
    if level == "same":
        return f"same {name}"
    return _SAYS.get(level, "{name} differs").format(name=name)


def _signed(weight: float) -> str:
    return f"{weight:+.1f}".replace("-", "−")
