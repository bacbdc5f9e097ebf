"""How does an operation fail? In the one shape of errors, whatever the reason."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from leadwell.server.base.problems import problem


class Problem(Exception):  # noqa: N818  RFC 9457's word
    """`detail`: what is wrong, what is allowed and what to do, in a sentence."""

    def __init__(self, status: int, detail: str, **more: Any) -> None:
        super().__init__(detail)
        self.status, self.detail, self.more = status, detail, more


def install(api: NinjaAPI) -> None:
    """Every way in which an operation can fail answers in the one shape."""

    @api.exception_handler(Problem)
    def refused(request: HttpRequest, error: Problem) -> HttpResponse:
        return problem(error.status, error.detail, **error.more)

    @api.exception_handler(HttpError)
    def http(request: HttpRequest, error: HttpError) -> HttpResponse:
        return problem(error.status_code, _SAID.get(error.status_code, HTTPStatus(error.status_code).description))

    @api.exception_handler(ValidationError)
    def invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
        places = [{"at": ".".join(map(str, one["loc"])), "says": one["msg"]} for one in error.errors]
        return problem(422, "The request is not as this operation takes it; `errors` says where.", errors=places)


_SAID: Final = {
    400: "The body is not JSON, or a key stands twice in it; send an object as the operation takes it.",
    401: "A key is needed: send `Authorization: Bearer KEY`, with a key that holds and has this scope.",
}
