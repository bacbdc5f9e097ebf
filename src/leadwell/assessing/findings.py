"""How is a finding written? 'met', 'not met', or NULL until the assessment says 'unknown'."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Final

import polars as pl

MET, NOT_MET, UNKNOWN = "met", "not met", "unknown"


_KEYS: Final = pl.List(pl.String())
_NOTHING_ASKED: Final = {
    "asked.services": pl.Series("asked.services", [[]], dtype=_KEYS),
    "asked.elsewhere": pl.Series("asked.elsewhere", [[]], dtype=_KEYS),
    "asked.offers": pl.Series("asked.offers", [[]], dtype=_KEYS),
    "unwanted.services": pl.Series("unwanted.services", [None], dtype=_KEYS),
}
_FOUND: Final = pl.lit(pl.Series([NOT_MET, MET, UNKNOWN], dtype=pl.String))


def met_or_not(holds: pl.Expr) -> pl.Expr:
    """A Boolean as text, UNKNOWN where it is NULL."""
    return _FOUND.gather(holds.cast(pl.UInt32).fill_null(2))  # a `when` for each value would work it out for each


def keys_in(context: str, mentions: str) -> pl.Expr:
    """Keys of `read.<mentions>` that are named in that context, in order; NULL where nothing is named at all."""
    in_context = pl.element().struct.field("context") == context
    return pl.col(f"read.{mentions}").list.eval(pl.element().struct.field("key").filter(in_context))


def asked_for(frame: pl.DataFrame) -> list[pl.Series]:
    """`asked.services`, `asked.elsewhere`, `asked.offers`: keys of what the words ask for, in order, each once.

    An empty list where there is nothing. And `unwanted.services`, NULL where nothing is named at all.
    """
    named = {name: frame.get_column(f"read.{name}") for name in ("services", "elsewhere", "offers")}
    silent = {name for name, mentions in named.items() if mentions.null_count() == frame.height}
    told = frame[[f"read.{name}" for name in named]].select(expr for name, expr in _asked() if name not in silent)
    columns = {column.name: column for column in told}
    return [
        columns[name] if name in columns else nothing.new_from_index(0, frame.height)
        for name, nothing in _NOTHING_ASKED.items()
    ]


@cache
def _asked() -> list[tuple[str, pl.Expr]]:
    """What is asked for, and of which mentions that is made."""
    nothing = pl.lit([], dtype=pl.List(pl.String))
    wanted = (
        (name, keys_in("asserted", name).list.unique(maintain_order=True).fill_null(nothing).alias(f"asked.{name}"))
        for name in ("services", "elsewhere", "offers")
    )
    return [*wanted, ("services", keys_in("negated", "services").alias("unwanted.services"))]


def look_up(key: str, values: Mapping[str, str | None]) -> pl.Expr:
    """What goes with the text of column `key`; NULL where nothing does."""
    return pl.col(key).replace_strict(list(values), list(values.values()), default=None, return_dtype=pl.String)


def named(values: Mapping[str, str], key: pl.Expr) -> pl.Expr:
    """The name that goes with a key; the key itself where it has none."""
    return key.replace(list(values), list(values.values())) if values else key
