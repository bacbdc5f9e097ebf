"""Is it what R4 requires, where anything else could turn its meaning round?

Of an order these are its subject and its modifiers, `status` and `intent`; of a Bundle its type. Whatever else deviates
is read as far as it goes (`checked.py` tells of it).
"""

from __future__ import annotations

from typing import Final

from leadwell.formats.fhir.leniently import Resource, kind, one, text
from leadwell.formats.fhir.values import NotRead

_STATUSES: Final = {
    "ServiceRequest": ("draft", "active", "on-hold", "revoked", "completed", "entered-in-error", "unknown"),
    "Task": ("draft", "requested", "received", "accepted", "rejected", "ready", "cancelled", "in-progress", "on-hold",
             "failed", "completed", "entered-in-error"),
}  # fmt: skip
_INTENTS: Final = (
    "proposal", "plan", "directive", "order", "original-order", "reflex-order", "filler-order", "instance-order",
    "option",
)  # fmt: skip
_TAKEN: Final = ("transaction", "batch", "message", "collection", "document")
_ANSWERS: Final = ("searchset", "history", "transaction-response", "batch-response")


def check_bundle(bundle: Resource) -> None:
    """Raises NotRead for what asks for nothing: an answer, or a copy of what somebody holds."""
    type_ = text(bundle, "type")
    if not type_:
        raise NotRead("required", "Bundle.type is missing")
    if type_ in _ANSWERS:
        raise NotRead("not-supported", f"a Bundle of the type {type_}; {', '.join(_TAKEN)} are taken")
    if type_ not in _TAKEN:
        raise NotRead("code-invalid", "Bundle.type is no code of R4")


def check_order(request: Resource) -> None:
    """Raises NotRead."""
    if not one(request, "subject"):
        raise NotRead("required", "ServiceRequest.subject is missing: whom is it for?")
    _check(request, "status", _STATUSES["ServiceRequest"])
    _check(request, "intent", _INTENTS)


def check_task(task: Resource) -> None:
    """One without a status takes nothing back. Raises NotRead."""
    if text(task, "status"):
        _check(task, "status", _STATUSES["Task"])


def _check(resource: Resource, name: str, codes: tuple[str, ...]) -> None:
    place = f"{kind(resource)}.{name}"
    if not text(resource, name):
        raise NotRead("required", f"{place} is missing")
    if text(resource, name) not in codes:
        raise NotRead("code-invalid", f"{place} is no code of R4")
