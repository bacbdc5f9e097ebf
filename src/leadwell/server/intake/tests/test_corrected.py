"""Who is said to be reached elsewhere, by a later part of the same referral or booking, is found, stopped and
recognised by that as by what came first. (promises B8, D23)"""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import orjson
import pytest

from leadwell.server.conftest import NOON, Clinic, member
from leadwell.server.consent.actions import stop
from leadwell.server.consent.models import Inquiry
from leadwell.server.consent.saying import Saying
from leadwell.server.consent.tests.test_known import CLOSED, answers
from leadwell.server.intake.accepting import Delivery, accept
from leadwell.server.intake.draining import drain
from leadwell.server.intake.tests.test_bookings import booked, calendly
from leadwell.server.intake.tests.test_calls import Phones, rang
from leadwell.server.intake.tests.test_taken_back import MESSAGE, ORDER, Sender, changed
from leadwell.server.leads.models import Lead
from leadwell.server.leads.queries import columns_of
from leadwell.server.leads.verifying import Answer, take_back, verify
from leadwell.server.people.finding import found, understood
from leadwell.server.people.linking import linked
from leadwell.server.people.models import Person, PersonToken
from leadwell.server.people.queries import identity
from leadwell.server.privacy.held import erase, export

pytestmark = [pytest.mark.django_db(databases="__all__"), pytest.mark.usefixtures("at_noon")]

OLD, NEW = "312-555-0149", "312-555-0182"
WHOLE = {OLD: "+13125550149", NEW: "+13125550182"}
FIRST = (
    b"\r".join(line for line in MESSAGE.splitlines() if not line.startswith((b"NK1", b"OBX", b"NTE")))
    .replace(b"20110402", b"19580314")
    .replace(b"WPN^PH|es", b"PRN^PH|es")
)
AGAIN = changed("I13", "M-18", FIRST.replace(OLD.encode(), NEW.encode()))
WRITES = {"full_name": "Tomas Sample", "birth_date": "1958-03-14", "message": "I need physical therapy for my ankle"}
PHONE_ONLY = {"call": "yes", "text": "yes", "email": "never"}


@pytest.fixture
def hospital(lakeside: Clinic) -> Sender:
    return Sender(lakeside, "hl7v2")


def referred(hospital: Sender, *bodies: bytes) -> Lead:
    hospital.sends(*(bodies or (FIRST, AGAIN)))
    return Lead.objects.of(hospital.clinic.number).get()


def asks(clinic: Clinic, **columns: str) -> UUID:
    accept(clinic.number, clinic.source, [Delivery(orjson.dumps(WRITES | columns))])
    while drain().submissions:
        pass
    newest = Person.objects.of(clinic.number).order_by("-pk")[0]
    return newest.pk


def who_has(clinic: Clinic, typed: str) -> list[UUID]:
    return [one.person for one in found(clinic.number, understood(typed)).people]


def test_the_request_is_answered_at_the_number_that_holds_now_and_no_more_at_the_one_before(hospital: Sender) -> None:
    lead = referred(hospital)
    assert columns_of(lead)["phone"] == NEW
    assert answers(hospital.clinic, lead.person_id) == PHONE_ONLY
    assert answers(hospital.clinic, lead.person_id, address=NEW) == PHONE_ONLY
    assert answers(hospital.clinic, lead.person_id, address=OLD) == CLOSED


@pytest.mark.parametrize("number", [OLD, NEW])
def test_a_text_from_either_number_stops_us_at_both(hospital: Sender, number: str) -> None:
    lead, phones = referred(hospital), Phones(hospital.clinic)
    phones.text("STOP", From=WHOLE[number])
    for address in ("", OLD, NEW):
        assert answers(hospital.clinic, lead.person_id, address=address)["text"] == "never"
        assert answers(hospital.clinic, lead.person_id, address=address, automated=True)["call"] == "never"


def test_a_stop_before_the_correction_holds_for_the_number_that_comes_with_it(hospital: Sender) -> None:
    lead = referred(hospital, FIRST)
    Phones(hospital.clinic).text("STOP", From=WHOLE[OLD])
    hospital.sends(AGAIN)
    assert answers(hospital.clinic, lead.person_id, address=NEW)["text"] == "never"


def test_a_stop_of_the_new_number_from_before_anybody_knew_whose_it_is_holds(hospital: Sender) -> None:
    lead = referred(hospital, FIRST)
    stop(hospital.clinic.number, None, Saying("text", "worker", address=NEW, at=NOON))
    hospital.sends(AGAIN)
    assert answers(hospital.clinic, lead.person_id)["text"] == "never"


def test_a_call_from_the_new_number_is_theirs(hospital: Sender) -> None:
    lead, phones = referred(hospital), Phones(hospital.clinic)
    phones.told(rang(From=WHOLE[NEW], CallStatus="completed", CallDuration="41"))
    assert Lead.objects.of(hospital.clinic.number).get().pk == lead.pk


@pytest.mark.parametrize("number", [OLD, NEW])
def test_they_are_found_by_both_numbers_and_by_their_name_as_it_was(hospital: Sender, number: str) -> None:
    lead = referred(hospital, FIRST, AGAIN.replace(b"Sample^", b"Sampleton^"))
    assert who_has(hospital.clinic, number) == [lead.person_id]
    assert who_has(hospital.clinic, "Sample") == who_has(hospital.clinic, "Sampleton") == [lead.person_id]


def test_who_writes_with_the_new_number_is_the_same_person(hospital: Sender) -> None:
    lead = referred(hospital)
    writes = asks(hospital.clinic, phone=NEW)
    assert writes in linked(hospital.clinic.number, [lead.person_id])[lead.person_id]


def test_who_had_written_with_the_new_number_before_is_the_same_person_from_then_on(hospital: Sender) -> None:
    writes = asks(hospital.clinic, phone=NEW, birth_date="", full_name="Tomas Luis Sample")
    hospital.sends(FIRST)
    lead = Lead.objects.exclude(person=writes).get()
    assert writes not in linked(hospital.clinic.number, [lead.person_id])[lead.person_id]
    hospital.sends(AGAIN)
    stop(hospital.clinic.number, writes, Saying("staff", "user:1", at=NOON))
    assert writes in linked(hospital.clinic.number, [lead.person_id])[lead.person_id]
    assert answers(hospital.clinic, lead.person_id) == CLOSED


def test_a_number_that_comes_only_later_may_be_called(hospital: Sender) -> None:
    lead = referred(hospital, FIRST.replace(OLD.encode(), b""), AGAIN)
    assert answers(hospital.clinic, lead.person_id) == PHONE_ONLY
    assert Inquiry.objects.get(person=lead.person_id).at <= lead.received_at + timedelta(minutes=1)


def test_a_confirmed_number_stays_theirs_beside_and_the_old_one_can_be_confirmed(hospital: Sender) -> None:
    lead = referred(hospital)
    actor = member(lead.organization, "coordinator").actor
    change = verify(lead.organization_id, lead.pk, Answer("phone", OLD), actor=actor)
    assert answers(hospital.clinic, lead.person_id, address=OLD) == PHONE_ONLY
    assert answers(hospital.clinic, lead.person_id, address=NEW) == PHONE_ONLY
    assert change.row is not None
    take_back(lead.organization_id, lead.pk, change.row.pk, actor=actor)
    assert answers(hospital.clinic, lead.person_id, address=OLD) == CLOSED
    assert who_has(hospital.clinic, OLD) == [lead.person_id]


def test_what_was_verified_is_no_part_of_what_the_referral_says(hospital: Sender) -> None:
    lead = referred(hospital, FIRST)
    actor = member(lead.organization, "coordinator").actor
    verify(lead.organization_id, lead.pk, Answer("phone", "312-555-0183"), actor=actor)
    hospital.sends(AGAIN)
    told = identity(lead.organization_id, lead.person_id)
    assert told is not None
    assert (told["phone"], told["phone_before"]) == (NEW, WHOLE[OLD])
    assert PersonToken.objects.filter(person=lead.person_id, kind="phone", confirmed=True).count() == 1


def test_what_is_said_back_again_holds_as_it_did(hospital: Sender) -> None:
    lead = referred(hospital, FIRST, AGAIN, changed("I13", "M-19", FIRST))
    assert answers(hospital.clinic, lead.person_id, address=OLD) == PHONE_ONLY
    assert answers(hospital.clinic, lead.person_id, address=NEW) == CLOSED


def test_an_export_has_both_numbers_and_an_erasure_leaves_neither(hospital: Sender) -> None:
    lead = referred(hospital)
    told = orjson.dumps(export(lead.organization_id, lead.person_id, actor="user:1")).decode()
    assert WHOLE[OLD] in told
    assert NEW in told
    erase(lead.organization_id, lead.person_id, actor="user:1")
    assert not PersonToken.objects.filter(person=lead.person_id).exists()
    assert who_has(hospital.clinic, OLD) == who_has(hospital.clinic, NEW) == []


def test_an_order_that_is_sent_again_is_answered_at_its_new_number(lakeside: Clinic) -> None:
    fhir = Sender(lakeside, "fhir")
    order = orjson.dumps(ORDER)
    lead = referred(fhir, order, order.replace(b"312-555-0147", NEW.encode()))
    assert answers(lakeside, lead.person_id, address=NEW) == PHONE_ONLY
    assert answers(lakeside, lead.person_id, address="312-555-0147") == CLOSED


def test_a_booking_that_is_moved_with_another_address_is_answered_there(lakeside: Clinic) -> None:
    moved = booked(2, "2026-12-04", email="new@example.com", old_invitee=booked()["payload"]["uri"])
    calendly(lakeside, booked(), moved)
    lead = Lead.objects.get()
    assert columns_of(lead)["email"] == "new@example.com"
    assert answers(lakeside, lead.person_id, address="new@example.com")["email"] == "yes"
    assert answers(lakeside, lead.person_id, address=booked()["payload"]["email"])["email"] == "never"
    assert who_has(lakeside, "new@example.com") == [lead.person_id]


def test_a_number_in_the_words_of_a_voicemail_may_be_called_and_not_texted(lakeside: Clinic) -> None:
    phones = Phones(lakeside)
    words = "This is Ana, I need a knee replacement consult. Call me back at 312-555-0182, please."
    rings = rang(From="anonymous", CallStatus="completed", CallDuration="41")
    phones.told(rings)
    phones.told(rang(From="anonymous", TranscriptionText=words, TranscriptionStatus="completed"))
    lead = Lead.objects.get()
    assert answers(lakeside, lead.person_id) == {"call": "yes", "text": "never", "email": "never"}
    assert who_has(lakeside, NEW) == [lead.person_id]
