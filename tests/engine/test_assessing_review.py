"""When must a lead be judged again? At each bound of the policy that a date crosses, however the bound is written."""

from __future__ import annotations

from functools import cache

import pytest

from leads import good, judge
from leadwell import playbook
from leadwell.playbook import Playbook

LAKESIDE = playbook.find("lakeside-orthopedics").decode()


@cache
def asking(condition: str) -> Playbook:
    """Lakeside's policy with this condition in place of its own about age."""
    return playbook.load(LAKESIDE.replace('when = "age >= 16"', f'when = "{condition}"'))


def again(condition: str, **changes: str) -> str | None:
    return judge(good(message="knee please", **changes), by=asking(condition))[0]["review_at"]


# All judged on 18 November 2026: a birth date, and the midnight in Chicago at which the condition changes.
AGES = [
    ("age >= 16", "2010-11-20", "2026-11-20"),
    ("16 <= age", "2010-11-20", "2026-11-20"),
    ("age < 16", "2010-11-20", "2026-11-20"),
    ("NOT (age < 16)", "2010-11-20", "2026-11-20"),
    ("NOT age >= 16", "2010-11-20", "2026-11-20"),
    ("age > 16", "2009-11-20", "2026-11-20"),
    ("16 >= age", "2009-11-20", "2026-11-20"),
    ("age = 16", "2010-11-20", "2026-11-20"),
    ("age <> 16", "2009-11-20", "2026-11-20"),
    ("age BETWEEN 16 AND 70", "2010-11-20", "2026-11-20"),
    ("age BETWEEN 16 AND 70", "1955-11-20", "2026-11-20"),
    ("age NOT BETWEEN 5 AND 70", "2021-11-20", "2026-11-20"),
    ("NOT (age BETWEEN 5 AND 70)", "1955-11-20", "2026-11-20"),
    ("age IN (16, 40)", "2010-11-20", "2026-11-20"),
    ("age NOT IN (16, 40)", "1985-11-20", "2026-11-20"),
    ("age + 2 >= 18", "2010-11-20", "2026-11-20"),
    ("18 - age <= 2", "2010-11-20", "2026-11-20"),
    ("age > 15.5", "2010-11-20", "2026-11-20"),
    ("-age <= -16", "2010-11-20", "2026-11-20"),
    ("phone_ok AND (zip = '60201' OR 16 <= age)", "2010-11-20", "2026-11-20"),
]


@pytest.mark.parametrize(("condition", "born", "on"), AGES)
def test_a_birthday_that_crosses_a_bound_is_when_it_is_judged_again(condition: str, born: str, on: str) -> None:
    assert again(condition, birth_date=born, payer="Aetna") == f"{on}T06:00:00Z"
    year = int(born[:4])
    assert again(condition, birth_date=f"{year - 3}{born[4:]}") != f"{on}T06:00:00Z"


@pytest.mark.parametrize(
    "condition",
    ["age >= 16", "16 <= age", "NOT age < 16", "age BETWEEN 16 AND 99999999", "zip = '16'", "age - age < 9"],
)
def test_where_all_bounds_lie_behind_nothing_is_to_be_judged_again(condition: str) -> None:
    assert again(condition, birth_date="1961-03-04") is None


def test_a_judgement_just_before_and_on_the_day_differ() -> None:
    day = {"birth_date": "2010-11-20", "message": "knee please"}
    before = judge(good(**day, received_at="2026-11-20T05:59:00Z"), by=asking("16 <= age"))[0]
    on = judge(good(**day, received_at="2026-11-20T06:00:00Z"), by=asking("16 <= age"))[0]
    assert (before["criteria"]["age"], before["review_at"]) == ("not met", "2026-11-20T06:00:00Z")
    assert on["criteria"]["age"] == "met"
    assert on["review_at"] == "2028-11-20T06:00:00Z"  # of age: joint school is for adults


TIMELINES = [
    ("timeline_days < 45", "2026-11-24"),
    ("45 > timeline_days", "2026-11-24"),
    ("timeline_days <= 45", "2026-11-23"),
    ("timeline_days + 5 <= 50", "2026-11-23"),
    ("NOT timeline_days BETWEEN 45 AND 400", "2026-11-24"),
]


@pytest.mark.parametrize(("condition", "on"), TIMELINES)
def test_a_wish_that_comes_nearer_crosses_bounds_too(condition: str, on: str) -> None:
    by = playbook.load(LAKESIDE.replace('when = "timeline_days <= 14"', f'when = "{condition}"'))
    lead = judge(good(message="I want knee surgery on January 7, 2027"), by=by)[0]
    assert lead["facts"]["timeline_days"]["value"] == 50
    assert lead["review_at"] == f"{on}T06:00:00Z"
