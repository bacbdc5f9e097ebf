"""Of all the days that a lead's words name, in which is care wanted, by which, and when was the patient born?"""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from typing import Final

import polars as pl

from leadwell.contract import EVIDENCE, WORDS
from leadwell.reading.when.mentions import MENTIONS
from leadwell.reading.when.stretches import marked, trie
from leadwell.reading.when.vocabulary import vocabulary

_FIRST: Final = ("timeline", *(field for field in WORDS if field not in ("timeline", "best_time")))
_HASTE_DAYS: Final = {"soon": 7, "opening": 14}


@cache
def _haste(kind: str) -> str:
    words = trie(word.replace(".", " ") for word in vocabulary().around[kind])
    return rf"(?-u:\b){words}(?-u:\b)"


def haste(texts: pl.DataFrame) -> pl.DataFrame:
    """"As soon as possible" is a week, "the first opening" two: mentions of kind `soon`."""
    parts = [
        marked(texts, _haste(kind), _haste(kind)).with_columns(
            end=pl.col("start") + pl.col("stretch").str.len_chars(), said="stretch", first="received",
            last=pl.col("received") + timedelta(days=days), grain=pl.lit("h"), role=pl.lit("within"), kind=pl.lit("soon"),
            tense=pl.lit("now"),
        )
        for kind, days in _HASTE_DAYS.items()
    ]  # fmt: skip
    return pl.concat(parts).select(pl.col(name).cast(dtype) for name, dtype in MENTIONS.items())


def evidence(start: str = "start", end: str = "end") -> pl.Expr:
    return pl.struct(field=pl.col("field"), text=pl.col("words"), start=pl.col(start), end=pl.col(end)).cast(EVIDENCE)


def _order() -> pl.Expr:
    return pl.col("field").replace_strict(list(_FIRST), range(len(_FIRST)), default=len(_FIRST), return_dtype=pl.UInt8)


def wanted(mentions: pl.DataFrame) -> pl.DataFrame:
    """`mentions` with row, received and words -> row, timeline_start, timeline_end, timeline@, deadline, deadline@."""
    ahead = mentions.filter(
        (pl.col("tense") != "past") & pl.col("kind").is_in(["day", "deadline", "opens", "soon"]) & (pl.col("field") != "best_time")
    ).with_columns(_wanted())
    ahead = ahead.with_columns(
        order=_order(), weight=pl.when(pl.col("kind") == "soon").then(2).when(pl.col("due").is_not_null() & (pl.col("kind") == "deadline")).then(1).otherwise(0)
    ).sort("row", "order", "weight", "start", maintain_order=True)  # fmt: skip
    best = ahead.group_by("row", maintain_order=True).agg(
        timeline_start=pl.col("from_day").first(), timeline_end=pl.col("to_day").first(), timeline_at=evidence().first()
    )
    due = ahead.filter(pl.col("due").is_not_null()).group_by("row", maintain_order=True).agg(
        deadline=pl.col("due").first(), deadline_at=evidence().first()
    )  # fmt: skip
    return best.join(due, on="row", how="left").rename({"timeline_at": "timeline@", "deadline_at": "deadline@"})


def _wanted() -> list[pl.Expr]:
    """A period's days by what stands before it: "before the end of December" runs from the day received."""
    first, last, received, role = (pl.col(name) for name in ("first", "last", "received", "role"))
    day = timedelta(days=1)
    by = pl.when(pl.col("grain") == "l").then(last).when(pl.col("grain").is_in(["d", "o"])).then(first).otherwise(
        pl.when(first > received).then(first - day).otherwise(last)
    )  # fmt: skip
    due = pl.when(role == "before").then(by).when(pl.col("kind") == "deadline").then(first)
    start = (
        pl.when(due.is_not_null()).then(received)
        .when(pl.col("kind") == "opens").then(first)
        .when(role == "after").then(last + day)
        .otherwise(pl.max_horizontal(first, received))
    )  # fmt: skip
    end = pl.when(due.is_not_null()).then(due).when((pl.col("kind") == "opens") | role.is_in(["after", "from", "since"])).then(None).otherwise(last)
    return [start.alias("from_day"), end.alias("to_day"), due.alias("due")]


def born(mentions: pl.DataFrame) -> pl.DataFrame:
    """row, birth_date, birth_date@: two figures of a year never mean a birth to come."""
    one = mentions.filter((pl.col("kind") == "birth") & (pl.col("first") == pl.col("last")) & pl.col("role").is_in(["on", "from", "since"]))
    day = pl.when(pl.col("first") > pl.col("received")).then(pl.col("first").dt.offset_by("-100y")).otherwise("first")
    return one.group_by("row", maintain_order=True).agg(day.first().alias("birth_date"), evidence().first().alias("birth_date@"))


def aged(ages: pl.DataFrame) -> pl.DataFrame:
    """row, age, age@: kin's before the writer's own; nothing where two patients are named."""
    rank = pl.col("whose").replace_strict(["kin", "self", "patient"], [0, 1, 2], return_dtype=pl.UInt8)
    best = ages.filter(pl.col("whose") != "other").with_columns(rank=rank).filter(pl.col("rank") == pl.col("rank").min().over("row"))
    two = (pl.col("rank").first() == 0) & (pl.col("years").n_unique() > 1)
    return best.group_by("row", maintain_order=True).agg(
        age=pl.when(~two).then(pl.col("years").first()), age_at=pl.when(~two).then(evidence().first())
    ).rename({"age_at": "age@"})  # fmt: skip
