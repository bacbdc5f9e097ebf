"""Post leads by API and learn what became of them. (promises A1, F35)"""

from typing import Any

import orjson
import pytest
from django.test import Client
from django.utils import timezone

from leadwell.server.access.keys import new_key
from leadwell.server.access.models import ApiKey
from leadwell.server.conftest import Clinic
from leadwell.server.intake.actions import close
from leadwell.server.intake.draining import drain
from leadwell.server.intake.models import Source, Submission
from leadwell.server.privacy.models import TrailEntry

pytestmark = pytest.mark.django_db(databases="__all__")

LEAD = {"message": "I need a knee replacement consult", "phone": "312-555-0147"}
URL = "/api/v1/leads"


def _post(client: Client, key: str | None, body: Any, **headers: str):
    given = {"Authorization": f"Bearer {key}"} if key else {}
    raw = body if isinstance(body, bytes) else orjson.dumps(body)
    return client.post(URL, raw, content_type="application/json", headers={**given, **headers})


def _get(client: Client, url: str, key: str):
    return client.get(url, headers={"Authorization": f"Bearer {key}"})


def test_a_lead_is_acknowledged_then_assessed(client: Client, lakeside: Clinic) -> None:
    answer = _post(client, lakeside.key, LEAD, **{"Idempotency-Key": "1"})
    assert answer.status_code == 202
    assert answer.json()["repeat"] is False
    url = answer.json()["status_url"]
    assert _get(client, url, lakeside.key).json()["state"] == "received"
    drain()
    became = _get(client, url, lakeside.key).json()
    assert (became["state"], became["assessment"]["services"]) == ("assessed", ["knee-replacement"])


def test_a_repeat_answers_with_the_first_id(client: Client, lakeside: Clinic) -> None:
    first = _post(client, lakeside.key, LEAD, **{"Idempotency-Key": "1"}).json()
    again = _post(client, lakeside.key, LEAD, **{"Idempotency-Key": "1"})
    assert (again.status_code, again.json()["id"], again.json()["repeat"]) == (202, first["id"], True)


def test_one_key_with_other_content_is_a_conflict(client: Client, lakeside: Clinic) -> None:
    _post(client, lakeside.key, LEAD, **{"Idempotency-Key": "1"})
    answer = _post(client, lakeside.key, {"message": "other"}, **{"Idempotency-Key": "1"})
    assert (answer.status_code, answer["Content-Type"]) == (409, "application/problem+json")


def test_many_leads_are_answered_in_order_with_what_is_wrong(client: Client, lakeside: Clinic) -> None:
    answer = _post(client, lakeside.key, {"leads": [LEAD, {"message": {}}, LEAD, 7]})
    first, second, third, fourth = answer.json()["submissions"]
    assert answer.status_code == 202
    assert (third["id"], third["repeat"]) == (first["id"], True)
    assert second["problem"]["status"] == fourth["problem"]["status"] == 422
    assert _get(client, second["problem"]["status_url"], lakeside.key).json()["state"] == "needs-mending"


def test_more_than_a_thousand_at_once_are_too_many(client: Client, lakeside: Clinic) -> None:
    assert _post(client, lakeside.key, {"leads": [LEAD] * 1001}).status_code == 413
    assert not Submission.objects.exists()


def test_what_is_not_a_lead_is_kept_and_said(client: Client, lakeside: Clinic) -> None:
    answer = _post(client, lakeside.key, b'{"message": ')
    assert (answer.status_code, answer.json()["status"]) == (422, 422)
    assert "line 1" in answer.json()["detail"]
    assert Submission.objects.get().state == "needs-mending"


@pytest.mark.parametrize("key", [None, "", "lw_x_y", "nonsense"])
def test_without_a_key_nothing_is_kept(client: Client, lakeside: Clinic, key: str | None) -> None:
    answer = _post(client, key, LEAD)
    assert (answer.status_code, answer["Content-Type"]) == (401, "application/problem+json")
    assert not Submission.objects.exists()


def test_a_key_without_the_scope_is_refused(client: Client, lakeside: Clinic) -> None:
    assert _post(client, new_key(lakeside.organization, ["leads:read"]), LEAD).status_code == 403


@pytest.mark.parametrize("field", ["revoked_at", "expires_at"])
def test_a_key_that_no_longer_holds_is_refused(client: Client, lakeside: Clinic, field: str) -> None:
    ApiKey.objects.update(**{field: timezone.now()})
    assert _post(client, lakeside.key, LEAD).status_code == 401


def test_another_organisation_learns_nothing_of_a_submission(client: Client, lakeside: Clinic, harbor: Clinic) -> None:
    url = _post(client, lakeside.key, LEAD).json()["status_url"]
    theirs, none = _get(client, url, harbor.key), _get(client, url[:-4] + "0000", harbor.key)
    assert theirs.status_code == none.status_code == 404
    assert theirs.json() == none.json()


def test_that_a_program_read_who_somebody_is_goes_on_record(client: Client, lakeside: Clinic) -> None:
    told = _post(client, lakeside.key, LEAD).json()
    _get(client, told["status_url"], lakeside.key)  # nothing is judged yet: it says nothing of anybody
    drain()
    _get(client, told["status_url"], lakeside.key)
    entry = TrailEntry.objects.of(lakeside.number).get()
    handle = lakeside.key.split("_")[1]
    assert (entry.actor, entry.action, entry.subject) == (
        f"key:{handle}", "submission.read", f"submission/{told['id']}",
    )  # fmt: skip


def test_what_is_nested_hundreds_deep_is_refused_in_words(client: Client, lakeside: Clinic) -> None:
    answer = _post(client, lakeside.key, b'{"leads": [' + b"[" * 400 + b"]" * 400 + b"]}")
    assert (answer.status_code, answer["Content-Type"]) == (422, "application/problem+json")
    assert not Submission.objects.exists()
    assert _post(client, lakeside.key, b"[" * 400 + b"]" * 400).json()["status_url"]  # one is kept as it came


def test_leads_are_many_wherever_the_object_says_so(client: Client, lakeside: Clinic) -> None:
    answer = _post(client, lakeside.key, {"from": "x" * 100, "leads": [LEAD]})
    assert len(answer.json()["submissions"]) == 1


@pytest.mark.parametrize("body", [{"message": "x" * 1_000_000}, b'{"message": "' + b"x" * 1_000_000])
def test_one_lead_has_a_million_bytes_at_most(client: Client, lakeside: Clinic, body: Any) -> None:
    assert _post(client, lakeside.key, body).status_code == 413
    assert not Submission.objects.exists()


def test_an_empty_key_of_idempotency_is_none(client: Client, lakeside: Clinic) -> None:
    for message in ("knee", "hip"):
        assert _post(client, lakeside.key, {"message": message}, **{"Idempotency-Key": ""}).status_code == 202


def test_a_key_of_idempotency_that_cannot_be_read_is_told_and_nothing_is_kept(client: Client, lakeside: Clinic) -> None:
    answer = _post(client, lakeside.key, LEAD, **{"Idempotency-Key": "cl\u00e9"})
    assert (answer.status_code, answer.json()["errors"][0]["at"]) == (422, "header.Idempotency-Key")
    assert not Submission.objects.exists()


def test_the_key_of_many_is_never_the_key_of_one(client: Client, lakeside: Clinic) -> None:
    _post(client, lakeside.key, {"leads": [LEAD]}, **{"Idempotency-Key": "a"})
    assert _post(client, lakeside.key, {"message": "hip"}, **{"Idempotency-Key": "a/0"}).status_code == 202


def test_a_closed_api_takes_nothing_in(client: Client, lakeside: Clinic) -> None:
    close(Source.objects.get(pk=lakeside.source))
    assert _post(client, lakeside.key, LEAD).status_code == 403
    assert not Submission.objects.exists()


def test_the_status_url_is_as_the_world_calls_us(client: Client, lakeside: Clinic, settings: Any) -> None:
    settings.PUBLIC_URL, settings.PUBLIC_URL_IS_GIVEN = "https://leads.example.org", True
    told = _post(client, lakeside.key, LEAD).json()
    assert told["status_url"] == f"https://leads.example.org/api/v1/submissions/{told['id']}"
