"""Post leads; ask what became of a submission."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

import orjson
from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema
from pydantic import Field

from leadwell.server.access.models import ApiKey
from leadwell.server.api.documented import LEADS, MOST_AT_ONCE
from leadwell.server.api.keys import Key
from leadwell.server.api.once import LeadKey
from leadwell.server.api.problems import Problem
from leadwell.server.base.problems import problem
from leadwell.server.base.requests import address, cut_short, said_size
from leadwell.server.intake.accepting import Delivery, Receipt, accept
from leadwell.server.intake.queries import became, source_of_kind
from leadwell.server.intake.sources.api.adapter import lead, not_json
from leadwell.server.privacy.trail import record

router = Router(tags=["leads"])

MOST_BYTES: Final = 1_000_000
MOST_BYTES_OF_MANY: Final = 25_000_000


class Accepted(Schema):
    id: UUID
    status_url: str
    repeat: bool


class Misplaced(Schema):
    at: str
    says: str


class ProblemDetails(Schema):
    type: str = "about:blank"
    title: str
    status: int
    detail: str
    id: UUID | None = Field(None, description="Of what was kept all the same, to be mended.")
    status_url: str | None = None
    errors: list[Misplaced] | None = Field(None, description="Of a request that is not as the operation takes it.")


class Refusal(Schema):
    problem: ProblemDetails


class ManyAccepted(Schema):
    submissions: list[Accepted | Refusal]


class Became(Schema):
    id: UUID
    state: str
    problem: str | None = None
    lead: UUID | None = None
    person: UUID | None = Field(None, description="Whom it is of, as `/people/{person}` names them; null once erased.")
    repeat_of: UUID | None = None
    assessment: dict[str, Any] | None = Field(None, description="The contract of docs/assessment.md.")


ERRORS: Final = {400: ProblemDetails, 401: ProblemDetails, 403: ProblemDetails, 404: ProblemDetails,
                  409: ProblemDetails, 413: ProblemDetails, 422: ProblemDetails}  # fmt: skip


@router.post(
    "/leads",
    auth=Key("leads:write"),
    response={202: Accepted | ManyAccepted, **ERRORS},
    summary="Post one lead, or up to 1,000",
    openapi_extra=LEADS,
)
def post_leads(
    request: HttpRequest,
    idempotency_key: LeadKey = None,
) -> HttpResponse:
    """Answered once it is durable. A repeat (the same key; without one, the same content within ten minutes) answers
    with the first id. What is not a lead is kept to be mended, and said."""
    key: ApiKey = request.auth  # type: ignore[attr-defined]
    deliveries, many = _deliveries(_body(request), idempotency_key or None)
    source = source_of_kind(key.organization_id, "api")
    if source is None:
        raise Problem(403, "This organisation has closed its API; nothing was kept. Ask who works there.")
    receipts = accept(key.organization_id, source, deliveries) if deliveries else []
    if not many:
        return _one(request, receipts[0], deliveries[0])
    told = [_item(request, r, d) for r, d in zip(receipts, deliveries, strict=True)]
    return HttpResponse(orjson.dumps({"submissions": told}), status=202, content_type="application/json")


def _body(request: HttpRequest) -> bytes:
    if (size := said_size(request)) > MOST_BYTES_OF_MANY:
        raise Problem(413, f"The body has {size:,} bytes; at most {MOST_BYTES_OF_MANY:,} are taken at once.")
    if cut_short(request):
        raise Problem(400, "The body ended before its length. Nothing was kept; send it again.")
    return request.body


def _deliveries(body: bytes, key: str | None) -> tuple[list[Delivery], bool]:
    """What to keep, with what is wrong with it, and whether it came as `{"leads": [...]}`. Each is parsed once."""
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        _no_longer_than_a_lead(body)
        return [Delivery(body, key=key, problem=not_json(error))], False
    if not isinstance(value, dict) or not isinstance(value.get("leads"), list):
        _no_longer_than_a_lead(body)
        return [Delivery(body, key=key, problem=lead(value).problem)], False
    leads: list[Any] = value["leads"]
    if len(leads) > MOST_AT_ONCE:
        raise Problem(413, f"{len(leads):,} leads at once; at most {MOST_AT_ONCE:,} are taken. Send them in parts.")
    # no header holds a newline, so that the tenth of a key is never another's own key
    keys = [f"{key}\n{number}" if key else None for number in range(len(leads))]
    return [Delivery(_part(one), key=k, problem=lead(one).problem) for one, k in zip(leads, keys, strict=True)], True


def _no_longer_than_a_lead(body: bytes) -> None:
    if len(body) > MOST_BYTES:
        raise Problem(413, f"A lead has at most {MOST_BYTES:,} bytes; this one has {len(body):,}.")


def _part(value: Any) -> bytes:
    try:
        return orjson.dumps(value)
    except TypeError as error:  # what orjson reads may be deeper than what it writes
        raise Problem(422, "One of the leads is nested hundreds deep. A lead is flat; nothing was kept.") from error


def _accepted(request: HttpRequest, receipt: Receipt) -> dict[str, Any]:
    url = address(request, f"/api/v1/submissions/{receipt.id}")
    return {"id": str(receipt.id), "status_url": url, "repeat": receipt.repeat}


def _one(request: HttpRequest, receipt: Receipt, delivery: Delivery) -> HttpResponse:
    if receipt.conflict:
        raise Problem(409, "This Idempotency-Key was used before for other content. Use a new key for a new lead.")
    told = _accepted(request, receipt)
    if delivery.problem:
        detail = f"Kept, to be mended: {delivery.problem}."
        return problem(422, detail, id=told["id"], status_url=told["status_url"])
    return HttpResponse(orjson.dumps(told), status=202, content_type="application/json")


def _item(request: HttpRequest, receipt: Receipt, delivery: Delivery) -> dict[str, Any]:
    if receipt.conflict:
        detail = "This Idempotency-Key was used before for other content."
        return {"problem": {"type": "about:blank", "title": "Conflict", "status": 409, "detail": detail}}
    told = _accepted(request, receipt)
    if not delivery.problem:
        return told
    detail = f"Kept, to be mended: {delivery.problem}."
    about = {"id": told["id"], "status_url": told["status_url"]}
    return {
        "problem": {"type": "about:blank", "title": "Unprocessable Entity", "status": 422, "detail": detail, **about}
    }


@router.get(
    "/submissions/{submission}",
    auth=Key("leads:read"),
    response={200: Became, **ERRORS},
    summary="What became of a submission",
)
def get_submission(request: HttpRequest, submission: UUID) -> dict[str, Any]:
    key: ApiKey = request.auth  # type: ignore[attr-defined]
    found = became(key.organization_id, submission)
    if found is None:
        raise Problem(404, "There is no submission of this id here.")
    if found["assessment"] is not None:  # it says who somebody is
        record(key.organization_id, f"key:{key.handle}", "submission.read", f"submission/{submission}")
    return found
