"""How do two records agree, comparison by comparison?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from leadwell.identity import births, contacts, naming
from leadwell.identity.candidates import Index
from leadwell.identity.names import FAMILY, GIVEN, MISSING, likeness, solid
from leadwell.identity.records import Codes, Records
from leadwell.identity.rules import applied
from leadwell.identity.sides import HOME, LEVELS, Flags, Levels, Pairs, close_to, levels_of
from leadwell.identity.twins import mark_brother_and_sister, mark_second_names, twins

__all__ = ["HOME", "LEVELS", "Compared", "Flags", "Levels", "compare"]

# Comparisons in which a shared value says the more, the rarer it is; phone and e-mail besides.
BY_VALUE: Final = ("given", "family", "birth", "house", "street", "place", "city", "zip", "state", "asker")


@dataclass(frozen=True)
class Compared:
    """Levels by comparison, and the number of the value that both share (0: none) where its rarity counts.

    `near`: the two numbers where they are one but for a typing error.
    """

    levels: Mapping[str, Levels]
    shared: Mapping[str, Codes]
    near: Mapping[str, tuple[Codes, Codes]]


def _mark_swapped_places(pairs: Pairs, levels: dict[str, Levels]) -> None:
    """First and second address line exchanged."""
    at = np.flatnonzero((levels["street"] == 3) & (levels["place"] == 3))
    if len(at) == 0:
        return
    sides = [pairs.texts(field, codes[at]) for field in ("street", "place") for codes in pairs.sides(field)]
    sa, sb, pa, pb = (applied(solid, side).to_list() for side in sides)
    crossed = (likeness(sa, pb) >= 0.88) & (likeness(sb, pa) >= 0.88)
    levels["street"][at[crossed]] = levels["place"][at[crossed]] = 2


def _unmark_implied_places(levels: dict[str, Levels]) -> None:
    """The same ZIP is mostly of one city, and either of one state: that these agree too says nothing more."""
    for field, by in (("state", ("zip", "city")), ("city", ("zip",))):
        implied = np.logical_or.reduce([levels[other] == 0 for other in by])
        levels[field][implied & (levels[field] == 0)] = MISSING


def _asker(pairs: Pairs) -> Levels:
    """Whether the same person asks, or who asks for the one is the other."""
    (asks_a, asks_b), (is_a, is_b) = pairs.sides("asker"), pairs.sides("person")
    crossed = ((asks_a > 0) & (asks_a == is_b)) | ((asks_b > 0) & (asks_b == is_a))
    levels = levels_of(asks_a, asks_b, 2)
    return np.where(crossed & (levels != 0), 1, levels).astype(np.uint8)


def compare(records: Records, low: Index, high: Index, *, listed: bool = True) -> Compared:
    """Every comparison of LEVELS for each pair of records. `listed`: of a list, which tells by itself how common each
    birth date is in it; else the first of January is no more than a year."""
    pairs = Pairs(records, low, high)
    levels = {"given": naming.given(pairs), "family": naming.family(pairs)}
    naming.mark_swapped(pairs, levels["given"], levels["family"])
    levels |= {"middle": naming.middle(pairs), "birth": births.date(pairs), "asker": _asker(pairs)}
    levels["age"] = births.year(pairs)
    levels["year"] = births.untold(pairs) if listed else births.year_alone(pairs, levels["birth"])
    levels |= {field: levels_of(*pairs.sides(field), 1) for field in ("suffix", "sex", "house", "state")}
    levels |= {
        field: levels_of(*pairs.sides(field), close_to(pairs, field, most=3)) for field in ("street", "place", "city")
    }
    levels["zip"] = levels_of(*pairs.sides("zip"), close_to(pairs, "zip", most=1))
    _mark_swapped_places(pairs, levels)
    _unmark_implied_places(levels)
    levels["phone"], phone = contacts.contact(pairs, records.phones, "phone")
    levels["email"], email = contacts.contact(pairs, records.emails, "email")
    contacts.unmark_mailboxes_named_alike(pairs, levels["email"])
    mark_second_names(pairs, levels)
    mark_brother_and_sister(pairs, levels)
    levels["twins"] = twins(pairs, levels, email)
    shared = {field: np.where(levels[field] == 0, pairs.sides(field)[0], 0) for field in BY_VALUE}
    for field, swapped in (("given", GIVEN.index("swapped")), ("family", FAMILY.index("swapped"))):
        shared[field] = np.where(levels[field] == swapped, pairs.sides(field)[0], shared[field])
    typed = levels["family"] == FAMILY.index("typing error")
    a, b = (np.where(typed, side, 0) for side in pairs.sides("family"))
    return Compared(
        levels={name: levels[name] for name in LEVELS},
        shared=shared | {"phone": phone, "email": email},
        near={"family": (a, b)},
    )
