"""Why a lead stands where it stands is said in its own terms: what hurts, by when, who pays, what is to be asked."""

from datetime import UTC, datetime
from uuid import UUID

import pytest

from leadwell import load_playbook
from leadwell.server.leads.judging import Arrived, judged
from leadwell.server.leads.standing import why, why_by_codes

PLAYBOOK = load_playbook("lakeside-orthopedics")
AT = datetime(2026, 11, 24, 15, tzinfo=UTC)
WHO = {"full_name": "Sample Person", "phone": "312-555-0147"}
HERE = {"birth_date": "1960-03-15", "zip": "60202", "payer": "Medicare"}


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (
            {**HERE, "message": "knee is bone on bone, I want a knee replacement as soon as possible"},
            "“Bone on bone”, wants it “as soon as possible”, Medicare.",
        ),
        ({**HERE, "message": "I would like physical therapy", "payer": "Aetna"}, "Wants to be seen, Aetna."),
        (
            {**HERE, "zip": "33101", "message": "I would like physical therapy"},
            "Outside our area: 33101.",
        ),
        (
            {**HERE, "message": "I would like physical therapy", "payer": "Kaiser Permanente"},
            "We do not take this insurance: Kaiser Permanente.",
        ),
        ({**HERE, "message": "I need cataract surgery"}, "We do not offer this: “cataract surgery”."),
        ({"message": "I have chest pain and my knee hurts"}, "“Chest pain”. Look at once."),
        (
            {"message": "knee replacement please"},
            "“Knee replacement”. To ask: age, ZIP, insurance.",
        ),
        ({"message": "I want to complain about your front desk"}, "No enquiry for care: complaint."),
    ],
)
def test_a_sentence_says_what_in_their_words_is_the_reason(said: dict[str, str], told: str) -> None:
    (one,) = judged([Arrived(UUID(int=1), 0, 1, AT, {**WHO, **said})], PLAYBOOK)
    assert why(one.said, PLAYBOOK) == told


def test_words_that_are_long_are_cut_and_what_stood_in_a_field_is_not_quoted() -> None:
    evidence = {"field": "message", "text": "x" * 90}
    said = {"safety": "crisis", "safety_because": [{"says": "y", "evidence": evidence}], "disposition": "review"}
    assert why(said, PLAYBOOK) == f"“X{'x' * 70}…”. Look at once."
    evidence["field"] = "zip"
    assert why(said, PLAYBOOK) == f"X{'x' * 70}…. Look at once."


def test_who_may_not_see_what_they_said_is_told_by_codes() -> None:
    assert why_by_codes("out-of-area", "ppo", "urgent") == "Outside our area."
    assert why_by_codes("", "ppo", "urgent") == "Wants it at once, PPO."
    assert why_by_codes("", "", "soon") == "Wants it within weeks."
    assert why_by_codes("", "ppo", "routine") == ""
