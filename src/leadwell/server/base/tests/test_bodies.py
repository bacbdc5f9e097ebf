"""Is a request's body taken whole, however it comes, or not at all? (promise A2)"""

import threading
from io import BytesIO
from typing import Any

import pytest
from django.core.handlers.wsgi import WSGIRequest
from django.test import RequestFactory
from django.urls import resolve

from leadwell.server.base.requests import said_size
from leadwell.server.conftest import Clinic
from leadwell.server.intake.actions import add_source
from leadwell.server.intake.models import Submission
from leadwell.server.wsgi import READERS, application, measured

LEAD = b'{"message": "knee replacement"}'


def _environ(**more: Any) -> dict[str, Any]:
    return {"wsgi.input": BytesIO(LEAD), **more}


def test_a_body_in_chunks_is_measured() -> None:
    found = measured(_environ(HTTP_TRANSFER_ENCODING="Chunked"))
    assert (found["CONTENT_LENGTH"], found["wsgi.input"].read()) == (str(len(LEAD)), LEAD)


def test_a_body_of_known_length_is_read_so_far_and_no_further() -> None:
    found = measured(_environ(CONTENT_LENGTH="5", HTTP_TRANSFER_ENCODING="chunked"))
    assert (found["CONTENT_LENGTH"], found["wsgi.input"].read()) == ("5", LEAD[:5])


def test_a_body_that_is_cut_short_keeps_the_length_it_said() -> None:
    found = measured(_environ(CONTENT_LENGTH="500"))
    assert (found["CONTENT_LENGTH"], found["wsgi.input"].read()) == ("500", LEAD)


@pytest.mark.parametrize("length", ["", "nonsense", "99999999999"])
def test_what_says_no_length_or_too_great_a_one_is_not_read(length: str) -> None:
    environ = _environ(CONTENT_LENGTH=length)
    assert measured(environ) is environ


def test_slow_senders_keep_nobody_from_being_served(monkeypatch: pytest.MonkeyPatch) -> None:
    """As many as are let in hang in the middle of their bodies."""

    def pages(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        start_response("200 OK", [])
        return []

    monkeypatch.setattr("leadwell.server.wsgi._DJANGO", pages)
    hangs, read = threading.Event(), threading.Semaphore(0)

    class Slow(BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            read.release()
            hangs.wait(30)
            return b""

    def call(method: str, path: str, **more: Any) -> str:
        said: list[str] = []
        environ = RequestFactory().generic(method, path).environ | more
        application(environ, lambda status, headers: said.append(status))
        return said[0]

    slow = {"CONTENT_LENGTH": "9", "wsgi.input": Slow()}
    senders = [threading.Thread(target=call, args=("POST", "/in/none"), kwargs=slow) for _ in range(READERS)]
    for sender in senders:
        sender.start()
        read.acquire()
    try:
        assert call("POST", "/in/none", CONTENT_LENGTH="2", **{"wsgi.input": BytesIO(b"{}")}).startswith("503")
        assert call("GET", "/healthz").startswith("200")
    finally:
        hangs.set()
        for sender in senders:
            sender.join()


@pytest.mark.parametrize("length", ["", "\u00b2", "\u0663", "-1", "9" * 5_000])
def test_a_length_that_is_none_is_nonsense_and_breaks_nothing(rf: RequestFactory, length: str) -> None:
    request = rf.post("/in/x", LEAD, content_type="application/json")
    request.META["CONTENT_LENGTH"] = length
    assert said_size(request) == 0


@pytest.mark.parametrize("kind", ["api", "webhook"])
@pytest.mark.django_db(databases="__all__")
def test_a_body_that_was_cut_short_is_not_kept(rf: RequestFactory, lakeside: Clinic, kind: str) -> None:
    source = add_source(lakeside.organization, "webhook", "Calls")
    path = "/api/v1/leads" if kind == "api" else f"/in/{source.handle}"
    request = rf.post(path, b"", content_type="application/json", headers={"Authorization": f"Bearer {lakeside.key}"})
    environ = request.environ | {"wsgi.input": BytesIO(LEAD[:9]), "CONTENT_LENGTH": str(len(LEAD))}
    view, arguments, named = resolve(path)
    answer = view(WSGIRequest(environ), *arguments, **named)
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
    assert not Submission.objects.exists()
