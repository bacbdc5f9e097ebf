"""When is care wanted, how old is the patient, when were they born? In words, counted from the day of receipt."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final

import polars as pl

from leadwell.contract import EVIDENCE
from leadwell.reading.fold import fold
from leadwell.reading.when.ages import AGES, read_ages
from leadwell.reading.when.mentions import MENTIONS, read_mentions
from leadwell.reading.when.stretches import AS_WRITTEN
from leadwell.reading.when.timeline import aged, born, haste, wanted

__all__ = ["AGES", "MENTIONS", "TIMES", "read_ages", "read_mentions", "read_times", "resolve"]

# What `read_times` answers beside `row`, each under `read.`.
TIMES: Final[dict[str, pl.DataType | type[pl.DataType]]] = {
    "timeline_start": pl.Date(), "timeline_end": pl.Date(), "timeline@": EVIDENCE,
    "deadline": pl.Date(), "deadline@": EVIDENCE,
    "age": pl.Int32(), "age@": EVIDENCE,
    "birth_date": pl.Date(), "birth_date@": EVIDENCE,
}  # fmt: skip


def read_times(texts: pl.DataFrame) -> pl.DataFrame:
    """What the words of each lead say of time.

    `texts`: row (UInt32), field, text (without widthless characters), folded (by `fold`), received (Date, where the
    organisation is); any number of rows a lead. Answers each `row` once, in order of first appearance, with TIMES;
    NULL is "not said". Offsets count code points of `text`.
    """
    texts = texts.select("row", "field", "text", "folded", "received")
    mentions, ages = pl.concat([read_mentions(texts), haste(texts)]), read_ages(texts)
    answer, known = texts.lazy().select(pl.col("row").unique(maintain_order=True)), set[str]()
    for part in _parts(mentions, ages):
        answer = answer.join(part.lazy(), on="row", how="left", maintain_order="left")
        known.update(part.columns)
    return answer.select(
        "row",
        *(
            (pl.col(name) if name in known else pl.lit(None)).cast(kind).alias(f"read.{name}")
            for name, kind in TIMES.items()
        ),
    ).collect(optimizations=AS_WRITTEN)


def _parts(mentions: pl.DataFrame, ages: pl.DataFrame) -> Iterator[pl.DataFrame]:
    if len(mentions):
        yield wanted(mentions)
        if (mentions["kind"] == "birth").any():
            yield born(mentions)
    if len(ages):
        yield aged(ages)


def resolve(text: str, reference: date) -> pl.DataFrame:
    """The days that one text names: MENTIONS. For tests, benchmarks and a curious developer."""
    texts = pl.DataFrame(
        {"row": [0], "field": ["message"], "text": [text], "received": [reference]}, schema_overrides={"row": pl.UInt32}
    )
    return read_mentions(texts.with_columns(folded=fold(texts["text"])))
