"""Which orders are in a FHIR message, and what does each become?

A ServiceRequest alone, or a Bundle (transaction, batch, message, collection) with what belongs to it. A Task alone
speaks of an order that came before.
"""

from __future__ import annotations

from codecs import BOM_UTF8
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import orjson

from leadwell.formats import referral
from leadwell.formats.fhir import orders, parties, people
from leadwell.formats.fhir.leniently import Resource, codes, each, kind, named, one, text, words
from leadwell.formats.fhir.required import check_bundle, check_order, check_task
from leadwell.formats.fhir.resources import Resources
from leadwell.formats.fhir.values import NotRead, Order
from leadwell.formats.referral import Who, together

MOST_ENTRIES: Final = 500
MOST_ORDERS: Final = 50
_ENDED: Final = ("revoked", "entered-in-error")
_TASK_ENDED: Final = ("cancelled", "entered-in-error")
_IDLE: Final = {
    "draft": "a draft: it is not asked for yet",
    "on-hold": "on hold: it is not to be done for now",
    "completed": "it has been done already",
}
_NOBODY: Final = ("Group", "Location", "Device")  # what an order may be for besides
_READ: Final = ("ServiceRequest", "Bundle", "Task")


@dataclass(frozen=True, slots=True)
class Message:
    """`requests`: the ServiceRequests, in their order, and behind them those that only a Task holds; `rules`: of each,
    `fullUrl` and `ifNoneExist` of its entry; `lost`: the Tasks of a Bundle whose ServiceRequest is not in it."""

    resource: Resource
    resources: Resources
    requests: tuple[Resource, ...]
    rules: tuple[tuple[str, str], ...]
    lost: tuple[Resource, ...] = ()

    @property
    def height(self) -> int:
        """How many orders it speaks of."""
        return max(1, len(self.requests) + len(self.lost))

    def whole(self, nth: int) -> Resource:
        """The order of that place, with what its Task holds for it; empty where there is none."""
        if nth >= len(self.requests):
            return {}
        request = self.requests[nth]
        holder = self.resources.holder_of(request)
        if holder is request:
            return request
        beside = (r for r in each(holder, "contained") if r is not request)
        return {**request, "contained": [*each(request, "contained"), *beside]}

    def place_of(self, task: Resource) -> int | None:
        """Of the order that a Task is about; None where it is about none of these."""
        focus = self.resources.means(one(task, "focus"), task)
        return next((nth for nth, request in enumerate(self.requests) if request is focus), None)


def message_of(body: bytes) -> Message:
    """Raises NotRead."""
    try:
        resource: Any = orjson.loads(body.removeprefix(BOM_UTF8))
    except orjson.JSONDecodeError as error:
        raise NotRead("structure", f"not JSON, at line {error.lineno}, column {error.colno}") from error
    if not isinstance(resource, Mapping) or not kind(resource):
        raise NotRead("structure", "no FHIR resource: it has no resourceType")
    if kind(resource) not in _READ:
        raise NotRead("not-supported", "a resource of another type; ServiceRequest, Bundle and Task are taken")
    if kind(resource) == "Bundle":
        check_bundle(resource)
    entries = list(_entries(resource))
    if len(entries) > MOST_ENTRIES:
        raise NotRead("too-costly", f"more than {MOST_ENTRIES} entries")
    resources = Resources([(url, r) for url, r, _ in entries])
    tasks = [r for _, r, _ in entries if kind(r) == "Task"] if kind(resource) == "Bundle" else []
    ours = [(r, url, rule) for url, r, rule in entries if kind(r) == "ServiceRequest"]
    ours += [(r, "", "") for r in _held(tasks, [r for r, *_ in ours], resources)]
    if len(ours) > MOST_ORDERS:
        raise NotRead("too-costly", f"more than {MOST_ORDERS} orders in one message")
    requests, rules = tuple(r for r, *_ in ours), tuple((url, rule) for _, url, rule in ours)
    return Message(resource, resources, requests, rules, tuple(_lost(tasks, len(ours), resources)))


def _held(tasks: Sequence[Resource], found: Sequence[Resource], resources: Resources) -> Iterator[Resource]:
    """The ServiceRequests that these Tasks are about and that are no entries: a Task may contain its own."""
    known = {id(one_) for one_ in found}
    for task in tasks:
        focus = resources.means(one(task, "focus"), task)
        if kind(focus) == "ServiceRequest" and id(focus) not in known:
            known.add(id(focus))
            yield focus


def _lost(tasks: Sequence[Resource], orders: int, resources: Resources) -> Iterator[Resource]:
    """Those about a ServiceRequest that did not come along. A single one beside a single order is about that."""
    if len(tasks) == orders == 1:
        return
    for task in tasks:
        focus = one(task, "focus")
        if not resources.means(focus, task) and (not orders or parties.kind_meant(focus, {}) == "ServiceRequest"):
            yield task


def _entries(resource: Resource) -> Iterator[tuple[str, Resource, str]]:
    """Address, resource, and under which condition it is to be made."""
    if kind(resource) != "Bundle":
        yield "", resource, ""
        return
    for entry in each(resource, "entry"):
        for held in each(entry, "resource"):
            yield text(entry, "fullUrl"), held, text(one(entry, "request"), "ifNoneExist")


def order_of(message: Message, nth: int = 0) -> Order:
    """The order of that place. Raises NotRead where it cannot be understood."""
    if nth >= len(message.requests):
        return _of_a_task(message, nth - len(message.requests))
    request, resources = message.requests[nth], message.resources
    resources.touched.clear()
    resources.touch(request)
    task = _task_of(request, message)
    check_order(request)
    check_task(task)
    patient, shown = _subject(request, task, resources)
    _is_of_a_patient(one(request, "subject"), patient)
    on = _day(request, message.resource)
    columns = _who(patient, shown, request, resources, on) | orders.order_columns(request, patient, resources)
    columns |= parties.payer_columns(request, patient, resources)
    columns |= parties.referrer_columns(_referrers(request, task, message), resources, on)
    columns |= _of_the_task(task)
    _is_understood(resources)
    withdrawn = text(request, "status") in _ENDED or text(task, "status") in _TASK_ENDED
    return Order(
        columns=referral.said({"type": "", **columns}),  # first among them
        names=tuple(names_of(request) + task_names(task)),
        withdrawn=withdrawn,
        not_asked="it asks that something be not done" if text(request, "doNotPerform") in ("yes", "true") else "",
        idle=_IDLE.get(text(request, "status"), ""),
    )


def names_of(request: Resource) -> list[str]:
    """The sender's placer identifiers; where none is called so, all there are."""
    every = list(each(request, "identifier"))
    placer = [i for i in every if "PLAC" in codes(one(i, "type"))]
    return [f"order {name}" for i in placer or every if (name := named(i))]


def task_names(task: Resource) -> list[str]:
    return [f"task {name}" for i in each(task, "identifier") if (name := named(i))]


def _of_a_task(message: Message, nth: int) -> Order:
    """A Task by itself: what its sender says of an order. In a Bundle it can only take it back."""
    tasks = message.lost or message.resources.of_kind("Task")
    task = tasks[nth] if nth < len(tasks) else {}
    if not task:
        raise NotRead("required", "no ServiceRequest in it")
    message.resources.touched.clear()
    message.resources.touch(task)
    check_task(task)
    focus = one(task, "focus")
    names = [f"order {name}"] if (name := named(one(focus, "identifier"))) else []
    _is_understood(message.resources)
    if kind(message.resource) == "Bundle" and text(task, "status") not in _TASK_ENDED:
        raise NotRead("not-found", "a Task without its ServiceRequest")
    return Order(
        columns=referral.said({"type": "referral", **_of_the_task(task)}),
        names=tuple(names + task_names(task)),
        withdrawn=text(task, "status") in _TASK_ENDED,
        not_asked="" if text(task, "status") in _TASK_ENDED else "a Task without its ServiceRequest",
    )


def _task_of(request: Resource, message: Message) -> Resource:
    resources = message.resources
    tasks = resources.of_kind("Task")
    theirs = (t for t in tasks if resources.follow(one(t, "focus"), t) is request)
    found = next(theirs, tasks[0] if len(tasks) == len(message.requests) == 1 else {})
    return resources.touch(found)


def _subject(request: Resource, task: Resource, resources: Resources) -> tuple[Resource, str]:
    """The patient, and how they are displayed."""
    for holder, name in ((request, "subject"), (task, "for")):
        for found, display in resources.all_of(holder, name):
            shown = display or text(one(one(holder, name), "identifier"), "value")
            if found or shown:
                return found, display
    return {}, ""


def _is_of_a_patient(reference: Resource, found: Resource) -> None:
    if (found and kind(found) != "Patient") or parties.kind_meant(reference, found) in _NOBODY:
        raise NotRead("not-supported", "ServiceRequest.subject is no Patient")


def _who(patient: Resource, shown: str, request: Resource, resources: Resources, on: str) -> dict[str, str]:
    who = people.who(patient, on) if patient else Who(name=shown)
    contacts = parties.askers(patient, request, resources, on)
    relation, asks_for = referral.relation_of([contacts[0].relation]) if contacts else ("", "")
    speaks = bool(relation) and (
        asks_for == "relative" or referral.is_minor(text(patient, "birthDate"), on) is not False
    )
    asker = contacts[0] if speaks else None
    others = contacts[1:] if speaks else contacts
    told = (" ".join(filter(None, (c.named, *c.phones, *c.emails, c.relation))) for c in others)
    return {
        **referral.who_columns(who, asker, asks_for),
        **people.patient_columns(patient, on),
        "extra.patient": "" if patient else text(one(request, "subject"), "reference"),
        "extra.contacts": together(told),
        "extra.general practitioner": together(parties.shown(patient, "generalPractitioner", resources, on)),
        **referral.identifier_columns(people.identifiers(patient, on)),
    }


def _referrers(request: Resource, task: Resource, message: Message) -> list[tuple[Resource, str]]:
    header = next(iter(message.resources.of_kind("MessageHeader")), {})
    document = next(iter(message.resources.of_kind("Composition")), {})
    return [
        (request, "requester"),
        (task, "requester"),
        (header, "responsible"),
        (header, "author"),
        (header, "sender"),
        (document, "author"),
    ]


def _of_the_task(task: Resource) -> dict[str, str]:
    said = (
        *words(one(task, "statusReason")),
        text(task, "description"),
        *(text(n, "text") for n in each(task, "note")),
    )
    return {"extra.said of it": together(said)}


def _day(request: Resource, message: Resource) -> str:
    """When it was written, by which we know what still holds; '' where nothing says it."""
    meta = text(one(request, "meta"), "lastUpdated")
    return (text(request, "authoredOn") or text(message, "timestamp") or meta)[:10]


def _is_understood(resources: Resources) -> None:
    """A modifier that nobody here knows may turn the meaning of what it stands in round."""
    for resource in resources.touched.values():
        waiting: list[Any] = [resource]
        while waiting:
            found = waiting.pop()
            if isinstance(found, Mapping):
                if found.get("modifierExtension"):
                    raise NotRead("extension", f"a modifierExtension in {kind(resource)} that is not known here")
                waiting += [value for name, value in found.items() if name not in ("contained", "extension")]
            elif isinstance(found, list):
                waiting += found
