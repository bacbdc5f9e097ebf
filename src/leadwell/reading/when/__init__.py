"""When is care wanted, how old is the patient, when were they born? Read from words, relative to the day they were received."""

from __future__ import annotations

from datetime import date
from typing import Final

import polars as pl

from leadwell.contract import EVIDENCE
from leadwell.reading.fold import fold
from leadwell.reading.when.ages import AGES, read_ages
from leadwell.reading.when.mentions import MENTIONS, read_mentions
from leadwell.reading.when.timeline import aged, born, haste, wanted

__all__ = ["AGES", "MENTIONS", "TIMES", "read_ages", "read_mentions", "read_times", "resolve"]

# What `read_times` answers beside `row`.
TIMES: Final[dict[str, pl.DataType | type[pl.DataType]]] = {
    "read.timeline_start": pl.Date(), "read.timeline_end": pl.Date(), "read.timeline@": EVIDENCE,
    "read.deadline": pl.Date(), "read.deadline@": EVIDENCE,
    "read.age": pl.Int32(), "read.age@": EVIDENCE,
    "read.birth_date": pl.Date(), "read.birth_date@": EVIDENCE,
}  # fmt: skip


def read_times(texts: pl.DataFrame) -> pl.DataFrame:
    """What the words of each lead say of time.

    `texts`: row (UInt32), field, text (without widthless characters), folded (by `fold`), received (Date, where the
    organisation is); any number of rows a lead. Answers each `row` of it once, in order of first appearance, with TIMES;
    NULL is "not said". Offsets count code points of `text`.
    """
    texts = texts.select("row", "field", "text", "folded", "received")
    mentions = _with_words(pl.concat([read_mentions(texts), haste(texts)]), texts)
    ages = _with_words(read_ages(texts), texts)
    answer = texts.select(pl.col("row").unique(maintain_order=True))
    for part in (wanted(mentions), born(mentions), aged(ages)):
        answer = answer.join(part.rename({name: f"read.{name}" for name in part.columns if name != "row"}), on="row", how="left", maintain_order="left")
    return answer.select("row", *(pl.col(name).cast(kind) for name, kind in TIMES.items()))


def _with_words(found: pl.DataFrame, texts: pl.DataFrame) -> pl.DataFrame:
    """Adds `received` and the very `words`, as received."""
    kept = texts.select("row", "field", "text", "received").join(found.select("row", "field").unique(), on=["row", "field"], how="semi")
    joined = found.join(kept, on=["row", "field"], how="left", maintain_order="left")
    return joined.with_columns(words=pl.col("text").str.slice(pl.col("start"), pl.col("end") - pl.col("start"))).drop("text")


def resolve(text: str, reference: date) -> pl.DataFrame:
    """The days that one text names: MENTIONS. For tests, benchmarks and a curious developer."""
    texts = pl.DataFrame(
        {"row": [0], "field": ["message"], "text": [text], "received": [reference]}, schema_overrides={"row": pl.UInt32}
    )
    return read_mentions(texts.with_columns(folded=fold(texts["text"])))
