"""How does a health system reach us by FHIR? `/fhir/<handle>` is a base: orders are posted there, and followed.

Who knows the address is told what can be done there; all else needs a key of the organisation. Every answer is given
once what was sent is durable, and every error is an OperationOutcome.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from leadwell.formats import fhir
from leadwell.server.access.keys import known_key
from leadwell.server.access.models import ApiKey
from leadwell.server.base.problems import outcome
from leadwell.server.base.requests import address, cut_short, said_size
from leadwell.server.intake.accepting import Delivery, accept
from leadwell.server.intake.models import Source
from leadwell.server.intake.queries import open_source, settings_of
from leadwell.server.intake.receiving import as_posted, keep_refused
from leadwell.server.intake.sources.fhir import bundles, speaking, written
from leadwell.server.intake.sources.fhir.door import DOOR, MOST_BYTES, NOT_JSON, identifier_in, keep, wrong
from leadwell.server.intake.sources.fhir.following import Order, order_named, order_of
from leadwell.server.intake.sources.hl7v2.door import given_secret

_SCOPE: Final = "leads:write"
_JSON: Final = ("application/fhir+json", "application/json", "application/json+fhir", "text/json", "")
_OURS: Final = ("ServiceRequest", "Task")


class Asked:
    """A request of a system that has shown its key."""

    def __init__(self, request: HttpRequest, source: Source, key: ApiKey) -> None:
        self.request, self.source, self.key = request, source, key
        self.base = address(request, f"/fhir/{source.handle}")


@csrf_exempt
def base(request: HttpRequest, handle: str) -> HttpResponse:
    return _answered(request, handle, [])


@csrf_exempt
def below(request: HttpRequest, handle: str, rest: str) -> HttpResponse:
    return _answered(request, handle, [part for part in rest.split("/") if part])


def _answered(request: HttpRequest, handle: str, parts: list[str]) -> HttpResponse:
    source = open_source(handle)
    if source is None or source.kind != "fhir":
        return outcome(404, "There is nothing at this address.")
    if parts == ["metadata"] and request.method in ("GET", "HEAD"):
        return written.answer(written.capability(address(request, f"/fhir/{handle}")))
    if said_size(request) > MOST_BYTES:
        return outcome(413, f"At most {MOST_BYTES:,} bytes are taken at once.")
    if cut_short(request):
        return outcome(400, "The body ended before its length. Nothing was kept; send it again.")
    secret = given_secret({"authorization": request.headers.get("Authorization", "")})
    key = known_key(secret.decode("utf-8", errors="replace"))
    if key is None or key.organization_id != source.organization_id:
        return _stranger(request, source)
    if _SCOPE not in key.scopes:
        return outcome(403, f"This key does not have the scope {_SCOPE}; make one that has it.")
    way = _way(request.method or "", parts)
    if way is None:
        known = len(parts) < 3 and all(part in _OURS for part in parts[:1])
        return outcome(405 if known else 404, _WHAT)
    return way(Asked(request, source, key), parts)


_ANOTHER: Final = "it was posted as another resource than ServiceRequest"
_WHAT: Final = "Here orders are taken: POST ServiceRequest or a Bundle, and ServiceRequest and Task are read."


def _stranger(request: HttpRequest, source: Source) -> HttpResponse:
    if request.method in ("POST", "PUT", "PATCH"):
        keep_refused(source, DOOR, as_posted(request))
    return outcome(401, "A key of the organisation is needed: Authorization: Bearer KEY, or Basic with it as password.")


Way = Callable[[Asked, list[str]], HttpResponse]


def _way(method: str, parts: Sequence[str]) -> Way | None:
    shape = "/".join([*parts[:1], *("id" for _ in parts[1:])])
    way = _WAYS.get(("GET" if method == "HEAD" else method, shape))
    return _elsewhere if way is None and method == "POST" and len(parts) == 1 else way


def _taken(asked: Asked, parts: list[str]) -> HttpResponse:
    """A ServiceRequest or a Bundle: kept, then answered."""
    media_type = asked.request.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    posted = as_posted(asked.request)
    if media_type not in _JSON:
        plain = DOOR.delivery(posted, posted.body)
        accept(
            asked.source.organization_id, asked.source.pk, [Delivery(plain.body, plain.media_type, problem=NOT_JSON)]
        )
        return outcome(415, "It is kept, but FHIR is read in JSON only: application/fhir+json.", "not-supported")
    deliveries = DOOR.deliveries(posted, settings_of(asked.source))
    receipts = keep(asked.source, deliveries)
    if refused := wrong(posted.body, [nth for nth, one in enumerate(deliveries) if one.problem]):
        return refused
    message = fhir.message_of(posted.body)
    orders = [found for one in receipts if (found := order_of(asked.source, str(one.id)))]
    if message.resource.get("resourceType") == "Bundle":
        return written.answer(bundles.response(message, orders, receipts, asked.base))
    return _one(asked, orders[0], repeat=receipts[0].repeat)


def _elsewhere(asked: Asked, parts: list[str]) -> HttpResponse:
    """What is posted as another resource is kept, so that it is not lost when its sender has mistaken the address."""
    plain = DOOR.delivery(as_posted(asked.request), asked.request.body)
    accept(asked.source.organization_id, asked.source.pk, [Delivery(plain.body, plain.media_type, problem=_ANOTHER)])
    return outcome(404, f"It is kept, to be mended, but it is no order: {_ANOTHER}.", "not-supported")


def _one(asked: Asked, order: Order, *, repeat: bool) -> HttpResponse:
    where = f"{asked.base}/ServiceRequest/{order.submission.pk}"
    prefers = asked.request.headers.get("Prefer", "")
    told: written.Json | None = order.as_request()
    if "return=minimal" in prefers:
        told = None
    elif "return=OperationOutcome" in prefers:
        found = [f"It deviates from R4: {one}" for one in fhir.deviations(order.request)] or ["Kept."]
        told = written.outcome(*(("information", "informational", says) for says in found))
    return written.answer(told, 200 if repeat else 201, Location=where)


def _read(asked: Asked, parts: list[str]) -> HttpResponse:
    order = order_of(asked.source, parts[1], asked.key)
    if order is None or not order.request:
        return outcome(404, f"There is no {parts[0]} of this id here.")
    return written.answer(order.as_task() if parts[0] == "Task" else order.as_request())


def _search(asked: Asked, parts: list[str]) -> HttpResponse:
    order = _sought(asked)
    if order is None and not any(asked.request.GET.get(name) for name in ("focus", "_id", "identifier")):
        return outcome(400, "Search by focus, identifier or _id.", "not-supported")
    told = [order.as_task() if parts[0] == "Task" else order.as_request()] if order and order.request else []
    return written.answer(written.found(told, asked.base, address(asked.request, asked.request.get_full_path())))


def _sought(asked: Asked) -> Order | None:
    query = asked.request.GET
    number = query.get("_id") or query.get("focus", "").rpartition("ServiceRequest/")[2]
    if number:
        return order_of(asked.source, number, asked.key)
    name = identifier_in(asked.request.META.get("QUERY_STRING", ""))
    return order_named(asked.source, name, asked.key) if name else None


def _said(asked: Asked, parts: list[str]) -> HttpResponse:
    """What its sender says of an order, under its id or by an identifier."""
    order = order_of(asked.source, parts[1], asked.key) if len(parts) > 1 else _sought(asked)
    if order is None or not order.known_as:
        return outcome(404, f"There is no such {parts[0]} here.")
    try:
        body = asked.request.body
        if asked.request.method == "PATCH":
            body = speaking.patched(body)
        speaking.says_of(order, parts[0], body)
    except speaking.Refused as error:
        return outcome(error.status, str(error), error.code)
    return written.answer(order.as_task() if parts[0] == "Task" else order.as_request())


_WAYS: Final[dict[tuple[str, str], Way]] = {
    ("POST", ""): _taken,
    ("POST", "Bundle"): _taken,
    ("POST", "$process-message"): _taken,
    ("POST", "ServiceRequest"): _taken,
    ("GET", "ServiceRequest"): _search,
    ("GET", "Task"): _search,
    ("GET", "ServiceRequest/id"): _read,
    ("GET", "Task/id"): _read,
    ("PUT", "ServiceRequest/id"): _said,
    ("PUT", "Task/id"): _said,
    ("PUT", "Task"): _said,
    ("PATCH", "Task/id"): _said,
}
