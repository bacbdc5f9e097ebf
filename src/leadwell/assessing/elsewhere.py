"""Is danger told outside of the fields for words? What `own_words` finds is read for that alone. (promise 18)

Replaces `read.safety` and its evidence where what stands there is graver, alone or with what they say elsewhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import polars as pl

from leadwell import reading
from leadwell.assessing.widening import with_series
from leadwell.contract import EVIDENCE, WORDS
from leadwell.playbook.model import Playbook
from leadwell.reading import own_words
from leadwell.reading.safety import graver, safety, signs

_NONE: Final = pl.Series([], dtype=pl.UInt32)
_AT: Final = "leadwell: at"  # no column of theirs is called so


def heard_elsewhere(frame: pl.DataFrame, leads: pl.DataFrame, playbook: Playbook) -> pl.DataFrame:
    """`frame`: what `reading.read` made of `leads`, in their order. What is unsure has a person look, and no more."""
    words = own_words.told(leads)
    frame = _heard(frame, leads, words.sure, playbook)
    return _heard(frame, leads, words.unsure, playbook, most="doubt")


def _heard(
    frame: pl.DataFrame, leads: pl.DataFrame, others: pl.DataFrame, playbook: Playbook, *, most: str | None = None
) -> pl.DataFrame:
    rows = _suspect(others, playbook) if others.width else _NONE
    if rows.is_empty():
        return frame
    few = frame.select(WORDS)[rows].hstack(others[rows])
    told = safety(reading.mentions_in(few, playbook, (*WORDS, *others.columns), whole=True), few, playbook)
    says, evidence = told["read.safety"], _as_received(told["read.safety@"], few, leads[rows])
    if most:
        says = says.to_frame().select(pl.when(pl.first().is_not_null()).then(pl.lit(most)).alias(says.name)).to_series()
    told = pl.DataFrame([says, pl.Series("read.safety@", evidence, dtype=EVIDENCE)])
    return with_series(frame, graver(frame.select(told.columns), told, rows, same=False).get_columns())


def _suspect(others: pl.DataFrame, playbook: Playbook) -> pl.Series:
    """Which leads tell something there of which danger may be made. What many say alike is read once."""
    said = others.with_row_index(_AT).filter(pl.any_horizontal(pl.all().exclude(_AT).is_not_null()))
    once = said.group_by(others.columns, maintain_order=True).agg(_AT)
    if once.is_empty():
        return _NONE
    found = signs(reading.mentions_in(once, playbook, others.columns, whole=True), playbook)
    return once[_AT][pl.Series(found, dtype=pl.UInt32)].explode().drop_nulls().sort()


def _as_received(told: pl.Series, read: pl.DataFrame, leads: pl.DataFrame) -> list[Mapping[str, Any] | None]:
    """The evidence in the columns as received: an answer was read behind the question that it agrees with."""
    found: list[Mapping[str, Any] | None] = []
    for at, one in enumerate(told.to_list()):
        if one is None or one["field"] in WORDS:
            found.append(one)
            continue
        answer = str(_answer(leads[one["field"]][at]))
        before = len(read[one["field"]][at]) - len(answer)
        start, end = (one["start"] - before, one["end"] - before) if one["start"] >= before else (0, len(answer))
        found.append({"field": one["field"], "text": answer[start:end], "start": start, "end": end})
    return found


def _answer(value: Any) -> Any:
    return "yes" if value is True else value
