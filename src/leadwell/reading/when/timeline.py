"""Of all the days that a lead's words name, in which is care wanted, by which, and when was the patient born?"""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from typing import Final

import polars as pl

from leadwell.contract import EVIDENCE, WORDS
from leadwell.reading.when.mentions import MENTIONS
from leadwell.reading.when.stretches import AS_WRITTEN, marked, trie
from leadwell.reading.when.vocabulary import vocabulary

_FIRST: Final = ("timeline", *(field for field in WORDS if field not in ("timeline", "best_time")))
_SOON_DAYS, _OPENING_DAYS = 7, 14


@cache
def _haste(*kinds: str) -> str:
    words = trie(word.replace(".", " ") for kind in kinds for word in vocabulary().around[kind])
    return rf"(?-u:\b){words}(?-u:\b)"


def haste(texts: pl.DataFrame) -> pl.DataFrame:
    """ "As soon as possible" is a week, "the first opening" two: mentions of kind `soon`."""
    found = marked(texts, _haste("soon", "opening"), _haste("soon", "opening"))
    if found.is_empty():
        return pl.DataFrame(schema=MENTIONS)
    opening = (
        pl.col("folded").str.slice(pl.col("start"), pl.col("stretch").str.len_chars()).str.contains(_haste("opening"))
    )
    days = pl.when(opening).then(timedelta(days=_OPENING_DAYS)).otherwise(timedelta(days=_SOON_DAYS))
    said = {"grain": "h", "role": "within", "kind": "soon", "tense": "now"}
    return found.with_columns(
        pl.lit(value).alias(name) for name, value in said.items()
    ).with_columns(
        end=pl.col("start") + pl.col("stretch").str.len_chars(), said="stretch", words="stretch", first="received",
        last=pl.col("received") + days,
    ).select(pl.col(name).cast(dtype) for name, dtype in MENTIONS.items())  # fmt: skip


def evidence(start: str = "start", end: str = "end") -> pl.Expr:
    return pl.struct(field=pl.col("field"), text=pl.col("words"), start=pl.col(start), end=pl.col(end)).cast(EVIDENCE)


def _order() -> pl.Expr:
    return pl.col("field").replace_strict(list(_FIRST), range(len(_FIRST)), default=len(_FIRST), return_dtype=pl.UInt8)


def wanted(mentions: pl.DataFrame) -> pl.DataFrame:
    """MENTIONS -> row, timeline_start, timeline_end, timeline@, deadline, deadline@.

    The field that asks for it comes first, then the message; a plain wish before an event, an event before mere haste.
    """
    due = pl.col("due").is_not_null()
    weight = pl.when(pl.col("kind") == "soon").then(2).when(due & (pl.col("kind") == "deadline")).then(1).otherwise(0)
    return (
        mentions.lazy()
        .filter((pl.col("tense") != "past") & (pl.col("field") != "best_time"))
        .filter(pl.col("kind").is_in(["day", "deadline", "opens", "soon"]))
        .with_columns(_wanted()).with_columns(order=_order(), weight=weight)
        .sort("row", "order", "weight", "start", maintain_order=True)
        .group_by("row", maintain_order=True).agg(
            pl.col("from_day").first().alias("timeline_start"), pl.col("to_day").first().alias("timeline_end"),
            evidence().first().alias("timeline@"), pl.col("due").filter(due).first().alias("deadline"),
            evidence().filter(due).first().alias("deadline@"),
        ).collect(optimizations=AS_WRITTEN)
    )  # fmt: skip


def _wanted() -> list[pl.Expr]:
    """A period's days by what stands before it: "before the end of December" runs from the day received."""
    first, last, received, role = (pl.col(name) for name in ("first", "last", "received", "role"))
    day = timedelta(days=1)
    by = pl.when(pl.col("grain") == "l").then(last).when(pl.col("grain").is_in(["d", "o", "b"])).then(first).otherwise(
        pl.when(first > received).then(first - day).otherwise(last)
    )  # fmt: skip
    # "Surgery in six months" is no fixed day.
    month = pl.col("grain") == "m"
    fixed = (pl.col("kind") == "deadline") & (month | ~role.is_in(["in", "within", "after", "from"]))
    due = pl.when(role == "before").then(by).when(fixed).then(first)
    start = (
        pl.when(role == "before").then(received)
        .when(pl.col("kind") == "opens").then(first)
        .when(role == "after").then(last + day)
        .otherwise(pl.max_horizontal(first, received))
    )  # fmt: skip
    end = (
        pl.when(due.is_not_null())
        .then(due)
        .when((pl.col("kind") == "opens") | role.is_in(["after", "from", "since"]))
        .then(None)
        .otherwise(last)
    )
    return [start.alias("from_day"), end.alias("to_day"), due.alias("due")]


def born(mentions: pl.DataFrame) -> pl.DataFrame:
    """row, birth_date, birth_date@: two figures of a year never mean a birth to come."""
    one = mentions.filter(
        (pl.col("kind") == "birth")
        & (pl.col("first") == pl.col("last"))
        & pl.col("role").is_in(["on", "from", "since"])
    )
    day = pl.when(pl.col("first") > pl.col("received")).then(pl.col("first").dt.offset_by("-100y")).otherwise("first")
    return one.group_by("row", maintain_order=True).agg(
        day.first().alias("birth_date"), evidence().first().alias("birth_date@")
    )


def aged(ages: pl.DataFrame) -> pl.DataFrame:
    """AGES -> row, age, age@: kin's before the writer's own; nothing where two patients are named."""
    kinds = ["kin", "self", "patient"]
    rank = pl.col("whose").replace_strict(kinds, [0, 1, 2], return_dtype=pl.UInt8)
    one = ~((pl.col("rank").first() == 0) & (pl.col("years").filter(pl.col("rank") == 0).n_unique() > 1))
    return (
        ages.lazy().filter(pl.col("whose").is_in(kinds)).with_columns(rank=rank)
        .sort("row", "rank", maintain_order=True).group_by("row", maintain_order=True)
        .agg(
            pl.when(one).then(pl.col("years").first()).alias("age"), pl.when(one).then(evidence().first()).alias("age@")
        )
        .collect(optimizations=AS_WRITTEN)
    )  # fmt: skip
