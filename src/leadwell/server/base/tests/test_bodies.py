"""Is a request's body taken whole, however it comes, or not at all? (promise A2)"""

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
from leadwell.server.wsgi import measured

LEAD = b'{"message": "knee replacement"}'


def _environ(**more: Any) -> dict[str, Any]:
    return {"wsgi.input": BytesIO(LEAD), **more}


def test_a_body_in_chunks_is_measured() -> None:
    found = measured(_environ(HTTP_TRANSFER_ENCODING="Chunked"))
    assert (found["CONTENT_LENGTH"], found["wsgi.input"].read()) == (str(len(LEAD)), LEAD)


@pytest.mark.parametrize("more", [{}, {"CONTENT_LENGTH": "5", "HTTP_TRANSFER_ENCODING": "chunked"}])
def test_a_body_of_known_length_is_left_as_it_is(more: dict[str, str]) -> None:
    environ = _environ(**more)
    assert measured(environ) is environ


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
