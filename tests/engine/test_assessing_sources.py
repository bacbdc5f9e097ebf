"""Is a fact the first of its sources that says something, and does the frame remember which?"""

from __future__ import annotations

from typing import Any

import polars as pl

from leadwell.assessing.sources import Source, derived, evidence, origins, said, settle, stated

PAYER = {"payer": [stated("payer"), stated("plan"), said("payer"), derived("type", pl.lit("by type"))]}
WORDS = {"field": "message", "text": "Aetna", "start": 7, "end": 12}
EVIDENCE = pl.Struct({"field": pl.String, "text": pl.String, "start": pl.UInt32, "end": pl.UInt32})
SCHEMA = {"in.payer": pl.String, "in.plan": pl.String, "read.payer": pl.String, "read.payer@": EVIDENCE,
          "in.verified": pl.String}  # fmt: skip


def leads(*rows: dict[str, Any]) -> pl.DataFrame:
    return pl.DataFrame([{name: row.get(name) for name in SCHEMA} for row in rows], schema=SCHEMA)


def settled(*rows: dict[str, Any], sources: list[Source] | None = None) -> list[tuple[Any, ...]]:
    """Value, provenance and origin of each lead's payer."""
    frame = settle(leads(*rows), {"payer": sources or PAYER["payer"]}, {"payer": pl.String()})
    return frame.select("payer", pl.col("payer#").cast(pl.String), "payer<").rows()


def test_a_field_outranks_words_and_words_outrank_what_is_derived() -> None:
    field, second_field, words = {"in.payer": "Aetna"}, {"in.plan": "PPO"}, {"read.payer": "cigna"}
    assert settled(field | second_field | words, second_field | words, words, {}) == [
        ("Aetna", "stated", "payer"),
        ("PPO", "stated", "plan"),
        ("cigna", "extracted", "payer"),
        ("by type", "derived", "type"),
    ]


def test_without_any_source_that_speaks_all_three_are_null() -> None:
    assert settled({}, sources=[stated("payer"), said("payer")]) == [(None, None, None)]


def test_a_source_is_skipped_only_where_nobody_filled_what_it_needs() -> None:
    follows = derived("payer", pl.lit("follows"), "in.payer")
    assert settled({}, sources=[follows]) == [(None, None, None)]
    assert settled({"in.payer": "Aetna"}, sources=[follows]) == [("follows", "derived", "payer")]


def test_a_field_that_a_person_confirmed_is_verified() -> None:
    assert settled({"in.payer": "Aetna", "in.verified": "zip; payer"}) == [("Aetna", "verified", "payer")]


def test_another_field_that_a_person_confirmed_verifies_nothing_else() -> None:
    assert settled({"in.payer": "Aetna", "in.verified": "payer_2;plan"}) == [("Aetna", "stated", "payer")]


def test_words_are_not_verified_by_a_confirmed_field() -> None:
    assert settled({"read.payer": "cigna", "in.verified": "payer"}) == [("cigna", "extracted", "payer")]


def test_a_value_takes_the_type_of_its_fact() -> None:
    frame = settle(leads({"in.payer": "7"}), {"payer": [stated("payer")]}, {"payer": pl.Int32()})
    assert (frame["payer"].to_list(), frame.schema["payer"]) == ([7], pl.Int32())


def test_settling_leaves_no_candidates_behind() -> None:
    frame = settle(leads({"in.payer": "Aetna"}), PAYER, {"payer": pl.String()})
    assert frame.columns == [*SCHEMA, "payer", "payer#", "payer<"]


def shown(*rows: dict[str, Any]) -> list[dict[str, Any]]:
    frame = settle(leads(*rows), PAYER, {"payer": pl.String()})
    parts = evidence(frame, "payer", origins(frame, "payer"))
    return frame.select(expr.alias(name) for name, expr in parts.items()).to_dicts()


def test_the_words_behind_a_field_are_the_whole_field() -> None:
    assert shown({"in.payer": "Aetña"}) == [
        {"field": "payer", "text": "Aetña", "start": 0, "end": 5, "provenance": "stated"}
    ]


def test_the_words_behind_words_are_those() -> None:
    assert shown({"read.payer": "aetna", "read.payer@": WORDS}) == [WORDS | {"provenance": "extracted"}]


def test_what_is_derived_has_a_provenance_but_no_words() -> None:
    assert shown({}) == [{"field": None, "text": None, "start": None, "end": None, "provenance": "derived"}]


def test_origins_are_the_incoming_columns_that_some_lead_used_once_each() -> None:
    frame = settle(leads({"in.plan": "a"}, {"in.payer": "b"}, {"in.plan": "c"}, {}), PAYER, {"payer": pl.String()})
    assert origins(frame, "payer") == ["plan", "payer"]
