"""A try is noted once, counts where consent counts, and does at once what its end asks for. (promises B6, D22, D23)"""

from datetime import timedelta

import orjson
import pytest
from django.utils import timezone

from leadwell.server.calls.actions import (
    CannotCall,
    Made,
    begin,
    correct,
    end,
    never_called,
    note_attempt,
    take_back,
)
from leadwell.server.calls.ending import Ended
from leadwell.server.calls.models import Attempt
from leadwell.server.calls.queries import callbacks, first_contact_hours, under_way
from leadwell.server.conftest import NOON, Clinic, browser, member
from leadwell.server.consent.actions import stop
from leadwell.server.consent.models import Contact, Inquiry, Suppression, WrongAddress
from leadwell.server.consent.queries import known
from leadwell.server.consent.saying import Saying
from leadwell.server.intake.accepting import Delivery, accept
from leadwell.server.intake.draining import drain
from leadwell.server.leads import reaching
from leadwell.server.leads.models import Assessment, Event, Lead, Verified
from leadwell.server.leads.queries import current_assessment
from leadwell.server.leads.verifying import Gone
from leadwell.server.leads.worked import says
from leadwell.server.outreach.actions import Draft, Recipient, queue
from leadwell.server.outreach.letters import Letter
from leadwell.server.outreach.models import Message
from leadwell.server.privacy.held import erase, export
from leadwell.server.privacy.models import TrailEntry
from leadwell.server.tests.standing import stands

pytestmark = [pytest.mark.django_db(databases="__all__"), pytest.mark.usefixtures("at_noon")]

PHONE = "312-555-0147"
KNEE = {"full_name": "Sample Person", "phone": PHONE, "email": "sample@example.com", "zip": "60601",
        "message": "I need a knee replacement in Evanston within two weeks"}  # fmt: skip


def _lead(clinic: Clinic, **more: str) -> Lead:
    accept(clinic.number, clinic.source, [Delivery(orjson.dumps(KNEE | more))])
    drain()
    return Lead.objects.of(clinic.number).latest("pk")


@stands
def lead(lakeside: Clinic) -> Lead:
    return _lead(lakeside)


def _actor(lead: Lead) -> str:
    return member(lead.organization, "coordinator").actor


def _begun(lead: Lead) -> Attempt:
    one = begin(lead.organization_id, lead.pk, actor=_actor(lead)).attempt
    assert one is not None
    return one


def _ended(lead: Lead, result: str, **more: object) -> Attempt:
    one = end(lead.organization_id, lead.pk, _begun(lead).pk, Ended(result, **more), actor=_actor(lead))  # type: ignore[arg-type]
    assert one is not None
    return Attempt.objects.get(pk=one.pk)


def _later(monkeypatch: pytest.MonkeyPatch, **by: float) -> None:
    now = timezone.now() + timedelta(**by)
    monkeypatch.setattr(timezone, "now", lambda: now)


def test_a_call_begins_where_the_gate_says_yes_and_counts(lead: Lead) -> None:
    one = _begun(lead)
    contact = Contact.objects.get()
    assert (one.contact, contact.channel, contact.purpose, contact.answer) == (
        contact.pk, "call", "care-request", "yes",
    )  # fmt: skip
    assert len(known(lead.organization_id, lead.person_id).contacts) == 1


def test_where_the_gate_says_no_there_is_no_call_and_it_says_why(lead: Lead) -> None:
    stop(lead.organization_id, lead.person_id, Saying("voice", "user:1"))
    begun = begin(lead.organization_id, lead.pk, actor=_actor(lead))
    assert begun.attempt is None
    assert begun.verdict is not None
    assert begun.verdict.answer == "never"
    assert not Attempt.objects.exists()


def test_at_night_it_says_from_when(lead: Lead, monkeypatch: pytest.MonkeyPatch) -> None:
    _later(monkeypatch, hours=11)
    begun = begin(lead.organization_id, lead.pk, actor=_actor(lead))
    assert begun.verdict is not None
    assert (begun.attempt, begun.verdict.answer) == (None, "not_before")
    assert begun.verdict.not_before is not None


def test_a_second_click_begins_no_second_call_and_ends_none_twice(lead: Lead) -> None:
    first, second = _begun(lead), _begun(lead)
    assert first.pk == second.pk
    assert end(lead.organization_id, lead.pk, first.pk, Ended("voicemail"), actor=_actor(lead)) is not None
    assert end(lead.organization_id, lead.pk, first.pk, Ended("busy"), actor=_actor(lead)) is None
    assert (Attempt.objects.get().result, Contact.objects.count()) == ("voicemail", 1)
    assert Event.objects.filter(name="attempt.noted").count() == 1


def test_its_seconds_are_measured(lead: Lead, monkeypatch: pytest.MonkeyPatch) -> None:
    one = _begun(lead)
    _later(monkeypatch, seconds=84)
    end(lead.organization_id, lead.pk, one.pk, Ended("reached", note="Calls back with her card"), actor=_actor(lead))
    assert Attempt.objects.get().seconds == 84


def test_what_was_noted_stands_sealed_and_the_trail_has_codes_alone(lead: Lead) -> None:
    _ended(lead, "reached", note="Quagmire is her maiden name")
    assert "uagmire" not in str(list(Attempt.objects.values()) + list(Event.objects.values()))
    entry = TrailEntry.objects.get(action="attempt.noted")
    assert entry.codes == {"result": "reached", "channel": "call"}


def test_the_first_time_they_were_reached_is_a_fact(lead: Lead, monkeypatch: pytest.MonkeyPatch) -> None:
    Lead.objects.filter(pk=lead.pk).update(received_at=NOON)
    lead.refresh_from_db()
    _ended(lead, "no-answer")
    assert first_contact_hours(lead) is None
    _later(monkeypatch, minutes=30)
    _ended(lead, "reached")
    _later(monkeypatch, hours=2)
    _ended(lead, "reached")
    assert first_contact_hours(lead) == 0.5
    assert reaching.first_reached(lead.organization_id, [lead.pk]) == {lead.pk: NOON + timedelta(minutes=30)}
    assert [result for _, result in reaching.tries(lead.organization_id, [lead.pk])[lead.pk]] == [
        "no-answer", "reached", "reached",
    ]  # fmt: skip


def test_a_wrong_number_is_at_fault_for_everybody_who_gives_it(lakeside: Clinic, lead: Lead) -> None:
    _ended(lead, "wrong-number")
    said = current_assessment(lead.organization_id, lead.pk)
    assert said is not None
    assert said["contact"]["phone"] is None
    other = _lead(lakeside, full_name="Another Person", email="another@example.com", message="physical therapy")
    assert other.pk != lead.pk
    for who in (lead.person_id, other.person_id):
        wrong = known(lead.organization_id, who, address="(312) 555-0147", now=NOON).wrong
        assert {(one.channel, one.at) for one in wrong} == {("call", NOON), ("text", NOON)}
    with pytest.raises(CannotCall, match="wrong number"):
        begin(other.organization_id, other.pk, actor=_actor(other))


@pytest.mark.parametrize(
    ("given", "called"), [("(312) 555-0147", "+13125550147"), ("312-555-0159", "+13125550159"), ("", None)]
)
def test_who_gives_their_number_again_is_called_there_again(lakeside: Clinic, given: str, called: str | None) -> None:
    who = {"full_name": "Wendeline Quillfeather", "birth_date": "1961-04-12"}
    lead = _lead(lakeside, **who)
    _ended(lead, "wrong-number")
    for hours, before in ((2, Inquiry), (1, Verified), (1, Assessment), (1, WrongAddress)):
        before.objects.update(at=NOON - timedelta(hours=hours))
    words = "I need a knee replacement in Evanston within two weeks. Please call"
    again = _lead(lakeside, **who, phone=given, message=words)
    assert again.pk == lead.pk
    said = current_assessment(lead.organization_id, lead.pk)
    assert said is not None
    assert said["contact"]["phone"] == called
    gate = browser(lakeside.organization, "manager").get(f"/leads/{lead.pk}").context["page"].gate
    assert [one.state for one in gate.lines[:2]] == ["yes" if called else "no"] * 2
    assert gate.may_call == bool(called)


def test_without_another_address_nobody_is_reached(lakeside: Clinic) -> None:
    lead = _lead(lakeside, email="")
    _ended(lead, "wrong-number")
    said = current_assessment(lead.organization_id, lead.pk)
    assert said is not None
    assert said["dimensions"]["reachability"]["finding"] == "unknown"
    assert "phone" in [one["fact"] for one in said["questions"]]
    with pytest.raises(CannotCall, match="no telephone number"):
        begin(lead.organization_id, lead.pk, actor=_actor(lead))


def test_a_wrong_number_stands_on_the_timeline_as_not_theirs(lead: Lead) -> None:
    _ended(lead, "wrong-number")
    told = [says(one) for one in Event.objects.filter(lead=lead, name="fact.verified")]
    assert [one.split(".")[0] for one in told] == ["Phone: not theirs"]


def test_a_wrong_number_that_was_none_is_theirs_again(lead: Lead, monkeypatch: pytest.MonkeyPatch) -> None:
    one = _ended(lead, "wrong-number")
    _later(monkeypatch, days=2)
    assert correct(lead.organization_id, lead.pk, one.pk, Ended("no-answer"), actor=_actor(lead)) is not None
    assert not known(lead.organization_id, lead.person_id, address=PHONE).wrong
    said = current_assessment(lead.organization_id, lead.pk)
    assert said is not None
    assert said["contact"]["phone"] == "+13125550147"
    was, now = Attempt.objects.order_by("id")
    assert (was.result, was.undone_at is None, now.result, now.corrects) == ("wrong-number", False, "no-answer", was.pk)
    assert Contact.objects.count() == 1


def test_who_asked_to_stop_is_stopped_with_the_same_breath(lead: Lead) -> None:
    letter = Letter("Your visit", "We can see you", "first-answer")
    texted = Draft(Recipient("sample@example.com", lead.person_id, lead.pk), letter, "care-request")
    queue(lead.organization_id, texted, key="one")
    one = _ended(lead, "asked-to-stop", note="Please do not call again")
    stops = Suppression.objects.filter(event=one.stop)
    assert {(each.channel, each.way) for each in stops} == {("call", "voice"), ("text", "voice")}
    assert Message.objects.get().state == "queued"  # they spoke of the telephone
    assert begin(lead.organization_id, lead.pk, actor=_actor(lead)).attempt is None


def test_a_stop_that_cannot_be_written_leaves_no_attempt_that_says_so(
    lead: Lead, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*args: object, **kwargs: object) -> None:
        raise RuntimeError

    one = _begun(lead)
    monkeypatch.setattr("leadwell.server.calls.ending.stop", broken)
    with pytest.raises(RuntimeError):
        end(lead.organization_id, lead.pk, one.pk, Ended("asked-to-stop"), actor=_actor(lead))
    assert Attempt.objects.get().result == ""


def test_taken_back_within_ten_minutes_one_is_on_the_call_again(lead: Lead, monkeypatch: pytest.MonkeyPatch) -> None:
    one = _ended(lead, "voicemail")
    _later(monkeypatch, minutes=9)
    assert take_back(lead.organization_id, lead.pk, one.pk, actor=_actor(lead)) is not None
    again = under_way(lead.organization_id, lead.pk, by=_actor(lead))
    assert again is not None
    assert (again.at, again.contact, again.corrects) == (one.at, one.contact, one.pk)
    assert take_back(lead.organization_id, lead.pk, one.pk, actor=_actor(lead)) is None
    assert reaching.tries(lead.organization_id, [lead.pk]) == {}


def test_after_ten_minutes_it_is_only_corrected(lead: Lead, monkeypatch: pytest.MonkeyPatch) -> None:
    one = _ended(lead, "voicemail")
    _later(monkeypatch, minutes=11)
    assert take_back(lead.organization_id, lead.pk, one.pk, actor=_actor(lead)) is None
    assert correct(lead.organization_id, lead.pk, one.pk, Ended("reached"), actor=_actor(lead)) is not None
    assert correct(lead.organization_id, lead.pk, one.pk, Ended("busy"), actor=_actor(lead)) is None


def test_a_call_that_was_never_made_counts_nowhere(lead: Lead) -> None:
    one = _begun(lead)
    assert never_called(lead.organization_id, lead.pk, one.pk, actor=_actor(lead))
    assert known(lead.organization_id, lead.person_id).contacts == ()
    assert not never_called(lead.organization_id, lead.pk, one.pk, actor=_actor(lead))


def test_one_from_another_telephone_counts_whatever_the_gate_would_have_said(lead: Lead) -> None:
    stop(lead.organization_id, lead.person_id, Saying("voice", "user:1"))
    made = Made(Ended("voicemail", seconds=20), at=NOON - timedelta(hours=1), key="k1")
    one, new = note_attempt(lead.organization_id, lead.pk, made, actor="key:abc")
    assert new
    assert (Contact.objects.get().answer, Contact.objects.get().at) == ("never", NOON - timedelta(hours=1))
    assert note_attempt(lead.organization_id, lead.pk, made, actor="key:abc") == (one, False)
    assert Attempt.objects.count() == 1


def test_a_call_by_them_is_no_try_of_ours(lead: Lead) -> None:
    made = Made(Ended("reached"), direction="in")
    note_attempt(lead.organization_id, lead.pk, made, actor=_actor(lead))
    assert not Contact.objects.exists()
    assert reaching.tries(lead.organization_id, [lead.pk]) == {lead.pk: [(NOON, "reached")]}
    assert reaching.first_reached(lead.organization_id, [lead.pk]) == {lead.pk: NOON}


def test_whom_we_promised_to_call_is_due_until_somebody_has_tried(lead: Lead, monkeypatch: pytest.MonkeyPatch) -> None:
    at = NOON + timedelta(hours=3)
    _ended(lead, "callback", callback_at=at, zone="America/Chicago")
    assert reaching.callbacks(lead.organization_id, [lead.pk]) == {lead.pk: at}
    _later(monkeypatch, hours=3)
    _ended(lead, "no-answer")
    assert callbacks(lead.organization_id, [lead.pk]) == {}


def test_of_one_erased_only_codes_and_times_stay(lead: Lead) -> None:
    one = _ended(lead, "reached", note="Quagmire called")
    assert lead.person_id is not None
    given = export(lead.organization_id, lead.person_id, actor=_actor(lead))
    assert given["attempts"][0]["note"] == "Quagmire called"
    erase(lead.organization_id, lead.person_id, actor=_actor(lead))
    kept = Attempt.objects.get(pk=one.pk)
    assert (bytes(kept.sealed), bytes(kept.token), kept.person, kept.result) == (b"", b"", None, "reached")
    with pytest.raises(Gone):
        begin(lead.organization_id, lead.pk, actor=_actor(lead))


def test_another_organisations_lead_is_not_there(lead: Lead, harbor: Clinic) -> None:
    with pytest.raises(Gone):
        begin(harbor.number, lead.pk, actor="user:1")
    with pytest.raises(Gone):
        note_attempt(harbor.number, lead.pk, Made(Ended("reached")), actor="user:1")
    assert not Verified.objects.exists()
