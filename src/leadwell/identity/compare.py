"""How do two records agree, field by field? A level per comparison and pair; a missing field has none.

A level is a place in LEVELS[comparison]; MISSING says that one side does not tell, which is neither for nor against.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from leadwell.identity.candidates import Index
from leadwell.identity.names import (
    FAMILY,
    GIVEN,
    MISSING,
    edits,
    family_levels,
    given_hints,
    given_levels,
    likeness,
    unlike,
)
from leadwell.identity.records import Codes, Records

Levels = npt.NDArray[np.uint8]
Flags = npt.NDArray[np.bool_]

LEVELS: Final[dict[str, tuple[str, ...]]] = {
    "given": GIVEN,
    "family": FAMILY,
    "middle": ("same", "initial", "differs"),
    "suffix": ("same", "differs"),
    "birth": ("same", "typing error", "in part", "differs", "a generation apart"),
    "sex": ("same", "differs"),
    "phone": ("same", "typing error", "differs"),
    "email": ("same", "mailbox name", "typing error", "differs"),
    "asker": ("same", "is the other", "differs"),
    "house": ("same", "differs"),
    "street": ("same", "typing error", "swapped", "differs"),
    "place": ("same", "typing error", "swapped", "differs"),
    "city": ("same", "typing error", "differs"),
    "zip": ("same", "typing error", "differs"),
    "state": ("same", "differs"),
}
HOME: Final = ("house", "street", "place", "city", "zip", "state")
GENERATION: Final = 14  # years


@dataclass(frozen=True)
class Compared:
    """Levels by comparison, and the number of the value that both share (0: none) where its rarity counts."""

    levels: Mapping[str, Levels]
    shared: Mapping[str, Codes]


class _Pairs:
    """The two sides of many pairs."""

    def __init__(self, records: Records, low: Index, high: Index) -> None:
        self.records, self.low, self.high = records, low, high

    def sides(self, field: str) -> tuple[Codes, Codes]:
        codes = self.records.codes[field]
        return codes[self.low], codes[self.high]

    def texts(self, field: str, codes: Codes) -> pl.Series:
        return self.records.texts[field].gather(pl.Series(codes))


def _levels(a: Codes, b: Codes, unequal: Callable[[Codes, Codes], Levels] | int) -> Levels:
    """0 where both are the same, MISSING where one is missing, else what `unequal` says."""
    levels = np.full(len(a), MISSING, dtype=np.uint8)
    both = (a > 0) & (b > 0)
    levels[both & (a == b)] = 0
    differ = both & (a != b)
    if differ.any():
        levels[differ] = unequal if isinstance(unequal, int) else unequal(a[differ], b[differ])
    return levels


def _nearly(pairs: _Pairs, field: str, a: Codes, b: Codes, *, most: int) -> Flags:
    """At most so many letters stand in only one of the two: a hundred times cheaper than comparing the texts."""
    letters = pairs.records.letters[field]
    return np.asarray(unlike(letters[a], letters[b]) <= most)


def _where(plausible: Flags, a: Codes, b: Codes, judge: Callable[[Codes, Codes], Levels], otherwise: int) -> Levels:
    """`judge` for the plausible pairs only."""
    levels = np.full(len(a), otherwise, dtype=np.uint8)
    levels[plausible] = judge(a[plausible], b[plausible])
    return levels


def _close(pairs: _Pairs, field: str, *, most: int) -> Callable[[Codes, Codes], Levels]:
    """1 for a typing error (one edit, or up to `most` where that is a third at most), else the comparison's last level."""

    def typed(a: Codes, b: Codes) -> Levels:
        first, second = (pairs.texts(field, codes).str.replace_all(" ", "", literal=True) for codes in (a, b))
        apart = edits(first.to_list(), second.to_list())
        shorter = np.minimum(first.str.len_chars().to_numpy(), second.str.len_chars().to_numpy()).astype(np.int64)
        shorter -= len("street") if field in ("street", "place") else 0  # which most have, and which tells nothing
        close = (apart <= 1) | ((apart <= most) & (apart * 3 <= shorter))
        if field in ("street", "place", "city"):  # 5th and 6th Avenue are two streets
            close &= (first.str.replace_all(r"\D", "") == second.str.replace_all(r"\D", "")).to_numpy()
        return np.where(close, 1, len(LEVELS[field]) - 1).astype(np.uint8)

    def judge(a: Codes, b: Codes) -> Levels:
        return _where(_nearly(pairs, field, a, b, most=2 * most), a, b, typed, len(LEVELS[field]) - 1)

    return judge


def _given(pairs: _Pairs) -> Levels:
    hints = given_hints(pairs.records.texts["given"])

    def judge(a: Codes, b: Codes) -> Levels:
        plausible = _nearly(pairs, "given", a, b, most=4) | hints.related(a, b)
        exact = lambda x, y: given_levels(pairs.texts("given", x), pairs.texts("given", y))  # noqa: E731
        return _where(plausible, a, b, exact, GIVEN.index("differs"))

    return _levels(*pairs.sides("given"), judge)


def _family(pairs: _Pairs) -> Levels:
    several = pairs.records.texts["family"].str.contains(" ", literal=True).fill_null(False).to_numpy()

    def judge(a: Codes, b: Codes) -> Levels:
        plausible = _nearly(pairs, "family", a, b, most=4) | several[a] | several[b]
        exact = lambda x, y: family_levels(pairs.texts("family", x), pairs.texts("family", y))  # noqa: E731
        return _where(plausible, a, b, exact, FAMILY.index("differs"))

    return _levels(*pairs.sides("family"), judge)


def _mark_swapped_names(pairs: _Pairs, given: Levels, family: Levels) -> None:
    """Given and family name exchanged: one crossing exact, the other alike or untold."""
    differ = (given >= GIVEN.index("swapped")) & (family >= FAMILY.index("swapped"))
    at = np.flatnonzero(differ & ((given != MISSING) | (family != MISSING)))
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


def _birth(pairs: _Pairs) -> Levels:
    def judge(a: Codes, b: Codes) -> Levels:
        x, y = (pairs.texts("birth", codes).to_numpy().astype(np.int64) for codes in (a, b))
        return _birth_levels(x, y)

    return _levels(*pairs.sides("birth"), judge)


def _birth_levels(x: Index, y: Index) -> Levels:
    """Of two unequal dates YYYYMMDD: one digit or two neighbours mistyped, day and month exchanged, in part the same."""
    digits_x = [x // 10**at % 10 for at in range(8)]
    digits_y = [y // 10**at % 10 for at in range(8)]
    wrong = sum((a != b).astype(np.int8) for a, b in zip(digits_x, digits_y, strict=True))
    turned = np.zeros(len(x), dtype=np.bool_)
    for at in range(7):
        turned |= (digits_x[at] == digits_y[at + 1]) & (digits_x[at + 1] == digits_y[at]) & (digits_x[at] != digits_y[at])
    year, month, day = x // 10_000 == y // 10_000, x // 100 % 100 == y // 100 % 100, x % 100 == y % 100
    exchanged = year & (x // 100 % 100 == y % 100) & (x % 100 == y // 100 % 100)
    typed = (wrong == 1) | ((wrong == 2) & turned) | exchanged
    in_part = (year.astype(np.int8) + month + day) >= 2
    apart = np.abs(x // 10_000 - y // 10_000) >= GENERATION
    return np.select([typed, in_part | (wrong == 2), apart], [1, 2, 4], default=3).astype(np.uint8)


def _middle(pairs: _Pairs) -> Levels:
    def judge(a: Codes, b: Codes) -> Levels:
        first, second = pairs.texts("middle", a), pairs.texts("middle", b)
        begins = first.str.slice(0, 1) == second.str.slice(0, 1)
        letter = (first.str.len_chars() == 1) | (second.str.len_chars() == 1)
        return np.where((begins & letter).to_numpy(), 1, 2).astype(np.uint8)

    return _levels(*pairs.sides("middle"), judge)


def _contact(pairs: _Pairs, table: Codes, field: str) -> tuple[Levels, Codes]:
    """Any contact the same; else how the first ones differ."""
    first, second = table[pairs.low], table[pairs.high]
    shared = np.zeros(len(first), dtype=np.int32)
    for a in range(table.shape[1]):
        for b in range(table.shape[1]):
            same = (first[:, a] > 0) & (first[:, a] == second[:, b])
            shared = np.where(same, first[:, a], shared)
    judge = _numbers(pairs) if field == "phone" else _mailboxes(pairs)
    levels = _levels(np.where(shared > 0, shared, first[:, 0]), np.where(shared > 0, shared, second[:, 0]), judge)
    return levels, shared


def _numbers(pairs: _Pairs) -> Callable[[Codes, Codes], Levels]:
    """A mistyped number, unless both are of the hundred kept for fiction, which are alike by design."""
    close = _close(pairs, "phone", most=1)

    def judge(a: Codes, b: Codes) -> Levels:
        fiction = [pairs.texts("phone", codes).str.contains(r"\d{3}55501\d\d$").to_numpy() for codes in (a, b)]
        levels = close(a, b)
        levels[(levels == 1) & fiction[0] & fiction[1]] = MISSING
        return levels

    return judge


def _mailboxes(pairs: _Pairs) -> Callable[[Codes, Codes], Levels]:
    def judge(a: Codes, b: Codes) -> Levels:
        one, other = pairs.records.mailboxes[a], pairs.records.mailboxes[b]
        same_name = (one == other) & (one > 0)
        close = np.zeros(len(a), dtype=np.bool_)
        near = np.flatnonzero(_nearly(pairs, "email", a, b, most=4))
        x, y = (pairs.texts("email", codes[near]).to_list() for codes in (a, b))
        close[near] = (edits(x, y) <= 2) & (likeness(x, y) >= 0.92)
        return np.select([same_name, close], [1, 2], default=3).astype(np.uint8)

    return judge


def _unmark_mailboxes_named_alike(pairs: _Pairs, levels: Levels) -> None:
    """Two people of one name have mailboxes alike (johnsmith, john_smith7): that says no more than the name did.

    Unless the figures in them are the same.
    """
    at = np.flatnonzero((levels == 1) | (levels == 2))
    one, other = (
        pairs.texts("email", pairs.records.emails[side[at], 0]).str.extract(r"^([^@]+)@").fill_null("") for side in (pairs.low, pairs.high)
    )
    frame = pl.DataFrame({"mailbox": one.str.replace_all(r"[^\p{L}\p{N}]", "")}).with_columns(
        pairs.texts(field, pairs.sides(field)[0][at]).str.replace_all(" ", "").alias(field) for field in ("given", "family")
    )
    named = pl.any_horizontal(
        pl.col("mailbox").str.contains(pl.col(field), literal=True) & (pl.col(field).str.len_chars() >= 3)
        for field in ("given", "family")
    )
    figures, others = one.str.replace_all(r"\D", ""), other.str.replace_all(r"\D", "")
    told = (figures == others) & (figures.str.len_chars() >= 2)
    plain = frame.select(named.fill_null(False)).to_series() & ~told
    levels[at[plain.to_numpy()]] = MISSING


def _mark_swapped_places(pairs: _Pairs, levels: dict[str, Levels]) -> None:
    """First and second address line exchanged."""
    at = np.flatnonzero((levels["street"] == 3) & (levels["place"] == 3))
    sides = [pairs.texts(field, codes[at]) for field in ("street", "place") for codes in pairs.sides(field)]
    if len(at) == 0:
        return
    sa, sb, pa, pb = (side.str.replace_all(" ", "").to_list() for side in sides)
    crossed = (likeness(sa, pb) >= 0.88) & (likeness(sb, pa) >= 0.88)
    levels["street"][at[crossed]] = levels["place"][at[crossed]] = 2


def _asker(pairs: _Pairs) -> Levels:
    """Whether the same person asks, or who asks for the one is the other."""
    (asks_a, asks_b), (is_a, is_b) = pairs.sides("asker"), pairs.sides("person")
    crossed = ((asks_a > 0) & (asks_a == is_b)) | ((asks_b > 0) & (asks_b == is_a))
    levels = _levels(asks_a, asks_b, 2)
    return np.where(crossed & (levels != 0), 1, levels).astype(np.uint8)


def compare(records: Records, low: Index, high: Index) -> Compared:
    """Every comparison of LEVELS for each pair of records."""
    pairs = _Pairs(records, low, high)
    levels = {"given": _given(pairs), "family": _family(pairs)}
    _mark_swapped_names(pairs, levels["given"], levels["family"])
    levels |= {"middle": _middle(pairs), "birth": _birth(pairs), "asker": _asker(pairs)}
    levels |= {field: _levels(*pairs.sides(field), 1) for field in ("suffix", "sex", "house", "state")}
    levels |= {
        field: _levels(*pairs.sides(field), _close(pairs, field, most=3)) for field in ("street", "place", "city")
    }
    levels["zip"] = _levels(*pairs.sides("zip"), _close(pairs, "zip", most=1))
    _mark_swapped_places(pairs, levels)
    levels["phone"], phone = _contact(pairs, records.phones, "phone")
    levels["email"], email = _contact(pairs, records.emails, "email")
    _unmark_mailboxes_named_alike(pairs, levels["email"])
    shared = {field: np.where(levels[field] == 0, pairs.sides(field)[0], 0) for field in RARITY_OF_FIELDS}
    for field, swapped in (("given", GIVEN.index("swapped")), ("family", FAMILY.index("swapped"))):
        shared[field] = np.where(levels[field] == swapped, pairs.sides(field)[0], shared[field])
    return Compared(levels={name: levels[name] for name in LEVELS}, shared=shared | {"phone": phone, "email": email})


RARITY_OF_FIELDS: Final = ("given", "family", "birth", "house", "street", "place", "city", "zip", "state", "asker")
