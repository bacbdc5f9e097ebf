"""Do the names of two records agree? Given, family and middle name, and whether they stand in each other's place."""

from __future__ import annotations

import numpy as np
import polars as pl

from leadwell.identity.names import (
    FAMILY,
    GIVEN,
    MISSING,
    family_levels,
    given_levels,
    likeness,
)
from leadwell.identity.records import Codes
from leadwell.identity.sides import Levels, Pairs, levels_of, nearly, where


def given(pairs: Pairs) -> Levels:
    def judge(a: Codes, b: Codes) -> Levels:
        plausible = nearly(pairs, "given", a, b, most=4) | pairs.records.given_hints.related(a, b)
        exact = lambda x, y: given_levels(pairs.texts("given", x), pairs.texts("given", y))  # noqa: E731
        return where(plausible, a, b, exact, GIVEN.index("differs"))

    return levels_of(*pairs.sides("given"), judge)


def family(pairs: Pairs) -> Levels:
    several = pairs.records.texts["family"].str.contains(" ", literal=True).fill_null(False).to_numpy()

    def judge(a: Codes, b: Codes) -> Levels:
        plausible = nearly(pairs, "family", a, b, most=4) | several[a] | several[b]
        exact = lambda x, y: family_levels(pairs.texts("family", x), pairs.texts("family", y))  # noqa: E731
        return where(plausible, a, b, exact, FAMILY.index("differs"))

    return levels_of(*pairs.sides("family"), judge)


def mark_swapped(pairs: Pairs, given: Levels, family: Levels) -> None:
    """Given and family name exchanged: one crossing exact, the other alike or untold."""
    differ = (given >= GIVEN.index("swapped")) & (family >= FAMILY.index("swapped"))
    at = np.flatnonzero(differ & ((given != MISSING) | (family != MISSING)))
    if len(at) == 0:
        return
    side = [pairs.texts(field, codes[at]) for field in ("given", "family") for codes in pairs.sides(field)]
    frame = pl.DataFrame(dict(zip(("ga", "gb", "fa", "fb"), side, strict=True)))
    one, other = pl.col("ga") == pl.col("fb"), pl.col("gb") == pl.col("fa")
    either = frame.select((one | other).fill_null(False)).to_series().to_numpy()
    at, frame = at[either], frame.filter(pl.Series(either))
    if len(at) == 0:
        return
    first = frame.select(pl.when(one).then("gb").otherwise("ga").fill_null("")).to_series().to_list()
    second = frame.select(pl.when(one).then("fa").otherwise("fb").fill_null("")).to_series().to_list()
    untold = np.array([not a or not b for a, b in zip(first, second, strict=True)])
    both = untold | (likeness(first, second) >= 0.86)
    given[at[both]], family[at[both]] = GIVEN.index("swapped"), FAMILY.index("swapped")


def middle(pairs: Pairs) -> Levels:
    def judge(a: Codes, b: Codes) -> Levels:
        first, second = pairs.texts("middle", a), pairs.texts("middle", b)
        begins = first.str.slice(0, 1) == second.str.slice(0, 1)
        letter = (first.str.len_chars() == 1) | (second.str.len_chars() == 1)
        return np.where((begins & letter).to_numpy(), 1, 2).astype(np.uint8)

    return levels_of(*pairs.sides("middle"), judge)
