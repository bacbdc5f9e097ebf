"""In whatever order a booking, its move and its cancellation come, the lead is the same, and a wish to be left alone
is obeyed at once. (promises A1, A2)"""

from collections.abc import Sequence
from itertools import permutations
from typing import Any

import orjson
import pytest

from leadwell.server.conftest import Clinic
from leadwell.server.consent.models import ALL, Suppression
from leadwell.server.consent.tests.test_known import answers
from leadwell.server.intake.accepting import Delivery, accept
from leadwell.server.intake.actions import add_source
from leadwell.server.intake.draining import drain
from leadwell.server.intake.models import Mentioned, State, Submission
from leadwell.server.intake.tests.test_bookings import AT, MOVED, booked, cancelled, event, mail
from leadwell.server.leads.models import Lead
from leadwell.server.leads.queries import columns_of
from leadwell.server.leads.taken_back import taken_back
from leadwell.server.privacy.held import erase

pytestmark = pytest.mark.django_db(databases="__all__")

NEVER = "please never contact me again, take me off your list"


def arrive(clinic: Clinic, kind: str, bodies: Sequence[bytes], *, together: bool) -> list[str]:
    """The states of all that has come so far. `together`: no worker looks until all is there."""
    source = add_source(clinic.organization, kind, f"Bookings {Submission.objects.count()}", {"secrets": ["a-key"]}).pk
    made = []
    for body in bodies:
        made.append(accept(clinic.number, source, [Delivery(body, media_type="message/rfc822")])[0].id)
        while not together and drain().submissions:
            pass
    while drain().submissions:
        pass
    states = Submission.objects.of(clinic.number).in_bulk(made)
    return [states[one].state for one in made]


def calendly(clinic: Clinic, *events: dict[str, Any], together: bool = False) -> list[str]:
    return arrive(clinic, "calendly", [orjson.dumps(one) for one in events], together=together)


def is_cancelled(clinic: Clinic) -> bool:
    lead = Lead.objects.get()
    said = columns_of(lead)["extra.appointment_status"] == "cancelled"
    assert said is (lead.pk in taken_back(clinic.number, [lead.pk]))
    return said


@pytest.mark.parametrize("together", [False, True])
def test_a_cancellation_before_its_booking_joins_it_when_that_comes(lakeside: Clinic, *, together: bool) -> None:
    assert calendly(lakeside, cancelled(reason="I feel better"), booked(), together=together) == ["joined", "assessed"]
    assert is_cancelled(lakeside)
    assert "I feel better" in columns_of(Lead.objects.get())["message"]


@pytest.mark.parametrize("together", [False, True])
def test_the_wish_in_it_is_obeyed_at_once_and_when_the_booking_comes(lakeside: Clinic, *, together: bool) -> None:
    assert calendly(lakeside, cancelled(reason=NEVER)) == [State.NOT_A_LEAD]
    assert [(one.person, one.channel) for one in Suppression.objects.all()] == [(None, ALL)]
    calendly(lakeside, cancelled(2, reason=NEVER), booked(2), together=together)
    assert set(answers(lakeside, Lead.objects.get().person_id).values()) == {"never"}


def test_that_they_did_not_come_waits_for_the_booking_too(lakeside: Clinic) -> None:
    missed = event("invitee_no_show.created", invitee=f"{AT}/E1/invitees/I1")
    assert calendly(lakeside, missed, booked()) == [State.JOINED, State.ASSESSED]
    assert columns_of(Lead.objects.get())["extra.appointment_status"] == "no-show"


def test_what_waits_for_another_booking_stays_as_it_is(lakeside: Clinic) -> None:
    assert calendly(lakeside, cancelled(9), booked()) == [State.NOT_A_LEAD, State.ASSESSED]
    assert not is_cancelled(lakeside)


@pytest.mark.parametrize("order", list(permutations(range(3))))
@pytest.mark.parametrize("together", [False, True])
def test_a_moved_booking_is_one_lead_in_any_order(lakeside: Clinic, order: Sequence[int], *, together: bool) -> None:
    events = (booked(), *MOVED)
    states = calendly(lakeside, *(events[nth] for nth in order), together=together)
    assert sorted(states) == ["assessed", "joined", "joined"]
    columns = columns_of(Lead.objects.get())
    assert columns["extra.appointment_at"] == "2026-12-10T16:30:00.000000Z"
    assert columns["timeline"] == "2026-12-10 at 10:30"
    calendly(lakeside, cancelled(2))
    assert is_cancelled(lakeside)


def test_an_hour_that_was_given_up_takes_no_cancellation_back(lakeside: Clinic) -> None:
    calendly(lakeside, MOVED[1], cancelled(2), booked())
    assert is_cancelled(lakeside)


def test_who_is_erased_is_erased_from_what_waits(lakeside: Clinic) -> None:
    calendly(lakeside, booked(), cancelled(9, reason="A Quillfeather wedding"))
    erase(lakeside.number, Lead.objects.get().person_id, actor="test")
    assert not Mentioned.objects.exists()
    assert calendly(lakeside, booked(9)) == [State.ASSESSED]
    assert columns_of(Lead.objects.exclude(sealed=b"").get())["extra.appointment_status"] == "booked"


@pytest.mark.parametrize("together", [False, True])
def test_an_invitation_by_mail_that_was_cancelled_before_it_came(lakeside: Clinic, *, together: bool) -> None:
    bodies = [mail("CANCEL", version=1, words=NEVER), mail()]
    assert arrive(lakeside, "email", bodies, together=together) == [State.JOINED, State.ASSESSED]
    assert is_cancelled(lakeside)
    assert set(answers(lakeside, Lead.objects.get().person_id).values()) == {"never"}


@pytest.mark.parametrize("method", ["REPLY", "CANCEL"])
def test_the_wish_in_an_answer_or_a_cancellation_that_is_no_lead_is_obeyed(lakeside: Clinic, method: str) -> None:
    said = mail(method, version=1).replace(b"DESCRIPTION:Knee replacement consult", f"COMMENT:{NEVER}".encode())
    assert arrive(lakeside, "email", [said], together=False) == [State.NOT_A_LEAD]
    assert [(one.person, one.channel) for one in Suppression.objects.all()] == [(None, ALL)]


def test_an_answer_that_holds_our_own_words_asks_for_nothing(lakeside: Clinic) -> None:
    said = mail("REPLY", words="Visit us. Tell us never to contact you again at any time.")
    assert arrive(lakeside, "email", [said], together=False) == [State.NOT_A_LEAD]
    assert not Suppression.objects.exists()


def test_an_older_cancellation_by_mail_takes_nothing_back(lakeside: Clinic) -> None:
    bodies = [mail("CANCEL", version=1), mail(version=2)]
    assert arrive(lakeside, "email", bodies, together=False) == [State.JOINED, State.ASSESSED]
    assert not is_cancelled(lakeside)


def test_a_cancellation_by_somebody_else_joins_nothing(lakeside: Clinic) -> None:
    bodies = [mail("CANCEL", version=1, who="eve@example.net"), mail()]
    assert arrive(lakeside, "email", bodies, together=False) == [State.NOT_A_LEAD, State.ASSESSED]
    assert not is_cancelled(lakeside)
