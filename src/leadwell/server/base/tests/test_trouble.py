"""What is said where the database is locked, full or away, and where something breaks?"""

import orjson
import pytest
from django.db import DataError, InterfaceError, InternalError, OperationalError
from django.test import Client
from django.urls import reverse

from leadwell.server.api import leads
from leadwell.server.conftest import Clinic


def _post(client: Client, clinic: Clinic, monkeypatch: pytest.MonkeyPatch, error: Exception) -> object:
    def accept(*_: object) -> None:
        raise error

    monkeypatch.setattr(leads, "accept", accept)
    client.raise_request_exception = False
    return client.post(
        "/api/v1/leads", b"{}", content_type="application/json", headers={"authorization": f"Bearer {clinic.key}"}
    )


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (OperationalError("database is locked"), 503),
        (InternalError("cannot execute INSERT in a read-only transaction"), 503),
        (InterfaceError("connection already closed"), 503),
        (DataError("Zorblatta"), 500),
    ],
)
def test_a_program_is_told_whether_to_come_again(
    client: Client, lakeside: Clinic, monkeypatch: pytest.MonkeyPatch, error: Exception, status: int
) -> None:
    answer = _post(client, lakeside, monkeypatch, error)
    assert answer.status_code == status
    assert answer.headers.get("Retry-After") == ("5" if status == 503 else None)
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert orjson.loads(answer.content)["status"] == status
    assert b"Zorblatta" not in answer.content


def test_a_person_is_told_in_words(client: Client, db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: object, **__: object) -> None:
        raise OperationalError("no")

    monkeypatch.setattr("allauth.account.forms.LoginForm.clean", away)
    client.raise_request_exception = False
    answer = client.post(reverse("account_login"), {"login": "dana@example.com", "password": "x"})
    assert answer.status_code == 503
    assert b"Busy for a moment" in answer.content
