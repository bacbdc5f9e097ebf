"""A health system posts an order by FHIR, follows its Task, and may take it back. (promise A1)"""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

import orjson
import pytest
from django.test import Client
from django.utils import timezone

from leadwell.formats.fhir import deviations
from leadwell.server.access.keys import new_key
from leadwell.server.conftest import Clinic
from leadwell.server.intake.actions import add_source, change_settings
from leadwell.server.intake.draining import drain
from leadwell.server.intake.models import Source, State, Submission
from leadwell.server.leads.models import Event, Joined, Lead
from leadwell.server.leads.queries import columns_of
from leadwell.server.privacy.models import TrailEntry

pytestmark = pytest.mark.django_db(databases="__all__")

BUNDLE: dict[str, Any] = orjson.loads((Path(__file__).parent / "captured" / "fhir.json").read_bytes())
PLACER = "https://ehr.example.org/orders|A-17"
ORDER: dict[str, Any] = {
    "resourceType": "ServiceRequest",
    "status": "active",
    "intent": "order",
    "identifier": BUNDLE["entry"][0]["resource"]["identifier"],
    "subject": {"reference": "#p"},
    "code": {"text": "Knee replacement consultation"},
    "contained": [
        {
            "resourceType": "Patient",
            "id": "p",
            "name": [{"family": "Sample", "given": ["Ana"]}],
            "telecom": [{"system": "phone", "value": "312-555-0147"}],
        }
    ],
}


class Hospital:
    """Whoever holds a key and knows the base."""

    def __init__(self, source: Source, key: str) -> None:
        self.source, self.headers = source, {"Authorization": f"Bearer {key}"}
        self.base = f"/fhir/{source.handle}"

    def asks(self, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, dict[str, Any], Any]:
        sent = body if isinstance(body, bytes) else b"" if body is None else orjson.dumps(body)
        given = {"content-type": "application/fhir+json", **{n.replace("_", "-"): v for n, v in headers.items()}}
        media_type = given.pop("content-type")
        answer = Client().generic(method, self.base + path, sent, media_type, headers=self.headers | given)
        told = orjson.loads(answer.content) if answer.content else {}
        if told:
            assert deviations(told) == []
        return answer.status_code, told, answer.headers

    def posts(
        self, body: Any = ORDER, path: str = "/ServiceRequest", **headers: str
    ) -> tuple[int, dict[str, Any], Any]:
        return self.asks("POST", path, body, **headers)

    def task(self, number: str) -> dict[str, Any]:
        status, told, _ = self.asks("GET", f"/Task/{number}")
        assert status == 200
        return told


@pytest.fixture
def hospital(lakeside: Clinic) -> Hospital:
    key = new_key(lakeside.organization, ["leads:write"])
    return Hospital(add_source(lakeside.organization, "fhir", "North"), key)


def number_of(headers: Any) -> str:
    return str(headers["Location"].rpartition("/")[2])


def issue(told: dict[str, Any]) -> str:
    assert told["resourceType"] == "OperationOutcome"
    return str(told["issue"][0]["code"])


def test_an_order_is_kept_then_answered_with_where_it_lies(hospital: Hospital) -> None:
    status, told, headers = hospital.posts()
    assert (status, told["resourceType"], told["status"]) == (201, "ServiceRequest", "active")
    number = number_of(headers)
    assert hospital.asks("GET", f"/ServiceRequest/{number}")[1]["code"] == ORDER["code"]
    task = hospital.task(number)
    assert (task["status"], task["focus"]["reference"]) == ("received", f"ServiceRequest/{number}")
    assert task["businessStatus"]["coding"][0]["code"] == "2.0"
    drain()
    columns = columns_of(Lead.objects.get())
    assert (columns["patient_first_name"], columns["phone"], columns["has_order"]) == ("Ana", "312-555-0147", "yes")


def test_the_same_order_is_one_lead_whatever_its_bytes(hospital: Hospital) -> None:
    first = number_of(hospital.posts()[2])
    again = [ORDER, ORDER | {"note": [{"text": "Afternoons, please."}]}]
    for order in again:
        status, _, headers = hospital.posts(order)
        assert (status, number_of(headers)) == (200, first)
        drain()
    status, _, headers = hospital.posts({**ORDER, "identifier": []}, If_None_Exist=f"identifier={PLACER}")
    assert (status, number_of(headers)) == (200, first)
    drain()
    drain()
    assert "Afternoons, please." in columns_of(Lead.objects.get())["referral_reason"]
    assert Event.objects.filter(name="referral.changed").exists()


def test_what_prefers_less_is_told_less(hospital: Hospital) -> None:
    assert hospital.posts(Prefer="return=minimal")[1] == {}
    wrong = {**ORDER, "identifier": [], "unheard": "of"}
    told = hospital.posts(wrong, Prefer="return=OperationOutcome")[1]
    assert told["issue"][0]["diagnostics"] == "It deviates from R4: ServiceRequest.unheard: extra forbidden"


def test_a_transaction_is_answered_entry_by_entry(hospital: Hospital) -> None:
    status, told, _ = hospital.posts(BUNDLE, "")
    assert (status, told["type"], len(told["entry"])) == (200, "transaction-response", len(BUNDLE["entry"]))
    assert told["entry"][0]["response"]["status"] == "201 Created"
    assert hospital.posts(BUNDLE, "/")[1]["entry"][0]["response"]["status"] == "200 OK"
    drain()
    columns = columns_of(Lead.objects.get())
    assert (columns["patient_first_name"], columns["full_name"], columns["asks_for"]) == (
        "Tomás",
        "Inés Sample",
        "child",
    )


def test_a_message_is_answered_with_a_message(hospital: Hospital) -> None:
    header = {
        "resourceType": "MessageHeader",
        "id": "m-1",
        "eventUri": "http://example.org/referral",
        "source": {"endpoint": "https://ehr.example.org"},
    }
    sent = {**BUNDLE, "type": "message", "entry": [{"resource": header}, *BUNDLE["entry"]]}
    told = hospital.posts(sent, "")[1]
    first, task = (entry["resource"] for entry in told["entry"])
    assert (told["type"], first["response"], task["status"]) == (
        "message",
        {"identifier": "m-1", "code": "ok"},
        "received",
    )


def test_several_orders_in_one_bundle_are_followed_each_by_itself(hospital: Hospital) -> None:
    other = orjson.loads(orjson.dumps(BUNDLE["entry"][0]))
    other["resource"]["identifier"][0]["value"] = "A-18"
    other["request"]["ifNoneExist"] = ""
    told = hospital.posts({**BUNDLE, "entry": [*BUNDLE["entry"], other]}, "")[1]
    drain()
    numbers = [e["response"]["location"] for e in told["entry"] if "location" in e["response"]]
    assert (len(set(numbers)), Lead.objects.count() + Joined.objects.count()) == (2, 2)


def test_a_task_is_found_by_its_order_or_the_senders_number(hospital: Hospital) -> None:
    number = number_of(hospital.posts()[2])
    for query in (f"focus=ServiceRequest/{number}", f"identifier={PLACER}", f"_id={number}"):
        status, told, _ = hospital.asks("GET", f"/Task?{query}")
        assert (status, told["total"], told["entry"][0]["resource"]["id"]) == (200, 1, number)
    assert hospital.asks("GET", "/Task?identifier=https://ehr.example.org/orders|none")[1]["total"] == 0
    assert issue(hospital.asks("GET", "/Task?status=received")[1]) == "not-supported"
    assert hospital.asks("GET", f"/ServiceRequest?identifier={PLACER}")[1]["total"] == 1


@pytest.mark.parametrize("how", ["put", "patch", "order"])
def test_its_sender_takes_it_back(hospital: Hospital, how: str) -> None:
    number = number_of(hospital.posts()[2])
    task = hospital.task(number)
    if how == "put":
        told = hospital.asks("PUT", f"/Task/{number}", {**task, "status": "cancelled"})
    elif how == "patch":
        steps = [{"op": "replace", "path": "/status", "value": "cancelled"}]
        told = hospital.asks("PATCH", f"/Task/{number}", steps, content_type="application/json-patch+json")
    else:
        told = hospital.asks("PUT", f"/ServiceRequest/{number}", ORDER | {"status": "revoked"})
    assert told[0] == 200
    for _ in range(2):  # at once, and once it has joined its lead
        stands = hospital.task(number)
        assert (stands["status"], stands["businessStatus"]["coding"][0]["code"]) == ("cancelled", "5.2")
        drain()
        drain()
    assert hospital.asks("GET", f"/ServiceRequest/{number}")[1]["status"] == "revoked"
    assert (Lead.objects.count(), Event.objects.filter(name="referral.withdrawn").count()) == (1, 1)
    status, refused, _ = hospital.asks("PUT", f"/Task/{number}", {**task, "status": "requested"})
    assert (status, issue(refused)) == (409, "conflict")


def test_how_far_it_is_we_say_and_not_its_sender(hospital: Hospital) -> None:
    number = number_of(hospital.posts()[2])
    status, refused, _ = hospital.asks("PUT", f"/Task/{number}", hospital.task(number) | {"status": "completed"})
    assert (status, issue(refused)) == (422, "business-rule")
    drain()
    drain()
    assert Event.objects.filter(name="referral.asked").count() == 1
    assert hospital.task(number)["status"] == "received"


@pytest.mark.parametrize(
    ("happened", "status", "business"),
    [
        (["lead.accepted"], "accepted", "3.0"),
        (["lead.declined", "lead.accepted"], "rejected", "4.0"),
        (["call.tried"], "in-progress", None),
        (["call.tried", "appointment.booked"], "in-progress", "5.1.1"),
        (["appointment.booked", "appointment.missed"], "in-progress", "5.1.2"),
        (["appointment.booked", "appointment.cancelled"], "in-progress", "5.1.3"),
        (["appointment.kept"], "completed", "5.1.4"),
        (["appointment.kept", "lead.completed"], "completed", "7.0"),
        (["lead.stopped"], "cancelled", "6.0"),
        (["lead.given-up"], "failed", "6.0"),
        (["something.else"], "received", "2.0"),
    ],
)
def test_what_happens_to_the_lead_is_told_to_its_sender(
    hospital: Hospital, happened: list[str], status: str, business: str | None
) -> None:
    number = number_of(hospital.posts()[2])
    drain()
    lead = Lead.objects.get()
    for name in happened:
        Event.objects.create(organization=lead.organization, lead=lead, name=name, at=timezone.now())
    task = hospital.task(number)
    told = task["businessStatus"]["coding"][0]["code"] if "businessStatus" in task else None
    assert (task["status"], told) == (status, business)


def test_what_the_policy_declines_is_rejected_with_its_reason(hospital: Hospital) -> None:
    number = number_of(hospital.posts()[2])
    drain()
    Lead.objects.update(disposition="decline", reason="out-of-area")
    task = hospital.task(number)
    assert (task["status"], bool(task["statusReason"]["text"])) == ("rejected", True)


def test_an_earlier_version_of_the_codes_may_be_spoken(hospital: Hospital) -> None:
    change_settings(hospital.source, {"version": "1.0.0"})
    number = number_of(hospital.posts()[2])
    hospital.asks("PUT", f"/Task/{number}", hospital.task(number) | {"status": "cancelled"})
    assert hospital.task(number)["businessStatus"]["coding"][0]["code"] == "5.4"


EXTENDED = ORDER | {"modifierExtension": [{"url": "http://example.org/not", "valueBoolean": True}]}


@pytest.mark.parametrize(
    ("body", "media_type", "status", "code"),
    [
        (b'{"resourceType"', "application/fhir+json", 400, "structure"),
        (b"[]", "application/fhir+json", 400, "structure"),
        (EXTENDED, "application/fhir+json", 422, "extension"),
        ({"resourceType": "ServiceRequest"}, "application/fhir+json", 422, "required"),
        ({"resourceType": "Observation"}, "application/fhir+json", 422, "not-supported"),
        (b"<ServiceRequest/>", "application/fhir+xml", 415, "not-supported"),
    ],
)
def test_what_cannot_be_understood_is_refused_and_kept(
    hospital: Hospital, body: Any, media_type: str, status: int, code: str
) -> None:
    told = hospital.posts(body, content_type=media_type)
    assert (told[0], issue(told[1])) == (status, code)
    drain()
    kept = Submission.objects.get()
    assert (kept.state, bool(kept.problem), Lead.objects.count()) == (State.NEEDS_MENDING, True, 0)


def test_a_draft_is_no_lead_until_it_is_asked_for(hospital: Hospital) -> None:
    assert hospital.posts(ORDER | {"status": "draft"})[0] == 201
    drain()
    assert (Submission.objects.get().state, Lead.objects.count()) == (State.NOT_A_LEAD, 0)
    status, _, headers = hospital.posts()
    drain()
    assert (status, Lead.objects.count()) == (201, 1)
    assert hospital.asks("GET", f"/Task?identifier={PLACER}")[1]["entry"][0]["resource"]["id"] == number_of(headers)
    hospital.posts(ORDER | {"status": "on-hold"})
    drain()
    assert columns_of(Lead.objects.get())["extra.order status"] == "on-hold"


def test_what_is_posted_as_another_resource_is_refused_and_kept(hospital: Hospital) -> None:
    sent = {"resourceType": "ReferralRequest", "status": "active"}
    status, told, _ = hospital.posts(sent, "/ReferralRequest")
    assert (status, issue(told)) == (404, "not-supported")
    drain()
    assert Submission.objects.get().state == State.NEEDS_MENDING


@pytest.mark.parametrize("path", ["/$process-message", "/Bundle"])
def test_a_bundle_may_be_posted_by_these_names_too(hospital: Hospital, path: str) -> None:
    assert hospital.posts(BUNDLE, path)[0] == 200


def test_what_was_refused_may_be_sent_right(hospital: Hospital) -> None:
    hospital.posts(EXTENDED)
    assert hospital.posts()[0] == 201


def test_without_a_key_nothing_is_taken_and_it_is_kept_apart(hospital: Hospital, harbor: Clinic) -> None:
    theirs, reader = harbor.key, new_key(hospital.source.organization, ["leads:read"])
    for headers, status in (
        ({}, 401),
        ({"Authorization": "Bearer lw_no_key"}, 401),
        ({"Authorization": f"Bearer {theirs}"}, 401),
        ({"Authorization": "Basic !"}, 401),
        ({"Authorization": f"Bearer {reader}"}, 403),
    ):
        hospital.headers = headers
        assert hospital.posts()[0] == status
    assert set(Submission.objects.values_list("state", flat=True)) == {State.REFUSED}
    assert hospital.asks("GET", "/metadata")[0] == 200


def test_basic_bears_the_key_as_its_password(hospital: Hospital) -> None:
    key = hospital.headers["Authorization"].removeprefix("Bearer ")
    hospital.headers = {"Authorization": "Basic " + base64.b64encode(f"ehr:{key}".encode()).decode()}
    assert hospital.posts()[0] == 201


def test_each_source_sees_its_own_orders_alone(hospital: Hospital, lakeside: Clinic) -> None:
    number = number_of(hospital.posts()[2])
    other = Hospital(
        add_source(lakeside.organization, "fhir", "South"), new_key(lakeside.organization, ["leads:write"])
    )
    assert issue(other.asks("GET", f"/Task/{number}")[1]) == "not-found"
    assert other.asks("GET", f"/Task?identifier={PLACER}")[1]["total"] == 0
    drain()
    assert other.posts(ORDER | {"status": "revoked"})[0] == 201
    drain()
    assert not Event.objects.filter(name="referral.withdrawn").exists()


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/Patient/1", 404),
        ("GET", "/Task/none", 404),
        ("DELETE", "/ServiceRequest", 405),
        ("PUT", "/Task/none", 404),
        ("GET", "/ServiceRequest/a/b/c", 404),
    ],
)
def test_every_error_is_an_outcome(hospital: Hospital, method: str, path: str, status: int) -> None:
    told = hospital.asks(method, path)
    assert (told[0], told[1]["resourceType"]) == (status, "OperationOutcome")


def test_an_unknown_base_is_told_nothing(hospital: Hospital, lakeside: Clinic) -> None:
    hospital.base = "/fhir/nothing"
    assert issue(hospital.posts()[1]) == "not-found"
    hospital.base = f"/in/{hospital.source.handle}"
    answer = Client().post(hospital.base, orjson.dumps(ORDER), content_type="application/json")
    assert (answer.status_code, Submission.objects.count()) == (404, 0)


def test_who_looks_is_put_on_record(hospital: Hospital) -> None:
    number = number_of(hospital.posts()[2])
    before = TrailEntry.objects.count()
    hospital.task(number)
    entry = TrailEntry.objects.order_by("-pk").first()
    assert entry is not None
    assert (TrailEntry.objects.count(), entry.action, entry.subject) == (
        before + 1,
        "submission.read",
        f"submission/{number}",
    )


CAPABLE = Path(__file__).parents[5] / "tests" / "sources" / "fhir" / "capability.json"


def test_what_can_be_done_is_stated(hospital: Hospital) -> None:
    least = orjson.loads(CAPABLE.read_bytes())
    status, told, headers = hospital.asks("GET", "/metadata")
    assert (status, headers["Content-Type"]) == (least["status"], least["content_type"])
    assert _holds(told, least["holds"])
    assert told["date"]
    assert told["implementation"]["description"]


def _holds(told: Any, least: Any) -> bool:
    if isinstance(least, dict):
        return isinstance(told, dict) and all(name in told and _holds(told[name], said) for name, said in least.items())
    if isinstance(least, list):
        return isinstance(told, list) and all(any(_holds(one, said) for one in told) for said in least)
    return bool(told == least)
