"""On which days does a rule for every year fall?"""

from __future__ import annotations

from datetime import date

import pytest

from leadwell.permission.legal_days import read


@pytest.mark.parametrize(
    ("rule", "year", "days"),
    [
        ("08-30", 2026, ["2026-08-30"]),
        ("2 Mon Oct", 2026, ["2026-10-12"]),
        ("4 Thu Nov +1", 2026, ["2026-11-27"]),
        ("1 Mon Nov +1", 2027, ["2027-11-02"]),
        ("1 Mon Nov +1, even years", 2027, []),
        ("1 Mon Nov +1, even years", 2028, ["2028-11-07"]),
        ("easter -47", 2026, ["2026-02-17"]),
        ("easter -2", 2027, ["2027-03-26"]),
        ("02-28", 2028, ["2028-02-28"]),
        ("03-01", 2027, ["2027-03-01"]),
        ("06-19, kept on Monday", 2023, ["2023-06-19"]),  # a Monday
        ("06-19, kept on Monday", 2024, ["2024-06-17"]),  # a Wednesday
        ("06-19, kept on Monday", 2026, ["2026-06-15"]),  # a Friday
        ("06-19, kept on Monday", 2027, ["2027-06-21"]),  # a Saturday
        ("06-19, kept on Monday", 2022, ["2022-06-20"]),  # a Sunday
        ("05-04, Monday after Sunday", 2025, ["2025-05-04", "2025-05-05"]),
        ("05-04, Monday after Sunday", 2024, ["2024-05-04"]),
        ("07-04, Monday after weekend", 2026, ["2026-07-04", "2026-07-06"]),
        ("12-31, Monday after weekend", 2028, ["2028-12-31", "2029-01-01"]),
    ],
)
def test_a_rule_names_its_days(rule: str, year: int, days: list[str]) -> None:
    assert read(rule).of(year) == tuple(map(date.fromisoformat, days))


@pytest.mark.parametrize(
    "text",
    [
        "", "30.8.", "13-01", "02-30", "6 Mon Oct", "1 Monday Oct", "1 Mon Okt", "Easter", "08-30, odd",
        "02-29", "00-15", "00-00", "05-00", "05-32", "0 Mon Feb", "5 Mon Feb",
    ],
)  # fmt: skip
def test_what_is_no_rule_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no day of each year"):
        read(text)
