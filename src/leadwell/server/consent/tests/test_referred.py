"""A referral is the request of somebody else: it may be answered where nothing was stopped, and opens nothing that its
patient has stopped. Their own request does. (promises B13, D23)"""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import orjson
import pytest

from leadwell.server.conftest import NOON, Clinic
from leadwell.server.consent.actions import stop
from leadwell.server.consent.glance import glances
from leadwell.server.consent.models import Inquiry
from leadwell.server.consent.queries import known
from leadwell.server.consent.saying import Saying
from leadwell.server.consent.tests.test_known import CLOSED, STAFF, answers
from leadwell.server.intake.accepting import Delivery, accept
from leadwell.server.intake.draining import drain
from leadwell.server.intake.tests.test_corrected import FIRST, NEW, OLD, PHONE_ONLY
from leadwell.server.intake.tests.test_taken_back import ORDER, Sender, changed
from leadwell.server.leads.models import Joined, Lead
from leadwell.server.leads.permitting import hear_answer
from leadwell.server.privacy.held import erase

pytestmark = [pytest.mark.django_db(databases="__all__"), pytest.mark.usefixtures("at_noon")]

ANOTHER_ORDER = changed("I12", "M-19", FIRST.replace(b"R-17", b"R-18"))
THEMSELVES = {
    "full_name": "Tomas Sample", "birth_date": "1958-03-14", "phone": OLD,
    "message": "I need a knee replacement consultation",
}  # fmt: skip


@pytest.fixture
def hospital(lakeside: Clinic) -> Sender:
    return Sender(lakeside, "hl7v2")


def refers(hospital: Sender) -> Lead:
    """A day ago."""
    hospital.sends(FIRST)
    made = Lead.objects.of(hospital.clinic.number).get()
    Inquiry.objects.of(hospital.clinic.number).update(at=NOON - timedelta(days=1))
    return made


def stopped(hospital: Sender) -> Lead:
    """Referred, and has asked us an hour ago to stop."""
    made = refers(hospital)
    assert stop(hospital.clinic.number, made.person_id, STAFF).new
    return made


def asks(clinic: Clinic, columns: dict[str, str] = THEMSELVES) -> None:
    accept(clinic.number, clinic.source, [Delivery(orjson.dumps(columns))])
    while drain().submissions:
        pass


def who_asked(clinic: Clinic) -> list[UUID]:
    return list(Inquiry.objects.of(clinic.number).values_list("person", flat=True))


def test_a_referral_may_be_answered_where_nothing_was_stopped(hospital: Sender) -> None:
    made = refers(hospital)
    assert answers(hospital.clinic, made.person_id) == PHONE_ONLY
    assert answers(hospital.clinic, made.person_id, automated=True) == PHONE_ONLY
    assert known(hospital.clinic.number, made.person_id, now=NOON).inquired_at is None


def test_another_order_of_the_hospital_that_joins_opens_nothing(hospital: Sender) -> None:
    made = stopped(hospital)
    hospital.sends(ANOTHER_ORDER)
    joined = Joined.objects.of(hospital.clinic.number).get(lead=made)
    for who in (made.person_id, joined.person_id):
        assert answers(hospital.clinic, who) == CLOSED
        assert answers(hospital.clinic, who, address=OLD) == CLOSED
        at_a_glance = glances(hospital.clinic.number, [(who, "care-request")], NOON)[who, "care-request"]
        assert {one.state for one in at_a_glance.lines} == {"no"}


@pytest.mark.parametrize("number", [OLD, NEW])
def test_a_later_part_of_the_same_order_opens_nothing(hospital: Sender, number: str) -> None:
    made = stopped(hospital)
    hospital.sends(changed("I13", "M-18", FIRST.replace(OLD.encode(), number.encode())))
    assert answers(hospital.clinic, made.person_id) == CLOSED
    assert answers(hospital.clinic, made.person_id, address=number) == CLOSED


def test_an_order_of_another_system_opens_nothing(hospital: Sender) -> None:
    stopped(hospital)
    telecom = [{"system": "phone", "value": OLD}]
    patient = ORDER["contained"][0] | {"name": [{"family": "Sample", "given": ["Tomás"]}], "telecom": telecom}
    Sender(hospital.clinic, "fhir").sends(orjson.dumps(ORDER | {"contained": [patient]}))
    told = who_asked(hospital.clinic)
    assert len(told) == 2
    assert [answers(hospital.clinic, who) for who in told] == [CLOSED, CLOSED]


def test_who_was_erased_stays_stopped_when_they_are_referred_again(hospital: Sender) -> None:
    made = stopped(hospital)
    erase(hospital.clinic.number, made.person_id, actor="user:1")
    hospital.sends(changed("I13", "M-18"), changed("I12", "M-20", FIRST))
    again = Lead.objects.of(hospital.clinic.number).exclude(sealed=b"").get()
    assert answers(hospital.clinic, again.person_id) == CLOSED


@pytest.mark.parametrize("between", [(), (ANOTHER_ORDER,)])
def test_their_own_request_after_the_stop_is_answered_by_a_human_being(
    hospital: Sender, between: tuple[bytes, ...]
) -> None:
    made = stopped(hospital)
    hospital.sends(*between)
    asks(hospital.clinic)
    hospital.sends(changed("I12", "M-21", FIRST.replace(b"R-17", b"R-19")))
    assert Joined.objects.of(hospital.clinic.number).filter(lead=made).count() == 2 + len(between)
    assert answers(hospital.clinic, made.person_id) == PHONE_ONLY
    assert answers(hospital.clinic, made.person_id, automated=True) == CLOSED


def test_a_stop_that_is_said_again_after_a_referral_is_none_anew(hospital: Sender) -> None:
    made = stopped(hospital)
    hospital.sends(ANOTHER_ORDER)
    assert not stop(hospital.clinic.number, made.person_id, Saying("staff", "user:1", at=NOON)).new


@pytest.mark.parametrize(("sender", "call"), [(OLD, "yes"), ("312-555-0148", "never")])
def test_an_answer_opens_it_only_from_where_the_patient_is_reached(hospital: Sender, sender: str, call: str) -> None:
    made = stopped(hospital)
    said = {"phone": sender, "message": "Afternoons are fine"}
    hear_answer(hospital.clinic.number, made.person_id, made.pk, said, NOON, way="text", submission=uuid4())
    assert answers(hospital.clinic, made.person_id)["call"] == call
