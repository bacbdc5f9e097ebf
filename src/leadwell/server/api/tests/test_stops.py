"""POST /api/v1/stops holds for whoever is reached at an address: those known, and those who come later."""

import pytest
from django.test import Client

from leadwell.server.access.keys import new_key
from leadwell.server.conftest import Clinic
from leadwell.server.consent.models import ConsentEvent
from leadwell.server.consent.tests.test_known import CLOSED, OPEN, answers, person
from leadwell.server.outreach.letters import address_of
from leadwell.server.outreach.models import State
from leadwell.server.outreach.tests.sent import queued
from leadwell.server.privacy.models import TrailEntry

pytestmark = pytest.mark.django_db(databases="__all__")

PHONE, EMAIL = "(312) 555-0147", "Ana@Example.com"


def say(client: Client, key: str, body: object, *, once: str = ""):
    headers = {"Authorization": f"Bearer {key}"} | ({"Idempotency-Key": once} if once else {})
    return client.post("/api/v1/stops", body, content_type="application/json", headers=headers)


def test_it_holds_for_those_known_and_for_those_who_come_later(client: Client, lakeside: Clinic) -> None:
    before = person(lakeside, phone="312-555-0147", email="")
    assert answers(lakeside, before) != CLOSED
    told = say(client, lakeside.key, {"address": PHONE, "words": "wrong number"}).json()
    assert (told["new"], told["repeat"]) == (True, False)
    later = person(lakeside, phone="+1 312 555 0147", email="")
    assert answers(lakeside, before)["call"] == answers(lakeside, later)["call"] == "never"


def test_new_is_what_closed_something_that_was_open_a_moment_before(client: Client, lakeside: Clinic) -> None:
    """Said before they asked us, it leaves open what a human being does by what they permitted since."""
    who = person(lakeside, phone="312-555-0147")
    path, headers = f"/api/v1/people/{who}/stops", {"Authorization": f"Bearer {lakeside.key}"}

    def new(**body: str) -> bool:
        said = client.post(path, body, content_type="application/json", headers=headers).json()
        return bool(said["new"])

    past = {"at": "2020-01-01T00:00:00Z"}
    assert new(channel="email")
    assert not new(channel="email", **past)
    assert new(channel="call", **past)  # no machine may dial or text them any more
    assert answers(lakeside, who) == OPEN | {"email": "never"}
    assert answers(lakeside, who, automated=True) == CLOSED
    assert not new(channel="call", at="2020-02-01T00:00:00Z")
    assert new(channel="call")


def test_what_waited_to_go_there_is_cancelled(client: Client, lakeside: Clinic) -> None:
    message = queued(lakeside)
    told = say(client, lakeside.key, {"address": address_of(message)}).json()
    message.refresh_from_db()
    assert (told["cancelled"], message.state) == (1, State.CANCELLED)
    assert TrailEntry.objects.filter(action="stop.given").count() == 1


def test_of_another_organisation_nothing_is_stopped(client: Client, lakeside: Clinic, harbor: Clinic) -> None:
    theirs = person(harbor)
    say(client, lakeside.key, {"address": PHONE})
    say(client, lakeside.key, {"address": EMAIL})
    assert answers(harbor, theirs) == OPEN


def test_the_same_key_and_address_is_the_same_stop(client: Client, lakeside: Clinic) -> None:
    first, second = (say(client, lakeside.key, {"address": one}, once="1").json() for one in (PHONE, "3125550147"))
    assert second == first | {"repeat": True, "new": False}
    assert say(client, lakeside.key, {"address": PHONE, "channel": "text"}, once="1").status_code == 409
    assert say(client, lakeside.key, {"address": EMAIL}, once="1").json()["new"] is True
    assert ConsentEvent.objects.count() == 2


@pytest.mark.parametrize(
    ("body", "at"),
    [
        ({"address": "nobody"}, "body.asked.address"),
        ({"address": "555-0147"}, "body.asked.address"),
        ({"address": EMAIL, "channel": "text"}, "body.asked.channel"),
        ({"address": PHONE, "channel": "email"}, "body.asked.channel"),
        ({"adress": PHONE}, "body.asked"),
        ({"address": "312-555-0147, 312-555-0148"}, "body.asked.address"),
        ({"address": "312-555-0147 or ana@example.com"}, "body.asked.address"),
        ({}, "body.asked.address"),
        ({"address": PHONE, "at": 1_790_000_000}, "body.asked.at"),
        ({"address": PHONE, "at": "1790000000"}, "body.asked.at"),
        ({"address": PHONE, "at": "2026-11-24T08:00:00"}, "body.asked.at"),
    ],
)
def test_what_stops_nobody_is_an_error_and_does_nothing(
    client: Client, lakeside: Clinic, body: dict[str, str], at: str
) -> None:
    answer = say(client, lakeside.key, body)
    assert (answer.status_code, answer.json()["errors"][0]["at"]) == (422, at)
    assert not ConsentEvent.objects.exists()


@pytest.mark.parametrize(
    "between",
    [" ", "\t", "\n", "\u00a0", " and ", " y ", " e ", " o ", " or ", " & ", "/", ", ", ";", " / ", " (home) "],
)
@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("312-555-0171", "312-555-0172"), ("312 555 0171", "(312) 555-0172"), ("3125550171", "3125550172"),
        ("+44 20 7946 0958", "+1 312 555 0172"), ("312-555-0171 x12", "ana@example.com"),
        ("ana@example.com", "ben@example.com"), ("312-555-0171", "555-0172"), ("+44 20 7946 0958", "312 555 0172"),
    ],
)  # fmt: skip
def test_of_several_none_is_stopped_and_it_is_said(
    client: Client, lakeside: Clinic, one: str, other: str, between: str
) -> None:
    answer = say(client, lakeside.key, {"address": one + between + other})
    assert (answer.status_code, answer.json()["errors"]) == (
        422, [{"at": "body.asked.address", "says": "There are several; send each by itself."}],
    )  # fmt: skip
    assert not ConsentEvent.objects.exists()


@pytest.mark.parametrize(
    "one",
    [
        "312 555 0171", "+1 312 555 0171 ext 5", "+44 20 7946 0958", "(312) 555-0171 x12", "312/555/0171",
        "1 312 555 0171", "011 44 20 7946 0958", "1-800-FLOWERS", "312-555-0171, ext. 5", "tel:+13125550171;ext=5",
        "312-555-0171 / (312) 555 0171", "Ana <ana@example.com>", "mailto:ana@example.com", "312 555 0171 (cell)",
        "3125550171@example.com", "312-555-0171 after 5",
    ],
)  # fmt: skip
def test_one_in_whatever_way_it_is_written_is_one(client: Client, lakeside: Clinic, one: str) -> None:
    assert say(client, lakeside.key, {"address": one}).status_code == 200


def test_a_key_that_stands_twice_is_an_error_and_stops_nobody(client: Client, lakeside: Clinic) -> None:
    body = f'{{"address": "{PHONE}", "address": "{EMAIL}"}}'
    answer = say(client, lakeside.key, body)
    assert (answer.status_code, "stands twice" in answer.json()["detail"]) == (400, True)
    assert not ConsentEvent.objects.exists()
    asked = f"/api/v1/people/{person(lakeside)}/may-contact?automated=true&automated=false"
    told = client.get(asked, headers={"Authorization": f"Bearer {lakeside.key}"})
    assert (told.status_code, told.json()["errors"][0]["at"]) == (422, "query.automated")


@pytest.mark.parametrize(
    ("once", "says"),
    [
        ("", "It is empty, or has characters beyond ASCII; leave it out, or use letters, digits and signs of ASCII"),
        ("cl\u00e9", "Character 3 of 3 is none that a key may have"), ("a\tb", "Character 2 of 3"),
        ("x" * 256, "at most 255 characters"),
    ],
)  # fmt: skip
def test_a_key_of_idempotency_that_cannot_be_read_is_an_error(
    client: Client, lakeside: Clinic, once: str, says: str
) -> None:
    headers = {"Authorization": f"Bearer {lakeside.key}", "Idempotency-Key": once}
    answer = client.post("/api/v1/stops", {"address": PHONE}, content_type="application/json", headers=headers)
    (error,) = answer.json()["errors"]
    assert (answer.status_code, answer["Content-Type"]) == (422, "application/problem+json")
    assert (error["at"], says in error["says"]) == ("header.Idempotency-Key", True)
    assert not ConsentEvent.objects.exists()


@pytest.mark.parametrize("key", ["lw_\u00e9", "", "Basic abc"])
def test_a_key_that_is_none_is_told_what_is_needed(client: Client, lakeside: Clinic, key: str) -> None:
    headers = {"Authorization": f"Bearer {key}" if key else ""}
    answer = client.post("/api/v1/stops", {"address": PHONE}, content_type="application/json", headers=headers)
    assert (answer.status_code, answer["Content-Type"]) == (401, "application/problem+json")
    assert "Authorization: Bearer KEY" in answer.json()["detail"]


@pytest.mark.parametrize("media_type", ["", "text/plain", "application/j\u00f6n", "application/json; charset=utf-99",
                                        "multipart/form-data", "application/x-www-form-urlencoded"])  # fmt: skip
def test_what_is_said_of_the_body_changes_nothing_of_it(client: Client, lakeside: Clinic, media_type: str) -> None:
    """A stop is never refused for the name of its media type; what is no JSON is."""
    headers = {"Authorization": f"Bearer {lakeside.key}"}
    body = f'{{"address": "{PHONE}"}}'.encode()
    for sent, status in ((body, 200), (b"address=3125550147", 400), (b"\xff\xfe", 400)):
        answer = client.generic("POST", "/api/v1/stops", sent, content_type=media_type, headers=headers)
        assert (answer.status_code, answer["Content-Type"].partition(";")[0]) == (
            status, "application/json" if status == 200 else "application/problem+json",
        )  # fmt: skip


@pytest.mark.parametrize("scope", ["leads:write", "leads:read", "look-ups:write"])
def test_it_asks_for_a_scope_of_its_own(client: Client, lakeside: Clinic, scope: str) -> None:
    assert say(client, new_key(lakeside.organization, [scope]), {"address": PHONE}).status_code == 403
