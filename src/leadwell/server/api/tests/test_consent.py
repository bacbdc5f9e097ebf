"""A stop by API is in force when it is answered, and counts once; what was permitted and stopped is read there too."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from leadwell.server.access.keys import new_key
from leadwell.server.api.stops import StopAsked
from leadwell.server.api.tests.test_its_document import bodies
from leadwell.server.conftest import Clinic
from leadwell.server.consent.actions import Given, Proof, give, stop
from leadwell.server.consent.models import Consent, ConsentEvent, Suppression
from leadwell.server.consent.queries import words_of
from leadwell.server.consent.tests.test_known import CLOSED, OPEN, STAFF, answers, lead, person
from leadwell.server.outreach.models import State
from leadwell.server.outreach.tests.sent import queued
from leadwell.server.people.linking import link
from leadwell.server.privacy.models import TrailEntry

pytestmark = pytest.mark.django_db(databases="__all__")

POST = "/api/v1/people/{person}/stops"
READ = ("stops", "consents", "consent-history")


def say(client: Client, key: str, who: object, body: object, *, once: str = ""):
    headers = {"Authorization": f"Bearer {key}"} | ({"Idempotency-Key": once} if once else {})
    return client.post(f"/api/v1/people/{who}/stops", body, content_type="application/json", headers=headers)


def get(client: Client, key: str, who: object, what: str, **query: object):
    return client.get(f"/api/v1/people/{who}/{what}", query, headers={"Authorization": f"Bearer {key}"})


def test_it_is_in_force_when_it_is_answered_and_what_waited_is_cancelled(client: Client, lakeside: Clinic) -> None:
    message = queued(lakeside)
    answer = say(client, lakeside.key, message.person, {"words": "Please leave me alone"})
    told = answer.json()
    assert (answer.status_code, told["repeat"], told["new"], told["cancelled"]) == (200, False, True, 1)
    assert [(one["channel"], one["purpose"], one["way"], one["doubt"]) for one in told["in_force"]] == [
        ("all", None, "api", False)
    ]
    message.refresh_from_db()
    assert (message.state, message.proof) == (State.CANCELLED, f"event/{told['event']}")
    event = ConsentEvent.objects.get()
    assert (event.name, words_of(event)) == ("stop.given", "Please leave me alone")
    assert event.by == f"key:{lakeside.key.split('_')[1]}"
    entry = TrailEntry.objects.get(action="stop.given")
    assert (entry.subject, entry.codes["cancelled"]) == (f"person/{message.person}", 1)


def test_of_one_channel_and_purpose_it_closes_no_more(client: Client, lakeside: Clinic) -> None:
    who, at = person(lakeside), timezone.now() - timedelta(hours=3)
    body = {"channel": "email", "purpose": "marketing", "at": at.isoformat()}
    (stood,) = say(client, lakeside.key, who, body).json()["in_force"]
    assert (stood["channel"], stood["purpose"]) == ("email", "marketing")
    assert Suppression.objects.get().at == at
    assert answers(lakeside, who) == OPEN


def test_said_again_by_the_same_key_it_is_one_stop_and_told_as_it_was_then(client: Client, lakeside: Clinic) -> None:
    who = queued(lakeside).person
    first, second = (say(client, lakeside.key, who, {"words": "stop"}, once="call 17").json() for _ in range(2))
    assert second == first | {"repeat": True, "new": False}
    assert (first["cancelled"], ConsentEvent.objects.count()) == (1, 1)
    other = say(client, lakeside.key, who, {"words": "stop it"}, once="call 17")
    assert (other.status_code, other["Content-Type"]) == (409, "application/problem+json")
    assert say(client, lakeside.key, who, {"words": "stop it"}, once="call 18").json()["new"] is False


def test_the_same_key_of_another_person_or_organisation_is_another_stop(
    client: Client, lakeside: Clinic, harbor: Clinic
) -> None:
    people = [
        (lakeside, person(lakeside)),
        (lakeside, person(lakeside, full_name="Bruno Okafor", email="")),
        (harbor, person(harbor)),
    ]
    for clinic, who in people:
        assert say(client, clinic.key, who, {}, once="1").json()["repeat"] is False
    assert ConsentEvent.objects.count() == 3


def test_without_a_key_that_they_said_it_again_is_kept(client: Client, lakeside: Clinic) -> None:
    who = person(lakeside)
    told = [say(client, lakeside.key, who, {}).json() for _ in range(2)]
    assert [(one["repeat"], one["new"]) for one in told] == [(False, True), (False, False)]
    assert sorted(ConsentEvent.objects.values_list("name", flat=True)) == ["stop.given", "stop.repeated"]


def test_a_clock_that_runs_ahead_means_now(client: Client, lakeside: Clinic) -> None:
    who = person(lakeside)
    assert say(client, lakeside.key, who, {"at": "9999-12-31T23:59:59-14:00"}).status_code == 200
    assert Suppression.objects.get().at <= timezone.now()


def test_said_again_by_a_clock_that_runs_ahead_it_is_one_stop(client: Client, lakeside: Clinic) -> None:
    who, at = person(lakeside), timezone.now() + timedelta(seconds=90)
    first, second = (say(client, lakeside.key, who, {"at": at.isoformat()}, once="1") for _ in range(2))
    assert second.json() == first.json() | {"repeat": True, "new": False}
    other = say(client, lakeside.key, who, {"at": (at + timedelta(seconds=1)).isoformat()}, once="1")
    assert other.status_code == 409
    assert ConsentEvent.objects.count() == 1


def test_words_that_cannot_be_opened_leave_the_rest_to_be_read(client: Client, lakeside: Clinic) -> None:
    who = person(lakeside)
    give(lakeside.number, who, Given("text", "marketing"), Proof("I agree to texts", "form"), actor="user:1")
    Consent.objects.update(sealed=b"damaged")
    ConsentEvent.objects.update(sealed=b"damaged")
    (agreed,) = get(client, lakeside.key, who, "consents").json()["consents"]
    assert (agreed["words"], agreed["source"]) == (None, "form")
    (event,) = get(client, lakeside.key, who, "consent-history").json()["events"]
    assert (event["said"], event["name"]) == (None, "consent.given")


@pytest.mark.parametrize(
    ("body", "at", "says"),
    [
        ({"chanel": "text"}, "body.asked", "`chanel` is no key here; `channel` may be meant."),
        ({"why": "no"}, "body.asked", "`why` is no key here; there are `at`, `channel`, `purpose`, `words`."),
        ({"312-555-0147": 1}, "body.asked", "There is no such key here; there are"),
        ({"channel": "fax"}, "body.asked.channel", "'call'"), ({"purpose": "fun"}, "body.asked.purpose", "'marketing'"),
        ({"words": "x" * 2_001}, "body.asked.words", "2000"), ({"at": "2026-11-26"}, "body.asked.at", ""),
        ({"at": "2026-11-26T10:00:00"}, "body.asked.at", "timezone"),
        ({"at": "0001-01-01T00:00:00+14:00"}, "body.asked.at", "since 1991"), ([], "body.asked", ""),
    ],
)  # fmt: skip
def test_what_cannot_be_read_stops_nobody_and_says_where(
    client: Client, lakeside: Clinic, body: object, at: str, says: str
) -> None:
    answer = say(client, lakeside.key, person(lakeside), body)
    (error,) = answer.json()["errors"]
    assert (answer.status_code, error["at"]) == (422, at)
    assert says in error["says"]
    assert not Suppression.objects.exists()


def test_whoever_is_linked_is_stopped_with_them_and_it_is_said(client: Client, lakeside: Clinic) -> None:
    one, two = person(lakeside), person(lakeside, phone="312-555-0199", email="")
    link(lakeside.number, one, two, actor="user:1")
    say(client, lakeside.key, one, {})
    assert len(get(client, lakeside.key, two, "stops").json()["in_force"]) == 1
    assert answers(lakeside, two) == CLOSED | {"email": "never"}


def test_what_they_agreed_to_and_what_happened_is_read_with_its_words(client: Client, lakeside: Clinic) -> None:
    who = person(lakeside)
    give(lakeside.number, who, Given("text", "marketing"), Proof("I agree to texts", "form", "v2"), actor="user:1")
    stop(lakeside.number, who, STAFF)
    (agreed,) = get(client, lakeside.key, who, "consents").json()["consents"]
    assert (agreed["words"], agreed["version"], agreed["withdrawn_at"]) == ("I agree to texts", "v2", None)
    events = get(client, lakeside.key, who, "consent-history").json()["events"]
    assert [one["name"] for one in events] == ["consent.given", "stop.given"]
    assert len(get(client, lakeside.key, who, "consent-history", most=1).json()["events"]) == 1
    assert TrailEntry.objects.filter(action="consent.viewed", subject=f"person/{who}").count() == 3


def test_nobody_and_who_is_another_organisations_are_not_there(
    client: Client, lakeside: Clinic, harbor: Clinic
) -> None:
    for who in (lead(harbor).person_id, uuid4()):
        assert say(client, lakeside.key, who, {}).status_code == 404
        assert [get(client, lakeside.key, who, what).status_code for what in READ] == [404] * 3
    assert not ConsentEvent.objects.exists()


def test_a_key_needs_the_scope(client: Client, lakeside: Clinic) -> None:
    who, reads = person(lakeside), new_key(lakeside.organization, ["leads:read"])
    writes, stops = (new_key(lakeside.organization, [one]) for one in ("leads:write", "consent:write"))
    assert [say(client, key, who, {}).status_code for key in (reads, writes, "none", stops)] == [403, 403, 401, 200]
    for what in READ:
        assert [get(client, key, who, what).status_code for key in (writes, stops, "none", reads)] == [
            403, 403, 401, 200,
        ]  # fmt: skip


@pytest.mark.parametrize(
    ("what", "query", "says"),
    [
        ("may-contact", {"purpos": "marketing"}, "`purpos` is no key here; `purpose` may be meant."),
        ("may-contact", {"chanel": "text"}, "`chanel` is no key here; there are `automated`, `purpose`."),
        ("may-contact", {"Automated": "false"}, "`Automated` is no key here; `automated` may be meant."),
        ("consent-history", {"mos": 1}, "`mos` is no key here; `most` may be meant."),
        ("stops", {"channel": "text"}, "`channel` is no key here; there is none."),
        ("consents", {"a b": "x"}, "There is no such key here; there is none."),
    ],
)  # fmt: skip
def test_a_mistyped_key_of_the_address_is_an_error_that_names_the_nearest(
    client: Client, lakeside: Clinic, what: str, query: dict, says: str
) -> None:
    answer = get(client, lakeside.key, person(lakeside), what, **query)
    (error,) = answer.json()["errors"]
    assert (answer.status_code, error["says"]) == (422, says)
    assert error["at"] in (f"query.{next(iter(query))}", "query")


@pytest.mark.parametrize("name", bodies(POST))
def test_the_examples_of_the_document_run(client: Client, lakeside: Clinic, name: str) -> None:
    body = bodies(POST)[name]
    assert StopAsked.model_validate(body)
    assert say(client, lakeside.key, person(lakeside), body).json()["new"] is True


def test_a_stop_of_long_ago_leaves_open_what_they_agreed_to_since(client: Client, lakeside: Clinic) -> None:
    who = person(lakeside)
    say(client, lakeside.key, who, {"at": datetime(2026, 1, 1, tzinfo=UTC).isoformat()})
    assert answers(lakeside, who, automated=False) == OPEN
