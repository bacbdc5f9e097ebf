"""A referral or an appointment that was taken back is said at the head of its lead, and nobody calls as if nothing had
happened. Whoever asks again is not lost. (promises A1, D21)"""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from leadwell.server.access.keys import new_key
from leadwell.server.conftest import Clinic, browser
from leadwell.server.intake.accepting import Delivery, accept
from leadwell.server.intake.actions import add_source
from leadwell.server.intake.draining import drain
from leadwell.server.intake.ledger import ledger_of
from leadwell.server.intake.referred import of_lead
from leadwell.server.intake.sources.hl7v2.door import delivery
from leadwell.server.intake.tests.test_bookings import booked, cancelled
from leadwell.server.leads.models import Assessment, Event, Lead
from leadwell.server.leads.rejudging import rejudge, rejudge_these

pytestmark = pytest.mark.django_db(databases="__all__")

MESSAGE = (Path(__file__).parent / "captured" / "hl7v2.hl7").read_bytes()
ADULT = MESSAGE.replace(b"20110402", b"19580314")
ORDER = {
    "resourceType": "ServiceRequest", "status": "active", "intent": "order",
    "identifier": [{"system": "https://ehr.example.org/orders", "value": "A-17"}],
    "code": {"text": "Knee replacement consultation"}, "subject": {"reference": "#p"},
    "contained": [{"resourceType": "Patient", "id": "p", "name": [{"family": "Sample", "given": ["Ana"]}],
                   "birthDate": "1958-03-14", "telecom": [{"system": "phone", "value": "312-555-0147"}]}],
}  # fmt: skip


class Sender:
    def __init__(self, clinic: Clinic, kind: str) -> None:
        self.clinic, self.source = clinic, add_source(clinic.organization, kind, "North", {"secrets": ["a-key"]})

    def sends(self, *bodies: bytes) -> None:
        for body in bodies:
            one = delivery(body) if self.source.kind == "hl7v2" else Delivery(body)
            accept(self.clinic.number, self.source.pk, [one])
            while drain().submissions:
                pass


@pytest.fixture
def hospital(lakeside: Clinic) -> Sender:
    return Sender(lakeside, "hl7v2")


def changed(change: str, number: str, body: bytes = ADULT) -> bytes:
    return body.replace(b"M-17", number.encode()).replace(b"REF^I12", f"REF^{change}".encode())


def head(clinic: Clinic, role: str = "coordinator") -> str:
    page = browser(clinic.organization, role).get(reverse("lead", args=[Lead.objects.get().pk])).content.decode()
    return page[page.index("lead-head") : page.index("Who answers")]


def listed(clinic: Clinic) -> str:
    return browser(clinic.organization, "coordinator").get("/leads").content.decode()


def test_a_referral_that_was_withdrawn_says_so_at_its_head_and_rests(lakeside: Clinic, hospital: Sender) -> None:
    hospital.sends(ADULT)
    before = Lead.objects.get()
    assert (bool(before.queue), "Withdrawn" in head(lakeside)) == (True, False)
    hospital.sends(changed("I14", "M-18"))
    after = Lead.objects.get()
    assert (after.queue, after.resting, after.disposition) == ("", "withdrawn", before.disposition)
    assert before.due_at and not after.due_at
    page = head(lakeside)
    assert page.index("Withdrawn by the referrer") < page.index("What now")
    assert "Nothing to do: the referrer took it back" in page
    assert "Ask first" not in page
    assert "Withdrawn by the referrer on " in listed(lakeside)
    assert "Withdrawn by the referrer" in head(lakeside, "analyst")
    assert ledger_of(lakeside.number).difference == 0


def test_a_fhir_order_that_is_revoked_rests_too(lakeside: Clinic) -> None:
    source, key = add_source(lakeside.organization, "fhir", "South"), new_key(lakeside.organization, ["leads:write"])
    for status in ("active", "revoked"):
        answer = Client().post(
            f"/fhir/{source.handle}/ServiceRequest", orjson.dumps(ORDER | {"status": status}),
            content_type="application/fhir+json", headers={"Authorization": f"Bearer {key}"},
        )  # fmt: skip
        assert answer.status_code in (200, 201)
        while drain().submissions:
            pass
    assert Lead.objects.get().resting == "withdrawn"


def test_judging_anew_wakes_nothing_that_was_withdrawn_and_appends_nothing(lakeside: Clinic, hospital: Sender) -> None:
    hospital.sends(ADULT, changed("I14", "M-18"))
    judgements = Assessment.objects.count()
    assert (rejudge(lakeside.number), Assessment.objects.count()) == (0, judgements)
    rejudge_these(lakeside.number, [Lead.objects.get().pk])
    assert Lead.objects.get().resting == "withdrawn"


@pytest.mark.parametrize("again", ["sent again", "asks themselves", "asks the same again"])
def test_whoever_asks_again_is_waited_on_again(lakeside: Clinic, hospital: Sender, again: str) -> None:
    form = {"full_name": "Tomás Sample", "birth_date": "1958-03-14", "phone": "312-555-0147", "phone_2": "312-555-0149"}
    hospital.sends(ADULT, changed("I14", "M-18"))
    queue = Event.objects.get(name="lead.received").codes["queue"]
    if again == "sent again":
        hospital.sends(changed("I12", "M-19"))
    else:
        words = {"message": "I still want the knee replacement"} if again == "asks themselves" else {}
        told = form | {"service": "Knee replacement consultation"} | words
        accept(lakeside.number, lakeside.source, [Delivery(orjson.dumps(told))])
        while drain().submissions:
            pass
    if Lead.objects.count() == 1:
        lead = Lead.objects.get()
        assert (lead.resting, lead.queue) == ("", queue)
        page = head(lakeside)
        assert ("Withdrawn by the referrer" in page, "Ask whether it still holds" in page) == (False, False)
    else:  # it is a lead of its own, and waits
        assert Lead.objects.exclude(queue="").count() == 1
    rejudge_these(lakeside.number, [one.pk for one in Lead.objects.all()])
    assert Lead.objects.exclude(queue="").exists()


def test_what_is_sent_again_after_it_was_withdrawn_is_received_once_more(lakeside: Clinic, hospital: Sender) -> None:
    said = []
    for number, change in enumerate(("I12", "I14", "I12", "I13", "I14")):
        hospital.sends(changed(change, f"M-{number}"))
        said.append(of_lead(Lead.objects.get()).step.name)
    assert said == ["received", "withdrawn", "received", "received", "withdrawn"]


def test_what_was_declined_stays_so_when_it_is_sent_again(lakeside: Clinic, hospital: Sender) -> None:
    hospital.sends(ADULT)
    lead = Lead.objects.get()
    Event.objects.create(organization=lead.organization, lead=lead, name="lead.declined", at=timezone.now())
    hospital.sends(changed("I12", "M-18"))
    assert of_lead(Lead.objects.get()).step.name == "declined"


def test_a_patient_who_had_called_by_themselves_is_still_called(lakeside: Clinic, hospital: Sender) -> None:
    hospital.sends(ADULT)
    lead = Lead.objects.get()
    Event.objects.create(organization=lead.organization, lead=lead, name="call.noted", at=timezone.now())
    hospital.sends(changed("I14", "M-18"))
    assert Lead.objects.get().queue
    assert "Ask whether it still holds" in head(lakeside)


def test_what_somebody_has_taken_up_stays_theirs(lakeside: Clinic, hospital: Sender) -> None:
    hospital.sends(ADULT)
    member = browser(lakeside.organization, "coordinator").session["_auth_user_id"]
    Lead.objects.update(owner=member)
    hospital.sends(changed("I14", "M-18"))
    assert Lead.objects.get().queue
    assert "Nothing to do: the referrer took it back" in head(lakeside)


def test_danger_never_rests(lakeside: Clinic, hospital: Sender) -> None:
    body = ADULT.replace(b"Afternoons only, please.", b"She says she wants to kill herself.")
    hospital.sends(body)
    assert Lead.objects.get().safety
    hospital.sends(changed("I14", "M-18", body))
    assert Lead.objects.get().queue
    page = head(lakeside)
    assert page.index("Danger.") < page.index("Withdrawn by the referrer")
    assert "Look at once" in listed(lakeside) or "Danger" in listed(lakeside)


@pytest.mark.parametrize(("by", "says"), [
    ("invitee", "Their appointment was cancelled by them"), ("host", "Their appointment was cancelled by us"),
    ("", "Their appointment was cancelled"),
])  # fmt: skip
def test_an_appointment_that_was_cancelled_is_said_and_asked_about(lakeside: Clinic, by: str, says: str) -> None:
    calendly = Sender(lakeside, "calendly")
    calendly.sends(orjson.dumps(booked()), orjson.dumps(cancelled(by=by)))
    lead, page = Lead.objects.get(), head(lakeside)
    assert (bool(lead.queue), says in page, says in listed(lakeside)) == (True, True, True)
    assert "Ask whether they want another appointment" in page
    moved = booked(2, "2026-12-10", old_invitee="https://api.calendly.com/scheduled_events/E1/invitees/I1")
    calendly.sends(orjson.dumps(moved))
    assert "cancelled" not in head(lakeside).split("What happened")[0]
