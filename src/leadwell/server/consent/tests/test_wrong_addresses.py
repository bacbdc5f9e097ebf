"""An address that somebody found to be wrong is closed wherever the gate is asked, until it is right again."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client

from leadwell.permission import may_contact
from leadwell.server.calls.actions import Made as Tried
from leadwell.server.calls.actions import correct, note_attempt, take_back
from leadwell.server.calls.ending import Ended
from leadwell.server.conftest import Clinic, browser, member
from leadwell.server.consent import telling
from leadwell.server.consent.actions import Attempt, forget_old_wrong, note_contact
from leadwell.server.consent.glance import glances
from leadwell.server.consent.models import Inquiry, WrongAddress
from leadwell.server.consent.telling import gate
from leadwell.server.consent.tests.test_known import ANA, ANOTHER_NEED, CLOSED, NOON, OPEN, answers, lead
from leadwell.server.leads.models import Lead
from leadwell.server.leads.permitting import hear_answer
from leadwell.server.leads.verifying import Answer, verify
from leadwell.server.leads.verifying import take_back as take_back_fact
from leadwell.server.outreach.actions import reopen
from leadwell.server.outreach.models import Message
from leadwell.server.outreach.results import note
from leadwell.server.outreach.tests.sent import queued
from leadwell.server.people.linking import link
from leadwell.server.privacy.held import erase, export

pytestmark = [pytest.mark.django_db(databases="__all__"), pytest.mark.usefixtures("at_noon")]

BY_TELEPHONE = {**OPEN, "email": "never"}
BY_MAIL = {**CLOSED, "email": "yes"}
SECOND = "312-555-0150"


def _wrong(one: Lead):
    made = Tried(Ended("wrong-number"), at=NOON - timedelta(hours=2))
    return note_attempt(one.organization_id, one.pk, made, actor=_actor(one))[0]


def _actor(one: Lead) -> str:
    return member(one.organization, "coordinator").actor


def _came_back(clinic: Clinic, one: Lead, kind: str = "address-bad") -> Message:
    message = queued(clinic, ANA["email"], lead=one)
    note(message, kind, via="smtp")
    return message


def test_a_wrong_number_closes_calls_and_texts_with_its_rule_and_its_proof(lakeside: Clinic) -> None:
    asked = lead(lakeside)
    one = _wrong(asked)
    assert answers(lakeside, asked.person_id) == BY_MAIL
    told = note_contact(
        lakeside.number, asked.person_id, Attempt("text", "care-request", automated=False, address=ANA["phone"]), by="x"
    )
    assert told.contact is None
    assert told.wrong is not None
    assert told.wrong.why == "another"
    assert (told.verdict.answer, told.verdict.rule, told.verdict.proof) == ("never", "1.8", f"attempt/{one.pk}")
    assert "wrong number" in told.verdict.says


def test_the_api_the_panel_and_the_column_say_the_same(lakeside: Clinic) -> None:
    asked = lead(lakeside)
    _wrong(asked)
    who = asked.person_id
    said = Client().get(f"/api/v1/people/{who}/may-contact", headers={"Authorization": f"Bearer {lakeside.key}"}).json()
    assert {name: one["answer"] for name, one in said["channels"].items()} == BY_MAIL
    assert said["channels"]["call"]["rule"] == "1.8"
    panel = gate(lakeside.number, who, "care-request", visible=True)
    assert [one.state for one in panel.lines] == ["no", "no", "yes"]
    assert "wrong number" in panel.lines[0].says
    assert (panel.lines[0].proof, panel.lines[0].where) == ("A try that reached somebody else", "")
    assert "confirm it with them" in panel.lines[0].to_open
    column = glances(lakeside.number, [(who, "care-request")], NOON)[who, "care-request"]
    assert [one.state for one in column.lines] == ["no", "no", "yes"]


def test_with_another_number_they_are_still_called(lakeside: Clinic) -> None:
    asked = lead(lakeside, phone_2="312-555-0150")
    _wrong(asked)
    assert answers(lakeside, asked.person_id) == OPEN
    assert answers(lakeside, asked.person_id, address=ANA["phone"])["call"] == "never"
    assert answers(lakeside, asked.person_id, address="312-555-0150")["call"] == "yes"


@pytest.mark.parametrize("how", ["taken back", "corrected"])
def test_what_was_mistaken_closes_nothing(lakeside: Clinic, how: str) -> None:
    asked = lead(lakeside)
    one = _wrong(asked)
    if how == "taken back":
        assert take_back(asked.organization_id, asked.pk, one.pk, actor=_actor(asked))
    else:
        assert correct(asked.organization_id, asked.pk, one.pk, Ended("no-answer"), actor=_actor(asked))
    assert answers(lakeside, asked.person_id) == OPEN


def test_a_number_that_is_confirmed_is_theirs_until_that_is_taken_back(lakeside: Clinic) -> None:
    asked = lead(lakeside)
    _wrong(asked)
    change = verify(asked.organization_id, asked.pk, Answer("phone", ANA["phone"]), actor=_actor(asked))
    assert answers(lakeside, asked.person_id) == OPEN
    assert change.row is not None
    assert take_back_fact(asked.organization_id, asked.pk, change.row.pk, actor=_actor(asked))
    assert answers(lakeside, asked.person_id) == BY_MAIL


def test_whoever_gives_their_number_anew_is_called_there_and_nobody_else_is(lakeside: Clinic) -> None:
    asked = lead(lakeside)
    _wrong(asked)
    again, other = lead(lakeside, message=ANOTHER_NEED), lead(lakeside, full_name="Another Body")
    Inquiry.objects.of(lakeside.number).filter(person__in=[again.person_id, other.person_id]).update(
        at=NOON - timedelta(hours=1)
    )
    assert again.person_id != asked.person_id
    link(lakeside.number, asked.person_id, again.person_id, actor="user:1")
    assert answers(lakeside, again.person_id)["call"] == "yes"
    assert answers(lakeside, asked.person_id)["call"] == "yes"
    assert answers(lakeside, other.person_id)["call"] == "never"


def test_an_answer_from_another_number_opens_no_wrong_one(lakeside: Clinic) -> None:
    asked = lead(lakeside, phone_2=SECOND)
    _wrong(asked)
    for at in (ANA["phone"], SECOND):
        columns = {"message": "Is there parking?", "phone": at}
        said = NOON - timedelta(hours=1)
        hear_answer(lakeside.number, asked.person_id, asked.pk, columns, said, way="text", submission=uuid4())
        assert answers(lakeside, asked.person_id, address=ANA["phone"])["call"] == "never"
        assert answers(lakeside, asked.person_id, address=SECOND)["call"] == "yes"


def test_a_number_confirmed_for_somebody_else_opens_it_for_nobody_of_whom_it_was_found(lakeside: Clinic) -> None:
    asked, other = lead(lakeside), lead(lakeside, full_name="Another Body", email="body@example.com")
    _wrong(asked)
    change = verify(other.organization_id, other.pk, Answer("phone", ANA["phone"]), actor=_actor(other))
    assert answers(lakeside, asked.person_id) == BY_MAIL
    verify(asked.organization_id, asked.pk, Answer("phone", ANA["phone"]), actor=_actor(asked))
    assert answers(lakeside, asked.person_id) == OPEN
    assert take_back_fact(other.organization_id, other.pk, change.row.pk, actor=_actor(other))
    assert answers(lakeside, asked.person_id) == OPEN


def test_mail_that_came_back_closes_e_mail_until_somebody_says_that_it_is_right(lakeside: Clinic) -> None:
    asked = lead(lakeside)
    message = _came_back(lakeside, asked)
    assert answers(lakeside, asked.person_id) == BY_TELEPHONE
    assert gate(lakeside.number, asked.person_id, "care-request", visible=True).lines[2].proof == "Mail that came back"
    assert reopen(lakeside.number, message.pk, why="mistaken", actor="user:1")
    assert answers(lakeside, asked.person_id) == OPEN


def test_a_mailbox_that_was_full_once_closes_nothing(lakeside: Clinic) -> None:
    asked = lead(lakeside)
    _came_back(lakeside, asked, "mailbox-full")
    assert answers(lakeside, asked.person_id) == OPEN


def test_an_erasure_forgets_it_but_where_somebody_else_is_reached_there(lakeside: Clinic) -> None:
    asked, other = lead(lakeside), lead(lakeside, full_name="Another Body", email="")
    _wrong(asked)
    _came_back(lakeside, asked)
    assert [one["why"] for one in export(lakeside.number, asked.person_id, actor="x")["found_wrong"]] == [
        "another", "returned",
    ]  # fmt: skip
    erase(lakeside.number, asked.person_id, actor="x")
    assert answers(lakeside, other.person_id)["call"] == "never"
    assert [one.why for one in WrongAddress.objects.of(lakeside.number).filter(ended_at=None)] == ["another"]
    erase(lakeside.number, other.person_id, actor="x")
    assert not WrongAddress.objects.of(lakeside.number).exists()


def test_an_erasure_opens_no_mailbox_for_who_shares_it(lakeside: Clinic) -> None:
    asked, other = lead(lakeside), lead(lakeside, full_name="Another Body", phone="312-555-0163")
    theirs = queued(lakeside, ANA["email"], lead=other, key="theirs")
    _came_back(lakeside, asked)
    erase(lakeside.number, asked.person_id, actor="x")
    note(theirs, "later", via="report")
    assert answers(lakeside, other.person_id) == BY_TELEPHONE
    assert reopen(lakeside.number, theirs.pk, why="said-so", actor="user:1")
    assert answers(lakeside, other.person_id) == OPEN


def test_an_erasure_takes_the_mark_of_an_address_that_they_have_no_more(lakeside: Clinic) -> None:
    asked = lead(lakeside)
    note(queued(lakeside, "old@example.com", lead=asked), "address-bad", via="smtp")
    erase(lakeside.number, asked.person_id, actor="x")
    assert not WrongAddress.objects.of(lakeside.number).exists()


def test_what_has_ended_is_forgotten_after_five_years_and_what_stands_is_not(lakeside: Clinic) -> None:
    asked, other = lead(lakeside), lead(lakeside, phone="312-555-0163", email="b@example.com")
    for one in (asked, other):
        _wrong(one)
    mistaken = _came_back(lakeside, asked)
    assert reopen(lakeside.number, mistaken.pk, why="mistaken", actor="user:1")
    old = {"at": NOON - timedelta(days=5 * 366 + 2)}
    assert WrongAddress.objects.filter(ended_at=None).update(**old) == 2
    assert forget_old_wrong() == 0
    WrongAddress.objects.exclude(ended_at=None).update(ended_at=NOON - timedelta(days=5 * 366 + 1))
    assert (forget_old_wrong(), WrongAddress.objects.filter(ended_at=None).count()) == (1, 2)


def test_the_panel_asks_no_more_of_the_number_that_is_dialled_than_whether_it_may_be_called(
    lakeside: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, told = lead(lakeside, phone_2=SECOND), list[str]()

    def recorded(found, *, channel: str, **asks: object):
        told.append(channel)
        return may_contact(found, channel=channel, **asks)

    monkeypatch.setattr(telling, "may_contact", recorded)
    _wrong(asked)
    told.clear()
    panel = gate(lakeside.number, asked.person_id, "care-request", visible=True, dials=ANA["phone"])
    assert (panel.lines[0].state, panel.call.state, panel.may_call) == ("yes", "no", False)
    assert told == ["call", "text", "email", "call"]


def test_the_page_to_call_says_so_before_anybody_dials(lakeside: Clinic) -> None:
    asked, other = lead(lakeside), lead(lakeside, full_name="Another Body", email="body@example.com")
    _wrong(asked)
    page = browser(lakeside.organization, "coordinator").get(f"/leads/{other.pk}").content.decode()
    assert "wrong number" in page
