"""An order whose patient was erased is new when it comes again, and so is one that came after its own withdrawal: its
sender is told where it lies, and follows it there. (promises A1, F33)"""

from __future__ import annotations

from typing import Any

import pytest

from leadwell.server.conftest import Clinic
from leadwell.server.consent.actions import stop
from leadwell.server.consent.models import Suppression
from leadwell.server.consent.saying import Saying
from leadwell.server.intake.draining import drain
from leadwell.server.intake.models import State, Submission
from leadwell.server.intake.tests.test_fhir import ORDER, PLACER, Hospital, hospital, number_of
from leadwell.server.leads.models import Lead
from leadwell.server.leads.queries import columns_of
from leadwell.server.privacy.held import erase

__all__ = ["hospital"]
pytestmark = pytest.mark.django_db(databases="__all__")

REVOKED = ORDER | {"status": "revoked"}
SAID_OTHERWISE = ORDER | {"note": [{"text": "Afternoons, please."}]}


def drained() -> None:
    while drain().submissions:
        pass


def erased(clinic: Clinic, hospital: Hospital, *orders: dict[str, Any]) -> str:
    """The number of the order whose patient was erased."""
    number = number_of(hospital.posts()[2])
    for order in orders:
        hospital.posts(order)
    drained()
    person = Lead.objects.get().person_id
    assert person is not None
    stop(clinic.number, person, Saying("staff", "user:1", "never again"))
    erase(clinic.number, person, actor="user:1")
    return number


@pytest.mark.parametrize("again", [ORDER, SAID_OTHERWISE])
@pytest.mark.parametrize("before", [(), (SAID_OTHERWISE,), (REVOKED,)])
def test_after_an_erasure_the_order_is_new(
    lakeside: Clinic, hospital: Hospital, again: dict[str, Any], before: tuple[dict[str, Any], ...]
) -> None:
    old = erased(lakeside, hospital, *before)
    status, told, headers = hospital.posts(again)
    new = number_of(headers)
    assert (status, told["status"], new != old) == (201, "active", True)
    drained()
    lead = Lead.objects.exclude(sealed=b"").get()
    assert columns_of(lead)["patient_first_name"] == "Ana"
    assert hospital.task(new)["focus"]["reference"] == f"ServiceRequest/{new}"
    for query in (f"focus=ServiceRequest/{new}", f"identifier={PLACER}"):
        found = hospital.asks("GET", f"/Task?{query}")[1]
        assert [one["resource"]["id"] for one in found["entry"]] == [new]
    assert hospital.asks("GET", f"/ServiceRequest/{old}")[0] == 404
    assert not Submission.objects.exclude(sealed=b"").filter(pk=old).exists()
    assert Suppression.objects.exists()


def test_the_new_one_is_known_again_and_can_be_taken_back(lakeside: Clinic, hospital: Hospital) -> None:
    erased(lakeside, hospital)
    new = number_of(hospital.posts()[2])
    drained()
    for order in (ORDER, SAID_OTHERWISE):
        status, _, headers = hospital.posts(order)
        assert (status, number_of(headers)) == (200, new)
    assert hospital.asks("PUT", f"/ServiceRequest/{new}", REVOKED)[0] == 200
    drained()
    assert hospital.task(new)["status"] == "cancelled"
    assert Lead.objects.exclude(sealed=b"").count() == 1


def test_a_withdrawal_after_an_erasure_has_nothing_to_take_back(lakeside: Clinic, hospital: Hospital) -> None:
    erased(lakeside, hospital)
    status, told, _ = hospital.posts(REVOKED)
    drained()
    assert (status, told["status"]) == (201, "revoked")
    assert not Lead.objects.exclude(sealed=b"").exists()


def test_an_order_that_comes_after_its_withdrawal_is_told_as_it_stands(hospital: Hospital) -> None:
    early = number_of(hospital.posts(REVOKED)[2])
    drained()
    status, told, headers = hospital.posts(ORDER)
    new = number_of(headers)
    assert (status, told["status"], new != early) == (201, "active", True)
    drained()
    assert Lead.objects.count() == 1
    assert hospital.task(new)["status"] != "cancelled"
    found = hospital.asks("GET", f"/Task?identifier={PLACER}")[1]
    assert [one["resource"]["id"] for one in found["entry"]] == [new]
    assert Submission.objects.get(pk=early).state == State.NEEDS_MENDING


def test_and_what_is_said_of_it_then_is_of_that_one(hospital: Hospital) -> None:
    early = number_of(hospital.posts(REVOKED)[2])
    assert number_of(hospital.posts(REVOKED | {"note": [{"text": "By mistake."}]})[2]) == early
    drained()
    new = number_of(hospital.posts(ORDER)[2])
    drained()
    assert number_of(hospital.posts(SAID_OTHERWISE)[2]) == new
    status, told, headers = hospital.posts(REVOKED)
    assert (status, number_of(headers), told["status"]) == (200, new, "revoked")
    drained()
    assert hospital.task(new)["status"] == "cancelled"
