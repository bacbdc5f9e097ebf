"""A Task that holds its own order, or whose order did not come along. (promises A1, A2)"""

from __future__ import annotations

from typing import Any

import pytest

from leadwell.server.intake.draining import drain
from leadwell.server.intake.models import State, Submission
from leadwell.server.intake.tests.test_fhir import ORDER, Hospital, hospital, issue
from leadwell.server.leads.models import Lead
from leadwell.server.leads.queries import columns_of

__all__ = ["hospital"]
pytestmark = pytest.mark.django_db(databases="__all__")

PATIENT, DOCTOR = (
    {"resourceType": "Patient", "id": "p", "name": [{"family": "Moor", "given": ["Taskina"]}]},
    {"resourceType": "Practitioner", "id": "d", "name": [{"text": "Dr. Dora Example"}]},
)
REQUEST: dict[str, Any] = {
    "resourceType": "ServiceRequest", "id": "s", "status": "active", "intent": "order",
    "code": {"text": "Knee replacement consultation"}, "subject": {"reference": "#p"}, "requester": {"reference": "#d"},
}  # fmt: skip
TASK: dict[str, Any] = {"resourceType": "Task", "status": "requested", "intent": "order", "for": {"reference": "#p"}}
HOLDING = TASK | {"focus": {"reference": "#s"}, "contained": [REQUEST, PATIENT, DOCTOR]}
NESTED = TASK | {"focus": {"reference": "#s"}, "contained": [REQUEST | {"contained": [PATIENT, DOCTOR]}]}
APART = {"subject": {"reference": "Patient/p"}, "requester": {"reference": "urn:uuid:d"}}


def bundle(*entries: tuple[str, dict[str, Any]]) -> dict[str, Any]:
    told = [
        {"fullUrl": url or f"urn:uuid:{nth}", "resource": held, "request": {"method": "POST", "url": "Task"}}
        for nth, (url, held) in enumerate(entries)
    ]
    return {"resourceType": "Bundle", "type": "transaction", "entry": told}


CONTAINED, WITHIN = bundle(("", HOLDING)), bundle(("", NESTED))
BY_URL = bundle(
    ("", TASK | {"focus": {"reference": "urn:uuid:s"}}),
    ("urn:uuid:s", REQUEST | APART), ("", PATIENT), ("urn:uuid:d", DOCTOR),
)  # fmt: skip
RELATIVE = bundle(
    ("", TASK | {"focus": {"reference": "ServiceRequest/s"}}),
    ("https://ehr.example.org/ServiceRequest/s", REQUEST | APART), ("", PATIENT), ("urn:uuid:d", DOCTOR),
)  # fmt: skip
LOST = TASK | {"focus": {"reference": "ServiceRequest/gone"}}


@pytest.mark.parametrize("sent", [CONTAINED, WITHIN, BY_URL, RELATIVE], ids=["contained", "within", "url", "relative"])
def test_however_a_task_names_its_order_it_is_a_lead_that_can_be_followed(
    hospital: Hospital, sent: dict[str, Any]
) -> None:
    status, told, _ = hospital.posts(sent, "/")
    assert status == 200
    place = next(one["response"]["location"] for one in told["entry"] if "Task/" in one["response"].get("location", ""))
    drain()
    (lead,) = Lead.objects.all()
    said = columns_of(lead)
    assert (said["patient_first_name"], said["patient_last_name"]) == ("Taskina", "Moor")
    assert said["referrer_name"] == "Dr. Dora Example"
    assert hospital.task(place.removeprefix("Task/"))["status"] in ("received", "accepted")


def test_two_tasks_that_hold_their_orders_are_two_leads(hospital: Hospital) -> None:
    other = PATIENT | {"name": [{"family": "Vane", "given": ["Oriel"]}]}
    second = HOLDING | {"contained": [REQUEST, other, DOCTOR]}
    status, told, _ = hospital.posts(bundle(("", HOLDING), ("", second)), "/")
    drain()
    places = [one["response"]["location"] for one in told["entry"]]
    assert (status, len(set(places))) == (200, 2)
    assert sorted(columns_of(one)["patient_last_name"] for one in Lead.objects.all()) == ["Moor", "Vane"]
    for place, family in zip(places, ("Moor", "Vane"), strict=True):
        order = hospital.task(place.removeprefix("Task/"))["focus"]["reference"]
        _, kept, _ = hospital.asks("GET", f"/{order}")
        assert [one["name"][0]["family"] for one in kept["contained"] if "Patient" in one.values()] == [family]


@pytest.mark.parametrize("sent", [bundle(("", LOST)), bundle(("", TASK | {"focus": {"reference": "#s"}}))])
def test_a_bundle_whose_tasks_order_is_not_in_it_is_kept_to_be_mended(hospital: Hospital, sent: dict[str, Any]) -> None:
    status, told, _ = hospital.posts(sent, "/")
    assert (status, issue(told)) == (422, "not-found")
    drain()
    (kept,) = Submission.objects.all()
    assert (kept.state, kept.problem) == (State.NEEDS_MENDING, "a Task without its ServiceRequest")


def test_beside_an_order_a_task_that_has_lost_its_own_is_kept_too(hospital: Hospital) -> None:
    own = TASK | {"focus": {"reference": "urn:uuid:o"}}
    status, told, _ = hospital.posts(bundle(("urn:uuid:o", ORDER), ("", own), ("", LOST)), "/")
    assert (status, issue(told)) == (422, "not-found")
    drain()
    assert Lead.objects.count() == 1
    assert sorted(Submission.objects.values_list("state", flat=True)) == sorted([State.ASSESSED, State.NEEDS_MENDING])


def test_a_task_in_a_bundle_takes_back_an_order_that_came_before(hospital: Hospital) -> None:
    hospital.posts(ORDER)
    named = {"identifier": ORDER["identifier"][0], "type": "ServiceRequest"}
    status, _, _ = hospital.posts(bundle(("", TASK | {"focus": named, "status": "cancelled"})), "/")
    assert status == 200
    drain()
    (lead,) = Lead.objects.all()
    assert lead.queue == ""
