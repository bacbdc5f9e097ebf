"""Is every finding's reason written down once, in order, with the very words that show it?"""

from __future__ import annotations

from typing import Any

import polars as pl

from leadwell.assessing.because import Because, entries, gather
from leadwell.contract import EVIDENCE, MENTION

HERE = {"field": "message", "text": "hip", "start": 3, "end": 6}
THERE = {"field": "subject", "text": "knee", "start": 0, "end": 4}
SCHEMA: dict[str, Any] = {
    "row": pl.UInt32, "holds": pl.Boolean, "in.phone": pl.String, "in.payer": pl.String,
    "payer": pl.String, "payer#": pl.String, "payer<": pl.String,
    "read.wish@": EVIDENCE, "read.services": pl.List(MENTION),
}  # fmt: skip
SAYS = pl.lit("says so")


def leads(*rows: dict[str, Any]) -> pl.DataFrame:
    filled = [{name: row.get(name) for name in SCHEMA} | {"row": i} for i, row in enumerate(rows, start=1)]
    return pl.DataFrame(filled, schema=SCHEMA)


def told(because: Because, *rows: dict[str, Any]) -> list[list[tuple[str, dict[str, Any] | None]]]:
    """For each lead, what is said of its fit, and the words."""
    frame = leads(*rows)
    lists = entries(frame, gather(frame, [because]), ["fit"])["fit"].to_list()
    return [[(entry["says"], entry["evidence"]) for entry in entries_] for entries_ in lists]


def test_a_reason_is_given_where_it_holds_and_not_where_that_is_unknown() -> None:
    because = Because("fit", pl.col("holds"), SAYS)
    assert told(because, {"holds": True}, {"holds": False}, {"holds": None}) == [[("says so", None)], [], []]


def test_a_column_is_quoted_whole_as_stated() -> None:
    quoted = {"field": "phone", "text": "312-555-0147", "start": 0, "end": 12, "provenance": "stated"}
    because = Because("fit", pl.col("holds"), SAYS, column="phone")
    assert told(because, {"holds": True, "in.phone": "312-555-0147"}) == [[("says so", quoted)]]


def test_an_empty_column_shows_no_words() -> None:
    assert told(Because("fit", pl.col("holds"), SAYS, column="phone"), {"holds": True}) == [[("says so", None)]]


def test_words_that_were_read_are_extracted() -> None:
    because = Because("fit", pl.col("holds"), SAYS, words="read.wish@")
    assert told(because, {"holds": True, "read.wish@": HERE}) == [[("says so", HERE | {"provenance": "extracted"})]]


def test_a_fact_shows_the_field_that_it_came_from() -> None:
    because = Because("fit", pl.col("holds"), pl.format("by {}", "payer"), fact="payer")
    lead = {"holds": True, "in.payer": "Aetna PPO", "payer": "aetna", "payer#": "verified", "payer<": "payer"}
    quoted = {"field": "payer", "text": "Aetna PPO", "start": 0, "end": 9, "provenance": "verified"}
    assert told(because, lead) == [[("by aetna", quoted)]]


def test_each_mention_that_counts_is_an_entry_of_its_own() -> None:
    because = Because(
        "fit", pl.col("holds"), pl.format("asks for {}", "key"),
        mentions="read.services", only=pl.col("context") == "asserted",
    )  # fmt: skip
    mentions = [
        {"key": "hip", "context": "asserted", **HERE},
        {"key": "spine", "context": "negated", **HERE},
        {"key": "knee", "context": "asserted", **THERE},
    ]
    assert told(because, {"holds": True, "read.services": mentions}, {"holds": True, "read.services": []}) == [
        [
            ("asks for hip", HERE | {"provenance": "extracted"}),
            ("asks for knee", THERE | {"provenance": "extracted"}),
        ],
        [],
    ]


def test_reasons_stand_in_their_order_under_their_own_dimension() -> None:
    frame = leads({"holds": True}, {"holds": False})
    always = pl.col("row") > 0
    reasons = [
        Because("fit", always, pl.lit("first")),
        Because("intent", always, pl.lit("elsewhere")),
        Because("fit", pl.col("holds"), pl.lit("second")),
    ]
    found = entries(frame, gather(frame, reasons), ["fit", "intent", "safety"])
    said = {name: [[entry["says"] for entry in one] for one in lists.to_list()] for name, lists in found.items()}
    assert said == {"fit": [["first", "second"], ["first"]], "intent": [["elsewhere"]] * 2, "safety": [[], []]}


def test_no_reason_that_holds_is_an_empty_table_of_the_same_columns() -> None:
    frame = leads({"holds": False}, {"holds": True})
    because = [Because("fit", pl.col("holds"), SAYS)]
    assert gather(frame[:1], because).is_empty()
    assert gather(frame[:1], because).schema == gather(frame, because).schema
