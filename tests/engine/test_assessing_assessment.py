"""What does an assessment promise? Words that are really there, no silent no."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from leads import frame, good, judge, lakeside, sample
from leadwell import assessing, contract, playbook

SHIPPED = playbook.shipped()


@pytest.fixture(scope="module", params=SHIPPED)
def judged(request: pytest.FixtureRequest) -> tuple[pl.DataFrame, pl.DataFrame, playbook.Playbook]:
    policy = playbook.load(playbook.find(request.param))
    leads = sample(request.param)
    return leads, assessing.judge(leads, policy), policy


def test_one_row_a_lead_in_their_order(judged: Any) -> None:
    leads, assessments, _ = judged
    assert assessments["id"].to_list() == leads["id"].to_list()


def test_evidence_is_the_very_words(judged: Any) -> None:
    leads, assessments, _ = judged
    rows = leads.to_dicts()
    checked = 0
    for lead, assessment in zip(rows, assessments.to_dicts(), strict=True):
        lists = [d["because"] for d in assessment["dimensions"].values()] + [assessment["safety_because"]]
        for evidence in (entry["evidence"] for entries in lists for entry in entries if entry["evidence"]):
            field = lead.get(evidence["field"]) or ""
            assert field[evidence["start"] : evidence["end"]] == evidence["text"]
            checked += 1
    assert checked > len(rows)


def test_findings_are_of_the_three_values(judged: Any) -> None:
    _, assessments, _ = judged
    for dimension in contract.DIMENSIONS:
        findings = assessments.select(pl.col("dimensions").struct.field(dimension).struct.field("finding"))
        assert set(findings["finding"]) <= set(contract.FINDINGS)
    assert set(assessments["disposition"]) <= set(contract.DISPOSITIONS)


def test_an_unmentioned_payer_is_unknown_never_no() -> None:
    lead = judge(good(payer=None))[0]
    assert lead["criteria"]["payer"] == "unknown"
    assert lead["dimensions"]["eligibility"]["finding"] == "unknown"
    assert lead["questions"][0]["fact"] == "payer"


def test_a_criterion_that_does_not_apply_is_absent() -> None:
    assert judge(good())[0]["criteria"]["order"] is None


def test_whether_it_applies_is_asked_before_the_criterion() -> None:
    lead = judge(good(service="Spine care", message="I have sciatica and want an appointment."))[0]
    assert lead["criteria"]["hmo-referral"] == "unknown"
    assert [q["fact"] for q in lead["questions"]] == ["plan_kind"]


def test_a_known_fact_is_never_asked_for() -> None:
    lead = judge(good(service="Spine care", plan="HMO", message="I have sciatica and want an appointment."))[0]
    assert [q["fact"] for q in lead["questions"]] == ["has_referral"]


def test_points_are_added_in_the_open() -> None:
    lead = judge(good())[0]
    assert sum(p["add"] for p in lead["points"]) == lead["score"]


def test_a_verified_field_says_so() -> None:
    lead = judge(good(verified="payer; zip"))[0]
    assert lead["facts"]["payer"]["provenance"] == "verified"
    assert lead["facts"]["age"] == {"value": 65, "provenance": "derived", "from": "birth_date"}


def test_a_birth_date_in_the_future_and_an_age_of_two_hundred_are_not_facts() -> None:
    future, old = judge(good(birth_date="2031-01-01"), good(birth_date=None, age="200"))
    assert future["criteria"]["age"] == old["criteria"]["age"] == "unknown"


def test_the_next_birthday_that_matters_is_when_it_is_judged_again() -> None:
    assert judge(good(birth_date="2010-11-20", message="knee please"))[0]["review_at"] == "2026-11-20T06:00:00Z"


def test_a_lead_without_any_time_is_refused_by_the_library() -> None:
    with pytest.raises(assessing.MissingTime, match="1 of the leads"):
        assessing.judge(frame(good(received_at=None)), lakeside())


def test_good_hours_leave_out_the_quiet_hours_of_the_playbook() -> None:
    assert judge(good())[0]["contact"]["good_hours"] == "09:00-20:00"


def test_the_need_is_asked_for_before_anything_else() -> None:
    lead = judge(good(service=None, payer=None, birth_date=None, message="Please call me back"))[0]
    assert lead["questions"][0]["fact"] == "service"


def test_every_lead_that_a_call_must_settle_has_a_question(judged: Any) -> None:
    _, assessments, _ = judged
    held_up = assessments.filter(disposition="verify")
    assert held_up.height
    assert held_up.filter(pl.col("questions").list.len() == 0)["id"].to_list() == []


def scan(**fields: str) -> dict[str, Any]:
    return judge(good(service="MRI", message="I need an MRI of my shoulder, please book me.", plan="PPO", **fields))[0]


def test_a_criterion_without_words_of_its_own_is_asked_in_those_of_its_fact() -> None:
    lead = scan(has_order="yes")
    assert lead["disposition"] == "verify"
    asked = lead["questions"][0]
    assert (asked["criterion"], asked["ask"]) == (
        "implant",
        "Does the patient have a pacemaker or metal implant?",
    )
    assert asked["moves"] == 1.0


def test_what_is_still_to_be_got_is_asked_for_by_name() -> None:
    lead = scan(has_order="no", **{"answer.metal_implant": "no"})
    assert lead["disposition"] == "verify"
    assert [(q["criterion"], q["ask"], q["moves"]) for q in lead["questions"]] == [
        ("order", "An MRI needs an order from a clinician. Who can provide it, and by when?", 0.7)
    ]


@pytest.mark.parametrize("words", ["I have crushing chest pain right now.", "I want to kill myself."])
def test_whoever_is_in_danger_is_asked_nothing_about_money(words: str) -> None:
    lead = judge(good(payer=None, service=None, birth_date=None, message=f"{words} I need an MRI of my knee."))[0]
    assert lead["safety"]
    asked = {q["fact"] for q in lead["questions"]}
    assert "age" in asked or "birth_date" in asked
    assert not asked & {"payer", "plan_kind", "payment", "has_referral"}
