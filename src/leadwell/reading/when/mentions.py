"""Which days do a column of texts name, and are they past or to come? One row a mention."""

from __future__ import annotations

import unicodedata
from datetime import date
from functools import cache, lru_cache
from typing import Any, Final

import polars as pl

from leadwell.reading.when import context, stretches
from leadwell.reading.when.days import EARLIEST, LATEST, Span
from leadwell.reading.when.grammar import parse
from leadwell.reading.when.stretches import trie
from leadwell.reading.when.vocabulary import vocabulary

# A mention: where it stands, its words as received and folded, its first and last day (NULL: open), how wide it is
# (grain), what stands before it (role), what it is (kind), and whether it is past.
MENTIONS: Final[dict[str, pl.DataType]] = {
    "row": pl.UInt32(), "field": pl.String(), "received": pl.Date(), "words": pl.String(), "said": pl.String(),
    "start": pl.UInt32(), "end": pl.UInt32(),
    "first": pl.Date(), "last": pl.Date(), "grain": pl.String(), "role": pl.String(),
    "kind": pl.String(),   # day | deadline | opens | birth | soon | call | refused
    "tense": pl.String(),  # past | now | future
}  # fmt: skip

# What the grammar says of one stretch: from and to count from its start.
_DAYS: Final[dict[str, pl.DataType]] = {
    "at": pl.UInt32(), "from": pl.UInt32(), "to": pl.UInt32(), "grain": pl.String(), "role": pl.String(),
    "said": pl.String(),
    "first": pl.Date(), "last": pl.Date(), "back_first": pl.Date(), "back_last": pl.Date(),
}  # fmt: skip
# The very words of a mention.
WORDS: Final = pl.col("text").str.slice("start", pl.col("end") - pl.col("start"))


def _plain_table() -> dict[int, str]:
    letters = (chr(code) for code in (*range(0xC0, 0x250), *range(0x1E00, 0x1F00)))
    return {ord(c): base.lower() for c in letters if (base := unicodedata.normalize("NFKD", c)[0]).isascii()} | {
        0x2019: "'"
    }


_PLAIN: Final = _plain_table() | {code: chr(code + 32) for code in range(65, 91)}


_LONGEST: Final = 300  # the grammar rewrites a stretch again and again: what follows in a longer one is noise


@lru_cache(maxsize=400_000)
def _days(stretch: str, day_first: bool, received: date) -> tuple[tuple[Any, ...], ...]:
    """The days in a stretch as rows of _DAYS without `at`."""
    plain = stretch[:_LONGEST].translate(_PLAIN)
    found = []
    for start, end, grain, role, when in parse(plain, day_first):
        span = when(received)
        if span is not None and _sane(span):
            found.append(
                (start, end, grain, role, plain[start:end], span.first, span.last, *(span.back or (None, None)))
            )
    return tuple(found)


@cache
def _of(language: str) -> str:
    return f" {trie(vocabulary().around[language])} "


def _sane(span: Span) -> bool:
    return all(day is None or EARLIEST <= day <= LATEST for day in (span.first, span.last))


def found_days(texts: pl.DataFrame) -> pl.DataFrame:
    """Every day named: the columns of `texts` and start, end, said, grain, role, first, last, back_first, back_last."""
    found = stretches.find(texts)
    if found.is_empty():
        return found.clear()
    figures = pl.col("stretch").str.contains("[0-9][/.-][0-9]")
    words = " " + pl.when(figures).then("folded").str.replace_all("[^a-z]", " ") + " "
    spanish = words.str.count_matches(_of("spanish")) > words.str.count_matches(_of("english"))
    found = found.with_columns(day_first=spanish.fill_null(False))
    keys = ["stretch", "day_first", "received"]
    distinct = found.select(keys).unique(maintain_order=True).with_row_index("at")
    days = [(at, *day) for at, *key in distinct.iter_rows() for day in _days(*key)]
    named = pl.DataFrame(days, schema=_DAYS, orient="row")
    both = (
        found.lazy().join(distinct.lazy(), on=keys, how="inner", maintain_order="left")
        .join(named.lazy(), on="at", how="inner", maintain_order="left_right")
    )  # fmt: skip
    return (
        both.with_columns(start=pl.col("start") + pl.col("from"), end=pl.col("start") + pl.col("to"))
        .drop("from", "to", "at", "stretch", "day_first").collect(optimizations=stretches.AS_WRITTEN)
    )  # fmt: skip


def read_mentions(texts: pl.DataFrame) -> pl.DataFrame:
    """`texts` as in `read_times` -> MENTIONS, by row and place."""
    found = found_days(texts)
    if found.is_empty():
        return pl.DataFrame(schema=MENTIONS)
    around = context.around(found.lazy()).filter(context.is_day())
    received, past = pl.col("received"), pl.col("past") | (pl.col("papers") & (pl.col("role") == "from"))
    back = (
        (past | (pl.col("role") == "since"))
        & pl.col("back_last").is_not_null()
        & pl.col("role").is_in(["on", "this", "since", "from"])
    )
    around = around.with_columns(
        first=pl.when(back).then("back_first").otherwise("first"),
        last=pl.when(back).then("back_last").otherwise("last"),
    )
    gone = (pl.col("last") < received) | pl.col("role").is_in(["ago", "since"]) & (pl.col("first") <= received)
    covers = (pl.col("first") <= received) & (pl.col("last") >= received)
    return (
        around.with_columns(
            kind=_kind(),
            words=WORDS,
            role=pl.when(pl.col("refused") & (pl.col("role") == "before")).then(pl.lit("from")).otherwise("role"),
            tense=pl.when(gone | (covers & past & ~pl.col("role").is_in(["within", "in", "before"])))
            .then(pl.lit("past"))
            .when(covers)
            .then(pl.lit("now"))
            .otherwise(pl.lit("future")),
        )
        .select(pl.col(name).cast(kind) for name, kind in MENTIONS.items())
        .collect(optimizations=stretches.AS_WRITTEN)
    )


def _kind() -> pl.Expr:
    day = pl.col("grain").is_in(["d", "o", "b"])
    return (
        pl.when("birth").then(pl.lit("birth"))
        .when(pl.col("refused") & ~pl.col("role").is_in(["after", "from", "until", "before"])).then(pl.lit("refused"))
        .when("call").then(pl.lit("call"))
        .when("opens").then(pl.lit("opens"))
        .when(pl.col("term") & (pl.col("role") != "after")).then(pl.lit("deadline"))
        .when(pl.col("event") & day & (pl.col("role") != "after")).then(pl.lit("deadline"))
        .otherwise(pl.lit("day"))
    )  # fmt: skip
