"""By which marks do two who arrive apart find each other? Few short texts of each, made to be kept as blind tokens.

A whole list is blocked by numbers that mean nothing outside it (`candidates`); here each mark is a text that says the
same on every day and in every process. Each joins two things that rarely agree by chance, so that among a million
people a mark is still held by few. A telephone and a mailbox are marks by themselves.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial
from typing import Final

import polars as pl

from leadwell.identity import places, rules
from leadwell.identity.candidates import DIRECTION
from leadwell.identity.few import Few
from leadwell.identity.names import folded, folded_name, without_suffix
from leadwell.identity.records import zip_code
from leadwell.identity.rows import FewRows, Rows
from leadwell.identity.rules import Columns, Texts

# Measured (`python -m benchmarks.identity`): of the true pairs of FEBRL 4 these bring 0.996 together. Names are taken
# crossed, by how they begin and whichever stands first, so that neither their order nor a later letter matters.
MARKS: Final[dict[str, tuple[str, ...]]] = {
    "a": ("birth", "crossed"),
    "b": ("birth", "zip"),
    "c": ("birth", "city"),
    "d": ("birth", "family_3"),
    "e": ("street", "crossed"),
    "f": ("street", "zip"),
    "g": ("street", "house"),
    "h": ("zip", "crossed"),
    "i": ("city", "crossed"),
}
MOST: Final = 20  # holders of a mark; what more people share tells nobody from another
_LOOKED_AT: Final = ("birth_date", "city", "zip", "street", "address", "house", "given", "family")


def marks(people: Rows) -> list[Texts]:
    """The marks of people (columns of `rows.PEOPLE`), a column of each kind: NULL where one does not tell enough."""
    texts = rules.worked_out(_texts, **{name: rules.few_or_many(_told(people, name)) for name in _LOOKED_AT})
    parts = rules.worked_out(_parts, **texts)
    known = {name for name, part in parts.items() if part.null_count() < len(part)}
    wanted = {mark: fields for mark, fields in MARKS.items() if known.issuperset(fields)}
    return list(rules.worked_out(partial(_marks, wanted), **parts).values()) if wanted else []


def _told(people: Rows, name: str) -> Texts:
    if isinstance(people, FewRows):
        told = people[name]
        return Few([_figures(one) for one in told.values]) if name == "birth_date" else told
    if name not in people.columns:
        return pl.Series([None], dtype=pl.String).new_from_index(0, len(people))
    day = people[name]
    return day.dt.strftime("%Y%m%d") if day.dtype == pl.Date else day.cast(pl.String)


def _figures(day: date | int | None) -> str | None:
    return day.isoformat().replace("-", "") if isinstance(day, date) else None if day is None else str(day)


def _texts(**of: Columns) -> dict[str, Columns]:
    address = places.folded_address(of["address"])
    house = rules.first_told(places.house(places.folded_address(of["house"])), places.house(address))
    return {
        "birth": of["birth_date"],
        "city": folded(of["city"]),
        "zip": zip_code(of["zip"]),
        "street": _begins_street(rules.first_told(of["street"], of["address"])),
        "house": house,
        "given": without_suffix(folded_name(of["given"])),
        "family": without_suffix(folded_name(of["family"])),
    }


def _parts(*, given: Columns, family: Columns, **others: Columns) -> dict[str, Columns]:
    one, other = given.str.slice(0, 2), family.str.slice(0, 2)
    crossed = rules.when(one <= other, one + other, other + one)
    family_3 = family.str.replace_all(" ", "", literal=True).str.slice(0, 3)
    return {**others, "crossed": crossed, "family_3": family_3}


def _marks(wanted: Mapping[str, Sequence[str]], **of: Columns) -> dict[str, Columns]:
    return {mark: rules.lines(mark, [of[field] for field in fields]) for mark, fields in wanted.items()}


def _begins_street(address: Columns) -> Columns:
    street = places.street(places.folded_address(address)).str.replace(DIRECTION, "")
    return street.str.replace_all(" ", "", literal=True).str.slice(0, 6)
