"""What was found, and in which words? The one table that every rule of reading looks at."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
import polars as pl

from leadwell.contract import EVIDENCE, READ_VALUES
from leadwell.reading.finding import Texts
from leadwell.reading.grouped import Flags, Ints
from leadwell.reading.search import Search

_NONE: Final = np.zeros(0, dtype=np.int64)


@dataclass(frozen=True)
class Mentions:
    """`table`: a row a mention, sorted by lead, field and place (columns: see `finding.find`, and `context.CONTEXT`).

    `height`: how many leads there are. `texts`: what was searched (`texts.frame`: row, field, received, folded).
    `search`: for what.
    """

    height: int
    texts: Texts
    table: pl.DataFrame
    search: Search

    @property
    def phrases(self) -> pl.DataFrame:
        """Of each phrase its `wording`, as lexicon or playbook has it, and its `width` (`search`)."""
        return self.search.table

    def of(self, *kinds: str) -> pl.DataFrame:
        """Mentions of these kinds, with their words (`said`) as received."""
        at = self._places(kinds)
        return self.worded(self.table[at] if len(at) else self.table.clear())

    def leads(self, *kinds: str) -> Flags:
        """Which leads have a mention of these kinds."""
        told = np.zeros(self.height, dtype=np.bool_)
        told[self.table["row"].to_numpy()[self._places(kinds)]] = True
        return told

    def _places(self, kinds: Iterable[str]) -> Ints:
        """Where in the table mentions of these kinds stand."""
        wanted = np.zeros(self.search.table.height, dtype=np.bool_)
        for kind in kinds:
            wanted[self.search.kinds.get(kind, _NONE)] = True
        return np.flatnonzero(wanted[self.table["phrase"].to_numpy()])

    def worded(self, found: pl.DataFrame) -> pl.DataFrame:
        """The same mentions with their words as received (`said`)."""
        if found.is_empty():
            return found.with_columns(said=pl.lit(None, dtype=pl.String))
        received = pl.lit(self.texts.frame["received"]).gather(pl.col("text"))
        return found.with_columns(said=received.str.slice(pl.col("start"), pl.col("end") - pl.col("start")))

    def asserted(self, *kinds: str) -> pl.DataFrame:
        """Those that are simply said: not denied, not supposed, not over, of nobody else."""
        return self.of(*kinds).filter(pl.col("context") == "asserted")

    def fact(self, name: str, found: pl.DataFrame, value: pl.Expr | None = None) -> pl.DataFrame:
        """A fact of each lead and its evidence: `read.<name>`, `read.<name>@`.

        Of several mentions of one lead the first row of `found` counts: sort it by what outranks what. `value` is an
        expression over `found` (`pl.col("key")` unless given).
        """
        if found.is_empty() and name in READ_VALUES:
            return self.nothing(name)
        first = found.unique("row", keep="first", maintain_order=True) if found.height > 1 else found
        told = first.select("row", (pl.col("key") if value is None else value).alias(f"read.{name}"), evidence(name))
        return self.by_lead(told)

    def nothing(self, name: str) -> pl.DataFrame:
        """A fact and its evidence where no lead tells it."""
        return _nulls({f"read.{name}": READ_VALUES[name], f"read.{name}@": EVIDENCE}, self.height)

    def by_lead(self, told: pl.DataFrame) -> pl.DataFrame:
        """A frame keyed by `row` (each at most once) -> a row for each lead, in order, NULL where none was told."""
        if told.is_empty():
            return _nulls({name: dtype for name, dtype in told.schema.items() if name != "row"}, self.height)
        if told.height == self.height:
            return told.sort("row").drop("row")
        places = pl.Series([None], dtype=pl.UInt32).new_from_index(0, self.height)
        places = places.scatter(told["row"], pl.int_range(told.height, eager=True, dtype=pl.UInt32))
        return told.drop("row").select(pl.all().gather(pl.lit(places)))


def _nulls(schema: Mapping[str, pl.DataType], height: int) -> pl.DataFrame:
    return pl.DataFrame([_null(name, dtype).new_from_index(0, height) for name, dtype in schema.items()])


@cache
def _null(name: str, dtype: pl.DataType) -> pl.Series:
    return pl.Series(name, [None], dtype=dtype)


def evidence(name: str) -> pl.Expr:
    """The contract's evidence of a mention, as `read.<name>@`."""
    words = pl.struct(pl.col("field").cast(pl.String), pl.col("said").alias("text"), "start", "end")
    return words.cast(EVIDENCE).alias(f"read.{name}@")
