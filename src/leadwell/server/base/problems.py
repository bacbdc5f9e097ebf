"""What does an error look like to a program? Problem details (RFC 9457), on every endpoint, never a person's words.

Health systems that speak FHIR know them not; to those it is an OperationOutcome.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, Final

from django.http import HttpResponse, JsonResponse

MEDIA_TYPE: Final = "application/problem+json"
FHIR: Final = "/fhir/"
FHIR_MEDIA_TYPE: Final = "application/fhir+json"
_ISSUES: Final = {
    400: "structure", 401: "login", 403: "forbidden", 404: "not-found", 405: "not-supported", 409: "conflict",
    413: "too-long", 503: "transient",
}  # fmt: skip


def problem(status: int, detail: str, **more: Any) -> HttpResponse:
    body = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail, **more}
    answer = JsonResponse(body, status=status, content_type=MEDIA_TYPE)
    if status == HTTPStatus.UNAUTHORIZED:
        answer["WWW-Authenticate"] = 'Bearer realm="leadwell"'
    return answer


def outcome(status: int, says: str, code: str = "") -> HttpResponse:
    """`code`: of FHIR's issue types, where the status does not say it."""
    issue = {"severity": "error", "code": code or _ISSUES.get(status, "exception"), "diagnostics": says}
    body = {"resourceType": "OperationOutcome", "issue": [issue]}
    answer = JsonResponse(body, status=status, content_type=FHIR_MEDIA_TYPE)
    if status == HTTPStatus.UNAUTHORIZED:
        answer["WWW-Authenticate"] = 'Bearer realm="leadwell"'
    return answer
