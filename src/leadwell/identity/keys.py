"""By which marks do two who arrive apart find each other? Few short texts of each, made to be kept as blind tokens.

A whole list is blocked by numbers that mean nothing outside it (`candidates`); here each mark is a text that says the
same on every day and in every process. Each joins two things that rarely agree by chance, so that among a million
people a mark is still held by few. A telephone and a mailbox are marks by themselves.
"""

from __future__ import annotations

from typing import Final

import polars as pl

from leadwell.identity import places
from leadwell.identity.candidates import DIRECTION
from leadwell.identity.names import folded, folded_name, without_suffix
from leadwell.identity.records import PEOPLE, zip_code

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
_NOBODYS: Final = pl.DataFrame(schema={"row": pl.UInt32, "mark": pl.String})


def marks(people: pl.DataFrame) -> pl.DataFrame:
    """`row` (from 0) and `mark` of people (columns of `records.PEOPLE`); of what one does not tell there are none."""
    missing = [pl.lit(None, dtype=kind).alias(name) for name, kind in PEOPLE.items() if name not in people.columns]
    told = people.with_columns(missing).select(
        _birth(people.schema.get("birth_date")).cast(pl.String).alias("birth"),
        folded(pl.col("city")).alias("city"),
        zip_code(pl.col("zip")).alias("zip"),
        street=pl.coalesce("street", "address"),
        house=pl.coalesce(places.house(places.folded_address(pl.col("house"))), _house(pl.col("address"))),
        given=without_suffix(folded_name(pl.col("given"))),
        family=without_suffix(folded_name(pl.col("family"))),
    )
    begins = [pl.col(name).str.slice(0, 2) for name in ("given", "family")]
    crossed = pl.when(begins[0] <= begins[1]).then(pl.concat_str(begins)).otherwise(pl.concat_str(begins[::-1]))
    parts = told.with_columns(
        crossed=pl.when(begins[0].is_not_null() & begins[1].is_not_null()).then(crossed),
        street=_begins_street(pl.col("street")),
        family_3=pl.col("family").str.replace_all(" ", "").str.slice(0, 3),
    )
    known = [name for name, count in zip(parts.columns, parts.null_count().row(0), strict=True) if count < len(parts)]
    wanted = {mark: fields for mark, fields in MARKS.items() if all(field in known for field in fields)}
    if not wanted:
        return _NOBODYS
    found = parts.select(
        pl.int_range(pl.len(), dtype=pl.UInt32).alias("row"),
        *(pl.concat_str(pl.lit(mark), *fields, separator="\n").alias(mark) for mark, fields in wanted.items()),
    )
    return found.unpivot(index="row", value_name="mark").select("row", "mark").drop_nulls("mark")


def _birth(kind: pl.DataType | None) -> pl.Expr:
    day = pl.col("birth_date")
    return day.dt.strftime("%Y%m%d") if kind == pl.Date else day


def _house(address: pl.Expr) -> pl.Expr:
    return places.house(places.folded_address(address))


def _begins_street(address: pl.Expr) -> pl.Expr:
    street = places.street(places.folded_address(address)).str.replace(DIRECTION, "").str.replace_all(" ", "")
    return street.str.slice(0, 6)
