"""All that is told of a call is one lead; a text joins the open lead of its number, a stop is obeyed. (promise A1)"""

import random
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import orjson
import pytest
from django.conf import settings as site
from django.test import Client
from django.utils import timezone

from leadwell.server.conftest import Clinic
from leadwell.server.consent.models import Consent, ConsentEvent, Suppression
from leadwell.server.consent.tests.test_known import answers
from leadwell.server.intake import draining
from leadwell.server.intake.accepting import Delivery, accept
from leadwell.server.intake.actions import add_source
from leadwell.server.intake.draining import drain
from leadwell.server.intake.ledger import ledger_of
from leadwell.server.intake.models import MailRef, State, Submission
from leadwell.server.intake.sources.form.adapter import URLENCODED
from leadwell.server.intake.tests.test_vendor_signatures import twilio_signed
from leadwell.server.leads.happenings import happenings
from leadwell.server.leads.models import Assessment, Event, Lead
from leadwell.server.leads.queries import columns_of
from leadwell.server.privacy.tokens import Blind

pytestmark = pytest.mark.django_db(databases="__all__")

OURS, THEIRS = "+13125550100", "+13125550147"
CALL = {"CallSid": "CA1", "From": THEIRS, "To": OURS, "Direction": "inbound", "FromZip": "60601"}
WORDS = "Hi, this is Ana. I need a knee replacement consult, and I have Medicare."


@pytest.fixture
def phones(lakeside: Clinic) -> Iterator["Phones"]:
    yield Phones(lakeside)
    assert ledger_of(lakeside.organization).difference == 0


class Phones:
    """A Twilio account of the clinic."""

    def __init__(self, clinic: Clinic) -> None:
        self.clinic = clinic
        self.source = add_source(clinic.organization, "twilio", "Front desk", {"secrets": ["12345"]})

    def told(self, *callbacks: dict[str, str]) -> list[Submission]:
        """They come one after the other, before any is looked at."""
        made = [self.accepted(one) for one in callbacks]
        while drain().submissions:
            pass
        return [Submission.objects.of(self.clinic.number).get(pk=one) for one in made]

    def accepted(self, fields: dict[str, str]) -> UUID:
        delivery = Delivery(urlencode(fields).encode(), media_type=URLENCODED)
        return accept(self.clinic.number, self.source.pk, [delivery])[0].id

    def text(self, words: str, *, sid: str = "SM1", **more: str) -> Submission:
        fields = {"MessageSid": sid, "SmsStatus": "received", "From": THEIRS, "To": OURS, "Body": words}
        return self.told(fields | more)[0]


def rang(**more: str) -> dict[str, str]:
    return CALL | more


RINGING = rang(CallStatus="ringing")
MISSED = rang(DialCallStatus="no-answer", CallStatus="in-progress")
ENDED = rang(CallStatus="completed", CallDuration="41", Timestamp="Tue, 24 Nov 2026 16:00:00 +0000")
RECORDED = {"CallSid": "CA1", "RecordingUrl": "https://api.example.com/R1", "RecordingStatus": "completed",
            "RecordingSource": "RecordVerb"}  # fmt: skip
TRANSCRIBED = rang(TranscriptionText=WORDS, TranscriptionStatus="completed", RecordingUrl="https://api.example.com/R1")


@pytest.mark.parametrize("together", [True, False])
def test_all_that_is_told_of_a_call_is_one_lead(phones: Phones, *, together: bool) -> None:
    callbacks = [RINGING, MISSED, ENDED, RECORDED, TRANSCRIBED]
    told = phones.told(*callbacks) if together else [phones.told(one)[0] for one in callbacks]
    assert [one.state for one in told] == [State.NOT_A_LEAD, State.ASSESSED, *[State.JOINED] * 3]
    lead = Lead.objects.get()
    columns = columns_of(lead)
    assert (columns["message"], columns["phone"]) == (WORDS, THEIRS)
    assert (columns["extra.call_result"], columns["extra.recording"]) == ("voicemail", "https://api.example.com/R1")
    assert (lead.service, lead.queue) == ("knee-replacement", "surgical-navigators")


def test_what_another_worker_is_writing_is_waited_for(phones: Phones, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of two workers each has claimed a part of one call, and the second looks while the first is writing."""
    first, second = phones.accepted(MISSED), phones.accepted(TRANSCRIBED)
    ours = Submission.objects.of(phones.clinic.number)
    written, told = draining.remember, []

    def drain_only(number: UUID) -> str:
        ours.filter(pk=number).update(tries=1)
        monkeypatch.setattr(draining, "claim", lambda _: list(ours.filter(pk=number)))
        monkeypatch.setattr(draining, "give_back", lambda: None)
        drain()
        return ours.get(pk=number).state

    def slow(*given: Any) -> None:
        if not told:
            told.append("")
            told.append(drain_only(second))
        written(*given)

    monkeypatch.setattr(draining, "remember", slow)
    assert drain_only(first) == State.ASSESSED
    assert told[1] == State.RECEIVED
    assert drain_only(second) == State.JOINED
    assert columns_of(Lead.objects.get())["message"] == WORDS


def test_a_name_that_was_left_behind_is_taken_over(phones: Phones) -> None:
    """By a submission that never became a lead, as one that was set aside."""
    left = phones.accepted(MISSED)
    blind = Blind(phones.clinic.number)
    MailRef.objects.create(organization=phones.clinic.organization, token=blind.token("mail", "twilio/CA1"), lead=left)
    Submission.objects.filter(pk=left).update(state=State.SET_ASIDE, due_at=None)
    assert phones.told(ENDED)[0].state == State.ASSESSED
    assert phones.told(TRANSCRIBED)[0].state == State.JOINED


@pytest.mark.parametrize("later", [ENDED, MISSED, RECORDED])
def test_a_transcript_that_comes_first_makes_the_lead(phones: Phones, later: dict[str, str]) -> None:
    phones.told(TRANSCRIBED)
    phones.told(later)
    columns = columns_of(Lead.objects.get())
    assert columns["message"] == WORDS
    assert columns["extra.call_result"] == "voicemail"


def test_a_transcript_that_comes_later_is_judged(phones: Phones) -> None:
    phones.told(ENDED)
    before = Lead.objects.get()
    assert (before.service, Assessment.objects.count()) == ("", 1)
    phones.told(TRANSCRIBED)
    after = Lead.objects.get()
    assert (after.service, after.payer_kind, Assessment.objects.count()) == ("knee-replacement", "medicare", 2)
    assert after.current_id != before.current_id
    assert {one.name for one in Event.objects.all()} == {"lead.received", "call.noted", "lead.rejudged"}
    told = [one.says for one in happenings(phones.clinic.number, after.pk)]
    assert any(one.startswith("Told of their call: a voicemail") for one in told)


def test_what_a_voicemail_says_of_being_called_is_obeyed(phones: Phones) -> None:
    phones.told(MISSED)
    phones.told(
        rang(TranscriptionText="Please stop calling me, I found another clinic", TranscriptionStatus="completed")
    )
    assert answers(phones.clinic, Lead.objects.get().person_id)["call"] == "never"


@pytest.mark.parametrize(("fields", "result"), [
    ({"CallStatus": "completed"}, "completed"), ({"CallStatus": "no-answer"}, "no-answer"),
    ({"CallStatus": "busy"}, "busy"), ({"CallStatus": "canceled"}, "abandoned"), ({"CallStatus": "failed"}, "failed"),
    ({"CallStatus": "completed", "DialCallStatus": "busy"}, "busy"),
])  # fmt: skip
def test_a_call_that_was_missed_is_a_lead_as_one_that_was_answered(
    phones: Phones, fields: dict[str, str], result: str
) -> None:
    phones.told(rang(**fields))
    lead = Lead.objects.get()
    assert columns_of(lead)["extra.call_result"] == result
    assert lead.queue
    assert "message" not in columns_of(lead)


@pytest.mark.parametrize("fields", [
    RINGING, rang(CallStatus="in-progress"), rang(CallStatus="completed", Direction="outbound-api"),
    rang(CallStatus="completed", Direction="outbound-dial", ParentCallSid="CA0"),
    {"MessageSid": "SM2", "MessageStatus": "delivered", "From": OURS, "To": THEIRS},
    {"MessageSid": "SM2", "SmsStatus": "sent", "From": OURS, "To": THEIRS, "Body": "We have you down for Tuesday"},
])  # fmt: skip
def test_a_call_under_way_or_of_ours_is_no_lead_and_is_kept(phones: Phones, fields: dict[str, str]) -> None:
    (one,) = phones.told(fields)
    assert (one.state, Lead.objects.count(), bool(one.sealed)) == (State.NOT_A_LEAD, 0, True)


@pytest.mark.parametrize("withheld", [
    "anonymous", "Restricted", "+266696687", "Unavailable", "+7378742833", "unknown", "sip:anonymous@sip.example.com",
    "+10000000000", "client:desk-3",
])  # fmt: skip
def test_a_withheld_number_is_no_phone_and_yet_a_lead(phones: Phones, withheld: str) -> None:
    phones.told(rang(CallStatus="no-answer", From=withheld))
    columns = columns_of(Lead.objects.get())
    assert "phone" not in columns
    assert columns["extra.caller_id"] == withheld


@pytest.mark.parametrize("told", [
    {"CallStatus": "no-answer", "From": "", "Caller": ""},
    {"TranscriptionText": WORDS, "TranscriptionStatus": "completed", "Direction": "inbound"},
    {"RecordingUrl": "https://api.example.com/R1", "RecordingStatus": "completed", "From": ""},
])  # fmt: skip
def test_a_number_that_is_told_as_none_at_all_is_withheld_too(phones: Phones, told: dict[str, str]) -> None:
    phones.told({"CallSid": "CA1", "To": OURS, **told}, {"CallSid": "CA1", "CallStatus": "completed", "From": ""})
    assert "phone" not in columns_of(Lead.objects.get())


def test_a_text_is_what_it_says_and_names_what_hangs_on_it(phones: Phones) -> None:
    media = {"NumMedia": "2", "MediaUrl0": "https://api.example.com/M0", "MediaUrl1": "https://api.example.com/M1"}
    phones.text("I need an MRI of my knee", **media)
    columns = columns_of(Lead.objects.get())
    assert (columns["message"], columns["phone"]) == ("I need an MRI of my knee", THEIRS)
    assert columns["extra.media"] == "https://api.example.com/M0; https://api.example.com/M1"


def _ago(days: float) -> None:
    Lead.objects.update(received_at=timezone.now() - timedelta(days=days))


@pytest.mark.parametrize(("days", "joins"), [(0, True), (29.9, True), (30.1, False)])
def test_a_text_answers_the_open_lead_of_its_number_for_a_month(phones: Phones, days: float, *, joins: bool) -> None:
    phones.told(MISSED)
    _ago(days)
    text = phones.text("Sorry I missed you, Tuesday is fine")
    assert (text.state == State.JOINED, Lead.objects.count()) == (joins, 1 if joins else 2)
    assert Event.objects.filter(name="lead.replied").count() == joins


def test_two_texts_at_once_are_one_lead(phones: Phones) -> None:
    first = {"MessageSid": "SM1", "SmsStatus": "received", "From": THEIRS, "To": OURS, "Body": "I need an MRI"}
    told = phones.told(first, first | {"MessageSid": "SM2", "Body": "of my left knee"})
    assert [one.state for one in told] == [State.ASSESSED, State.JOINED]
    assert Lead.objects.count() == 1


def test_a_text_to_a_lead_that_rests_is_a_lead_of_its_own(phones: Phones) -> None:
    phones.told(MISSED)
    Lead.objects.update(queue="", resting="discarded")
    assert phones.text("I need an MRI of my knee").state == State.ASSESSED


def test_another_number_answers_nobody_elses_lead(phones: Phones) -> None:
    phones.told(MISSED)
    assert phones.text("I need an MRI of my knee", From="+13125550188").state == State.ASSESSED


@pytest.mark.parametrize("words", ["STOP", "stop.", "ALTO", "Unsubscribe", "please stop texting me", "no más mensajes"])
def test_a_stop_that_answers_a_lead_holds_at_once(phones: Phones, words: str) -> None:
    phones.told(MISSED)
    assert phones.text(words).state == State.JOINED
    assert answers(phones.clinic, Lead.objects.get().person_id)["text"] == "never"


@pytest.mark.parametrize("known", [True, False])
def test_a_stop_of_somebody_without_an_open_lead_is_obeyed_and_no_lead(phones: Phones, *, known: bool) -> None:
    if known:
        phones.told(MISSED)
        _ago(40)
    text = phones.text("STOP")
    assert (text.state, text.problem) == (State.NOT_A_LEAD, "a keyword: stop")
    assert [one.channel for one in Suppression.objects.of(phones.clinic.number)] == ["text"]
    assert Lead.objects.count() == known
    if known:
        assert answers(phones.clinic, Lead.objects.get().person_id)["text"] == "never"


def test_what_twilio_has_understood_is_obeyed_whatever_the_word(phones: Phones) -> None:
    text = phones.text("BASTA YA", OptOutType="STOP")
    assert (text.state, Suppression.objects.count()) == (State.NOT_A_LEAD, 1)


def test_a_start_takes_a_stop_back_for_service(phones: Phones) -> None:
    phones.told(MISSED)
    person = Lead.objects.get().person_id
    phones.text("STOP")
    _ago(40)
    assert phones.text("START", sid="SM2").problem == "a keyword: start"
    given = Consent.objects.of(phones.clinic.number).filter(person=person, channel="text")
    assert {one.purpose for one in given} == {"care-request", "appointment"}


@pytest.mark.parametrize("words", ["START", "HELP", "AYUDA"])
def test_a_keyword_of_somebody_unknown_is_no_lead(phones: Phones, words: str) -> None:
    assert phones.text(words).state == State.NOT_A_LEAD
    assert not ConsentEvent.objects.exists()


def test_a_stop_of_a_short_code_concerns_nobody(phones: Phones) -> None:
    assert phones.text("STOP", From="22395").state == State.NOT_A_LEAD
    assert not Suppression.objects.exists()


def test_a_stop_that_is_played_again_is_heard_once(phones: Phones) -> None:
    text = phones.text("STOP")
    Submission.objects.filter(pk=text.pk).update(state=State.RECEIVED, due_at=timezone.now())
    while drain().submissions:
        pass
    assert ConsentEvent.objects.count() == 1


def test_words_that_ask_for_care_are_no_keyword(phones: Phones) -> None:
    assert phones.text("My knee pain will not stop, can you help?").state == State.ASSESSED


def test_what_comes_again_hears_the_same_and_is_a_repeat(phones: Phones, client: Client) -> None:
    fields = {"Body": "I need an MRI", "From": THEIRS, "MessageSid": "SM1", "SmsStatus": "received"}
    said = "".join(f"{name}{value}" for name, value in sorted(fields.items()))
    url = f"/in/{phones.source.handle}"
    headers = {"X-Twilio-Signature": twilio_signed(f"{site.PUBLIC_URL}{url}", said)}
    told = []
    for turned in (list(fields.items()), list(fields.items())[::-1]):
        answer = client.post(url, urlencode(turned), content_type=URLENCODED, headers=headers)
        told.append((answer.status_code, answer["Content-Type"], answer.content))
    assert told == [(200, "text/xml", b'<?xml version="1.0" encoding="UTF-8"?><Response/>')] * 2
    assert sorted(Submission.objects.values_list("state", flat=True)) == [State.RECEIVED, State.REPEAT]


ALL_OF_IT = [RINGING, MISSED, ENDED, RECORDED, TRANSCRIBED]


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("together", [True, False])
def test_in_whatever_order_and_however_often_it_is_told_a_call_is_one_lead(
    phones: Phones, seed: int, *, together: bool
) -> None:
    """Twilio promises no order, and repeats what was not acknowledged in time."""
    dice = random.Random(seed)
    callbacks = [*ALL_OF_IT, *dice.sample(ALL_OF_IT, 3)]
    dice.shuffle(callbacks)
    if together:
        phones.told(*callbacks)
    else:
        for one in callbacks:
            phones.told(one)
    columns = columns_of(Lead.objects.get())
    assert (columns["message"], columns["phone"], columns["extra.call_result"]) == (WORDS, THEIRS, "voicemail")
    assert (columns["extra.recording"], columns["extra.call_seconds"]) == ("https://api.example.com/R1", "41")
    assert (Lead.objects.get().service, Lead.objects.get().payer_kind) == ("knee-replacement", "medicare")


def test_a_voicemail_that_is_written_down_a_day_later_still_joins_its_call(phones: Phones) -> None:
    phones.told(ENDED)
    Submission.objects.update(received_at=timezone.now() - timedelta(days=1))
    _ago(1)
    assert phones.told(TRANSCRIBED)[0].state == State.JOINED
    assert columns_of(Lead.objects.get())["message"] == WORDS


FORM = {"full_name": "Ana Lopez", "phone": "312-555-0147", "email": "ana@example.com", "message": "hip replacement",
        "campaign": "Hips", "city": "Evanston"}  # fmt: skip


def asked(phones: Phones, **more: str) -> None:
    accept(phones.clinic.number, phones.clinic.source, [Delivery(orjson.dumps(FORM | more))])
    while drain().submissions:
        pass


def test_a_call_from_a_known_number_joins_what_that_person_has_asked(phones: Phones) -> None:
    asked(phones)
    told = phones.told(RINGING, MISSED, rang(CallStatus="completed", CallDuration="41", CallerName="LOPEZ A"))
    assert [one.state for one in told] == [State.NOT_A_LEAD, State.JOINED, State.JOINED]
    lead = Lead.objects.get()
    columns = columns_of(lead)
    assert (columns["full_name"], columns["campaign"], columns["message"]) == ("Ana Lopez", "Hips", "hip replacement")
    assert (columns["extra.call_result"], bool(lead.queue)) == ("no-answer", True)
    assert any(
        one.says.startswith("Told of their call: nobody answered") for one in happenings(phones.clinic.number, lead.pk)
    )


def test_what_they_say_after_the_tone_is_judged_with_what_they_have_asked(phones: Phones) -> None:
    asked(phones, message="please call me")
    phones.told(MISSED)
    phones.told(RECORDED)
    phones.told(TRANSCRIBED)
    lead = Lead.objects.get()
    assert columns_of(lead)["message"].splitlines() == ["please call me", "", WORDS]
    assert (lead.service, lead.payer_kind) == ("knee-replacement", "medicare")


def test_their_next_call_joins_too_and_says_how_it_went(phones: Phones) -> None:
    phones.told(MISSED)
    told = phones.told(ENDED | {"CallSid": "CA2", "DialCallStatus": "completed", "CallDuration": "200"})
    assert (told[0].state, Lead.objects.count()) == (State.JOINED, 1)
    columns = columns_of(Lead.objects.get())
    assert (columns["extra.call_result"], columns["extra.call_seconds"]) == ("completed", "200")


def test_of_a_number_that_two_share_nobody_knows_who_calls(phones: Phones) -> None:
    asked(phones)
    asked(phones, full_name="Otto Quill", email="otto@example.com", message="knee replacement")
    assert phones.told(MISSED)[0].state == State.ASSESSED
    assert Lead.objects.count() == 3
