"""Danger in what would be no lead is seen by a person: a cancellation, an answer to an invitation, an auto-reply of
somebody known or of a stranger. (promise 18)"""

import orjson
import pytest

from leadwell.server.calls.actions import Made, note_attempt
from leadwell.server.calls.ending import Ended
from leadwell.server.conftest import Clinic
from leadwell.server.intake.models import State, Submission
from leadwell.server.intake.tests.test_bookings import booked, cancelled, mail
from leadwell.server.intake.tests.test_early import arrive, calendly
from leadwell.server.leads.models import Lead
from leadwell.server.leads.queries import columns_of
from leadwell.server.reviewing.queries import danger

pytestmark = pytest.mark.django_db(databases="__all__")

DIE = "I cannot go on, I want to kill myself tonight"
PAIN = "chest pain right now, I cannot breathe"
AUTO = "From: Ana Lopez <ana@example.com>\nTo: us@clinic.example\nSubject: {}\nAuto-Submitted: auto-replied\n\n{}\n"
FIRST = "From: Ana Lopez <ana@example.com>\nTo: us@clinic.example\nSubject: Knee\n\nI need a knee replacement\n"


def commented(method: str, words: str) -> bytes:
    return mail(method, version=1).replace(b"DESCRIPTION:Knee replacement consult", f"COMMENT:{words}".encode())


def auto(words: str, subject: str = "Automatic reply") -> bytes:
    return AUTO.format(subject, words).encode()


DANGERS = [
    ("calendly", orjson.dumps(cancelled(reason=DIE, by="invitee")), "crisis"),
    ("email", commented("REPLY", PAIN), "emergency"),
    ("email", commented("REPLY", PAIN).replace(b"COMMENT:", b"X-ALT-DESC;FMTTYPE=text/html:<p>"), "emergency"),
    ("email", commented("CANCEL", PAIN), "emergency"),
    ("email", mail("REPLY", version=1).replace(b"Subject: Knee", f"Subject: {PAIN}".encode()), "emergency"),
    ("email", auto(PAIN), "emergency"),
    ("email", auto("I am away", subject=PAIN), "emergency"),
    ("email", commented("REPLY", "We are in an ambulance to the emergency room\\, he cannot breathe"), "emergency"),
]


@pytest.mark.parametrize(("kind", "body", "says"), DANGERS)
def test_of_a_stranger_it_is_a_lead_that_is_looked_at(lakeside: Clinic, kind: str, body: bytes, says: str) -> None:
    assert arrive(lakeside, kind, [body], together=False) == [State.ASSESSED]
    lead = Lead.objects.get()
    assert (lead.safety, lead.disposition) == (says, "review")


@pytest.mark.parametrize(("kind", "body", "says"), DANGERS)
def test_of_somebody_known_it_is_their_lead_s(lakeside: Clinic, kind: str, body: bytes, says: str) -> None:
    arrive(lakeside, "email", [FIRST.encode()], together=False)
    assert arrive(lakeside, kind, [body], together=False) == [State.JOINED]
    lead = Lead.objects.get()
    assert (lead.safety, lead.disposition) == (says, "review")


def test_the_booking_that_comes_later_finds_it_cancelled(lakeside: Clinic) -> None:
    told = cancelled(reason=DIE, by="invitee")
    assert calendly(lakeside, told, booked()) == [State.ASSESSED, State.JOINED]
    lead = Lead.objects.get()
    assert (columns_of(lead)["extra.appointment_status"], lead.safety) == ("cancelled", "crisis")


@pytest.mark.parametrize(
    "body",
    [
        auto("I am out of the office until Monday. If this is an emergency, call 911."),
        auto("If you have chest pain, call 911 or go to the nearest emergency room."),
        auto("I am away. For emergencies such as chest pain, please dial 911. En caso de emergencia, llame al 911."),
        commented("REPLY", "Sorry, I am at work"),
        b"From: MAILER-DAEMON@example.org\nTo: us@clinic.example\nSubject: failed\n\n" + PAIN.encode(),
    ],
)
def test_what_tells_of_none_stays_no_lead(lakeside: Clinic, body: bytes) -> None:
    arrive(lakeside, "email", [FIRST.encode()], together=False)
    assert arrive(lakeside, "email", [body], together=False) == [State.NOT_A_LEAD]
    assert Lead.objects.get().safety == ""
    assert Submission.objects.count() == 2


def test_of_a_booking_that_is_known_and_was_answered_it_waits_again(lakeside: Clinic) -> None:
    calendly(lakeside, booked())
    lead = Lead.objects.get()
    note_attempt(lakeside.number, lead.pk, Made(Ended("reached")), actor="key/0123456789ab")
    assert calendly(lakeside, cancelled(reason=DIE, by="invitee")) == [State.JOINED]
    lead.refresh_from_db()
    assert (lead.safety, lead.answered_at) == ("crisis", None)
    assert danger(lakeside.number, seen=False).get() == lead


def test_danger_in_the_subject_of_an_answer_is_heard(lakeside: Clinic) -> None:
    first = FIRST.replace("\nSubject", "\nMessage-ID: <1@example.com>\nSubject").encode()
    then = FIRST.replace("Subject: Knee", f"Subject: {PAIN}\nIn-Reply-To: <1@example.com>").encode()
    assert arrive(lakeside, "email", [first, then], together=False) == [State.ASSESSED, State.JOINED]
    assert Lead.objects.get().safety == "emergency"
