"""What does a page say that cannot be shown? Plain words, and nothing of anybody; to a program, problem details."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Final

from django.db import InterfaceError, InternalError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template import loader

from leadwell.server.base.logs import log
from leadwell.server.base.problems import FHIR, FHIR_MEDIA_TYPE, MEDIA_TYPE, outcome, problem

_LOG: Final = log("leadwell.pages")
_PROGRAMS: Final = ("/api/", "/in/", FHIR)
_SAID: Final = {
    400: "The request could not be understood.",
    403: "This is not allowed.",
    404: "There is nothing at this address.",
    405: "This address does not take that method; `Allow` says which it takes.",
    500: "Something broke here. It is noted; nothing that was acknowledged is lost.",
    503: "The database is busy, full or away, and nothing was kept. Send it again later.",
}
_COME_AGAIN: Final = 5  # seconds
_AWAY: Final = (OperationalError, InterfaceError, InternalError)  # locked, full, cut off; read-only


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _answer(request, 400)


def not_allowed(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _answer(request, 403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _answer(request, 404)


def broken(request: HttpRequest) -> HttpResponse:
    error = sys.exc_info()[1]
    match = request.resolver_match
    _LOG.error("page failed", view=match.view_name if match else "", error=type(error).__name__, exc_info=error)
    if not isinstance(error, _AWAY):
        return _answer(request, 500)
    answer = _answer(request, 503)
    answer["Retry-After"] = str(_COME_AGAIN)
    return answer


def forged(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that was sent without its token: an old page, or another site."""
    return HttpResponse(loader.render_to_string("base/forged.html"), status=403)


def _answer(request: HttpRequest, status: int) -> HttpResponse:
    if request.path.startswith(_PROGRAMS):
        return _told(request, status, _SAID[status])
    return HttpResponse(loader.render_to_string(f"{status}.html"), status=status)


def _told(request: HttpRequest, status: int, says: str) -> HttpResponse:
    return outcome(status, says) if request.path.startswith(FHIR) else problem(status, says)


class OneShape:
    """To a program every error is problem details, also one that Django or ninja answers by itself, as a wrong
    method."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = self.answer(request)
        shaped = answer.status_code < 400 or answer.headers.get("Content-Type") in (MEDIA_TYPE, FHIR_MEDIA_TYPE)
        if shaped or not request.path.startswith(_PROGRAMS):
            return answer
        told = _told(request, answer.status_code, _SAID.get(answer.status_code, answer.reason_phrase))
        for name in answer.headers.keys() - {"Content-Type", "Content-Length"}:
            told.headers[name] = answer.headers[name]
        return told


class WithoutNul:
    """Nobody types the character NUL into an address, and PostgreSQL refuses it in any text."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        asked = request.META.get("QUERY_STRING", "")
        return _answer(request, 400) if "%00" in asked or "\0" in asked else self.answer(request)
