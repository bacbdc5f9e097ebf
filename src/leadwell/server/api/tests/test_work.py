"""A program notes a try, a fact and what became of a lead; the examples of the document run. (promises D22, E27)"""

from datetime import timedelta
from typing import Any

import orjson
import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from leadwell.server.access.keys import new_key
from leadwell.server.calls.models import Attempt
from leadwell.server.conftest import Clinic
from leadwell.server.consent.models import Contact, Suppression
from leadwell.server.intake.accepting import Delivery, accept
from leadwell.server.intake.draining import drain
from leadwell.server.leads.models import Lead, Verified
from leadwell.server.outcomes.models import Outcome
from leadwell.server.reviewing.queries import danger
from leadwell.server.tests.standing import stands
from leadwell.server.worklist.models import Lane, Waiting

pytestmark = pytest.mark.django_db(databases="__all__")

KNEE = {"full_name": "Sample Person", "phone": "312-555-0147", "zip": "60601",
        "message": "I am 61 and I need a knee replacement in Evanston within two weeks"}  # fmt: skip
OPERATIONS = ("attempts", "outcomes", "facts")


@stands
def lead(lakeside: Clinic) -> Lead:
    accept(lakeside.number, lakeside.source, [Delivery(orjson.dumps(KNEE))])
    drain()
    return Lead.objects.of(lakeside.number).get()


def _post(key: str, lead: object, what: str, said: dict[str, Any], **headers: str) -> HttpResponse:
    given = {"Authorization": f"Bearer {key}", **{name.replace("_", "-"): value for name, value in headers.items()}}
    path = f"/api/v1/leads/{lead}/{what}"
    return Client().post(path, orjson.dumps(said), content_type="application/json", headers=given)


def _examples(what: str) -> dict[str, Any]:
    paths = Client().get("/api/v1/openapi.json").json()["paths"]
    body = paths[f"/api/v1/leads/{{lead}}/{what}"]["post"]["requestBody"]["content"]["application/json"]
    return {name: one["value"] for name, one in body["examples"].items()}


@pytest.mark.parametrize("what", OPERATIONS)
def test_the_examples_of_the_document_run(lakeside: Clinic, lead: Lead, what: str) -> None:
    for name, said in _examples(what).items():
        answer = _post(lakeside.key, lead.pk, what, said)
        assert answer.status_code == 200, (name, answer.content)


def test_a_confirmed_fact_tells_what_it_changed(lakeside: Clinic, lead: Lead) -> None:
    told = _post(lakeside.key, lead.pk, "facts", {"column": "payer", "answer": "aetna"}).json()
    assert (told["before"]["disposition"], told["before"]["asks"]) == ("verify", ["payer"])
    assert (told["after"]["disposition"], told["after"]["asks"]) == ("schedule", [])
    assert Verified.objects.get().by == f"key:{lakeside.key.split('_')[1]}"


def test_a_stop_that_a_program_tells_is_in_force_when_it_is_answered(lakeside: Clinic, lead: Lead) -> None:
    told = _post(lakeside.key, lead.pk, "attempts", {"result": "asked-to-stop", "note": "Please stop"}).json()
    assert {str(one.event) for one in Suppression.objects.all()} == {told["stop"]}
    assert Contact.objects.count() == 1


@pytest.mark.parametrize(("what", "said"), [("attempts", {"result": "busy"}), ("outcomes", {"became": "booked"})])
def test_sent_again_by_the_same_key_it_is_the_same(
    lakeside: Clinic, lead: Lead, what: str, said: dict[str, Any]
) -> None:
    first = _post(lakeside.key, lead.pk, what, said, Idempotency_Key="k1").json()
    second = _post(lakeside.key, lead.pk, what, said, Idempotency_Key="k1").json()
    assert (second["id"], first["repeat"], second["repeat"]) == (first["id"], False, True)
    other = new_key(lakeside.organization, ["work:write"])
    at = lead.received_at.isoformat()
    assert _post(other, lead.pk, what, said | {"at": at}, Idempotency_Key="k1").json()["id"] != first["id"]


@pytest.mark.parametrize(
    "at",
    [
        "0001-01-01T00:00:00+14:00",
        "1900-01-01T00:00:00Z",
        "1971-12-31T23:59:59Z",
        "2200-01-01T00:00:00Z",
        "9999-12-31T23:59:59-12:00",
        5,
    ],
)
def test_no_moment_is_too_far_away_to_be_refused(lakeside: Clinic, lead: Lead, at: object) -> None:
    for what, said in (
        ("attempts", {"result": "busy", "at": at}),
        ("attempts", {"result": "callback", "callback_at": at}),
        ("outcomes", {"became": "booked", "at": at}),
    ):
        answer = _post(lakeside.key, lead.pk, what, said)
        assert (answer.status_code, answer.json()["errors"][0]["says"][:7]) == (422, "It must"), said


BUSY, REACHED, THEIRS = {"result": "busy"}, {"result": "reached"}, {"result": "reached", "direction": "in"}


@pytest.mark.parametrize(
    ("what", "said", "before", "status"),
    [
        ("attempts", BUSY, timedelta(days=20_000), 422),
        ("attempts", REACHED, timedelta(minutes=2), 422),
        ("attempts", REACHED, timedelta(seconds=59), 200),
        ("attempts", THEIRS, timedelta(minutes=61), 422),
        ("attempts", THEIRS, timedelta(minutes=59), 200),
        ("outcomes", {"became": "booked"}, timedelta(days=2_000), 422),
        ("outcomes", {"became": "booked"}, timedelta(seconds=59), 200),
    ],
)
def test_nobody_was_answered_before_they_asked(
    lakeside: Clinic, lead: Lead, what: str, said: dict[str, Any], *, before: timedelta, status: int
) -> None:
    at = (lead.received_at - before).isoformat()
    answer = _post(lakeside.key, lead.pk, what, said | {"at": at})
    assert answer.status_code == status
    lead.refresh_from_db()
    if status == 422:
        assert answer["Content-Type"] == "application/problem+json"
        assert "before this lead came" in answer.json()["detail"]
        assert not (Attempt.objects.exists() or Outcome.objects.exists())
        assert lead.answered_at is None


def test_nothing_told_of_years_ago_takes_a_lead_in_danger_out_of_sight(lakeside: Clinic) -> None:
    words = {"phone": "312-555-0148", "message": "I want to end my life, I cannot go on"}
    accept(lakeside.number, lakeside.source, [Delivery(orjson.dumps(words))])
    drain()
    number = Lead.objects.exclude(safety="").get().pk
    _post(lakeside.key, number, "attempts", REACHED | {"at": "2020-01-01T00:00:00Z"})
    _post(lakeside.key, number, "outcomes", {"became": "booked", "at": "2020-01-01T00:00:00Z"})
    assert Waiting.objects.get(lead=number).lane == Lane.SAFETY


@pytest.mark.parametrize(
    ("what", "said", "says"),
    [
        ("attempts", {"result": "vanished"}, ""),
        ("attempts", {"result": "callback"}, "callback_at"),
        ("attempts", {"result": "busy", "callback_at": "2126-01-01T00:00:00Z"}, "callback_at"),
        ("attempts", {"result": "callback", "callback_at": "2020-01-01T00:00:00Z"}, "is over"),
        ("attempts", {"result": "busy", "at": "2126-01-01T00:00:00Z"}, "lies ahead"),
        ("attempts", {"result": "busy", "notes": "x"}, ""),
        ("outcomes", {"became": "declined"}, "Say why"),
        ("outcomes", {"became": "vanished"}, "Choose one of"),
        ("facts", {"column": "age", "answer": "old"}, "Write a number"),
        ("facts", {"column": "message", "answer": "x"}, "knows no fact"),
    ],
)
def test_what_cannot_be_is_a_problem_that_says_so(
    lakeside: Clinic, lead: Lead, what: str, said: dict[str, Any], says: str
) -> None:
    answer = _post(lakeside.key, lead.pk, what, said)
    assert (answer.status_code, answer["Content-Type"]) == (422, "application/problem+json")
    assert says in answer.json()["detail"]
    assert not (Attempt.objects.exists() or Outcome.objects.exists() or Verified.objects.exists())


@pytest.mark.parametrize("what", OPERATIONS)
def test_another_organisations_lead_and_a_key_without_the_scope(
    lakeside: Clinic, harbor: Clinic, lead: Lead, what: str
) -> None:
    said = next(iter(_examples(what).values()))
    assert _post(harbor.key, lead.pk, what, said).status_code == 404
    assert _post(new_key(lakeside.organization, ["leads:write"]), lead.pk, what, said).status_code == 403


@pytest.mark.parametrize(
    ("attempt", "stopped"),
    [
        ({"result": "reached", "channel": "text", "direction": "in", "note": "STOP"}, True),
        ({"result": "voicemail", "direction": "in", "note": "Stop calling me."}, True),
        ({"result": "reached", "note": "take her off the list, never call again"}, True),
        ({"result": "voicemail", "note": "will try again after lunch"}, False),
        ({"result": "reached", "note": "she can't stop coughing"}, False),
    ],
)
def test_what_is_noted_of_a_try_is_heard(lakeside: Clinic, lead: Lead, attempt: dict[str, str], stopped: bool) -> None:
    told = _post(lakeside.key, lead.pk, "attempts", attempt).json()
    assert (told["stop"] is not None) == stopped
    assert Suppression.objects.of(lakeside.number).exists() == stopped


@pytest.mark.parametrize(
    ("outcome", "stopped"),
    [
        ({"became": "declined", "reason": "opted-out"}, True),
        ({"became": "declined", "reason": "chose-elsewhere", "word": "told us to never contact her again"}, True),
        ({"became": "declined", "reason": "chose-elsewhere", "word": "nearer to her home"}, False),
    ],
)
def test_who_has_opted_out_is_stopped_with_the_outcome_that_says_so(
    lakeside: Clinic, lead: Lead, outcome: dict[str, str], stopped: bool
) -> None:
    assert _post(lakeside.key, lead.pk, "outcomes", outcome).status_code == 200
    assert Suppression.objects.of(lakeside.number).exists() == stopped


@pytest.mark.parametrize(
    ("where", "first", "second"),
    [
        ("attempts", {"result": "no-answer"}, {"result": "asked-to-stop", "note": "stop"}),
        (
            "outcomes",
            {"became": "declined", "reason": "chose-elsewhere"},
            {"became": "declined", "reason": "opted-out"},
        ),
    ],
)
def test_a_key_that_said_something_else_is_refused(
    lakeside: Clinic, lead: Lead, where: str, first: dict[str, str], second: dict[str, str]
) -> None:
    keyed = {"Idempotency_Key": "w1"}
    assert _post(lakeside.key, lead.pk, where, first, **keyed).json()["repeat"] is False
    assert _post(lakeside.key, lead.pk, where, first, **keyed).json()["repeat"] is True
    assert _post(lakeside.key, lead.pk, where, second, **keyed).status_code == 409


# --- what a program notes of a lead in danger

CRISIS = "my knee and I want to kill myself"


@pytest.mark.parametrize(
    "said", [{"became": "booked"}, {"became": "no-response"}, {"became": "declined", "reason": "not-now"}]
)
def test_an_outcome_of_before_the_words_answers_none_of_them(
    lakeside: Clinic, lead: Lead, said: dict[str, Any]
) -> None:
    at = timezone.now().isoformat()
    accept(lakeside.number, lakeside.source, [Delivery(orjson.dumps(KNEE | {"message": CRISIS}))])
    drain()
    assert Waiting.objects.get(lead=lead.pk).lane == Lane.SAFETY
    assert _post(lakeside.key, lead.pk, "outcomes", said | {"at": at}).status_code == 200
    assert Waiting.objects.get(lead=lead.pk).lane == Lane.SAFETY
    assert danger(lakeside.number, seen=False).filter(pk=lead.pk).exists()


@pytest.mark.parametrize(
    "said", [{"became": "booked"}, {"became": "no-response"}, {"became": "declined", "reason": "not-now"}]
)
def test_a_program_that_was_not_shown_danger_answers_none(lakeside: Clinic, lead: Lead, said: dict[str, Any]) -> None:
    accept(lakeside.number, lakeside.source, [Delivery(orjson.dumps(KNEE | {"message": CRISIS}))])
    drain()
    assert _post(lakeside.key, lead.pk, "outcomes", said).status_code == 200
    assert Waiting.objects.get(lead=lead.pk).lane == Lane.SAFETY
    assert danger(lakeside.number, seen=False).filter(pk=lead.pk).exists()
