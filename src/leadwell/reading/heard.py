"""What do the phrases of a kind say where one lies inside another? The longest counts, and "none" says nothing.

`Heard` holds the mentions of the rules of one message at a time: by kind, without those that lie inside a longer one of
their own kind ("have a referral" inside "don't have a referral").
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl

from leadwell.contract import EVIDENCE, READ_VALUES
from leadwell.reading.mentions import Mentions, evidence

NONE: Final = "none"
_SHIFT: Final = 1 << 40  # beyond any word: kinds are told apart by how many times it a place is


@dataclass(frozen=True)
class Heard:
    mentions: Mentions
    kinds: dict[str, pl.DataFrame]
    empty: pl.DataFrame

    @classmethod
    def of_kinds(cls, mentions: Mentions, kinds: Sequence[str]) -> Heard:
        order = pl.Enum(list(kinds))
        own = mentions.table.filter(pl.col("kind").is_in(kinds)).with_columns(pl.col("kind").cast(pl.String).cast(order))
        own = _outermost(own)
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
        first = found.unique("row", keep="first", maintain_order=True)
        received = self.mentions.texts.frame["received"].gather(first["text"])
        told = first.with_columns(received.alias("received")).with_columns(
            said=pl.col("received").str.slice("start", pl.col("end") - pl.col("start"))
        )
        given = (pl.col("key") if value is None else value).cast(READ_VALUES[name])
        return self.mentions.by_lead(told.select("row", given.alias(f"read.{name}"), evidence(name)))

    def _nothing(self, name: str) -> pl.DataFrame:
        none = pl.Series([None], dtype=pl.Null).new_from_index(0, self.mentions.height)
        return pl.DataFrame({f"read.{name}": none.cast(READ_VALUES[name]), f"read.{name}@": none.cast(EVIDENCE)})


def _outermost(found: pl.DataFrame) -> pl.DataFrame:
    """Mentions that no longer one of their kind holds, without those that say nothing."""
    if found.is_empty():
        return found
    kind = pl.col("kind").to_physical().cast(pl.Int64) * _SHIFT
    placed = found.with_columns(
        from_=kind + pl.col("first"), to=kind + pl.col("last"), silent=pl.col("key") == NONE
    ).sort("from_", "to", "silent", descending=[False, True, True], maintain_order=True)
    seen = pl.col("to").cum_max().shift(1)
    return placed.filter((seen.is_null() | (pl.col("to") > seen)) & ~pl.col("silent")).drop("from_", "to", "silent")


def before(found: pl.DataFrame, cues: pl.DataFrame, within: int) -> pl.Series:
    """Which mentions have one of the cues before them in their sentence, with at most so many words between."""
    if found.is_empty() or cues.is_empty():
        return pl.repeat(False, found.height, eager=True)
    cues = cues.sort("last")
    nearest = cues["last"].search_sorted(found["first"], "left").cast(pl.Int64) - 1
    near = cues[nearest.clip(0).cast(pl.UInt32)]
    gap = found["first"].cast(pl.Int64) - near["last"].cast(pl.Int64) - 1
    return (nearest >= 0) & (near["sentence"] == found["sentence"]) & (gap <= within)
