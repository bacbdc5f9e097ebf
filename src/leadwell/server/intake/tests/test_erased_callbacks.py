"""Whoever is erased is erased from what never became a lead too, found by the blind token of an address. (F33)"""

from __future__ import annotations

from urllib.parse import urlencode
from uuid import UUID

import orjson
import pytest
from django.test import Client
from django.utils import timezone

from leadwell.server.conftest import Clinic
from leadwell.server.intake import mentioning
from leadwell.server.intake.accepting import Delivery, accept
from leadwell.server.intake.actions import add_source
from leadwell.server.intake.claiming import MOST_TRIES
from leadwell.server.intake.draining import drain
from leadwell.server.intake.jobs import forget_unread
from leadwell.server.intake.ledger import ledger_of
from leadwell.server.intake.models import Mentioned, State, Submission
from leadwell.server.intake.sources.form.adapter import URLENCODED
from leadwell.server.leads.models import Lead
from leadwell.server.people.models import Person
from leadwell.server.privacy.held import erase, export

pytestmark = pytest.mark.django_db(databases="__all__")

THEIRS, OURS, OTHERS = "+13125550147", "+13125550100", "+13125550188"
KNEE = {"full_name": "Ana Lopez", "phone": "(312) 555-0147", "email": "ana@example.com", "message": "knee replacement"}
RINGING = {"CallSid": "CA1", "From": THEIRS, "To": OURS, "Direction": "inbound", "CallStatus": "ringing"}
STOP = {"MessageSid": "SM1", "SmsStatus": "received", "From": THEIRS, "To": OURS, "Body": "STOP"}
DELIVERED = {"MessageSid": "SM2", "MessageStatus": "delivered", "From": OURS, "To": THEIRS}
AUTO = b"From: Ana <ANA@example.com>\nTo: us@clinic.example\nSubject: away\nAuto-Submitted: auto-replied\n\nI am away\n"
BROKEN = b'{"id": "x", "customer_phone_number": "312.555.0147", "nested": ' + b"[" * 40 + b"]" * 40 + b"}"
NO_SHOW = {"event": "invitee_no_show.created", "payload": {"invitee": "I9", "email": "ana@example.com"}}
HOSPITAL = b"MSH|^~\\&|EHR|NORTH|L|C|20261120||REF^I12|M-1|P|2.5.1\rPID|1||7||Lopez^Ana||||||||(312) 555-0147\r"
TOLD = {
    "a call that rings": ("twilio", urlencode(RINGING).encode(), URLENCODED),
    "a keyword": ("twilio", urlencode(STOP).encode(), URLENCODED),
    "what became of a text of ours": ("twilio", urlencode(DELIVERED).encode(), URLENCODED),
    "a booking that is not known": ("calendly", orjson.dumps(NO_SHOW), "application/json"),
    "an auto-reply": ("email", AUTO, "message/rfc822"),
    "what waits to be mended": ("callrail", BROKEN, "application/json"),
    "a message that lacks who refers": ("hl7v2", HOSPITAL, "application/hl7-v2"),
}


def _sent(clinic: Clinic, kind: str, body: bytes, media_type: str) -> UUID:
    source = add_source(clinic.organization, kind, kind, {"secrets": ["a-key"]})
    number = accept(clinic.number, source.pk, [Delivery(body, media_type=media_type)])[0].id
    while drain().submissions:
        pass
    return number


def _person(clinic: Clinic) -> UUID:
    accept(clinic.number, clinic.source, [Delivery(orjson.dumps(KNEE))])
    drain()
    found = Lead.objects.latest("received_at").person_id
    assert found is not None
    return found


@pytest.mark.parametrize("what", TOLD)
@pytest.mark.parametrize("first", ["the person", "the callback"])
def test_what_is_no_lead_goes_with_the_person_whose_address_it_holds(lakeside: Clinic, what: str, first: str) -> None:
    if first == "the person":
        person, number = _person(lakeside), _sent(lakeside, *TOLD[what])
    else:
        number, person = _sent(lakeside, *TOLD[what]), _person(lakeside)
    before = Submission.objects.get(pk=number)
    assert before.sealed
    if before.state in (State.NOT_A_LEAD, State.NEEDS_MENDING):
        assert str(number) in str(export(lakeside.number, person, actor="user:1")["submissions"])
    erase(lakeside.number, person, actor="user:1")
    after = Submission.objects.get(pk=number)
    mendable = before.state == State.NEEDS_MENDING
    assert (bytes(after.sealed), after.state) == (b"", State.NOT_A_LEAD if mendable else before.state)
    assert not Mentioned.objects.filter(submission=number).exists()
    assert ledger_of(lakeside.number).difference == 0


def test_what_was_refused_goes_too(lakeside: Clinic) -> None:
    source = add_source(lakeside.organization, "twilio", "Phones", {"secrets": ["a-key"]})
    assert Client().post(f"/in/{source.handle}", RINGING).status_code == 401
    refused = Submission.objects.get()
    assert (refused.state, bool(refused.sealed)) == (State.REFUSED, True)
    erase(lakeside.number, _person(lakeside), actor="user:1")
    assert bytes(Submission.objects.get(pk=refused.pk).sealed) == b""


MAILED = (
    b"Received: from a@mx1.example by b@mx2.example\r\nMessage-ID: <1.2@mx.example>\r\n"
    b"References: <3@x.example> <4@x.example> <5@x.example> <6@x.example> <7@x.example> <8@x.example>\r\n"
    b"From: Ana <ana@example.com>\r\nTo: us@clinic.example\r\n\r\nI need a knee replacement\r\n"
)
POISON = {
    "api": (orjson.dumps(KNEE | {"message": "poison"}), "application/json"),
    "form": (urlencode({"Phone": "(312) 555-0147"}).encode(), URLENCODED),
    "email": (MAILED, "message/rfc822"),
}


@pytest.mark.parametrize("deadly", [False, True])
@pytest.mark.parametrize("kind", POISON)
def test_what_fails_its_reader_or_ends_the_worker_goes_too(
    lakeside: Clinic, monkeypatch: pytest.MonkeyPatch, kind: str, deadly: bool
) -> None:
    """Found by what stands in it as it was sent: it is not read again."""
    person, (body, media_type) = _person(lakeside), POISON[kind]
    source = lakeside.source if kind == "api" else add_source(lakeside.organization, kind, kind, {}).pk
    number = accept(lakeside.number, source, [Delivery(body, media_type=media_type)])[0].id
    poison = Submission.objects.filter(pk=number)
    with monkeypatch.context() as patched:
        patched.setattr("leadwell.server.intake.draining._process", _failing)
        poison.update(tries=MOST_TRIES if deadly else MOST_TRIES - 1, due_at=timezone.now())
        drain()
    assert poison.get().state == State.SET_ASIDE
    erase(lakeside.number, person, actor="user:1")
    assert (bytes(poison.get().sealed), ledger_of(lakeside.number).difference) == (b"", 0)


def _failing(*_: object) -> None:
    raise ValueError("poison")


def test_nobody_elses_goes(lakeside: Clinic, harbor: Clinic) -> None:
    others = _sent(lakeside, "twilio", urlencode(RINGING | {"From": OTHERS}).encode(), URLENCODED)
    elsewhere = _sent(harbor, *TOLD["a call that rings"])
    erase(lakeside.number, _person(lakeside), actor="user:1")
    assert all(one.sealed for one in Submission.objects.filter(pk__in=[others, elsewhere]))


def test_what_waits_to_be_mended_may_be_another_persons_of_the_same_number(lakeside: Clinic) -> None:
    """A son is erased; what his father sent from the same telephone still waits for somebody."""
    person = _person(lakeside)
    father = {"full_name": "Otto Quill", "phone": "(312) 555-0147", "message": "hip replacement"}
    accept(lakeside.number, lakeside.source, [Delivery(orjson.dumps(father))])
    drain()
    waits, rang = (
        _sent(lakeside, *TOLD["what waits to be mended"]),
        _sent(lakeside, *TOLD["a booking that is not known"]),
    )
    erase(lakeside.number, person, actor="user:1")
    kept = Submission.objects.in_bulk([waits, rang])
    assert (kept[waits].state, bool(kept[waits].sealed), bool(kept[rang].sealed)) == (State.NEEDS_MENDING, True, False)


def test_what_names_many_is_a_list_and_not_one_persons(lakeside: Clinic) -> None:
    many = [{"phone": f"+131255501{n:02}"} for n in range(40, 60)]
    number = _sent(
        lakeside,
        "callrail",
        orjson.dumps({"id": 1, "calls": many, "deep": [[[[[[[[[[[[[[1]]]]]]]]]]]]]]}),
        "application/json",
    )
    erase(lakeside.number, _person(lakeside), actor="user:1")
    assert (Submission.objects.get(pk=number).state, bool(Submission.objects.get(pk=number).sealed)) == (
        State.NEEDS_MENDING, True,
    )  # fmt: skip


def test_no_address_stands_open(lakeside: Clinic) -> None:
    _sent(lakeside, *TOLD["a call that rings"])
    kept = [bytes(one) for one in Mentioned.objects.values_list("token", flat=True)]
    assert len(kept) == 2
    assert {len(one) for one in kept} == {16}
    assert not any(b"555" in one for one in kept)


def test_what_is_forgotten_is_looked_for_no_more(lakeside: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    _sent(lakeside, *TOLD["a call that rings"])
    monkeypatch.setattr("leadwell.server.intake.jobs._TOGETHER", 1)
    Submission.objects.update(received_at="2026-01-01T00:00:00Z")
    assert (forget_unread(), Mentioned.objects.count()) == (1, 0)


@pytest.mark.parametrize("body", [b"", b"\xff" * 300, b"[" * 5_000, b"1" * 300_000, b"@" * 100_000, b"- " * 50_000])
@pytest.mark.parametrize("kind", ["twilio", "email", "hl7v2", "callrail", "fhir"])
def test_whatever_came_it_is_looked_through(lakeside: Clinic, kind: str, body: bytes) -> None:
    _sent(lakeside, kind, body, URLENCODED if kind == "twilio" else "application/json")
    assert not Mentioned.objects.exists()
    assert Person.objects.count() == Lead.objects.count()
    assert mentioning.mentioning(lakeside.number, []) == set()
