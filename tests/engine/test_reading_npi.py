"""A number that the words call an NPI is one, and its check digit tells whether it is right."""

from __future__ import annotations

import polars as pl
import pytest

from leadwell import judge

CASES = [
    ("R CTS, failed splint. Dr. Rao NPI 1234567893. Call our desk", None, True),
    ("referring Mr. X for PT, npi: 1234567893", None, True),
    ("referring Mr. X for PT, NPI number is 1234567890", None, False),
    ("referring Mr. X for PT, call 1234567893", None, None),
    ("referring Mr. X for PT, NPI to follow", None, None),
    ("referring Mr. X for PT, NPI 1234567890", "1234567893", True),
]


@pytest.mark.parametrize(("message", "referrer_npi", "right"), CASES)
def test_an_npi_in_words_is_checked_where_no_field_gives_one(
    message: str, referrer_npi: str | None, right: bool | None
) -> None:
    lead = pl.DataFrame(
        {
            "type": ["referral"],
            "message": [message],
            "referrer_npi": [referrer_npi],
            "received_at": ["2026-11-10T09:00"],
        },
        schema_overrides={"referrer_npi": pl.String},
    )
    told = judge(lead, "lakeside-orthopedics").to_dicts()[0]
    assert told["contact"]["npi_ok"] is right
