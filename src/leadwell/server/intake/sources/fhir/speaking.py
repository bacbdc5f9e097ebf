"""What may a sender say of an order that it made? It may take it back; anything else is kept, noted, and refused."""

from __future__ import annotations

from codecs import BOM_UTF8
from collections.abc import Mapping
from typing import Any, Final

import orjson

from leadwell.server.intake.referred import NEVER, WITHDRAWN
from leadwell.server.intake.sources.fhir.door import order_in, spoken_of
from leadwell.server.intake.sources.fhir.following import Order
from leadwell.server.intake.sources.fhir.turns import idle, keep_in_turn, said_of
from leadwell.server.people.another import another

ENDED: Final = ("cancelled", "entered-in-error", "revoked")
_AFTER_WITHDRAWAL: Final = "You took it back. Send its ServiceRequest again as active, and its Task goes on."
_OF_ANOTHER: Final = "It is of another patient. It is kept, to be looked at; send a new order for this one."
_AFTER_END: Final = "It has ended: {}. An end is an end; send a new order, under an identifier of its own."
PATCH: Final = "application/json-patch+json"


class Refused(ValueError):  # noqa: N818  its message is for the sender
    def __init__(self, status: int, code: str, says: str) -> None:
        super().__init__(says)
        self.status, self.code = status, code


def patched(body: bytes) -> bytes:
    """A JSON Patch of a Task's status as the Task that it makes. Raises Refused."""
    said = parsed(body)
    steps = [one for one in said if isinstance(one, dict)] if isinstance(said, list) else []
    status = next(
        (one.get("value") for one in steps if one.get("path") == "/status" and one.get("op") == "replace"), None
    )
    if not isinstance(status, str):
        raise Refused(422, "not-supported", "Of a Task its status can be replaced: op replace, path /status.")
    reason = next((one.get("value") for one in steps if one.get("path") == "/statusReason"), None)
    return orjson.dumps({"resourceType": "Task", "status": status} | ({"statusReason": reason} if reason else {}))


def parsed(body: bytes) -> Any:
    try:
        return orjson.loads(body.removeprefix(BOM_UTF8))
    except orjson.JSONDecodeError as error:
        raise Refused(400, "structure", f"not JSON, at line {error.lineno}, column {error.colno}") from error


def says_of(order: Order, resource: str, body: bytes) -> None:
    """Keeps what is said, durably; it joins the order's lead. Raises Refused, also where it was kept."""
    said = parsed(body)
    if not isinstance(said, Mapping) or said.get("resourceType") != resource:
        raise Refused(400, "invalid", f"The body is no {resource}.")
    status, stands = str(said.get("status", "")), order.stands.step
    ends = status in ENDED
    ours = order.as_task() if resource == "Task" else order.as_request()
    _keep(order, body)
    if resource == "ServiceRequest" and another(order_in(body, {}).columns, [order.columns]):
        raise Refused(409, "conflict", _OF_ANOTHER)
    if resource == "ServiceRequest" and stands.name in (WITHDRAWN, NEVER):
        return  # it is sent again, or asked for at last
    if stands.ended and status != ours["status"] and not (ends and stands.task == "cancelled"):
        says = _AFTER_WITHDRAWAL if stands.name == WITHDRAWN else _AFTER_END.format(stands.task)
        raise Refused(409, "conflict", says)
    if resource == "Task" and not ends and status != ours["status"]:
        raise Refused(422, "business-rule", "Whoever sent an order may cancel its Task; how far it is, we say.")


def _keep(order: Order, body: bytes) -> None:
    about = said_of(order.submission.pk)
    beside = [order.named, idle(order.named)] if order.named else []
    keep_in_turn(order.source, [spoken_of(body, about=order.known_as, key=about)], beside=beside)
