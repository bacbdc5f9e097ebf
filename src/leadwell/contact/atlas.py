"""Which states and zones does a ZIP, a state, a city or an area code stand for? Tables laid out by number."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import polars as pl

from leadwell.contact.places import package_table, places

CODES: Final = 2000  # area codes, and calling codes from 1000
STATES: Final = 128  # room for each state's number
_ZIPS: Final = 100_000


@lru_cache(maxsize=1)
def states() -> tuple[str, ...]:
    """All states by number; the first is none."""
    return ("", *places()["state"].unique().sort().to_list())


@lru_cache(maxsize=1)
def zones() -> tuple[str, ...]:
    """All zones of ZIPs by number; the first is none."""
    return ("", *places()["time_zone"].drop_nulls().unique().sort().to_list())


@lru_cache(maxsize=1)
def state_by_zip() -> pl.Series:
    """The number of each ZIP's state, at the ZIP's number; 0 where no such ZIP is in use."""
    return _by_zip("state", states())


@lru_cache(maxsize=1)
def zone_by_zip() -> pl.Series:
    return _by_zip("time_zone", zones())


def _by_zip(column: str, names: tuple[str, ...]) -> pl.Series:
    numbers = pl.col(column).replace_strict(list(names), list(range(len(names))), default=0, return_dtype=pl.Int64)
    known = places().select(pl.col("zip").cast(pl.UInt32), numbers.fill_null(0).alias("number"))
    every = pl.DataFrame({"zip": pl.int_range(_ZIPS, dtype=pl.UInt32, eager=True)})
    return every.join(known, on="zip", how="left", maintain_order="left")["number"].fill_null(0).rechunk()


@lru_cache(maxsize=1)
def _codes() -> pl.DataFrame:
    """Every code at its number: states, state (that it was given to), zones, zone (the likeliest); empty where a code
    stands for no place."""
    columns = ("states", "state", "zones", "zone")
    table = package_table("area_codes.parquet").select(pl.col("code").cast(pl.Int64), *columns)
    every = pl.DataFrame({"code": pl.int_range(CODES, dtype=pl.Int64, eager=True)})
    return every.join(table, on="code", how="left", maintain_order="left").rechunk()


@lru_cache(maxsize=1)
def states_by_code() -> pl.Series:
    return _codes().select(pl.when(pl.col("states").list.len() > 0).then("states")).to_series()


@lru_cache(maxsize=1)
def state_of_code() -> pl.Series:
    """The state that each code was given to; neighbours use some of its numbers too."""
    return _codes()["state"]


@lru_cache(maxsize=1)
def says_of_code() -> pl.Series:
    return (
        _codes().select(pl.format("The phone's area code belongs to {}.", pl.col("states").list.join(", "))).to_series()
    )


@lru_cache(maxsize=1)
def elsewhere() -> pl.Series:
    """Whether a code is used in other states than this one, at code × STATES + state."""
    some = [False, *[True] * (len(states()) - 1), *[False] * (STATES - len(states()))]
    nowhere, rows = [False] * STATES, list[bool]()
    for used in _codes()["states"].to_list():
        rows += [other and states()[i] not in used for i, other in enumerate(some)] if used else nowhere
    return pl.Series(rows, dtype=pl.Boolean)


@lru_cache(maxsize=1)
def code_zones() -> tuple[tuple[str | None, tuple[str, ...]], ...]:
    """The distinct sets of zones of codes, each with its likeliest; the first is none."""
    found = zip(_codes()["zone"].to_list(), _codes()["zones"].to_list(), strict=True)
    return tuple(dict.fromkeys([(None, ()), *((zone, tuple(every or ())) for zone, every in found)]))


@lru_cache(maxsize=1)
def zones_by_code() -> pl.Series:
    """The number in `code_zones` of each code."""
    number = {found: i for i, found in enumerate(code_zones())}
    found = zip(_codes()["zone"].to_list(), _codes()["zones"].to_list(), strict=True)
    return pl.Series([number[zone, tuple(every or ())] for zone, every in found], dtype=pl.Int64)


@lru_cache(maxsize=1)
def state_zones() -> dict[str, tuple[str, ...]]:
    """A state's zones, the one of most ZIPs first."""
    counted = places().drop_nulls("time_zone").group_by("state", "time_zone").len()
    ordered = counted.sort("state", "len", "time_zone", descending=[False, True, False])
    grouped = ordered.group_by("state", maintain_order=True).agg("time_zone")
    return {state: tuple(found) for state, found in grouped.iter_rows()}


@lru_cache(maxsize=1)
def city_zones() -> dict[tuple[str, str], int]:
    """(city in lower case, state) -> its zone's number, in states that have several zones, where the city has one.

    A stray ZIP among twenty is taken for an error of the table.
    """
    several = [state for state, found in state_zones().items() if len(found) > 1]
    counted = (
        places().filter(pl.col("state").is_in(several)).drop_nulls("time_zone")
        .group_by("state", "time_zone", city=pl.col("city").str.to_lowercase()).len()
        .with_columns(share=pl.col("len") / pl.col("len").sum().over("city", "state"))
        .filter(pl.col("share") >= 0.95)
    )  # fmt: skip
    number = {zone: i for i, zone in enumerate(zones())}
    return {
        (city, state): number[zone] for city, state, zone in counted.select("city", "state", "time_zone").iter_rows()
    }
