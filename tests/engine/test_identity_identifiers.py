"""Whom one hospital knows by two numbers is two, unless given name, family name and birth date agree; somebody says."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
import pytest
from benchmarks.identity.memory import Memory

from leadwell import identity
from leadwell.identity.pairs import among

JOHN = {"given": "John", "family": "Carlson", "birth": "1948-09-09", "numbers": "north mr|17"}
OTHER = {"numbers": "north mr|18"}
CASES: dict[str, tuple[dict[str, str | None], dict[str, str | None], str]] = {
    "a letter of the name and a digit of the day": (JOHN, {"family": "Carlsen", "birth": "1948-09-08"}, "doubt"),
    "a letter of the name": (JOHN, {"family": "Carlsen"}, "link"),
    "a digit of the day": (JOHN, {"birth": "1948-09-08"}, "link"),
    "all as it was": (JOHN, {}, "link"),
    "a married name": (JOHN, {"family": "Drexler"}, "doubt"),
    "no birth date": (JOHN, {"birth": None}, "doubt"),
    "a letter of the name and no more than a year": (
        JOHN | {"birth": "1948-01-01"},
        {"family": "Carlsen", "birth": "1948-01-01"},
        "doubt",
    ),
}


def listed(*told: dict[str, str | None]) -> pl.DataFrame:
    rows: list[dict[str, Any]] = [
        {
            "given": one["given"], "family": one["family"], "sex": "M", "address": "12 Elm St", "zip": "60201",
            "birth_date": date.fromisoformat(born) if (born := one["birth"]) else None, "phones": ["8725550153"],
            "emails": [], "identifiers": one["numbers"],
        }
        for one in told
    ]  # fmt: skip
    return pl.DataFrame(rows, schema={name: identity.PEOPLE[name] for name in rows[0]})


def said(*told: dict[str, str | None]) -> str:
    memory = Memory(listed(*told), among=among(2))
    for row in range(len(told)):
        memory.arrive([row])
    return "link" if memory.made else "doubt" if memory.doubts else ""


@pytest.mark.parametrize(("one", "changed", "expected"), CASES.values(), ids=CASES)
def test_another_number_of_the_same_hospital(
    one: dict[str, str | None], changed: dict[str, str | None], expected: str
) -> None:
    assert said(one, one | changed | OTHER) == said(one | changed | OTHER, one) == expected


@pytest.mark.parametrize("numbers", ["north mr|17", "south mr|99", "north mr|17\nnorth mr|18", None])
def test_the_same_number_another_hospitals_or_none_says_nothing_against(numbers: str | None) -> None:
    assert said(JOHN, JOHN | {"family": "Carlsen", "birth": "1948-09-08", "numbers": numbers}) == "link"
