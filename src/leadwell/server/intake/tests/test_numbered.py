"""A sender's number says which referral it speaks of, never who the patient is. (promises A2, A8)"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from leadwell.server.access.keys import new_key
from leadwell.server.conftest import Clinic, browser
from leadwell.server.intake.accepting import accept
from leadwell.server.intake.actions import add_source
from leadwell.server.intake.draining import drain
from leadwell.server.intake.ledger import ledger_of
from leadwell.server.intake.models import State, Submission
from leadwell.server.intake.referred import of_lead
from leadwell.server.intake.sources.hl7v2.door import answer, deliveries
from leadwell.server.leads.models import Event, Lead
from leadwell.server.leads.queries import columns_of
from leadwell.server.people.another import another

pytestmark = pytest.mark.django_db(databases="__all__")

MESSAGE = (Path(__file__).parent / "captured" / "hl7v2.hl7").read_bytes()
TOMAS = MESSAGE.replace(b"20110402", b"19580314")


def of_another(body: bytes) -> bytes:
    made = body.replace(b"19580314", b"19890911").replace(b"555-0147", b"555-0188").replace(b"555-0149", b"555-0189")
    lines = made.split(b"\r") if b"\r" in made else made.split(b"\n")
    fields = next(line for line in lines if line.startswith(b"PID")).split(b"|")
    pid = b"|".join([*fields[:3], b"X-99", *fields[4:5], b"Quill^Beatrix", *fields[6:]])
    return made.replace(b"|".join(fields), pid)


class Sender:
    def __init__(self, clinic: Clinic, name: str = "North") -> None:
        self.clinic, self.source, self.count = clinic, add_source(clinic.organization, "hl7v2", name), 0

    def sends(self, body: bytes, change: str = "I12", *, reads: bool = True) -> bytes:
        self.count += 1
        body = body.replace(b"M-17", b"M-%d" % self.count).replace(b"REF^I12", f"REF^{change}".encode())
        told = answer(body, self.source, accept(self.clinic.number, self.source.pk, deliveries(body)))
        while reads and drain().submissions:
            pass
        return told


@pytest.fixture
def hospital(lakeside: Clinic) -> Sender:
    return Sender(lakeside)


def names() -> list[str]:
    return [columns_of(one).get("patient_first_name") or columns_of(one)["first_name"] for one in leads()]


def leads() -> list[Lead]:
    return list(Lead.objects.order_by("received_at", "pk"))


@pytest.mark.parametrize("change", ["I12", "I13"])
def test_a_number_that_is_used_for_another_patient_makes_a_lead_of_its_own(
    lakeside: Clinic, hospital: Sender, change: str
) -> None:
    hospital.sends(TOMAS)
    before = columns_of(Lead.objects.get())
    hospital.sends(of_another(TOMAS), change)
    old, new = leads()
    assert columns_of(old) == before
    assert (names()[1], old.person_id == new.person_id) == ("Beatrix", False)
    for one, other in ((old, new), (new, old)):
        page = browser(lakeside.organization, "coordinator").get(reverse("lead", args=[one.pk])).content.decode()
        head = page[: page.index("What now") if "What now" in page else page.index("Who answers")]
        assert "gave the number of this referral to another patient too" in head
        assert reverse("lead", args=[other.pk]) in head
    assert ledger_of(lakeside.number).difference == 0


def test_what_comes_later_belongs_to_whom_of_the_two_it_speaks_of(hospital: Sender) -> None:
    hospital.sends(TOMAS)
    hospital.sends(of_another(TOMAS))
    hospital.sends(of_another(TOMAS).replace(b"555-0189", b"555-0190"), "I13")
    hospital.sends(TOMAS.replace(b"555-0149", b"555-0151"), "I13")
    old, new = leads()
    assert [columns_of(one)["phone"] for one in (old, new)] == ["312-555-0151", "312-555-0190"]
    hospital.sends(TOMAS, "I14")
    assert [of_lead(one).step.name for one in (old, new)] == ["withdrawn", "received"]
    assert b"RF1|E" in hospital.sends(TOMAS, "I15")
    assert b"RF1|P" in hospital.sends(of_another(TOMAS), "I15")


def test_what_takes_back_a_referral_of_another_patient_waits_for_somebody(hospital: Sender) -> None:
    hospital.sends(TOMAS)
    hospital.sends(of_another(TOMAS), "I14")
    waits = Submission.objects.get(state=State.NEEDS_MENDING)
    assert waits.problem == "it takes back a referral whose patient is another than ours"
    assert (Lead.objects.get().resting, Event.objects.filter(name="referral.withdrawn").count()) == ("", 0)


def test_of_two_patients_of_one_number_none_is_withdrawn_by_the_number_alone(hospital: Sender) -> None:
    hospital.sends(TOMAS)
    hospital.sends(of_another(TOMAS))
    alone = b"\r".join(line for line in TOMAS.splitlines() if line[:3] in (b"MSH", b"RF1"))
    hospital.sends(alone, "I14")
    waits = Submission.objects.get(state=State.NEEDS_MENDING)
    assert "its number is that of two patients" in waits.problem


def test_the_number_alone_withdraws_the_only_referral_that_bears_it(hospital: Sender) -> None:
    hospital.sends(TOMAS)
    hospital.sends(b"\r".join(line for line in TOMAS.splitlines() if line[:3] in (b"MSH", b"RF1")), "I14")
    assert Lead.objects.get().resting == "withdrawn"


def test_after_the_first_of_two_patients_was_erased_the_number_is_the_others(hospital: Sender) -> None:
    hospital.sends(TOMAS)
    hospital.sends(of_another(TOMAS))
    old, new = leads()
    Lead.objects.filter(pk=old.pk).update(sealed=b"")
    hospital.sends(of_another(TOMAS).replace(b"555-0189", b"555-0190"), "I13")
    hospital.sends(TOMAS, "I13")
    assert Submission.objects.filter(state=State.RECEIVED).count() == 0
    assert columns_of(Lead.objects.get(pk=new.pk))["phone"] == "312-555-0190"
    assert Lead.objects.exclude(pk__in=(old.pk, new.pk)).count() == 1


def test_two_patients_of_one_number_that_are_read_together_are_two_leads(hospital: Sender) -> None:
    for body in (TOMAS, of_another(TOMAS), TOMAS.replace(b"555-0149", b"555-0151")):
        hospital.sends(body, reads=False)
    while drain().submissions:
        pass
    old, _ = leads()
    assert (len(names()), columns_of(old)["phone"]) == (2, "312-555-0151")
    assert Event.objects.filter(name="referral.numbered").count() == 2


def test_what_takes_back_a_referral_waits_for_it_where_that_is_read_later(hospital: Sender) -> None:
    for change in ("I12", "I14"):
        hospital.sends(TOMAS, change, reads=False)
    first, last = Submission.objects.order_by("pk")
    later = timezone.now() + timedelta(minutes=1)
    Submission.objects.filter(pk=first.pk).update(due_at=later)  # another worker is at it, or it is tried again
    drain()
    assert Submission.objects.get(pk=last.pk).state == State.RECEIVED
    Submission.objects.update(due_at=timezone.now())
    while drain().submissions:
        pass
    assert Lead.objects.get().resting == "withdrawn"


def test_a_third_patient_of_one_number_is_a_third_lead(hospital: Sender) -> None:
    third = TOMAS.replace(b"19580314", b"19430127").replace(b"555-01", b"555-07")
    third = third.replace(b"Sample^Tom\xc3\xa1s^Luis", b"Zorn^Rufus^").replace(b"M-17", b"M-17")
    for body in (TOMAS, of_another(TOMAS), third):
        hospital.sends(body)
    assert len(set(names())) == 3


def test_a_number_of_one_source_is_none_of_another(lakeside: Clinic, hospital: Sender) -> None:
    hospital.sends(TOMAS)
    Sender(lakeside, "South").sends(of_another(TOMAS))
    assert (Lead.objects.count(), Event.objects.filter(name="referral.numbered").count()) == (2, 0)


ANA = {"patient_first_name": "Ana", "patient_last_name": "Sample", "patient_birth_date": "1958-03-14",
       "phone": "312-555-0147", "sex": "female"}  # fmt: skip


@pytest.mark.parametrize(("said", "is_another"), [
    ({"patient_first_name": "Anna"}, False),  # a typing error
    ({"patient_last_name": "Quill", "address": "1 Elm Street"}, False),  # a married name
    ({"patient_birth_date": "1971-11-02"}, False),  # a corrected date of birth
    ({"patient_first_name": "Beatrix", "patient_last_name": "Quill", "phone": "312-555-0199"}, True),  # born alike
    ({"patient_first_name": "", "patient_last_name": "", "patient_birth_date": ""}, False),
    ({"patient_first_name": "Beatrix", "patient_birth_date": "1989-09-11"}, True),
    ({"patient_first_name": "Beatrix", "patient_last_name": "Quill", "patient_birth_date": "1971-11-02"}, True),
    ({"patient_first_name": "Beatrix", "patient_last_name": "Quill", "patient_birth_date": "",
      "phone": "312-555-0199"}, True),
])  # fmt: skip
def test_who_is_plainly_another(said: dict[str, str], *, is_another: bool) -> None:
    assert another(ANA | said, [ANA]) is is_another
    assert another(ANA, [ANA | said]) is is_another
    assert not another(ANA | said, [])


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
        self.source, self.key = add_source(clinic.organization, "fhir", "South"), ""
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
