# ruff: noqa: E501  the changes are read across
"""Is a change of policy told in meaning, and is a change of spelling no change?"""

from __future__ import annotations

import pytest

from leadwell.playbook import find, load
from leadwell.playbook.comparing import compare

EXAMPLE = find("lakeside-orthopedics").decode()

CHANGES = [
    ('when = "age >= 16"', 'when = "age >= 18"', "Criterion “age”: minimum age rises from 16 to 18."),
    ('when = "age >= 16"', 'when = "age >= 14"', "Criterion “age”: minimum age falls from 16 to 14."),
    ("miles_to_clinic <= 60 OR", "miles_to_clinic <= 40 OR", "Criterion “area”: maximum miles to clinic falls from 60 to 40."),
    ('when = "has_order"', "when = \"has_order OR payment = 'self'\"",
     "Criterion “order”: now holds where there is an order, or payment is by the patient themselves"
     " (before: where there is an order)."),
    ("applies = \"service = 'imaging-mri'\"\nwhen = \"has_order\"", 'when = "has_order"',
     "Criterion “order”: no longer only where the service is MRI."),
    ("'knee-replacement', 'spine-care')", "'knee-replacement', 'spine-care', 'imaging-mri')",
     "Team “surgical-navigators”: the service may also be MRI."),
    ("'knee-replacement', 'spine-care')", "'knee-replacement')",
     "Team “surgical-navigators”: the service no longer Spine care."),
    ('obtainable = true', 'obtainable = false',
     "Criterion “hmo-referral”: not met is no longer a thing to get but a reason to decline."),
    ('"total knee", ', '"total knee", "new knee", ', "Service “Knee replacement”: words that ask for it: now also “new knee”."),
    ('"total knee", ', "", "Service “Knee replacement”: words that ask for it: no longer “total knee”."),
    ("minutes = 40", "minutes = 50", "Service “Knee replacement”: visit “Surgical consultation”: minutes rises from 40 to 50."),
    ("add = 25", "add = 30", "Score line “asks for what we offer”: add rises from 25 to 30."),
    ("A = 75", "A = 80", "Grade begins (A): changes from 75 to 80."),
    ('"aetna", ', "", "Payers: accepted payers: no longer “aetna”."),
    ("self_pay = true", "self_pay = false", "Payers: people may no longer pay themselves."),
    ("ready = { within_days = 60 }", "ready = { within_days = 30 }",
     "Intent: days within which somebody is ready falls from 60 to 30."),
    ('first_response = "5 min"', 'first_response = "10 min"',
     "Service level for urgency is urgent: first response changes from “5 min” to “10 min”."),
    ('fallback_team = "front-desk"', 'fallback_team = "scheduling"',
     "Whatever no team handles now goes to scheduling (before: front-desk)."),
    ('declined = "1 year"', 'declined = "2 years"', "Time leads are kept (declined): changes from “1 year” to “2 years”."),
    ('same_need_within = "90 days"', 'same_need_within = "60 days"', "Checks: same need within changes from 90 days to 60 days."),
    ('[facts.plan_kind]', '[[conflicts]]\nwhen = "age > 110"\nsays = "Too old"\n[facts.plan_kind]',
     "New conflict “Too old”: age is more than 110."),
    ("says = \"Joint school is for adults\"", 'says = "For adults"', "Removed conflict “Joint school is for adults”."),
]  # fmt: skip


@pytest.mark.parametrize(("before", "after", "says"), CHANGES, ids=range(len(CHANGES)))
def test_a_change_is_told_in_meaning(before: str, after: str, says: str) -> None:
    assert before in EXAMPLE
    assert says in compare(load(EXAMPLE), load(EXAMPLE.replace(before, after, 1)))


def test_one_change_is_one_sentence() -> None:
    assert len(compare(load(EXAMPLE), load(EXAMPLE.replace("age >= 16", "age >= 18")))) == 1


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("age >= 16", "AGE>=16"),
        ("'spine-care', 'imaging-mri'", "'imaging-mri', 'spine-care'"),
        ("[payers]", "# a comment\n\n[payers]"),
        ('"aetna", "bcbs"', '"bcbs", "aetna"'),
        ("review = true", "review = true\ndecisive = true\nseconds = 10"),
    ],
)
def test_a_change_of_spelling_is_no_change(before: str, after: str) -> None:
    assert before in EXAMPLE
    assert compare(load(EXAMPLE), load(EXAMPLE.replace(before, after, 1))) == []


def test_what_is_new_and_what_is_gone_are_each_told() -> None:
    renamed = load(EXAMPLE.replace("[criteria.implant]", "[criteria.implants]"))
    assert compare(load(EXAMPLE), renamed) == [
        "New criterion “implants”: metal implant is no.",
        "Removed criterion “implant”.",
    ]


def test_another_order_of_teams_is_a_change() -> None:
    start, end = EXAMPLE.index("[teams.referrals]"), EXAMPLE.index("[teams.partnerships]")
    moved = EXAMPLE[:start] + EXAMPLE[end:].replace("[routing]", EXAMPLE[start:end] + "[routing]", 1)
    assert any(says.startswith("Teams are tried in another order") for says in compare(load(EXAMPLE), load(moved)))
