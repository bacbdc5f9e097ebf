"""What is answered to a Bundle? To a transaction, entry by entry, where each lies; to a message, a message."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final
from uuid import uuid4

from leadwell.formats import fhir
from leadwell.formats.fhir.leniently import Resource, each, kind, one, text
from leadwell.server.intake.accepting import Receipt
from leadwell.server.intake.sources.fhir import written
from leadwell.server.intake.sources.fhir.following import Order

_KEPT: Final = "Kept with the order that it belongs to."


def response(message: fhir.Message, orders: Sequence[Order], receipts: Sequence[Receipt], base: str) -> written.Json:
    if text(message.resource, "type") == "message":
        return _message(message, orders, base)
    made = list(zip(orders, receipts, strict=False))
    by_place = iter(made)
    entries = []
    for entry in each(message.resource, "entry"):
        resource = one(entry, "resource")
        found = next(by_place, None) if kind(resource) == "ServiceRequest" else None
        entries.append({"response": _made(*found) if found else _beside(resource, message, made)})
    kind_of = "batch-response" if text(message.resource, "type") == "batch" else "transaction-response"
    return {"resourceType": "Bundle", "type": kind_of, "entry": entries}


def _made(order: Order, receipt: Receipt) -> dict[str, Any]:
    return {
        "status": "200 OK" if receipt.repeat else "201 Created",
        "location": f"ServiceRequest/{order.submission.pk}",
    }


def _beside(resource: Resource, message: fhir.Message, made: Sequence[tuple[Order, Receipt]]) -> dict[str, Any]:
    """What came with an order is no resource of its own here; its Task is."""
    if kind(resource) == "Task" and made:
        place = message.place_of(resource) or 0
        order, receipt = made[place if place < len(made) else 0]
        holds = text(one(resource, "focus"), "reference").startswith("#")
        new = holds and not receipt.repeat
        return {"status": "201 Created" if new else "200 OK", "location": f"Task/{order.submission.pk}"}
    return {"status": "200 OK", "outcome": written.outcome(("information", "informational", _KEPT))}


def _message(message: fhir.Message, orders: Sequence[Order], base: str) -> written.Json:
    header = next(iter(message.resources.of_kind("MessageHeader")), {})
    tasks = [order.as_task() for order in orders]
    told = {
        "resourceType": "MessageHeader",
        "id": str(uuid4()),
        **_event(header),
        "source": {"endpoint": base},
        "response": {"identifier": text(header, "id") or "unknown", "code": "ok"},
        "focus": [{"reference": f"{base}/Task/{task['id']}"} for task in tasks],
    }
    entries = [{"fullUrl": f"urn:uuid:{told['id']}", "resource": told}]
    entries += [{"fullUrl": f"{base}/Task/{task['id']}", "resource": task} for task in tasks]
    return {"resourceType": "Bundle", "type": "message", "entry": entries}


def _event(header: Resource) -> dict[str, Any]:
    if coding := one(header, "eventCoding"):
        return {"eventCoding": coding}
    return {"eventUri": text(header, "eventUri") or "urn:ihe:unknown"}
