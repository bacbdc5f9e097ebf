"""Which of the nine answers applies first? Each with a lead that just reaches it (DESIGN, “Disposition”)."""

from __future__ import annotations

from typing import Any

import pytest

from leads import assess, good, judge

CASES: list[tuple[str, str, dict[str, Any]]] = [
    ("a lead that meets everything is scheduled", "schedule", {}),
    ("emergency wording comes before everything", "review",
     {"message": "I have crushing chest pain and can't breathe"}),
    ("emergency wording in advertising still reaches a human", "review",
     {"message": "Cheap SEO backlinks, first page of Google guaranteed! "
                 "help my father has chest pain and can't breathe"}),
    ("an entry that only tests the form is discarded", "discard",
     {"first_name": "test", "last_name": "test", "message": "test test please ignore", "service": None}),
    ("a refill goes to the front desk", "redirect",
     {"message": "I am already your patient and need a refill of my prescription, please call it in.",
      "service": None}),
    ("a conflict is looked at", "review", {"preferred_location": "Aurora"}),
    ("care of quite another kind is declined", "decline", {"message": "Eye exam and new glasses", "service": None}),
    ("what another place does is redirected", "redirect",
     {"message": "I need a dentist for a toothache", "service": None}),
    ("a child under sixteen is redirected where the criterion says", "redirect", {"birth_date": "2012-01-01"}),
    ("sixteen today is old enough", "schedule", {"birth_date": "2010-11-18"}),
    ("sixteen tomorrow is not", "redirect", {"birth_date": "2010-11-19"}),
    ("a payer that is not taken is declined", "decline", {"payer": "Kaiser"}),
    ("far away is declined", "decline", {"zip": "90210"}),
    ("far away but by video is not", "schedule", {"zip": "90210", "visit_mode": "video"}),
    ("asking only for prices is nurtured", "nurture",
     {"message": "How much do you charge? Just looking for general information.", "service": None}),
    ("a wish for next year is nurtured", "nurture",
     {"message": "I would like a knee replacement, but in about six months."}),
    ("asking only, about a need of one's own, is nurtured", "nurture",
     {"message": "Just curious what a knee replacement costs. Not looking to book.", "service": None}),
    ("a referral for what another place does is redirected", "redirect",
     {"message": None, "service": None, "referral_service": "Dental implant", "referrer_name": "Dr. Bea Monk"}),
    ("a service field that names a part of the body is asked about", "verify", {"service": "Knee", "message": "Hi"}),
    ("a service field that names another trade is declined", "decline", {"service": "Cardiology", "message": "Hi"}),
    ("an unknown payer is asked for", "verify", {"payer": None}),
    ("an unknown age is asked for", "verify", {"birth_date": None}),
    ("an unknown ZIP is asked for", "verify", {"zip": None}),
    ("no contact at all is asked for", "verify", {"phone": None, "email": None}),
    ("an order still to get is asked for", "verify",
     {"message": "I need an MRI of my knee, no implants, PPO plan", "service": "MRI",
      "has_order": "no", "answer.metal_implant": "no"}),
]  # fmt: skip


@pytest.mark.parametrize(("says", "disposition", "changes"), CASES, ids=[c[0] for c in CASES])
def test_the_first_answer_that_applies(says: str, disposition: str, changes: dict[str, Any]) -> None:
    assert judge(good(**changes))[0]["disposition"] == disposition


@pytest.mark.parametrize("words", ["I have chest pain", "my knee, and I want to kill myself"])
def test_danger_of_any_kind_is_urgent(words: str) -> None:
    assert judge(good(message=words))[0]["urgency"] == "urgent"


def test_a_repeat_word_for_word_is_discarded_and_the_first_one_stays() -> None:
    first, again = assess(good(), good(id="again", received_at="2026-11-18T15:06:00Z"))
    assert (first["disposition"], first["duplicate_of"]) == ("schedule", None)
    assert (again["disposition"], again["duplicate_of"], again["reasons"]) == ("discard", "good", ["duplicate"])


def test_a_repeat_with_something_new_keeps_its_own_disposition() -> None:
    _, again = assess(
        good(), good(id="again", received_at="2026-11-19T15:06:00Z", message="Any news? Knee again, mornings are best.")
    )
    assert (again["disposition"], again["duplicate_of"]) == ("schedule", "good")


def test_the_same_person_with_another_need_is_a_new_lead() -> None:
    _, other = assess(good(), good(id="other", service="Spine care", message="My back hurts too, PPO.", plan="PPO"))
    assert (other["duplicate_of"], other["same_person_as"]) == (None, "good")


def test_the_same_need_long_after_is_a_new_lead() -> None:
    _, later = assess(good(), good(id="later", received_at="2027-03-18T15:05:00Z"))
    assert (later["duplicate_of"], later["same_person_as"]) == (None, "good")


def test_a_mother_who_asks_for_herself_and_her_child_is_two_people() -> None:
    child = good(
        id="child", birth_date=None, age="17", asks_for="child", message="My daughter needs knee surgery, she is 17."
    )
    _, second = assess(good(), child)
    assert (second["duplicate_of"], second["same_person_as"]) == (None, None)


def test_a_mother_and_her_daughter_of_one_name_at_one_mailbox_are_two_people() -> None:
    daughter = good(id="daughter", birth_date="1984-10-12", message="For me too, I'm Ana's daughter. Knee, please.")
    _, second = assess(good(), daughter)
    assert (second["duplicate_of"], second["possible_duplicate_of"]) == (None, None)


def test_reasons_name_every_criterion_that_is_not_met_once() -> None:
    lead = judge(good(payer="Kaiser", zip="90210"))[0]
    assert lead["reasons"] == ["out-of-area", "payer-not-accepted"]


def test_a_lead_that_goes_ahead_has_no_reason() -> None:
    assert judge(good())[0]["reasons"] == []
