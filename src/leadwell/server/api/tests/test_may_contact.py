"""GET /api/v1/people/{id}/may-contact: works, wrong method, not mine, missing, bad input, scope too low."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.test import Client

from leadwell.server.access.keys import new_key
from leadwell.server.conftest import Clinic
from leadwell.server.consent.actions import stop
from leadwell.server.consent.models import Contact
from leadwell.server.consent.saying import Saying
from leadwell.server.consent.tests.test_known import STAFF, lead
from leadwell.server.privacy.models import TrailEntry

pytestmark = pytest.mark.django_db(databases="__all__")


def ask(client: Client, key: str, person: object, **query: object):
    headers = {"Authorization": f"Bearer {key}"}
    return client.get(f"/api/v1/people/{person}/may-contact", query, headers=headers)


def test_each_channel_has_its_answer_with_rule_and_proof(client: Client, lakeside: Clinic) -> None:
    made = lead(lakeside)
    stop(lakeside.number, made.person_id, Saying("text", "worker", at=STAFF.at))
    told = ask(client, lakeside.key, made.person_id).json()
    assert told["person"] == str(made.person_id)
    assert (told["purpose"], told["automated"]) == ("care-request", True)
    assert datetime.fromisoformat(told["at"]).tzinfo == UTC
    assert told["channels"]["text"]["answer"] == "never"
    assert told["channels"]["text"]["proof"].startswith("stop/")
    email = told["channels"]["email"]
    assert (email["answer"], email["not_before"], email["proof"]) == ("yes", None, f"lead/{made.pk}")
    assert (bool(email["rule"]), email["says"]) == (True, email["says"])
    assert told["channels"]["call"]["answer"] == "never"  # by machine, a stop of texts ends it too
    assert ask(client, lakeside.key, made.person_id, automated="false").json()["channels"]["call"]["answer"] != "never"
    assert (
        ask(client, lakeside.key, made.person_id, purpose="marketing").json()["channels"]["email"]["answer"] == "never"
    )


def test_it_is_an_answer_and_no_attempt_and_the_question_is_on_record(client: Client, lakeside: Clinic) -> None:
    made = lead(lakeside)
    ask(client, lakeside.key, made.person_id)
    assert not Contact.objects.exists()
    entry = TrailEntry.objects.get(action="consent.asked")
    assert (entry.actor, entry.subject) == (f"key:{lakeside.key.split('_')[1]}", f"person/{made.person_id}")


def test_nobody_and_who_is_another_organisations_are_not_there(
    client: Client, lakeside: Clinic, harbor: Clinic
) -> None:
    answers = [ask(client, lakeside.key, who) for who in (lead(harbor).person_id, uuid4())]
    assert [(one.status_code, one["Content-Type"]) for one in answers] == [(404, "application/problem+json")] * 2


@pytest.mark.parametrize(
    ("query", "at"), [({"purpose": "fun"}, "query.purpose"), ({"automated": "x"}, "query.automated")]
)
def test_a_question_that_there_is_not_is_refused(client: Client, lakeside: Clinic, query: dict, at: str) -> None:
    answer = ask(client, lakeside.key, lead(lakeside).person_id, **query)
    assert (answer.status_code, [one["at"] for one in answer.json()["errors"]]) == (422, [at])


@pytest.mark.parametrize(("scopes", "status"), [(["leads:write"], 403), ([], 403), (["leads:read"], 200)])
def test_a_key_needs_the_scope(client: Client, lakeside: Clinic, scopes: list[str], status: int) -> None:
    key = new_key(lakeside.organization, scopes)
    assert ask(client, key, lead(lakeside).person_id).status_code == status
    assert ask(client, "none", uuid4()).status_code == 401


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_a_wrong_method_is_told_the_right_one(client: Client, method: str) -> None:
    answer = client.generic(method, f"/api/v1/people/{uuid4()}/may-contact")
    assert (answer.status_code, answer["Allow"], answer["Content-Type"]) == (405, "GET", "application/problem+json")


def test_the_example_of_the_document_is_of_its_own_shape(client: Client) -> None:
    document = client.get("/api/v1/openapi.json").json()
    answer = document["paths"]["/api/v1/people/{person}/may-contact"]["get"]["responses"]["200"]["content"]
    example, shape = answer["application/json"]["example"], document["components"]["schemas"]
    assert example.keys() == shape["MayContact"]["properties"].keys()
    assert {one for verdict in example["channels"].values() for one in verdict} == shape["Verdict"]["properties"].keys()
