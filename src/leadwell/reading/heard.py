"""What do the phrases of a kind say where they share words? The leftmost and longest counts, and "none" says nothing.

So "don't have a referral" says no although "have a referral" stands in it, and "urgent care" is not urgent. `Heard`
holds what is left, by kind, for the rules of `telling`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl

from leadwell.contract import EVIDENCE, READ_VALUES
from leadwell.reading.mentions import Mentions

NONE: Final = "none"
# Kind, first word, length and silence share one number, so that one sort orders by all of them.
_LONGEST: Final = 255
_PLACE: Final = 512
_KIND: Final = 1 << 50


@dataclass(frozen=True)
class Heard:
    mentions: Mentions
    kinds: dict[str, pl.DataFrame]
    empty: pl.DataFrame

    @classmethod
    def of_kinds(cls, mentions: Mentions, kinds: Sequence[str]) -> Heard:
        order = pl.Enum(list(kinds))
        own = mentions.table.filter(pl.col("kind").is_in(kinds))
        own = _outermost(own.with_columns(pl.col("kind").cast(pl.String).cast(order)))
        parts = own.partition_by("kind", as_dict=True, maintain_order=True) if own.height else {}
        return cls(mentions, {str(kind): part for (kind,), part in parts.items()}, own.clear())

    def all(self, kind: str) -> pl.DataFrame:
        return self.kinds.get(kind, self.empty)

    def asserted(self, kind: str) -> pl.DataFrame:
        """Those that are simply said: not denied, not supposed, not over, of nobody else."""
        found = self.all(kind)
        return found if found.is_empty() else found.filter(pl.col("context") == "asserted")

    def fact(self, name: str, found: pl.DataFrame, value: pl.Expr | None = None) -> pl.DataFrame:
        """`read.<name>` and its evidence, of the first mention of each lead in `found`; NULL where there is none."""
        if found.is_empty():
            return self._nothing(name)
        first = found.unique("row", keep="first", maintain_order=True) if found.height > 1 else found
        received = pl.lit(self.mentions.texts.frame["received"].gather(first["text"]))
        words = pl.struct(
            pl.col("field").cast(pl.String),
            received.str.slice("start", pl.col("end") - pl.col("start")).alias("text"),
            "start", "end",
        )  # fmt: skip
        given = (pl.col("key") if value is None else value).cast(READ_VALUES[name])
        return self.by_lead(first.select("row", given.alias(f"read.{name}"), words.alias(f"read.{name}@")))

    def by_lead(self, told: pl.DataFrame) -> pl.DataFrame:
        """`Mentions.by_lead`, without its steps where there is one lead only."""
        return told.drop("row") if self.mentions.height == told.height == 1 else self.mentions.by_lead(told)

    def _nothing(self, name: str) -> pl.DataFrame:
        none = pl.Series([None], dtype=pl.Null).new_from_index(0, self.mentions.height)
        return pl.DataFrame({f"read.{name}": none.cast(READ_VALUES[name]), f"read.{name}@": none.cast(EVIDENCE)})


def _outermost(found: pl.DataFrame) -> pl.DataFrame:
    """Of mentions of a kind that share words the leftmost, then the longest; without those that say nothing."""
    if found.is_empty():
        return found
    kind = pl.col("kind").to_physical().cast(pl.Int64) * _KIND
    first, length = pl.col("first").cast(pl.Int64), (pl.col("last") - pl.col("first")).cast(pl.Int64)
    silent = pl.col("key") == NONE
    order = kind + first * _PLACE + (_LONGEST - length) * 2 + (~silent).cast(pl.Int64)  # the longest, silence first
    placed = found.with_columns(order=order, to=kind + (first + length) * _PLACE).sort("order", maintain_order=True)
    seen = pl.col("to").cum_max().shift(1, fill_value=-1)
    begins = kind + first * _PLACE
    return placed.filter((begins > seen) & (pl.col("key") != NONE)).drop("order", "to")
