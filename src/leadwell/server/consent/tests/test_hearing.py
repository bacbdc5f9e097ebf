"""A stop in a lead's own message, in an answer by mail or in a colleague's note is obeyed as it is written down."""

import orjson
import pytest
from django.utils import timezone

from leadwell.permission.stops import is_stop
from leadwell.server.alerts.models import Alert
from leadwell.server.conftest import Clinic
from leadwell.server.consent.actions import decide, hear
from leadwell.server.consent.alarms import watch_doubts
from leadwell.server.consent.models import Consent, ConsentEvent, Inquiry, Suppression
from leadwell.server.consent.queries import confirmations_owed, doubts_of, words_of
from leadwell.server.consent.saying import Saying
from leadwell.server.consent.tests.test_known import OPEN, answers, lead, person
from leadwell.server.intake.accepting import Delivery, accept
from leadwell.server.intake.draining import drain
from leadwell.server.intake.models import Submission
from leadwell.server.leads.joining import Policy, join
from leadwell.server.leads.models import Event
from leadwell.server.playbooks.queries import in_force

pytestmark = pytest.mark.django_db(databases="__all__")

UNCLEAR = "How did you get my number?"


def closed(clinic: Clinic, who) -> set[str]:
    """The channels that are stopped."""
    return {channel for channel, answer in answers(clinic, who).items() if answer == "never"}


def test_an_enquiry_that_asks_for_no_contact_is_not_contacted(lakeside: Clinic) -> None:
    made = lead(lakeside, message="Take me off your list and do not contact me again")
    assert closed(lakeside, made.person_id) == set(OPEN)
    (event,) = ConsentEvent.objects.of(lakeside.number)
    assert (event.name, event.codes["way"], event.by) == ("stop.given", "message", "worker")
    assert words_of(event) == "Take me off your list and do not contact me again"


@pytest.mark.parametrize("words", ["I can't stop coughing", "when does the pain end?", "I need a knee replacement"])
def test_words_that_are_none_stop_nobody(lakeside: Clinic, words: str) -> None:
    assert closed(lakeside, person(lakeside, message=words)) == set()
    assert not ConsentEvent.objects.exists()


def test_of_many_enquiries_each_is_heard_by_itself(lakeside: Clinic) -> None:
    messages = ["I need an MRI", "STOP", "knee pain", "please remove me from your list", "back pain"]
    leads = [{"message": words, "phone": f"312-555-01{20 + n}"} for n, words in enumerate(messages)]
    accept(lakeside.number, lakeside.source, [Delivery(orjson.dumps(one)) for one in leads])
    drain()
    assert Inquiry.objects.count() == 5
    assert Suppression.objects.exclude(person=None).count() == 2


def test_the_same_words_are_heard_once_however_often_they_are_written(lakeside: Clinic) -> None:
    made = lead(lakeside)
    said = _answer(lakeside)
    for _ in range(2):
        assert join(
            lakeside.number, made.pk, said, {"message": "STOP", "email": "anabel@example.com"}, policy=_policy(lakeside)
        )
    assert ConsentEvent.objects.count() == 1
    assert Event.objects.filter(name="lead.replied").count() == 1


def _policy(clinic: Clinic) -> Policy:
    return Policy(*in_force(clinic.number))


def _answer(clinic: Clinic):
    accept(clinic.number, clinic.source, [Delivery(b'{"message": "an answer"}')])
    return Submission.objects.of(clinic.number).latest("received_at").pk


def test_an_answer_by_mail_that_is_a_stop_stops_mails_and_owes_one(lakeside: Clinic) -> None:
    made = lead(lakeside)
    columns = {"message": "Please unsubscribe me", "email": "anabel@example.com"}
    join(lakeside.number, made.pk, _answer(lakeside), columns, policy=_policy(lakeside))
    assert [one.channel for one in confirmations_owed(lakeside.number)] == ["email"]
    assert closed(lakeside, made.person_id) == {"email"}


@pytest.mark.parametrize(
    "words",
    [
        "Please stop calling and texting me",
        "Never contact me again by any means",
        "leave me alone",
        "lose my number",
        "déjenme en paz",
        "dejen de molestarme",
    ],
)
def test_free_words_that_name_several_ways_or_none_end_everything(lakeside: Clinic, words: str) -> None:
    who = person(lakeside)
    hear(lakeside.number, who, Saying("text", "worker", words, address="312-555-0147"))
    assert closed(lakeside, who) == {"call", "email", "text"}


@pytest.mark.parametrize("words", ["STOP", "Please stop", "PARE", "no más mensajes", "Please unsubscribe me"])
def test_a_bare_keyword_ends_what_it_came_by(lakeside: Clinic, words: str) -> None:
    who = person(lakeside)
    hear(lakeside.number, who, Saying("text", "worker", words, address="312-555-0147"))
    assert closed(lakeside, who) == {"text"}


def test_an_answer_by_mail_that_asks_something_may_be_answered(lakeside: Clinic) -> None:
    made = lead(lakeside, email="anabel@example.com")
    columns = {"message": "Is there parking?", "email": "anabel@example.com"}
    join(lakeside.number, made.pk, _answer(lakeside), columns, policy=_policy(lakeside))
    assert sorted(Inquiry.objects.values_list("channels", flat=True)) == ["call,text,email", "email"]
    assert not ConsentEvent.objects.exists()


@pytest.mark.parametrize(
    ("words", "verdict"), [("Patient asked us not to call again", "stop"), ("wants mornings", "not")]
)
def test_a_note_of_a_colleague_is_heard_too(lakeside: Clinic, words: str, verdict: str) -> None:
    who = person(lakeside)
    heard = hear(lakeside.number, who, Saying("staff", "user:1", words))
    assert heard.verdict == verdict
    assert (closed(lakeside, who) == set()) == (verdict == "not")


def test_unclear_words_hold_and_a_person_is_told_until_they_have_looked(lakeside: Clinic) -> None:
    who = person(lakeside)
    assert (
        hear(lakeside.number, who, Saying("text", "worker", UNCLEAR, address="312-555-0147")).verdict == "ask-a-person"
    )
    (event,) = doubts_of(lakeside.number, who)
    watch_doubts(lakeside.organization)
    alert = Alert.objects.get(kind="doubts")
    assert (alert.codes, alert.open) == ({"count": 1, "person": str(who)}, True)
    assert closed(lakeside, who) == set(OPEN)
    decide(lakeside.number, event, meant=False, actor="user:1")
    watch_doubts(lakeside.organization)
    alert.refresh_from_db()
    assert (alert.open, closed(lakeside, who)) == (False, set())


def test_somebody_in_danger_is_not_left_alone_because_a_word_is_in_doubt(lakeside: Clinic) -> None:
    made = lead(lakeside, message=f"{UNCLEAR} I have chest pain and cannot breathe")
    assert (made.safety, is_stop(f"{UNCLEAR} I have chest pain and cannot breathe").verdict) == (
        "emergency", "ask-a-person",
    )  # fmt: skip
    assert closed(lakeside, made.person_id) == set()


def test_who_says_that_we_reached_somebody_else_stops_the_address_and_not_the_person(lakeside: Clinic) -> None:
    who = person(lakeside)
    hear(lakeside.number, who, Saying("text", "worker", "wrong number, stop texting", address="312-555-0147"))
    (row,) = Suppression.objects.of(lakeside.number)
    assert (row.person, row.channel) == (None, "text")


def test_of_whose_telephone_they_speak_a_person_finds_out(lakeside: Clinic) -> None:
    who = person(lakeside)
    words = "please don't call my husband's phone"
    assert hear(lakeside.number, who, Saying("text", "worker", words, address="312-555-0147")).verdict == "stop"
    assert doubts_of(lakeside.number, who)


@pytest.mark.parametrize(("way", "opened"), [("text", 2), ("message", 0)])
def test_start_counts_from_their_telephone_and_not_from_a_form(lakeside: Clinic, way: str, opened: int) -> None:
    who = person(lakeside)
    hear(lakeside.number, who, Saying(way, "worker", "START", address="312-555-0147", at=timezone.now()))
    assert Consent.objects.count() == opened


def test_yes_to_what_we_asked_is_no_permission(lakeside: Clinic) -> None:
    who = person(lakeside)
    saying = Saying("text", "worker", "YES", address="312-555-0147")
    hear(lakeside.number, who, saying, after="Reply YES to confirm your appointment on Monday at 9:00.")
    assert (Consent.objects.count(), answers(lakeside, who)) == (0, OPEN)
