"""Do the names of two records agree? Given, family and middle name, and whether they stand in each other's place."""

from __future__ import annotations

import numpy as np

from leadwell.identity.names import (
    FAMILY,
    GIVEN,
    MISSING,
    family_levels,
    given_levels,
    likeness,
    several_words,
)
from leadwell.identity.records import Codes
from leadwell.identity.rules import Columns, applied, flags, gather, when, worked_out
from leadwell.identity.sides import Levels, Pairs, levels_of, nearly, where


def given(pairs: Pairs) -> Levels:
    def judge(a: Codes, b: Codes) -> Levels:
        plausible = nearly(pairs, "given", a, b, most=4) | pairs.records.given_hints.related(a, b)
        exact = lambda x, y: given_levels(pairs.texts("given", x), pairs.texts("given", y))  # noqa: E731
        return where(plausible, a, b, exact, GIVEN.index("differs"))

    return levels_of(*pairs.sides("given"), judge)


def family(pairs: Pairs) -> Levels:
    several = flags(applied(several_words, pairs.records.texts["family"]))

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
    sides = [pairs.texts(field, codes[at]) for field in ("given", "family") for codes in pairs.sides(field)]
    crossed = worked_out(_crossed, **dict(zip(("ga", "gb", "fa", "fb"), sides, strict=True)))
    either = flags(crossed["either"])
    at = at[either]
    if len(at) == 0:
        return
    first, second = (gather(crossed[name], np.flatnonzero(either)).to_list() for name in ("first", "second"))
    untold = np.array([not a or not b for a, b in zip(first, second, strict=True)])
    both = untold | (likeness(first, second) >= 0.86)
    given[at[both]], family[at[both]] = GIVEN.index("swapped"), FAMILY.index("swapped")


def _crossed(ga: Columns, gb: Columns, fa: Columns, fb: Columns) -> dict[str, Columns]:
    """Whether a given name is the other's family name, and what is then left of both."""
    one, other = ga == fb, gb == fa
    left = {"first": when(one, gb, ga), "second": when(one, fa, fb)}
    return {"either": one | other} | {name: text.fill_null("") for name, text in left.items()}


def middle(pairs: Pairs) -> Levels:
    def judge(a: Codes, b: Codes) -> Levels:
        initial = worked_out(_initial, a=pairs.texts("middle", a), b=pairs.texts("middle", b))["initial"]
        return np.where(flags(initial), 1, 2).astype(np.uint8)

    return levels_of(*pairs.sides("middle"), judge)


def _initial(a: Columns, b: Columns) -> dict[str, Columns]:
    letter = (a.str.len_chars() == 1) | (b.str.len_chars() == 1)
    return {"initial": (a.str.slice(0, 1) == b.str.slice(0, 1)) & letter}
