"""Does the API answer as its OpenAPI document says, whatever is sent and whoever sends it? (promise F35)

A few seconds; `--hypothesis-profile=long` looks fifty times as far.
"""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from django.test import Client
from django.utils import timezone
from schemathesis.checks import CHECKS, load_all_checks

from leadwell.server.access.keys import new_key
from leadwell.server.conftest import Clinic, long, often
from leadwell.server.intake.draining import drain
from leadwell.server.intake.models import Submission

pytestmark = pytest.mark.django_db(databases="__all__")

DOCUMENT = "/api/v1/openapi.json"
# Each boundary of each of fifty columns takes twelve seconds: in the long run only.
CONFIG = schemathesis.Config.from_dict({"phases": {"coverage": {"enabled": long()}}})
schema = schemathesis.openapi.from_wsgi(DOCUMENT, get_wsgi_application(), config=CONFIG)


def bodies(path: str = "/api/v1/leads") -> dict[str, object]:
    posted = schema.raw_schema["paths"][path]["post"]["requestBody"]["content"]["application/json"]
    return {name: one["value"] for name, one in posted["examples"].items()}


@schemathesis.check
def one_shape_of_errors(ctx: object, response: schemathesis.Response, case: schemathesis.Case) -> None:
    """RFC 9457, with our few words in it, on each answer that is an error."""
    if response.status_code < 400:
        return
    assert response.headers["content-type"] == ["application/problem+json"]
    told = response.json()
    assert told["status"] == response.status_code
    assert told["type"] == "about:blank"
    assert told["title"]
    assert told["detail"].endswith((".", "scope.", "`Authorization: Bearer KEY`."))


load_all_checks()
LEFT_OUT = {
    "negative_data_rejection",  # what is no lead is kept, and a lead carries what it does not know
    "positive_data_acceptance",  # an object whose columns say nothing is no lead
    "max_response_time",
}
CHECKED = CHECKS.get_by_names([name for name in CHECKS.get_all_names() if name not in LEFT_OUT])


@pytest.fixture(autouse=True)
def _one_connection() -> Iterator[None]:
    """A test is one transaction; where a server begins or ends a request it would let its connection go."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def keys(lakeside: Clinic, harbor: Clinic) -> Iterator[dict[str, str]]:
    yesterday = timezone.now() - timedelta(days=1)
    yield {
        "both": lakeside.key,
        "another's": harbor.key,
        "read": new_key(lakeside.organization, ["leads:read"]),
        "write": new_key(lakeside.organization, ["leads:write"]),
        "none": new_key(lakeside.organization, []),
        "expired": new_key(lakeside.organization, ["leads:write", "leads:read"], expires_at=yesterday),
        "nonsense": "lw_abc_def",
        "missing": "",
    }


def _refused(key: str, method: str, path: str) -> int | None:
    """How whoever has this key is refused; None where they may."""
    if key in ("expired", "nonsense", "missing"):
        return 401
    may = {"both": "GET POST", "another's": "GET POST", "read": "GET", "write": "POST", "none": ""}[key]
    if path.endswith("/openings") and key in ("read", "write"):
        return 403  # that asks for a scope of its own
    if (
        method == "POST"
        and path.endswith(("/stops", "/look-ups", "/attempts", "/outcomes", "/facts"))
        and key == "write"
    ):
        return 403
    return None if method in may.split() else 403


@pytest.mark.parametrize("key", ["both", "another's", "read", "write", "none", "expired", "nonsense", "missing"])
@schema.parametrize()
@often(25)
def test_every_operation_answers_as_documented(case: schemathesis.Case, keys: dict[str, str], key: str) -> None:
    headers = {"Authorization": f"Bearer {keys[key]}"} if keys[key] else {}
    before = Submission.objects.count()
    answer = case.call_and_validate(headers=headers, checks=CHECKED)
    if answer.status_code != 405 and (refused := _refused(key, case.method, case.path)):
        first = (
            (400,) if "\0" in f"{case.query}" or "\\x00" in f"{case.query}" else ()
        )  # NUL, before a key is looked at
        assert answer.status_code in (refused, 401, *first)  # 401 where it spoils the key
        assert Submission.objects.count() == before


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "NONSENSE"])
def test_a_wrong_method_is_told_the_right_one(client: Client, method: str) -> None:
    answer = client.generic(method, "/api/v1/leads")
    assert (answer.status_code, answer["Allow"], answer["Content-Type"]) == (405, "POST", "application/problem+json")


@pytest.mark.parametrize("name", bodies())
def test_the_examples_of_the_document_run(client: Client, lakeside: Clinic, name: str) -> None:
    bearer = {"Authorization": f"Bearer {lakeside.key}"}
    answer = client.post("/api/v1/leads", bodies()[name], content_type="application/json", headers=bearer)
    assert answer.status_code == 202
    drain()
    told = answer.json()
    for one in told.get("submissions", [told]):
        assert client.get(one["status_url"], headers=bearer).json()["state"] == "assessed"
