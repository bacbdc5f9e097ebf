"""Why are these two held to be one person, or not? The weights of a pair, said in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

import numpy as np
import polars as pl

from leadwell.identity.compare import HOME, LEVELS, Compared
from leadwell.identity.scoring import Bits, bits, evidence, home_bits, rival_bits
from leadwell.identity.weights import Weights

BECAUSE: Final = pl.List(pl.Struct({"comparison": pl.String, "level": pl.String, "weight": pl.Float64}))
_NAMES: Final = {
    "given": "given name", "family": "family name", "middle": "middle name", "suffix": "Jr./Sr.", "birth": "birth date",
    "email": "e-mail", "asker": "who asks", "house": "house number", "place": "second address line", "zip": "ZIP",
}  # fmt: skip
_SAYS: Final = {
    "typing error": "{name} but for a typing error", "similar": "{name} alike", "nickname": "{name} a nickname or short form",
    "initial": "{name} only an initial", "part": "{name} in part the same", "swapped": "{name} in the other's place",
    "in part": "{name} in part the same", "mailbox name": "mailbox name the same, at another domain",
    "a generation apart": "birth dates a generation apart", "is the other": "one of them asks for the other",
    "moved": "has perhaps moved", "household": "may be another of the household", "any two": "any two of this list",
}  # fmt: skip


def because(
    compared: Compared, weights: Weights, rarities: Mapping[str, Bits], expected: Mapping[str, float], people: int
) -> pl.Series:
    """`because` of each pair: comparison, level and bits, in the order of LEVELS; they add up to the weight."""
    parts = list(_parts(compared, weights, rarities, expected, people))
    count = len(compared.levels["given"])
    long = pl.concat(
        pl.DataFrame({"pair": pair, "comparison": comparison, "level": level, "weight": np.round(weight, 2)})
        for comparison, pair, level, weight in parts
    )
    lists = long.group_by("pair", maintain_order=True).agg(because=pl.struct("comparison", "level", "weight"))
    pairs = pl.DataFrame({"pair": np.arange(count)}, schema={"pair": pl.Int64})
    return pairs.join(lists, on="pair", how="left", maintain_order="left")["because"].cast(BECAUSE)


_Part = tuple[pl.Series, Any, pl.Series, Bits]


def _part(comparison: str, pair: Any, level: pl.Series | str, weight: Bits) -> _Part:
    def text(value: str) -> pl.Series:
        return pl.Series([value], dtype=pl.String).new_from_index(0, len(pair))

    return text(comparison), pair, text(level) if isinstance(level, str) else level, weight[pair]


def _parts(
    compared: Compared, weights: Weights, rarities: Mapping[str, Bits], expected: Mapping[str, float], people: int
) -> Iterator[_Part]:
    home = np.zeros(len(compared.levels["given"]))
    for comparison, levels in LEVELS.items():
        found = bits(compared, comparison, "same", weights, rarities)
        pair = np.flatnonzero(compared.levels[comparison] < len(levels))
        level = pl.Series(levels).gather(pl.Series(compared.levels[comparison][pair]))
        yield _part(comparison, pair, level, found)
        home += found if comparison in HOME else 0
    moved = home_bits(compared, "same", weights, rarities) - home
    yield _part("home", np.flatnonzero(np.abs(moved) >= 0.005), "moved", moved)
    rivals = -rival_bits(evidence(compared, weights, rarities), expected, people)
    yield _part("rivals", np.flatnonzero(rivals <= -0.005), "household", rivals)
    before = np.full(len(home), np.log2(2 * expected["same"] / people))
    yield _part("list", np.arange(len(home)), "any two", before)


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
