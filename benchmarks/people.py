"""What does a long list of people look like? Invented ones, for measuring: households, repeats with errors, gaps.

Names follow the US census; telephone numbers are random digits, since a million people cannot share the hundred
fictional numbers of an exchange.

`python -m benchmarks.people [ROWS ...]`: how long linking takes, with how much memory, and how right it is.
"""

from __future__ import annotations

import resource
import sys
import time

import numpy as np
import numpy.typing as npt
import polars as pl

from leadwell import identity
from leadwell.identity.names import shares

Draw = np.random.Generator
# How many rows tell what.
TOLD = {"birth_date": 0.6, "address": 0.4, "zip": 0.8, "city": 0.6, "email": 0.85, "phone": 0.9}
STREETS = (
    "Oak",
    "Maple",
    "Cedar",
    "Lake",
    "Hill",
    "Park",
    "Elm",
    "Pine",
    "Walnut",
    "Spring",
    "North",
    "Ridge",
    "Church",
)
KINDS = ("St", "Ave", "Dr", "Rd", "Ln", "Ct", "Blvd")


def _picked(draw: Draw, names: pl.DataFrame, count: int) -> pl.Series:
    chance = names["share"].to_numpy() / names["share"].sum()
    return names["name"].gather(pl.Series(draw.choice(len(names), count, p=chance)))


def _mistyped(draw: Draw, texts: pl.Series, share: float) -> pl.Series:
    """One letter left out, in some."""
    at = pl.Series(draw.integers(1, 5, len(texts)))
    wrong = pl.Series(draw.random(len(texts)) < share)
    frame = pl.DataFrame({"t": texts, "at": at, "w": wrong})
    shorter = pl.concat_str(pl.col("t").str.slice(0, pl.col("at")), pl.col("t").str.slice(pl.col("at") + 1))
    return frame.select(pl.when(pl.col("w")).then(shorter).otherwise("t")).to_series()


def _some(draw: Draw, column: pl.Series, share: float) -> pl.Series:
    """NULL but in this share of the rows."""
    return column.to_frame("v").select(pl.when(pl.Series(draw.random(len(column)) < share)).then("v")).to_series()


def _homes(draw: Draw, count: int) -> pl.DataFrame:
    digits = draw.integers(2_000_000_000, 9_999_999_999, count)
    street = pl.Series(STREETS).gather(pl.Series(draw.integers(0, len(STREETS), count)))
    second = pl.Series(STREETS).gather(pl.Series(draw.integers(0, len(STREETS), count)))
    kind = pl.Series(KINDS).gather(pl.Series(draw.integers(0, len(KINDS), count)))
    zips = pl.Series(10_000 + (draw.pareto(1.2, count) * 300).astype(np.int64) % 80_000).cast(pl.String)
    towns = shares()["family"]["name"].head(1_000)
    return pl.DataFrame({"street": street + second.str.to_lowercase() + " " + kind, "zip": zips}).select(
        phone=pl.Series(digits).cast(pl.String),
        address=pl.concat_str(pl.Series(draw.integers(1, 9_999, count)).cast(pl.String), pl.lit(" "), "street"),
        zip="zip",
        city=towns.gather(zips.str.slice(0, 3).cast(pl.Int64)) + "ville",
        home_family=_picked(draw, shares()["family"], count),
    )


def _persons(draw: Draw, count: int) -> pl.DataFrame:
    """Nine in ten live alone in the list; the others share home, telephone and mostly the family name."""
    homes = _homes(draw, count)
    home: npt.NDArray[np.int64] = np.arange(count)
    shared = draw.random(count) < 0.1
    home[shared] = np.maximum(home[shared] - 1, 0)
    given, family = _picked(draw, shares()["given"], count), _picked(draw, shares()["family"], count)
    born = pl.Series(draw.integers(-14_600, 18_500, count), dtype=pl.Int32).cast(pl.Date)
    own = pl.Series(draw.random(count) < 0.2)
    return homes[home].with_columns(
        given=given,
        family=pl.when(own).then(family).otherwise("home_family"),
        birth_date=born,
        email=pl.concat_str(given, pl.lit("."), family, pl.Series(draw.integers(1, 9_999, count)).cast(pl.String))
        + "@example.com",
        person=pl.int_range(count),
    )


def people(rows: int, *, repeats: float = 0.03, seed: int = 1) -> pl.DataFrame:
    """A list for `identity.link`, in no order, and `person`, the truth."""
    draw = np.random.default_rng(seed)
    again = round(rows * repeats)
    first = _persons(draw, rows - again)
    second = _repeated(draw, first, again)
    frame = pl.concat([first, second], how="vertical")[draw.permutation(rows)]
    one = [pl.concat_list(pl.col(name)).list.drop_nulls().alias(f"{name}s") for name in ("phone", "email")]
    return frame.with_columns(
        _some(draw, frame[name], share).alias(name) for name, share in TOLD.items()
    ).select(pl.int_range(1, rows + 1, dtype=pl.UInt32).alias("row"), "given", "family", "birth_date", *one, "address",
             "city", "zip", "person")  # fmt: skip


def _repeated(draw: Draw, first: pl.DataFrame, again: int) -> pl.DataFrame:
    """Rows once more, some with a typing error, another number or another mailbox."""
    rows = first[draw.integers(0, len(first), again)]
    other = _homes(draw, again)["phone"]
    changed = pl.Series(draw.random(again) < 0.15)
    return rows.with_columns(
        given=_mistyped(draw, rows["given"], 0.08),
        family=_mistyped(draw, rows["family"], 0.08),
        phone=pl.when(changed).then(other).otherwise("phone"),
    )


def main() -> None:
    for rows in [int(argument) for argument in sys.argv[1:]] or [100_000, 300_000]:
        listed = people(rows)
        start, busy = time.perf_counter(), time.process_time()
        links = identity.link(listed.drop("person"))
        took, busy = time.perf_counter() - start, time.process_time() - busy
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
        truth = listed.select(row_a="row", a="person"), listed.select(row_b="row", b="person")
        sure = links.pairs.filter(pl.col("link") == "link").join(truth[0], on="row_a").join(truth[1], on="row_b")
        right = sure.select((pl.col("a") == pl.col("b")).mean()).item()
        found = links.clusters.join(listed, on="row").group_by("person").agg(pl.col("cluster").n_unique(), pl.len())
        whole = found.filter(pl.col("len") > 1).select((pl.col("cluster") == 1).mean()).item()
        possible = (links.pairs["link"] == "possible").sum()
        print(f"{rows:>9,} people: {took:.2f} s ({busy:.2f} s of processors), {memory:.2f} GB at most;")
        print(f"{'':>9} right links {right:.4f}, repeated people found whole {whole:.4f}, {possible:,} possible")


if __name__ == "__main__":
    main()
