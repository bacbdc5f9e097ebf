"""A text that asks us to stop is in force before whoever brought it is answered. (rule 1.12)"""

import hashlib
import hmac
from base64 import b64encode
from datetime import timedelta
from urllib.parse import urlencode
from uuid import UUID, uuid4

import orjson
import pytest
from django.conf import settings as site
from django.db.models import F
from django.test import Client
from django.utils import timezone

from leadwell import permission
from leadwell.permission.values import CHANNELS
from leadwell.server.conftest import Clinic
from leadwell.server.consent.actions import Confirmed, confirmed
from leadwell.server.consent.models import Confirmation, Consent, ConsentEvent, Inquiry, Suppression, WrongAddress
from leadwell.server.consent.queries import confirmations_owed, known
from leadwell.server.intake.accepting import Delivery, accept
from leadwell.server.intake.actions import add_source
from leadwell.server.intake.draining import drain
from leadwell.server.intake.models import Source, State, Submission
from leadwell.server.intake.sources.form.adapter import URLENCODED
from leadwell.server.intake.tests.test_vendor_signatures import twilio_signed
from leadwell.server.leads.models import Event, Lead

pytestmark = pytest.mark.django_db(databases="__all__")

THEIRS = "+13125550147"
NEVER = "take me off your list, never contact me again by phone, text or email"


@pytest.fixture
def twilio(lakeside: Clinic) -> Source:
    return add_source(lakeside.organization, "twilio", "Front desk", {"secrets": ["12345"]})


def text(source: Source, words: str, *, sid: str = "SM1") -> None:
    """It is acknowledged, and no worker has looked at it."""
    fields = {"MessageSid": sid, "SmsStatus": "received", "From": THEIRS, "To": "+13125550100", "Body": words}
    said = "".join(name + value for name, value in sorted(fields.items()))
    headers = {"X-Twilio-Signature": twilio_signed(f"{site.PUBLIC_URL}/in/{source.handle}", said)}
    answer = Client().post(f"/in/{source.handle}", urlencode(fields), content_type=URLENCODED, headers=headers)
    assert answer.status_code == 200


def asked(source: Source) -> Lead:
    """They wrote before, for care."""
    text(source, "I need an MRI of my knee", sid="SM0")
    drain()
    return Lead.objects.get()


def never(clinic: Clinic, person: UUID | None) -> set[str]:
    """The channels by which nobody may reach them now."""
    assert person is not None
    now = timezone.now()
    found = known(clinic.number, person, now=now)
    verdicts = {one: permission.may_contact(found, channel=one, purpose="care-request", at=now) for one in CHANNELS}
    return {channel for channel, verdict in verdicts.items() if verdict.answer == "never"}


def read() -> None:
    while drain().submissions:
        pass
    assert not Submission.objects.filter(state__in=(State.RECEIVED, State.SET_ASIDE)).exists()


@pytest.mark.parametrize(("words", "closes"), [("STOP", {"text"}), ("ALTO", {"text"}), (NEVER, {"call", "text"})])
def test_a_stop_is_in_force_before_it_is_acknowledged_and_once(
    lakeside: Clinic, twilio: Source, words: str, closes: set[str]
) -> None:
    lead = asked(twilio)
    text(twilio, words)
    said = never(lakeside, lead.person_id)
    assert closes <= said
    text(twilio, words)  # sent again, as by Twilio that heard no answer
    read()
    assert [one.name for one in ConsentEvent.objects.all()] == ["stop.given"]
    assert [one.person for one in Suppression.objects.all()] == [lead.person_id]
    assert len(confirmations_owed(lakeside.number)) == 1
    assert never(lakeside, lead.person_id) == said


def test_a_stop_of_a_number_that_nobody_has_is_obeyed_once(lakeside: Clinic, twilio: Source) -> None:
    text(twilio, "STOP")
    assert Suppression.objects.get().channel == "text"
    read()
    assert (Suppression.objects.count(), ConsentEvent.objects.count(), Confirmation.objects.count()) == (1, 1, 1)
    assert not Lead.objects.exists()


def test_who_writes_for_the_first_time_to_be_left_alone_is(lakeside: Clinic, twilio: Source) -> None:
    text(twilio, NEVER)
    assert Suppression.objects.get().person is None
    read()
    assert never(lakeside, Lead.objects.get().person_id) == set(CHANNELS)
    assert Confirmation.objects.count() == 1


@pytest.mark.parametrize("before", ["START", "Is there parking?"])
def test_what_came_before_a_stop_and_is_read_after_it_opens_nothing(
    lakeside: Clinic, twilio: Source, before: str
) -> None:
    lead = asked(twilio)
    text(twilio, before)
    text(twilio, "STOP", sid="SM2")
    read()
    assert "text" in never(lakeside, lead.person_id)


def test_what_came_after_a_stop_opens_again(lakeside: Clinic, twilio: Source) -> None:
    lead = asked(twilio)
    text(twilio, "STOP")
    Suppression.objects.update(at=F("at") - timedelta(seconds=5))  # of one second the stricter counts
    text(twilio, "START", sid="SM2")
    read()
    assert "text" not in never(lakeside, lead.person_id)


@pytest.mark.parametrize("words", ["I can't stop coughing", "not interested", "please don't call my husband's phone"])
def test_what_is_no_stop_or_in_doubt_is_left_to_the_worker(twilio: Source, words: str) -> None:
    text(twilio, words)
    assert not ConsentEvent.objects.exists()


@pytest.mark.parametrize("words", ["wrong number", "wrong number, who is Linda?"])
def test_wrong_number_by_text_closes_calls_too_until_it_is_confirmed(
    lakeside: Clinic, twilio: Source, words: str
) -> None:
    lead = asked(twilio)
    text(twilio, words)
    read()
    assert never(lakeside, lead.person_id) >= {"call", "text"}
    found = WrongAddress.objects.get()
    assert (found.person, found.why) == (lead.person_id, "another")
    assert found.proof == f"submission/{Submission.objects.latest('received_at').pk}"
    said = Confirmed(uuid4(), ("phone", THEIRS), timezone.now(), "user:1")
    confirmed(lakeside.number, found.person, lead.pk, [said])
    assert "call" not in never(lakeside, lead.person_id)


def test_a_text_that_callrail_brings_is_in_force_too(lakeside: Clinic) -> None:
    source = add_source(lakeside.organization, "callrail", "Lines", {"secrets": ["a-secret"]})
    body = orjson.dumps({"id": "T1", "source_number": THEIRS, "content": "STOP", "type": "sms"})
    headers = {"Signature": b64encode(hmac.new(b"a-secret", body, hashlib.sha1).digest()).decode()}
    answer = Client().post(f"/in/{source.handle}", body, content_type="application/json", headers=headers)
    assert answer.status_code == 200
    assert Suppression.objects.get().channel == "text"


def test_start_from_a_number_that_two_share_opens_for_both_whom_stop_closed(lakeside: Clinic, twilio: Source) -> None:
    form = add_source(lakeside.organization, "webhook", "Form", {})
    for name, born, zip_code, words in (
        ("Hugo Bramley", "1955-01-01", "60201", "I want a knee replacement"),
        ("Wanda Thistle", "1957-02-02", "60614", "I want a hip replacement"),
    ):
        body = {"full_name": name, "birth_date": born, "zip": zip_code, "phone": THEIRS, "message": words}
        accept(lakeside.number, form.pk, [Delivery(orjson.dumps(body), "application/json")])
    read()
    both = [one.person_id for one in Lead.objects.all()]
    assert len(set(both)) == 2
    text(twilio, "STOP")
    read()
    assert all("text" in never(lakeside, one) for one in both)
    Suppression.objects.update(at=F("at") - timedelta(seconds=5))  # of one second the stricter counts
    text(twilio, "START", sid="SM2")
    read()
    assert not any("text" in never(lakeside, one) for one in both)


def _five_seconds_pass() -> None:
    """Of one second the stricter counts."""
    for table in (Suppression, Inquiry, Event):
        table.objects.update(at=F("at") - timedelta(seconds=5))
    Consent.objects.update(given_at=F("given_at") - timedelta(seconds=5))
    Lead.objects.update(received_at=F("received_at") - timedelta(seconds=5))


@pytest.mark.parametrize("known", [False, True])
def test_another_transcript_of_a_call_lifts_no_stop_that_was_heard_in_it(lakeside: Clinic, known: bool) -> None:
    callrail = add_source(lakeside.organization, "callrail", "Call tracking", {"secrets": ["12345"]})
    if known:  # the call joins what they asked before
        form = add_source(lakeside.organization, "webhook", "Form", {})
        body = {"full_name": "Hugo Bramley", "phone": THEIRS, "message": "I want a knee replacement"}
        accept(lakeside.number, form.pk, [Delivery(orjson.dumps(body), "application/json")])
        read()
    call = {"id": "CAL1", "customer_phone_number": THEIRS, "voicemail": True, "call_type": "voicemail"}
    for words in ("take me off your list and leave me alone", "Hi, knee replacement please", "Hi, a knee, please"):
        told = call | {"answered": False, "duration": 30, "direction": "inbound", "transcription": words}
        accept(lakeside.number, callrail.pk, [Delivery(orjson.dumps(told), "application/json")])
        read()
        _five_seconds_pass()
    assert "call" in never(lakeside, Lead.objects.get().person_id)


def _family(clinic: Clinic) -> list[UUID | None]:
    """Two who are reached at the number that texts, and one who gave it as the second; who asked last wrote last."""
    form = add_source(clinic.organization, "webhook", "Form", {})
    for name, born, numbers, words in (
        ("Hugo Bramley", "1955-01-01", {"phone": THEIRS}, "I want a knee replacement"),
        ("Wanda Thistle", "1957-02-02", {"phone": THEIRS}, "I want a hip replacement"),
        ("Sonny Ashgrove", "1987-03-03", {"phone": "312-555-0142", "phone_2": THEIRS}, "I need an MRI of my shoulder"),
    ):
        body = {"full_name": name, "birth_date": born, "zip": "60201", "message": words, **numbers}
        accept(clinic.number, form.pk, [Delivery(orjson.dumps(body), "application/json")])
        read()
    everybody = [one.person_id for one in Lead.objects.all()]
    assert len(set(everybody)) == 3
    return everybody


@pytest.mark.parametrize(("keyword", "stay"), [("START", {"call", "email"}), ("HELP", {"call", "email", "text"})])
def test_a_keyword_reopens_no_calls_of_whoever_has_the_number(
    lakeside: Clinic, twilio: Source, keyword: str, stay: set[str]
) -> None:
    everybody = _family(lakeside)
    for place, (words, closed) in enumerate(
        [(keyword, {"email"}), (NEVER, {"call", "email", "text"}), (keyword, stay), (keyword, stay)]
    ):
        text(twilio, words, sid=f"SM{place}")
        read()
        assert [never(lakeside, one) for one in everybody] == [closed] * 3
        _five_seconds_pass()
    text(twilio, "I have changed my mind, please call me about my appointment", sid="SM9")
    read()
    assert sum("call" not in never(lakeside, one) for one in everybody) == 1
