"""Mother and father ask for one child: one lead, and neither is stopped by what the other has stopped. (A8, D23)"""

from datetime import timedelta

import pytest
from django.utils import timezone

from leadwell.permission import may_contact
from leadwell.permission.stops import Stopped
from leadwell.server.conftest import Clinic
from leadwell.server.consent.actions import obey, stop
from leadwell.server.consent.actions.starting import decide
from leadwell.server.consent.models import Way
from leadwell.server.consent.queries import known, stops_in_force
from leadwell.server.consent.saying import Saying
from leadwell.server.leads.models import Joined, Lead
from leadwell.server.leads.tests.test_asking_again import KNEE, sent
from leadwell.server.people.linking import linked

pytestmark = pytest.mark.django_db(databases="__all__")

CHILD = {"patient_first_name": "Tobias", "patient_last_name": "Aster", "patient_birth_date": "2009-05-05"}
CHILD |= {"asks_for": "child", "zip": "60201", "message": "Our child has knee pain from sports, please book"}
MOTHER = CHILD | {"full_name": "Perenelle Aster", "phone": "312-555-0183", "email": "perenelle@example.com"}
FATHER = CHILD | {"full_name": "Lorcan Aster", "phone": "312-555-0184", "email": "lorcan@example.com"}


def both(clinic: Clinic, second: dict[str, str] = FATHER) -> tuple[Lead, Joined]:
    sent(clinic, MOTHER, second)
    lead, joined = Lead.objects.of(clinic.number).get(), Joined.objects.get()
    assert joined.person_id in linked(clinic.number, [lead.person_id])[lead.person_id]
    return lead, joined


def call(clinic: Clinic, person: object) -> str:
    """Whether ever: at night it is not now."""
    found = known(clinic.number, person)
    return may_contact(found, channel="call", purpose="care-request", at=timezone.now()).answer


def leave_alone(clinic: Clinic, person: object) -> None:
    stop(clinic.number, person, Saying(Way.STAFF, "user:1", "leave me alone"))


@pytest.mark.parametrize("who", ["mother", "father"])
def test_a_stop_of_one_is_none_of_the_other_also_where_both_had_asked_before(lakeside: Clinic, who: str) -> None:
    lead, joined = both(lakeside)
    stopped, other = (lead, joined) if who == "mother" else (joined, lead)
    leave_alone(lakeside, stopped.person_id)
    assert (call(lakeside, stopped.person_id), call(lakeside, other.person_id) != "never") == ("never", True)
    assert stops_in_force(lakeside.number, other.person_id) == []


def test_whoever_asks_again_under_another_number_stays_stopped_by_what_they_said(lakeside: Clinic) -> None:
    lead, joined = both(lakeside, MOTHER | {"phone": "312-555-0185"})
    leave_alone(lakeside, lead.person_id)
    assert call(lakeside, joined.person_id) == "never"


def test_a_number_that_both_have_is_stopped_for_both(lakeside: Clinic) -> None:
    lead, joined = both(lakeside, FATHER | {"phone": MOTHER["phone"]})
    leave_alone(lakeside, lead.person_id)
    assert call(lakeside, joined.person_id) == "never"


def test_a_stop_that_is_in_doubt_holds_until_somebody_has_said_also_when_they_write_again(lakeside: Clinic) -> None:
    sent(lakeside, KNEE)
    lead = Lead.objects.of(lakeside.number).get()
    at = timezone.now() - timedelta(seconds=1)
    words = "Please text me, don't call during the day"
    doubted = Stopped("ask-a-person", "unclear", evidence=words)
    event = obey(lakeside.number, lead.person_id, Saying(Way.VOICE, "worker", words, at=at), doubted)
    sent(lakeside, KNEE | {"message": "My knee hurts more and I want a knee replacement"})
    again = Joined.objects.get()
    assert {call(lakeside, lead.person_id), call(lakeside, again.person_id)} == {"never"}
    decide(lakeside.number, event, meant=False, actor="user:1")
    assert call(lakeside, lead.person_id) != "never"
