"""An order that comes again under its number: of which patient it is, whether it is the same again, and how its Task
stands. (promises A2, A8)"""

from __future__ import annotations

from typing import Any

import orjson
import pytest
from django.test import Client

from leadwell.server.access.keys import new_key
from leadwell.server.conftest import Clinic
from leadwell.server.intake.actions import add_source
from leadwell.server.intake.draining import drain
from leadwell.server.intake.models import State, Submission
from leadwell.server.intake.referred import of_lead
from leadwell.server.intake.tests.test_numbered import leads, names
from leadwell.server.leads.models import Event, Lead
from leadwell.server.leads.queries import columns_of
from leadwell.server.leads.taken_back import taken_back

pytestmark = pytest.mark.django_db(databases="__all__")

ORDER: dict[str, Any] = {
    "resourceType": "ServiceRequest", "status": "active", "intent": "order",
    "identifier": [{"system": "https://ehr.example.org/orders", "value": "A-17",
                    "type": {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/v2-0203", "code": "PLAC"}]}}],
    "code": {"text": "Knee replacement consultation"}, "subject": {"reference": "#p"},
    "contained": [{"resourceType": "Patient", "id": "p", "name": [{"family": "Sample", "given": ["Ana"]}],
                   "birthDate": "1958-03-14", "telecom": [{"system": "phone", "value": "312-555-0147"}]}],
}  # fmt: skip
BEATRIX = {"resourceType": "Patient", "id": "p", "name": [{"family": "Quill", "given": ["Beatrix"]}],
           "birthDate": "1989-09-11", "telecom": [{"system": "phone", "value": "312-555-0188"}]}  # fmt: skip
OTHER = ORDER | {"contained": [BEATRIX]}


class Fhir:
    def __init__(self, clinic: Clinic) -> None:
        self.source = add_source(clinic.organization, "fhir", "South")
        self.key = new_key(clinic.organization, ["leads:write"])

    def asks(self, method: str, path: str, body: Any = None, *, reads: bool = True) -> tuple[int, Any, str]:
        answer = Client().generic(
            method, f"/fhir/{self.source.handle}{path}", orjson.dumps(body) if body else b"", "application/fhir+json",
            headers={"Authorization": f"Bearer {self.key}"},
        )  # fmt: skip
        while reads and drain().submissions:
            pass
        return answer.status_code, orjson.loads(answer.content), answer.headers.get("Location", "").rpartition("/")[2]

    def posts(self, body: Any, *, reads: bool = True) -> tuple[int, str]:
        status, _, number = self.asks("POST", "/ServiceRequest", body, reads=reads)
        return status, number

    def task(self, number: str) -> str:
        return str(self.asks("GET", f"/Task/{number}", reads=False)[1]["status"])


@pytest.fixture
def system(lakeside: Clinic) -> Fhir:
    return Fhir(lakeside)


@pytest.mark.parametrize("reads", [True, False])
def test_an_order_under_a_number_of_another_patient_is_an_order_of_its_own(system: Fhir, *, reads: bool) -> None:
    (_, ana), (status, beatrix) = system.posts(ORDER, reads=reads), system.posts(OTHER, reads=reads)
    assert (status, ana == beatrix) == (201, False)
    assert system.posts(OTHER | {"note": [{"text": "Afternoons."}]}, reads=reads) == (200, beatrix)
    assert system.posts(ORDER | {"note": [{"text": "Mornings."}]}) == (200, ana)
    assert names() == ["Ana", "Beatrix"]
    assert [columns_of(one)["referral_reason"] for one in leads()] == ["Mornings.", "Afternoons."]
    found = system.asks("GET", "/Task?identifier=https://ehr.example.org/orders|A-17")[1]
    assert found["entry"][0]["resource"]["id"] == beatrix


def test_one_task_is_cancelled_and_not_the_others_of_its_number(system: Fhir) -> None:
    (_, ana), (_, beatrix) = system.posts(ORDER), system.posts(OTHER)
    task = system.asks("GET", f"/Task/{ana}")[1]
    system.asks("PUT", f"/Task/{ana}", task | {"status": "cancelled"}, reads=False)
    for _ in range(2):
        assert (system.task(ana), system.task(beatrix)) == ("cancelled", "received")
        while drain().submissions:
            pass


def test_a_revoked_order_of_another_patient_waits_for_somebody(system: Fhir) -> None:
    _, ana = system.posts(ORDER)
    system.posts(OTHER | {"status": "revoked"})
    assert (Submission.objects.filter(state=State.NEEDS_MENDING).count(), system.task(ana)) == (1, "received")
    assert system.asks("PUT", f"/ServiceRequest/{ana}", OTHER)[0] == 409
    assert (Submission.objects.filter(state=State.NEEDS_MENDING).count(), names()) == (2, ["Ana"])


@pytest.mark.parametrize("reads", [True, False])
def test_the_same_bytes_are_a_repeat_only_where_nothing_came_between(system: Fhir, *, reads: bool) -> None:
    revoked = ORDER | {"status": "revoked"}
    stands, numbers = [], set()
    for body in (ORDER, ORDER, revoked, revoked, ORDER, ORDER, revoked, ORDER):
        _, number = system.posts(body, reads=reads)
        numbers.add(number)
        stands.append(system.task(number))
    assert stands == [*["received"] * 2, *["cancelled"] * 2, *["received"] * 2, "cancelled", "received"]
    assert (len(numbers), Submission.objects.filter(state=State.REPEAT).count()) == (1, 3)
    while drain().submissions:
        pass
    assert (of_lead(Lead.objects.get()).step.name, bool(Lead.objects.get().queue)) == ("received", True)


@pytest.mark.parametrize("reads", [True, False])
@pytest.mark.parametrize("how", ["Task", "ServiceRequest"])
@pytest.mark.parametrize("again", ["POST", "PUT"])
def test_what_was_taken_back_and_is_sent_again_is_received_once_more(
    system: Fhir, how: str, again: str, *, reads: bool
) -> None:
    _, number = system.posts(ORDER)
    task = system.asks("GET", f"/Task/{number}")[1]
    ended = task | {"status": "cancelled"} if how == "Task" else ORDER | {"status": "revoked"}
    for _ in range(2):
        assert system.asks("PUT", f"/{how}/{number}", ended, reads=reads)[0] == 200
        assert system.task(number) == "cancelled"
        status, told, _ = system.asks("PUT", f"/Task/{number}", task, reads=reads)
        assert (status, "again as active" in told["issue"][0]["diagnostics"]) == (409, True)
        path = "/ServiceRequest" if again == "POST" else f"/ServiceRequest/{number}"
        status, told, _ = system.asks(again, path, ORDER, reads=reads)
        assert (status, told["status"], system.task(number)) == (200, "active", "received")
    while drain().submissions:
        pass
    lead = Lead.objects.get()
    assert (taken_back(lead.organization_id, [lead.pk]), bool(lead.queue)) == ({}, True)


def test_what_we_declined_says_what_to_do_instead(system: Fhir) -> None:
    _, number = system.posts(ORDER)
    lead = Lead.objects.get()
    Event.objects.create(organization=lead.organization, lead=lead, name="lead.declined", at=lead.received_at)
    status, told, _ = system.asks("PUT", f"/ServiceRequest/{number}", ORDER | {"status": "revoked"})
    assert (status, "under an identifier of its own" in told["issue"][0]["diagnostics"]) == (409, True)


@pytest.mark.parametrize("reads", [True, False])
def test_a_draft_is_asked_for_at_last_under_the_number_that_it_was_given(system: Fhir, *, reads: bool) -> None:
    _, number = system.posts(ORDER | {"status": "draft"})
    assert system.asks("PUT", f"/ServiceRequest/{number}", ORDER, reads=reads)[0] == 200
    assert system.task(number) == "received"
    while drain().submissions:
        pass
    assert (names(), system.task(number)) == (["Ana"], "received")


def test_an_order_that_is_on_hold_and_goes_on_is_said_anew(system: Fhir) -> None:
    for status in ("active", "on-hold", "active", "on-hold"):
        system.posts(ORDER | {"status": status})
    assert Event.objects.filter(name="referral.changed").count() == 3
