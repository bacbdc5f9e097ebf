"""A number that somebody gives in a conversation, and that is confirmed on their lead, is theirs: their request may be
answered there, a stop of it reaches them, and all of it ends with the answer that said so. (promises 14, 22)"""

from datetime import timedelta
from uuid import UUID

import pytest
from django.test import Client

from leadwell.server.calls.actions import Made as Tried
from leadwell.server.calls.actions import begin, correct, note_attempt
from leadwell.server.calls.ending import Ended
from leadwell.server.conftest import Clinic, browser, member
from leadwell.server.consent.actions import Attempt, join, note_contact, stop
from leadwell.server.consent.models import ConfirmedAddress, Inquiry, WrongAddress
from leadwell.server.consent.queries import known, numbers_looked_up, people_at, stops_told_to
from leadwell.server.consent.saying import Saying
from leadwell.server.consent.tests.test_known import ANA, CLOSED, NOON, OPEN, STAFF, answers, lead
from leadwell.server.leads.models import Lead
from leadwell.server.leads.verifying import Answer, verify
from leadwell.server.leads.verifying import take_back as take_back_fact
from leadwell.server.people.finding import found, understood
from leadwell.server.people.linking import undo
from leadwell.server.people.models import Doubt, PersonLink, PersonToken
from leadwell.server.privacy.held import erase, export
from leadwell.server.privacy.tokens import Blind

pytestmark = [pytest.mark.django_db(databases="__all__"), pytest.mark.usefixtures("at_noon")]

NEW = "312-555-0182"
THERE = {**CLOSED, "call": "yes", "text": "yes"}  # asked of that number


def _confirm(one: Lead, text: str = NEW, column: str = "phone") -> UUID:
    change = verify(one.organization_id, one.pk, Answer(column, text), actor=_actor(one))
    assert change.row is not None
    return change.row.pk


def _take_back(one: Lead, fact: UUID) -> None:
    assert take_back_fact(one.organization_id, one.pk, fact, actor=_actor(one)) is not None


def _actor(one: Lead) -> str:
    return member(one.organization, "coordinator").actor


def _wrong(one: Lead, **more: str) -> UUID:
    made = Tried(Ended("wrong-number"), at=NOON - timedelta(hours=2), **more)
    return note_attempt(one.organization_id, one.pk, made, actor=_actor(one))[0].pk


def _at(clinic: Clinic, one: Lead, number: str = NEW, **asked: object) -> dict[str, str]:
    return answers(clinic, one.person_id, address=number, **asked)


def _stop(clinic: Clinic, number: str = NEW, *, ago: timedelta = timedelta(hours=1)) -> None:
    stop(clinic.number, None, Saying("import", "user:1", address=number, at=NOON - ago), closes=[("call", "")])


def _held(clinic: Clinic, number: str = NEW) -> list[UUID]:
    return people_at(clinic.number, Blind(clinic.number).token("phone", f"+1{number.replace('-', '')}"))


def test_the_call_that_was_refused_is_made_at_the_number_that_was_confirmed(lakeside: Clinic) -> None:
    asked = lead(lakeside, email="")
    _wrong(asked)
    assert _at(lakeside, asked) == CLOSED
    fact = _confirm(asked)
    assert _at(lakeside, asked) == answers(lakeside, asked.person_id) == THERE
    assert _at(lakeside, asked, ANA["phone"]) == CLOSED
    begun = begin(lakeside.number, asked.pk, actor=_actor(asked))
    assert begun.attempt is not None
    assert begun.verdict is not None
    assert begun.verdict.proof == f"fact/{fact}"


def test_its_proof_leads_to_the_lead_and_says_who_and_when(lakeside: Clinic) -> None:
    asked = lead(lakeside)
    _wrong(asked)
    fact = _confirm(asked)
    row = ConfirmedAddress.objects.of(lakeside.number).get()
    assert (row.fact, row.by, row.at, row.lead, row.ended_at) == (fact, _actor(asked), NOON, asked.pk, None)
    page = browser(lakeside.organization, "coordinator").get(f"/leads/{asked.pk}").content.decode()
    assert "What was confirmed with them" in page
    assert "tel:+13125550182" in page


def test_by_a_program_it_is_the_same(lakeside: Clinic) -> None:
    asked, key = lead(lakeside, email=""), lakeside.key
    _wrong(asked)
    verify(lakeside.number, asked.pk, Answer("phone", NEW), actor=f"key:{key[:8]}")
    said = Client().get(
        f"/api/v1/people/{asked.person_id}/may-contact?automated=false", headers={"Authorization": f"Bearer {key}"}
    )
    channels = said.json()["channels"]
    assert {name: one["answer"] for name, one in channels.items()} == THERE
    assert channels["call"]["proof"].startswith("fact/")


def test_an_e_mail_that_was_confirmed_answers_who_gave_a_telephone_alone(lakeside: Clinic) -> None:
    asked = lead(lakeside, email="")
    _confirm(asked, "new@example.com", column="email")
    assert answers(lakeside, asked.person_id, address="new@example.com") == {**CLOSED, "email": "yes"}
    assert answers(lakeside, asked.person_id, "marketing", address="new@example.com") == CLOSED


@pytest.mark.parametrize("how", ["taken back", "corrected", "not known", "wrong too"])
def test_it_ends_with_the_answer_that_said_so(lakeside: Clinic, how: str) -> None:
    asked = lead(lakeside)
    fact = _confirm(asked)
    if how == "taken back":
        _take_back(asked, fact)
    elif how == "corrected":
        _confirm(asked, "312-555-0183")
    elif how == "not known":
        verify(lakeside.number, asked.pk, Answer("phone", known=False), actor=_actor(asked))
    else:
        _wrong(asked)
    assert _at(lakeside, asked) == CLOSED
    assert _held(lakeside) == []
    assert _at(lakeside, asked, "312-555-0183")["call"] == ("yes" if how == "corrected" else "never")


def test_what_stood_before_a_correction_stands_again_once_that_is_taken_back(lakeside: Clinic) -> None:
    asked = lead(lakeside)
    _confirm(asked)
    second = _confirm(asked, "312-555-0183")
    _take_back(asked, second)
    assert _at(lakeside, asked) == THERE
    assert _at(lakeside, asked, "312-555-0183") == CLOSED
    assert PersonToken.objects.filter(confirmed=True).count() == 1


def test_a_wrong_number_that_was_none_leaves_what_was_confirmed_before(lakeside: Clinic) -> None:
    asked = lead(lakeside)
    _confirm(asked)
    one = _wrong(asked)
    assert _at(lakeside, asked) == CLOSED
    assert correct(lakeside.number, asked.pk, one, Ended("no-answer"), actor=_actor(asked))
    assert _at(lakeside, asked) == THERE


@pytest.mark.parametrize("ago", [timedelta(hours=1), timedelta(days=300)])
def test_a_stop_of_that_number_closes_it_whenever_it_was_said(lakeside: Clinic, ago: timedelta) -> None:
    asked = lead(lakeside)
    _stop(lakeside, ago=ago)
    _confirm(asked)
    assert _at(lakeside, asked) == {**THERE, "call": "never"}
    verdict = note_contact(
        lakeside.number, asked.person_id, Attempt("call", "care-request", False, NEW), by="x"
    ).verdict
    assert verdict.proof.startswith("stop/")


def test_a_stop_since_they_asked_is_not_undone_by_another_number(lakeside: Clinic) -> None:
    asked = lead(lakeside)
    stop(lakeside.number, asked.person_id, STAFF)
    _confirm(asked)
    assert _at(lakeside, asked) == answers(lakeside, asked.person_id) == CLOSED


def test_a_stop_that_comes_later_by_it_reaches_them(lakeside: Clinic) -> None:
    asked = lead(lakeside)
    _confirm(asked)
    stop(lakeside.number, None, Saying("text", "worker", "STOP", address=NEW, at=NOON))
    assert len(stops_told_to(lakeside.number, asked.person_id)) == 1
    assert answers(lakeside, asked.person_id)["text"] == "never"


def test_no_machine_answers_there_who_has_stopped_before(lakeside: Clinic) -> None:
    asked = lead(lakeside)
    stop(lakeside.number, asked.person_id, Saying("staff", "user:1", at=NOON - timedelta(days=3)))
    _confirm(asked)
    assert _at(lakeside, asked) == THERE
    assert _at(lakeside, asked, automated=True) == CLOSED


def test_of_a_number_known_to_be_wrong_only_who_gave_it_first_may_say_otherwise(lakeside: Clinic) -> None:
    first = lead(lakeside, phone=NEW, full_name="Somebody Else", email="else@example.com")
    other = lead(lakeside)
    _wrong(first)
    fact = _confirm(other)
    assert _at(lakeside, other)["call"] == "never"
    _take_back(other, fact)
    anew = _confirm(first)
    assert _at(lakeside, first)["call"] == "yes"
    _confirm(first, "312-555-0183")
    assert WrongAddress.objects.of(lakeside.number).get().ended_at is None
    assert anew not in ConfirmedAddress.objects.filter(ended_at=None).values_list("fact", flat=True)


def test_nobody_is_taken_for_another_because_of_it(lakeside: Clinic) -> None:
    asked = lead(lakeside)
    _confirm(asked)
    other = lead(lakeside, phone=NEW, full_name="Bernard Otherwise", email="", message="My hip hurts, please call")
    assert other.person_id != asked.person_id
    assert not PersonLink.objects.exists()
    assert not Doubt.objects.exists()
    assert {asked.person_id, other.person_id} == set(_held(lakeside))


def test_staff_find_them_by_it(lakeside: Clinic) -> None:
    asked = lead(lakeside)
    fact = _confirm(asked)
    assert [one.person for one in found(lakeside.number, understood(NEW)).people] == [asked.person_id]
    assert f"+1{NEW.replace('-', '')}" in numbers_looked_up(lakeside.number, asked.person_id)
    _take_back(asked, fact)
    assert found(lakeside.number, understood(NEW)).people == ()


def test_a_number_that_their_record_has_stays_when_its_confirmation_goes(lakeside: Clinic) -> None:
    asked = lead(lakeside)
    _take_back(asked, _confirm(asked, ANA["phone"]))
    assert answers(lakeside, asked.person_id) == OPEN
    assert _held(lakeside, ANA["phone"]) == [asked.person_id]


def test_a_stop_of_it_holds_for_who_is_linked_and_the_permission_does_not(lakeside: Clinic) -> None:
    asked, linked = lead(lakeside), lead(lakeside, full_name="Another Body", phone="312-555-0190", email="")
    join(lakeside.number, asked.person_id, linked.person_id, actor="user:1")
    _confirm(asked)
    assert _at(lakeside, linked) == CLOSED
    _stop(lakeside, ago=timedelta())
    assert answers(lakeside, linked.person_id)["call"] == "never"
    assert undo(lakeside.number, PersonLink.objects.get().pk, actor="user:1")
    assert answers(lakeside, linked.person_id)["call"] == "yes"


def test_whoever_joined_the_same_request_is_answered_there_too(lakeside: Clinic) -> None:
    asked, again = lead(lakeside), lead(lakeside, full_name="Another Body", phone="312-555-0190", email="")
    join(lakeside.number, asked.person_id, again.person_id, actor="user:1")
    Inquiry.objects.of(lakeside.number).filter(person=again.person_id).update(lead=asked.pk)
    _confirm(asked)
    assert _at(lakeside, again) == THERE


def test_the_clock_of_its_area_holds_too(lakeside: Clinic) -> None:
    asked = lead(lakeside)
    _confirm(asked, "808-555-0182")
    zones = {place.zone for place in known(lakeside.number, asked.person_id, now=NOON).places}
    assert {"America/Chicago", "Pacific/Honolulu"} <= zones


def test_the_file_has_it_and_an_erasure_takes_it(lakeside: Clinic) -> None:
    asked = lead(lakeside)
    _confirm(asked)
    (told,) = export(lakeside.number, asked.person_id, actor="x")["confirmed"]
    assert (told["address"], told["lead"], told["until"]) == ("+13125550182", str(asked.pk), None)
    erase(lakeside.number, asked.person_id, actor="x")
    row = ConfirmedAddress.objects.of(lakeside.number).get()
    assert (bytes(row.token), bytes(row.sealed), row.ended_at) == (b"", b"", NOON)
    assert _held(lakeside) == []
