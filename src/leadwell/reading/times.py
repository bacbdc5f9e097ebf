"""When is care wanted, and how old is the patient? What `when` reads in the texts of a lead."""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl

from leadwell.playbook.model import Playbook
from leadwell.reading import when
from leadwell.reading.fold import received_offsets, without_widthless
from leadwell.reading.mentions import Mentions

_WRITES: Final = 13  # years; nobody younger writes for themselves
_FIELDS: Final = ("message", "subject", "referral_reason", "timeline")


def times(mentions: Mentions, frame: pl.DataFrame, playbook: Playbook) -> pl.DataFrame:
    """`read.timeline_start`, `_end`, `deadline`, `age`, `own_age`, `birth_date`; words are resolved against the day of
    receipt."""
    texts, likely = _texts(mentions, frame)
    clean = without_widthless(texts["received"])[0] if texts["odd"].any() else texts["received"]
    columns = {"row": texts["row"], "field": texts["field"].cast(pl.String), "text": clean, "folded": texts["folded"]}
    columns |= {"received": texts["day"]}
    told = when.read_times(pl.DataFrame([c.alias(name) for name, c in columns.items()]), likely)
    read = _as_received(told, texts)
    return read.drop("row") if read.height == mentions.height else mentions.by_lead(read)


def of_whom(told: pl.DataFrame, frame: pl.DataFrame) -> pl.DataFrame:
    """What was told, without the age of a relation where who writes asks for themselves ("I think I have postpartum
    depression. My baby is 4 months old"), or for a husband or wife, whose child it is. A field of `frame` that says for
    whom outranks the words."""
    stated = [frame[name].is_null() for name in ("asks_for", "relationship") if name in frame.columns]
    themselves, spouse = (told["read.asks_for"].eq_missing(whom) for whom in ("self", "spouse"))
    for unsaid in stated:
        themselves, spouse = themselves & unsaid, spouse & unsaid
    if not (themselves | spouse).any():
        return told
    young = pl.col("read.age") < _WRITES
    own = themselves & (pl.col("read.own_age").is_not_null() | ~(pl.col("read.age") >= _WRITES))
    return told.with_columns(
        pl.when(own).then(pl.col(f"read.own_age{words}")).when(~(spouse & young)).then(pl.col(age)).alias(age)
        for age, words in (("read.age", ""), ("read.age@", "@"))
    )


def _texts(mentions: Mentions, frame: pl.DataFrame) -> tuple[pl.DataFrame, when.Likely]:
    """The texts in which times count, of leads whose day of receipt (`day`) is known."""
    texts, likely = mentions.texts.frame, when.Likely.of(mentions.texts.blocks)
    texts = texts.with_columns(_received(frame)[texts["row"]].alias("day"))
    asked = np.logical_or.reduce([(texts["field"] == field).to_numpy() for field in _FIELDS])
    asked &= ~np.isnat(texts["day"].to_numpy())
    return (texts, likely) if asked.all() else (texts.filter(pl.Series(asked)), likely.where(asked))


def _received(frame: pl.DataFrame) -> pl.Series:
    """The day each lead was received, where the organisation is; as written where nobody worked it out."""
    if "received_date" in frame.columns:
        return frame["received_date"]
    if "received_at" in frame.columns:
        return frame["received_at"].cast(pl.String).str.slice(0, 10).str.to_date("%Y-%m-%d", strict=False)
    return pl.Series([None], dtype=pl.Date).new_from_index(0, frame.height)


def _as_received(read: pl.DataFrame, texts: pl.DataFrame) -> pl.DataFrame:
    """Evidence in texts without widthless characters -> in the texts as received."""
    if not texts["odd"].any():
        return read
    odd = {
        (row, field): text for row, field, text in texts.filter("odd").select("row", "field", "received").iter_rows()
    }
    columns = [name for name in read.columns if name.endswith("@")]
    return read.with_columns(
        pl.Series(
            name,
            [_moved(row, said, odd) for row, said in zip(read["row"], read[name], strict=True)],
            dtype=read.schema[name],
        )
        for name in columns
    )


def _moved(row: int, said: dict[str, str | int] | None, odd: dict[tuple[int, str], str]) -> dict[str, str | int] | None:
    received = odd.get((row, str(said["field"]))) if said else None
    if said is None or received is None:
        return said
    places = received_offsets(received)
    start, end = places[int(said["start"])], places[int(said["end"]) - 1] + 1
    return {**said, "text": received[start:end], "start": start, "end": end}
