# ruff: noqa: E501  the changes are read across
"""Is a playbook that was begun by answering questions right from the first moment?"""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadwell.playbook import find, load
from leadwell.playbook.notes import notes
from leadwell.playbook.starting import Answers, NewLocation, NewService, slug, start

PLAIN = Answers(
    name="Cedar Clinic",
    time_zone="America/Denver",
    services=[NewService("Physical therapy", "therapy", ("rehab",)), NewService("Hand surgery")],
    phone="+1 303 555 0100",
    postal_address="1 Cedar St, Denver, CO 80202",
    languages=("en", "es"),
    locations=[NewLocation("Downtown", "80202"), NewLocation("Downtown", "80203", "Mon-Sat 08:00-12:00")],
    payers=("Aetna", "Blue Cross Blue Shield"),
    youngest=18,
    miles=30,
)


def test_a_new_playbook_is_right_and_says_what_was_answered() -> None:
    playbook = load(start(PLAIN))
    assert notes(playbook) == []
    assert playbook.name == "cedar-clinic"
    assert list(playbook.locations) == ["downtown", "downtown-2"]
    assert playbook.services["physical-therapy"].asks == ("physical therapy", "rehab")
    assert playbook.payers.accepted == ("aetna", "bcbs")
    assert playbook.criteria["age"].when.text == "age >= 18"
    assert list(playbook.criteria) == ["age", "area", "payer"]


@pytest.mark.parametrize(
    "change",
    [{"payers": (), "youngest": None, "miles": None}, {"locations": ()}, {"languages": ("en", "vi")}, {"self_pay": False},
     {"phone": None, "postal_address": None}, {"languages": ("es",)}],
)  # fmt: skip
def test_few_answers_are_enough(change: dict[str, object]) -> None:
    assert load(start(replace(PLAIN, **change)))  # type: ignore[arg-type]


@settings(max_examples=60, deadline=None)
@given(st.text(min_size=1, max_size=40).filter(lambda t: any(c.isprintable() and not c.isspace() for c in t)))
def test_any_name_makes_a_playbook_that_reads(name: str) -> None:
    made = start(replace(PLAIN, name=name, services=[NewService(name, "therapy", (name,))]))
    assert load(made).services


def test_keys_are_made_of_names_and_differ() -> None:
    assert slug("Dr. O'Neil's Clinic") == "dr-oneils-clinic"
    assert slug("???") == "one"
    assert slug("A", ["a", "a-2"]) == "a-3"


NOTES = [
    ('learned = "advise"', 'learned = "blend"', "score.learned"),
    ('postal_address = "200 W Lake St, Chicago, IL 60606"', "", "postal_address"),
    (
        'asks = ["mri", ',
        'asks = ["sciatica", "mri", ',
        '"sciatica" asks for services.spine-care and for services.imaging-mri',
    ),
    ('ask = "Is there an order for the MRI, and who wrote it?"', "", "criteria.order has no question"),
    ("when = \"urgency = 'urgent'\"\nfirst_response", "first_response", "service_levels 1 is for all"),
]


@pytest.mark.parametrize(("before", "after", "says"), NOTES, ids=range(len(NOTES)))
def test_what_is_allowed_yet_odd_is_noted(before: str, after: str, says: str) -> None:
    text = find("lakeside-orthopedics").decode()
    assert before in text
    assert any(says in note for note in notes(load(text.replace(before, after, 1))))


def test_a_grade_that_nobody_can_reach_is_noted() -> None:
    text = find("lakeside-orthopedics").decode().replace("add = 25", "add = 5").replace("A = 75", "A = 90")
    assert any("no lead can reach grade A" in note for note in notes(load(text)))
