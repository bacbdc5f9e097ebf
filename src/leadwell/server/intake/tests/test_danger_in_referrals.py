"""Danger in what a health system sends that asks for nothing is seen by a person: a withdrawal, a draft, a question.
(promise 18)"""

from pathlib import Path
from typing import Any

import orjson
import pytest
from django.test import Client

from leadwell.server.conftest import Clinic
from leadwell.server.intake.actions import add_source
from leadwell.server.intake.ledger import ledger_of
from leadwell.server.intake.models import State
from leadwell.server.intake.tests.test_early import arrive
from leadwell.server.leads.models import Event, Lead
from leadwell.server.leads.queries import columns_of
from leadwell.server.leads.taken_back import WITHDRAWN, taken_back
from leadwell.server.privacy.held import erase

pytestmark = pytest.mark.django_db(databases="__all__")

PLAN = "suicidal with plan tonight"
PAIN = "now has chest pain, cannot breathe"
MESSAGE = (Path(__file__).parent / "captured" / "hl7v2.hl7").read_bytes().replace(b"20110402", b"19580314")
PATIENT = {"resourceType": "Patient", "id": "p", "birthDate": "1958-03-14", "name": [{"text": "Ana Ruiz"}]}
ORDER = {"resourceType": "ServiceRequest", "status": "active", "intent": "order", "identifier": [{"value": "A-17"}],
         "code": {"text": "Knee replacement consultation"}, "subject": {"reference": "#p"},
         "contained": [PATIENT]}  # fmt: skip
PATIENT["telecom"] = [{"system": "phone", "value": "312-555-0147"}]


def hl7(change: str, words: str = "", *, name: str = "") -> bytes:
    body = MESSAGE.replace(b"M-17", f"M-{change}{len(words)}".encode()).replace(b"I12^", f"{change}^".encode(), 1)
    body = body.replace(b"Sample^Tom\xc3\xa1s^Luis^III^^^L~Muster^Tom^^^^^A", name.encode()) if name else body
    return body.replace(b"Afternoons only, please.", words.encode() or b"Afternoons only, please.")


def fhir(words: str = "", **more: Any) -> bytes:
    return orjson.dumps(ORDER | ({"note": [{"text": f"patient {words}"}]} if words else {}) | more)


IDLE = {
    "a withdrawal by HL7 v2": ("hl7v2", hl7("I14", PLAN), State.NEEDS_MENDING),
    "a question by HL7 v2": ("hl7v2", hl7("I15", PLAN), State.NOT_A_LEAD),
    "a withdrawal by FHIR": ("fhir", fhir(PLAN, status="revoked"), State.NEEDS_MENDING),
    "a draft": ("fhir", fhir(PLAN, status="draft"), State.NOT_A_LEAD),
    "what is not to be done": ("fhir", fhir(PLAN, doNotPerform=True), State.NOT_A_LEAD),
}


@pytest.mark.parametrize(("kind", "body", "without"), IDLE.values(), ids=IDLE)
def test_of_nothing_known_it_is_a_lead_that_is_looked_at(
    lakeside: Clinic, kind: str, body: bytes, without: str
) -> None:
    assert arrive(lakeside, kind, [body.replace(PLAN.encode(), b"well again")], together=False) == [without]
    assert not Lead.objects.exists()
    assert arrive(lakeside, kind, [body], together=False) == [State.ASSESSED]
    lead = Lead.objects.get()
    assert (lead.safety, lead.disposition, lead.type) == ("crisis", "review", "referral")
    withdrawn = without == State.NEEDS_MENDING
    assert (lead.pk in taken_back(lakeside.number, [lead.pk])) is withdrawn
    assert ledger_of(lakeside.number).difference == 0


@pytest.mark.parametrize("together", [False, True])
@pytest.mark.parametrize("kind", ["hl7v2", "fhir"])
def test_the_referral_that_comes_later_is_the_same_lead(lakeside: Clinic, kind: str, *, together: bool) -> None:
    bodies = [hl7("I14", PLAN), hl7("I12")] if kind == "hl7v2" else [fhir(PLAN, status="draft"), fhir()]
    assert arrive(lakeside, kind, bodies, together=together) == [State.ASSESSED, State.JOINED]
    assert Lead.objects.get().safety == "crisis"


QUESTIONS = {
    "hl7v2": [hl7("I12"), hl7("I15", PAIN), hl7("I15", PAIN + "!")],
    "fhir": [fhir(), fhir(PAIN, doNotPerform=True), fhir(PAIN, doNotPerform=True, priority="urgent")],
}


@pytest.mark.parametrize(("kind", "bodies"), QUESTIONS.items(), ids=QUESTIONS)
def test_of_a_lead_that_is_there_it_is_that_lead_s(lakeside: Clinic, kind: str, bodies: list[bytes]) -> None:
    states = [State.ASSESSED, State.JOINED, State.JOINED]
    assert arrive(lakeside, kind, bodies, together=False) == states
    lead = Lead.objects.get()
    assert (lead.safety, lead.disposition) == ("emergency", "review")
    assert "Knee replacement" in columns_of(lead)["referral_service"]


def test_a_question_without_danger_joins_nothing(lakeside: Clinic) -> None:
    states = [State.ASSESSED, State.NOT_A_LEAD]
    assert arrive(lakeside, "hl7v2", [hl7("I12"), hl7("I15", "how does it stand")], together=False) == states
    assert [one.name for one in Event.objects.all()] == ["lead.received"]


def test_of_another_patient_under_a_number_that_is_known_it_is_a_lead_of_its_own(lakeside: Clinic) -> None:
    states = [State.ASSESSED, State.ASSESSED, State.JOINED]
    other = hl7("I14", PLAN, name="Quillfeather^Barnaby").replace(b"19580314", b"19700101")
    assert arrive(lakeside, "hl7v2", [hl7("I12"), other, hl7("I13")], together=False) == states
    first, second = Lead.objects.order_by("received_at", "pk")
    assert (first.safety, second.safety) == ("", "crisis")
    assert Event.objects.get(name=WITHDRAWN).lead_id == second.pk


def test_of_somebody_who_was_erased_it_is_seen_too(lakeside: Clinic) -> None:
    arrive(lakeside, "hl7v2", [hl7("I12")], together=False)
    erase(lakeside.number, Lead.objects.get().person_id, actor="x")
    assert arrive(lakeside, "hl7v2", [hl7("I14", PLAN)], together=False) == [State.ASSESSED]


def test_each_question_of_one_post_is_told_what_came_before_it(lakeside: Clinic) -> None:
    source = add_source(lakeside.organization, "hl7v2", "North")
    body = b"".join(hl7(change, "x" * n) for n, change in enumerate(("I12", "I15", "I14", "I15"), 1))
    answer = Client().post(f"/in/{source.handle}", body, content_type="application/hl7-v2").content.decode()
    assert [line[4] for line in answer.split("\r") if line.startswith("RF1")] == ["P", "P", "P", "E"]
