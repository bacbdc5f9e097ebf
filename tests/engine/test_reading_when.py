"""What a lead's words say of time: the period in which care is wanted, the deadline, the age, the birth date."""

from __future__ import annotations

import time
import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from leadwell.reading import when
from leadwell.reading.fold import fold

WEDNESDAY = date(2026, 1, 14)
HERE = Path(__file__).parent
LEADS = tomllib.loads((HERE / "reading_when_leads.toml").read_text("utf-8"))["lead"]


def texts_of(texts: list[str | None], field: str = "message") -> pl.DataFrame:
    text = pl.Series("text", texts, dtype=pl.String)
    return pl.DataFrame({
        "row": pl.int_range(len(text), dtype=pl.UInt32, eager=True), "field": [field] * len(text),
        "text": text, "folded": fold(text), "received": pl.repeat(WEDNESDAY, len(text), dtype=pl.Date, eager=True),
    })  # fmt: skip


def told(answer: dict[str, Any]) -> dict[str, Any]:
    start, end = answer["read.timeline_start"], answer["read.timeline_end"]
    values = {
        "timeline": f"{start}..{end or ''}" if start else None,
        "deadline": answer["read.deadline"] and str(answer["read.deadline"]),
        "age": answer["read.age"],
        "birth_date": answer["read.birth_date"] and str(answer["read.birth_date"]),
    }
    return {name: value for name, value in values.items() if value is not None}


@pytest.mark.parametrize("lead", LEADS, ids=lambda lead: lead["name"])
def test_what_is_said_of_time(lead: dict[str, Any]) -> None:
    answer = when.read_times(texts_of([lead["text"]])).row(0, named=True)
    assert told(answer) == {name: lead[name] for name in ("timeline", "deadline", "age", "birth_date") if name in lead}


def test_one_lead_is_read_as_among_many() -> None:
    texts: list[str | None] = [lead["text"] for lead in LEADS]
    together = when.read_times(texts_of(texts))
    alone = pl.concat([when.read_times(texts_of([text])) for text in texts])
    assert together.drop("row").equals(alone.drop("row"))


def test_evidence_is_the_very_words() -> None:
    texts: list[str | None] = [f"¡Señor!  ✓ {lead['text']}" for lead in LEADS]
    answers = when.read_times(texts_of(texts))
    for name in ("timeline", "deadline", "age", "birth_date"):
        for row, words in answers.select("row", f"read.{name}@").drop_nulls().iter_rows():
            assert texts[row][words["start"] : words["end"]] == words["text"]  # type: ignore[index]


def test_the_field_that_asks_for_a_time_comes_before_the_message() -> None:
    message, timeline = texts_of(["seen in June"]), texts_of(["in March"], "timeline")
    answer = when.read_times(pl.concat([message, timeline])).row(0, named=True)
    assert answer["read.timeline_start"] == date(2026, 3, 1)
    assert answer["read.timeline@"]["field"] == "timeline"


def test_the_best_time_to_call_is_no_timeline() -> None:
    assert when.read_times(texts_of(["tomorrow"], "best_time")).row(0, named=True)["read.timeline_start"] is None


@pytest.mark.parametrize(
    "texts", [[], [None], [""], ["\x00\x01"], ["99/99/9999"], ["0000-00-00"], ["in 999 years"], ["1/1/1"]]
)
def test_odd_texts_are_survived(texts: list[str | None]) -> None:
    answer = when.read_times(texts_of(texts))
    assert len(answer) == len(texts)
    assert answer["read.timeline_start"].null_count() == len(texts)


@pytest.mark.parametrize("piece", ["1 2 3 4 ", "next week or ", "the the in of ", "12/12/", "may may ", "a"])
def test_a_huge_message_takes_no_more_than_its_length(piece: str) -> None:
    started = time.perf_counter()
    when.read_times(texts_of([piece * (300_000 // len(piece))]))
    assert time.perf_counter() - started < 5


def test_seen_dates_are_read_as_people_meant_them() -> None:
    seen = pl.read_csv(HERE / "truth" / "dates-seen.csv", infer_schema=False)
    received = seen["received_at"].str.slice(0, 10).str.to_date()
    texts = texts_of(seen["text"].to_list()).with_columns(received=received)
    start = when.read_times(texts)["read.timeline_start"]
    first, last = (seen[name].str.to_date(strict=False) for name in ("start", "end"))
    right = (start.is_null() & first.is_null()) | (
        (start >= first.dt.offset_by("-1d")) & (start <= last.dt.offset_by("1d"))
    ).fill_null(False)
    assert right.sum() / len(right) > 0.95
