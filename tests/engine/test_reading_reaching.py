"""Which phone numbers and addresses stand in the words, whose are they, and what follows from them?"""

import tomllib
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from leads import good, judge
from leadwell.reading.reaching import reaching

CASES = tomllib.loads(Path(__file__).with_name("reading_reaching.toml").read_text(encoding="utf-8"))


def reached(text: str, kind: str | None) -> dict[str, Any]:
    frame = pl.DataFrame({"message": [f"  {text}"], "read.type": [kind]}, schema_overrides={"read.type": pl.String})
    return reaching(frame).row(0, named=True)


@pytest.mark.parametrize("text", CASES["patient"])
def test_a_number_or_address_in_the_words_is_found_and_no_other(text: str) -> None:
    found = reached(text, None)
    assert [found["read.phone"] or "", found["read.email"] or ""] == CASES["patient"][text]
    assert found["read.referrer_phone"] is None


@pytest.mark.parametrize("text", CASES["referral"])
def test_in_a_referral_the_patients_number_is_the_patients(text: str) -> None:
    found = reached(text, "referral")
    assert [found["read.phone"] or "", found["read.referrer_phone"] or ""] == CASES["referral"][text]


def test_the_words_are_the_very_words() -> None:
    text = "  ¿Puede llamarme? Mi número es (312) 555-0131"
    found = reached(text.strip(), None)["read.phone@"]
    assert text[found["start"] : found["end"]] == found["text"] == "(312) 555-0131"


def because(lead: dict[str, Any]) -> list[tuple[str, str | None]]:
    entries = lead["dimensions"]["reachability"]["because"]
    return [(entry["says"], (entry["evidence"] or {}).get("text")) for entry in entries]


NO_FIELDS: dict[str, Any] = {"phone": None, "email": None}


def test_an_empty_field_is_filled_from_the_words_and_checked_as_a_field_is() -> None:
    lead = judge(good(**NO_FIELDS, message="I need a knee replacement. Call me at 312-555-0131."))[0]
    assert lead["contact"]["phone"] == "+13125550131"
    assert lead["contact"]["phone_ok"]
    assert lead["dimensions"]["reachability"]["finding"] == "met"
    assert ("the phone number in their words is valid", "312-555-0131") in because(lead)
    assert lead["dimensions"]["reachability"]["because"][-1]["evidence"]["provenance"] == "extracted"


def test_an_address_in_the_words_counts_where_none_was_filled_in() -> None:
    lead = judge(good(**NO_FIELDS, message="Knee replacement please, write to ana.ruiz@example.com"))[0]
    assert (lead["contact"]["email"], lead["contact"]["email_ok"]) == ("ana.ruiz@example.com", True)
    assert ("the e-mail address in their words is valid", "ana.ruiz@example.com") in because(lead)


def test_a_number_that_no_telephone_has_is_not_usable_in_the_words_either() -> None:
    lead = judge(good(**NO_FIELDS, message="I need a knee replacement. Call me at 312-555-1212."))[0]
    assert lead["contact"]["phone_ok"] is False
    assert lead["dimensions"]["reachability"]["finding"] == "not met"


def test_a_field_outranks_words_and_another_number_is_a_note_and_no_conflict() -> None:
    lead = judge(good(phone="312-555-0147", message="I need a knee replacement. Call me at 312-555-0131."))[0]
    same = judge(good(phone="312-555-0147", message="I need a knee replacement. Call me at (312) 555 0147."))[0]
    assert lead["contact"]["phone"] == "+13125550147"
    assert ("another phone number stands in their words", "312-555-0131") in because(lead)
    assert lead["conflicts"] == []
    assert lead["dimensions"]["consistency"]["finding"] == "met"
    assert not [says for says, _ in because(same) if says.startswith("another")]


def test_an_unusable_field_gives_way_to_a_usable_number_in_the_words() -> None:
    lead = judge(good(phone="555-0147", message="I need a knee replacement. Call me at 312-555-0131."))[0]
    assert (lead["contact"]["phone"], lead["contact"]["phone_ok"]) == ("+13125550131", True)
    assert any("in their words is used instead" in says for says, _ in because(lead))
