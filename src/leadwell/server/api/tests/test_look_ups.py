"""POST /api/v1/look-ups notes all or none; what was looked up of somebody's numbers is read again."""

import pytest
from django.test import Client

from leadwell.server.access.keys import new_key
from leadwell.server.api.tests.test_its_document import bodies
from leadwell.server.conftest import Clinic
from leadwell.server.consent.models import LookUp
from leadwell.server.consent.tests.test_known import person

pytestmark = pytest.mark.django_db(databases="__all__")

POST = "/api/v1/look-ups"
ONE = {
    "phone": "312-555-0147", "listed": False, "line_type": "mobile", "checked_at": "2026-11-24T08:00:00-06:00",
    "source": "registry",
}  # fmt: skip


def post(client: Client, key: str, body: object):
    return client.post(POST, body, content_type="application/json", headers={"Authorization": f"Bearer {key}"})


def get(client: Client, key: str, who: object):
    return client.get(f"/api/v1/people/{who}/look-ups", headers={"Authorization": f"Bearer {key}"})


def test_what_is_noted_is_read_again_by_whoever_may(client: Client, lakeside: Clinic, harbor: Clinic) -> None:
    who = person(lakeside)
    assert post(client, lakeside.key, {"look_ups": [ONE, ONE]}).json() == {"noted": 1}
    (told,) = get(client, lakeside.key, who).json()["look_ups"]
    assert (told["phone"], told["listed"], told["line_type"]) == ("+13125550147", False, "mobile")
    assert post(client, lakeside.key, {"look_ups": [ONE]}).json() == {"noted": 0}
    assert get(client, harbor.key, who).status_code == 404
    assert get(client, new_key(lakeside.organization, ["look-ups:write"]), who).status_code == 403


@pytest.mark.parametrize(
    ("wrong", "at"),
    [
        ({"phone": "none"}, "body.asked.look_ups.1.phone"), ({"listed": "x"}, "body.asked.look_ups.1.listed"),
        ({"listed": None, "line_type": None}, "body.asked.look_ups.1.listed"),
        ({"line_type": "fax"}, "body.asked.look_ups.1.line_type"), ({"linetype": "mobile"}, "body.asked.look_ups.1"),
        ({"checked_at": None}, "body.asked.look_ups.1.checked_at"),
        ({"checked_at": "0001-01-01T00:00:00Z"}, "body.asked.look_ups.1.checked_at"),
        ({"checked_at": "2090-01-01T00:00:00Z"}, "body.asked.look_ups.1.checked_at"),
        ({"checked_at": 1_790_000_000}, "body.asked.look_ups.1.checked_at"),
        ({"checked_at": "1790000000"}, "body.asked.look_ups.1.checked_at"),
        ({"checked_at": "2026-11-24"}, "body.asked.look_ups.1.checked_at"),
        ({"checked_at": "2026-11-24T08:00:00"}, "body.asked.look_ups.1.checked_at"),
        ({"listed": "no"}, "body.asked.look_ups.1.listed"), ({"listed": 0}, "body.asked.look_ups.1.listed"),
        ({"listed": "false"}, "body.asked.look_ups.1.listed"), ({"listed": 1}, "body.asked.look_ups.1.listed"),
    ],
)  # fmt: skip
def test_where_one_cannot_be_read_none_is_noted(client: Client, lakeside: Clinic, wrong: dict, at: str) -> None:
    answer = post(client, lakeside.key, {"look_ups": [ONE, ONE | wrong]})
    assert (answer.status_code, [one["at"] for one in answer.json()["errors"]]) == (422, [at])
    assert not LookUp.objects.exists()


@pytest.mark.parametrize("between", [" ", "\t", "\n", " and ", " y ", " e ", " or ", "/", ", ", ";"])
@pytest.mark.parametrize(
    ("one", "other"),
    [("312-555-0171", "312-555-0172"), ("+44 20 7946 0958", "312 555 0172"), ("312 555 0171", "ana@example.com")],
)
def test_of_several_numbers_none_is_noted(client: Client, lakeside: Clinic, one: str, other: str, between: str) -> None:
    answer = post(client, lakeside.key, {"look_ups": [ONE | {"phone": one + between + other}]})
    (error,) = answer.json()["errors"]
    assert (answer.status_code, error["says"]) == (422, "There are several numbers; send each by itself.")
    assert not LookUp.objects.exists()


@pytest.mark.parametrize("one", ["312 555 0171", "+1 312 555 0171 ext 5", "+44 20 7946 0958", "(312) 555-0171 x12"])
def test_a_number_with_spaces_is_one(client: Client, lakeside: Clinic, one: str) -> None:
    assert post(client, lakeside.key, {"look_ups": [ONE | {"phone": one}]}).json() == {"noted": 1}


@pytest.mark.parametrize(
    ("scopes", "status"),
    [(["leads:write"], 403), (["leads:read"], 403), (["consent:write"], 403), (["look-ups:write"], 200)],
)
def test_a_key_needs_the_scope(client: Client, lakeside: Clinic, scopes: list[str], status: int) -> None:
    assert post(client, new_key(lakeside.organization, scopes), {"look_ups": [ONE]}).status_code == status


@pytest.mark.parametrize("name", bodies(POST))
def test_the_examples_of_the_document_run(client: Client, lakeside: Clinic, name: str) -> None:
    assert post(client, lakeside.key, bodies(POST)[name]).json() == {"noted": 1}
