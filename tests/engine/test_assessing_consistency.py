"""Do a date of birth and the age that somebody gives of themselves agree? (promise 14)"""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

import leadwell

DIFFER = "The date of birth and the age in the words do not agree"


def assessed(message: str, **fields: str) -> dict[str, Any]:
    frame = pl.DataFrame({"message": [message], "received_at": ["2026-10-08T10:00:00"], **fields})
    return leadwell.assess(frame, leadwell.load_playbook("lakeside-orthopedics")).to_dicts()[0]


@pytest.mark.parametrize(
    ("message", "conflicts"),
    [
        ("I'm 29 and need a knee replacement", [DIFFER]),
        ("tengo 29 años, quiero un reemplazo de rodilla", [DIFFER]),
        ("I'm 41 and need a knee replacement", []),
        ("I'm turning 42 and need a knee replacement", []),
        ("I have a 3 year old and need a knee replacement for myself", []),
        ("my husband is 52, he needs a knee replacement", []),
        ("it hurts since I was 29. knee replacement for me", []),
    ],
)
def test_an_age_of_oneself_must_fit_the_date_of_birth_in_a_field(message: str, conflicts: list[str]) -> None:
    assert assessed(message, birth_date="1985-02-14")["conflicts"] == conflicts


def test_both_sides_are_shown() -> None:
    told = assessed("I'm 29 and need a knee replacement", birth_date="1985-02-14")["dimensions"]["consistency"]
    assert told["finding"] == "not met"
    assert [e["evidence"]["text"] for e in told["because"]] == ["1985-02-14", "I'm 29"]
