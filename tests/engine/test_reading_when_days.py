"""Days in words: each phrase names the days that a person at a front desk would write down."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path

import pytest

from leadwell.reading import when

WEDNESDAY = date(2026, 1, 14)
CASES = tomllib.loads(Path(__file__).with_name("reading_when_days.toml").read_text("utf-8"))


@pytest.mark.parametrize(
    ("phrase", "days"), [(phrase, days) for group in CASES.values() for phrase, days in group.items()]
)
def test_a_phrase_names_these_days(phrase: str, days: str) -> None:
    found = when.resolve(phrase, WEDNESDAY)
    said = [f"{a}" if a == b else f"{a}..{b}" for a, b in found.select("first", "last").iter_rows()]
    assert said[:1] == ([days] if days else [])
