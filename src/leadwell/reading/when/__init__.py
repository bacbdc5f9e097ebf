"""When is care wanted, how old is the patient, when were they born? In words, counted from the day of receipt."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final

import numpy as np
import polars as pl

from leadwell.contract import EVIDENCE
from leadwell.reading.evidence import Spans
from leadwell.reading.facts import Facts
from leadwell.reading.fold import fold
from leadwell.reading.grouped import Ints
from leadwell.reading.when.ages import AGES, found_ages, read_ages
from leadwell.reading.when.likely import Likely
from leadwell.reading.when.mentions import MENTIONS, meant, read_mentions
from leadwell.reading.when.timeline import Told, aged, born, haste, order, wanted

__all__ = ["AGES", "MENTIONS", "TIMES", "Likely", "read_ages", "read_mentions", "read_times", "resolve"]

# What `read_times` answers beside `row`, each under `read.`.
TIMES: Final[dict[str, pl.DataType | type[pl.DataType]]] = {
    "timeline_start": pl.Date(), "timeline_end": pl.Date(), "timeline@": EVIDENCE,
    "deadline": pl.Date(), "deadline@": EVIDENCE,
    "age": pl.Int32(), "age@": EVIDENCE,
    "own_age": pl.Int32(), "own_age@": EVIDENCE,
    "birth_date": pl.Date(), "birth_date@": EVIDENCE,
}  # fmt: skip


def read_times(texts: pl.DataFrame, likely: Likely | None = None) -> pl.DataFrame:
    """What the words of each lead say of time.

    `texts`: row (UInt32), field, text (without widthless characters), folded (by `fold`), received (Date, where the
    organisation is); any number of texts a lead, which stand together. `likely`: in which of them to look, where that
    is known. Answers each `row` once, in order, with TIMES; NULL is "not said". Offsets count code points of `text`.
    """
    rows, lead = _leads(texts["row"])
    facts = Facts(len(rows), texts["field"], texts["text"])
    for names, told, spans in _told(texts, lead, likely):
        has = np.zeros(len(rows), dtype=np.bool_)
        has[told.lead] = True
        for name, values in zip(names, told.values, strict=False):
            facts.add_value(name, has, pl.Series(values), np.arange(len(values)))
        facts.add_words(names[-1], has, Spans(*(part[told.by] for part in spans)))
    columns = {column.name: column for column in facts.columns()}
    none = pl.Series([None], dtype=pl.Null).new_from_index(0, len(rows))
    answers = [columns.get(f"read.{n}", none).cast(kind).alias(f"read.{n}") for n, kind in TIMES.items()]
    return pl.DataFrame([rows, *answers])


def _leads(row: pl.Series) -> tuple[pl.Series, Ints]:
    """The rows, and which of them each text is of."""
    rows = row.to_numpy()
    starts = np.concatenate(([True], rows[1:] != rows[:-1]))[: len(rows)]
    return row.filter(pl.Series(starts)).alias("row"), np.cumsum(starts) - 1


def _told(
    texts: pl.DataFrame, lead: Ints, likely: Likely | None
) -> Iterator[tuple[tuple[str, ...], Told, tuple[Ints, Ints, Ints]]]:
    """Which facts (the last is the one with evidence), what is told of them, and where the mentions that do stand."""
    day, age, soon_ = likely or (None, None, None)
    days, soon, old = meant(texts, day), haste(texts, soon_), found_ages(texts, age)
    found = [mentions for mentions in (days[0] if days else None, soon) if mentions is not None]
    if found:
        mentions = found[0] if len(found) == 1 else found[0].followed(found[1])
        whose, spans = lead[mentions.at], (mentions.at, mentions.start, mentions.end)
        period, deadline = wanted(mentions, whose, order(texts["field"][pl.Series(mentions.at)]))
        yield ("timeline_start", "timeline_end", "timeline"), period, spans
        yield ("deadline",), deadline, spans
        yield ("birth_date",), born(mentions, whose), spans
    if old is not None:
        spans = (old.at, old.start, old.end)
        yield ("age",), aged(old, lead[old.at]), spans
        yield ("own_age",), aged(old, lead[old.at], kin_too=False), spans


def resolve(text: str, reference: date) -> pl.DataFrame:
    """The days that one text names: MENTIONS. For tests, benchmarks and a curious developer."""
    texts = pl.DataFrame(
        {"row": [0], "field": ["message"], "text": [text], "received": [reference]}, schema_overrides={"row": pl.UInt32}
    )
    return read_mentions(texts.with_columns(folded=fold(texts["text"])))
