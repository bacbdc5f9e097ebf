"""Who decides in an organisation: as it says, else by the role of whoever writes. (promise 15)"""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

import leadwell
from leadwell import playbook

POLICY = playbook.load(playbook.find("diagnostics-occupational"))
ENQUIRY = {
    "received_at": "2026-11-20T10:00:00-05:00", "full_name": "Sample Person", "organization": "Acme Boxes",
    "email": "sample@acmeboxes.example", "zip": "43215", "message": "We need an employer account for our drivers",
}  # fmt: skip


def judged(**more: str) -> dict[str, Any]:
    found: dict[str, Any] = leadwell.assess(pl.DataFrame([ENQUIRY | more]), POLICY).to_dicts()[0]
    assert found["type"] == "business"
    return found


@pytest.mark.parametrize(
    ("said", "finding"),
    [
        ({}, "unknown"),
        ({"contact_role": "HR Manager"}, "met"),
        ({"contact_role": " Dueño. "}, "met"),
        ({"contact_role": "Receptionist"}, "unknown"),
        ({"contact_role": "network manager"}, "unknown"),  # decides on another offer
        ({"contact_decides": "yes"}, "met"),
        ({"contact_decides": "sí", "contact_role": "Receptionist"}, "met"),
        ({"contact_decides": "no", "contact_role": "HR Manager"}, "not met"),
        ({"contact_decides": "perhaps"}, "unknown"),
        ({"message": "I am the owner. We need an employer account"}, "met"),
        ({"message": "I am the owner. We need an employer account", "contact_decides": "no"}, "not met"),
        ({"message": "We need an employer account for our drivers. I decide on this."}, "met"),
        ({"message": "We need an employer account. Our HR director Ruth Chen decides."}, "not met"),
        ({"message": "We need an employer account. HR director Ruth Chen makes that decision."}, "not met"),
        ({"message": "We need an employer account. Ruth Chen decides on it", "contact_decides": "yes"}, "met"),
    ],
)
def test_what_the_organisation_says_goes_before_a_role(said: dict[str, str], finding: str) -> None:
    assert judged(**said)["dimensions"]["decision_maker"]["finding"] == finding


def test_a_role_that_decides_nothing_known_yet_is_enough_where_no_offer_is_named() -> None:
    said = {"type": "business", "message": "Please call us about working together", "contact_role": "network manager"}
    assert judged(**said)["dimensions"]["decision_maker"]["finding"] == "met"


def test_every_reason_is_a_sentence() -> None:
    for said in ({}, {"contact_role": "hr manager"}, {"contact_decides": "no", "contact_role": "hr manager"}):
        because = judged(**said)["dimensions"]["decision_maker"]["because"]
        assert all(one["says"] for one in because)


def test_a_patient_is_not_asked_who_decides_there() -> None:
    said = {"type": "patient", "message": "I need an MRI", "organization": "", "contact_decides": "no"}
    found = leadwell.assess(pl.DataFrame([ENQUIRY | said]), POLICY).to_dicts()[0]
    assert found["dimensions"]["decision_maker"]["finding"] != "not met"
