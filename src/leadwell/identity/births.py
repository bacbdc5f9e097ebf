"""Were they born on the same day or, where only an age is told, about the same year?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np

from leadwell.identity.candidates import Index
from leadwell.identity.names import MISSING
from leadwell.identity.records import Codes
from leadwell.identity.sides import LEVELS, Flags, Levels, Pairs, levels_of

GENERATION: Final = 14  # years
FAMILY: Final = 60  # years: further apart are hardly two of one name in one family
FIRST: Final = 101  # of January: what people and registries write who know no more than the year
# An age in whole years leaves the year of birth open by one; people round it, and lists keep it, for a few more.
SAME_YEAR: Final = 1
NEAR_YEAR: Final = 3
# The levels of a birth date that unequal ones may have.
TYPED, _IN_PART, _DIFFERS, _DIGIT_OR_FAMILY, _PART_OR_FAMILY, _APART = range(1, len(LEVELS["birth"]))


def date(pairs: Pairs) -> Levels:
    def judge(a: Codes, b: Codes) -> Levels:
        x, y = (pairs.texts("birth", codes).to_numpy().astype(np.int64) for codes in (a, b))
        return _levels(x, y)

    return levels_of(*pairs.sides("birth"), judge)


def _levels(x: Index, y: Index) -> Levels:
    """Of two unequal dates YYYYMMDD: a digit or two neighbours mistyped, day and month exchanged, in part the same;
    where that puts a generation between them, it may be father and son as well."""
    digits_x = [x // 10**at % 10 for at in range(8)]
    digits_y = [y // 10**at % 10 for at in range(8)]
    wrong = sum((a != b).astype(np.int8) for a, b in zip(digits_x, digits_y, strict=True))
    turned = np.zeros(len(x), dtype=np.bool_)
    for at in range(7):
        turned |= (
            (digits_x[at] == digits_y[at + 1]) & (digits_x[at + 1] == digits_y[at]) & (digits_x[at] != digits_y[at])
        )
    year, month, day = x // 10_000 == y // 10_000, x // 100 % 100 == y // 100 % 100, x % 100 == y % 100
    exchanged = year & (x // 100 % 100 == y % 100) & (x % 100 == y // 100 % 100)
    typed = (wrong == 1) | ((wrong == 2) & turned) | exchanged
    in_part = (year.astype(np.int8) + month + day) >= 2
    years = np.abs(x // 10_000 - y // 10_000)
    apart = years >= GENERATION
    in_part |= wrong == 2
    family = apart & (years <= FAMILY)
    ways = [family & (wrong == 1), typed, family & in_part, in_part, apart]
    levels = [_DIGIT_OR_FAMILY, TYPED, _PART_OR_FAMILY, _IN_PART, _APART]
    return np.select(ways, levels, default=_DIFFERS).astype(np.uint8)


def typed_or_family(levels: Mapping[str, Levels], *, listed: bool = False) -> Flags:
    """Those whose dates are one mistyped or those of father and son, and who do not both write Jr.: whatever else they
    share, a family shares. `listed`: a list learns by itself how often its dates agree in part."""
    either = (levels["birth"] == _DIGIT_OR_FAMILY) | ((levels["birth"] == _PART_OR_FAMILY) & (not listed))
    return np.asarray(either & (levels["suffix"] != 0))


def year_alone(pairs: Pairs, birth: Levels) -> Levels:
    """How the years agree where either date is the first of January; of those `birth` is made to say nothing."""
    told = np.flatnonzero(birth != MISSING)
    x, y = (pairs.texts("birth", side[told]).to_numpy().astype(np.int64) for side in pairs.sides("birth"))
    first = (x % 10_000 == FIRST) | (y % 10_000 == FIRST)
    told, x, y = told[first], x[first] // 10_000, y[first] // 10_000
    apart = np.abs(x - y)
    mistyped = birth[told] == TYPED
    levels = np.full(len(birth), MISSING, dtype=np.uint8)
    levels[told] = np.select([apart == 0, apart >= GENERATION, mistyped | (apart <= NEAR_YEAR)], [0, 3, 1], 2)
    birth[told] = MISSING
    return levels


def untold(pairs: Pairs) -> Levels:
    return np.full(len(pairs.low), MISSING, dtype=np.uint8)


def year(pairs: Pairs) -> Levels:
    """The year of birth, where not both tell a date: those were compared."""

    def judge(a: Codes, b: Codes) -> Levels:
        x, y = (pairs.texts("born", codes).to_numpy().astype(np.int64) for codes in (a, b))
        apart = np.abs(x - y)
        return np.select([apart <= SAME_YEAR, apart <= NEAR_YEAR, apart < GENERATION], [0, 1, 2], 3).astype(np.uint8)

    levels = levels_of(*pairs.sides("born"), judge)
    dated, other = pairs.sides("birth")
    levels[(dated > 0) & (other > 0)] = MISSING
    return levels
