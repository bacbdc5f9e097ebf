"""How much does each agreement weigh? The shipped weights, as frozen values; a list can train its own.

A weight is log2 of how much likelier a level is for one way a pair can come about than for two unrelated people.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib import resources
from typing import Any, Final

from leadwell.identity.compare import LEVELS

WAYS: Final = ("same", "other", "relative", "namesake")
Chances = tuple[float, float, float, float]  # in the order of WAYS


@dataclass(frozen=True)
class Rarity:
    """The share of a value nobody has seen yet, and how many records of the list that counts for."""

    share: float
    records: float


@dataclass(frozen=True)
class Weights:
    """`chances[comparison][level]` for each way; `expected[way]` pairs a record; `together[way]`: one home at all."""

    chances: Mapping[str, tuple[Chances, ...]]
    rarity: Mapping[str, Rarity]
    expected: Mapping[str, float]
    expected_records: float
    together: Mapping[str, float]
    link_at: float
    possible_at: float


def parse(text: str) -> Weights:
    """Weights from TOML in the shape of `data/weights.toml`. KeyError names what is missing."""
    data: dict[str, Any] = tomllib.loads(text)
    chances = {
        comparison: tuple(_chances(data[comparison][level]) for level in levels)
        for comparison, levels in LEVELS.items()
    }
    return Weights(
        chances=chances,
        rarity={field: Rarity(**values) for field, values in data["rarity"].items()},
        expected={way: data["expected"][way] for way in WAYS if way != "other"},
        expected_records=data["expected"]["records"],
        together=data["together"],
        link_at=data["link_at"],
        possible_at=data["possible_at"],
    )


def plain(weights: Weights) -> dict[str, Any]:
    """What a list has taught (chances, how often people come again, how often they stay), as JSON takes it."""
    chances = {name: [list(level) for level in levels] for name, levels in weights.chances.items()}
    return {"chances": chances, "expected": dict(weights.expected), "together": dict(weights.together)}


def taught(told: Mapping[str, Any], weights: Weights) -> Weights:
    """These weights with what `plain` said. What it says of levels that there are no more, or not yet, is left out."""
    chances = dict(weights.chances)
    for name, levels in told["chances"].items():
        if len(levels) == len(chances.get(name, ())):
            chances[name] = tuple(_chances(level) for level in levels)
    return replace(weights, chances=chances, expected=told["expected"], together=told["together"])


def _chances(values: list[float]) -> Chances:
    same, other, relative, namesake = values
    return same, other, relative, namesake


@lru_cache(maxsize=1)
def shipped() -> Weights:
    return parse(resources.files("leadwell.identity").joinpath("data/weights.toml").read_text(encoding="utf-8"))
