"""What is asked for, why, how soon, and what hangs on it? A ServiceRequest, as columns."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from leadwell.formats import referral
from leadwell.formats.fhir.leniently import Resource, coded, each, kind, one, text, value_of, words
from leadwell.formats.fhir.resources import Resources
from leadwell.formats.referral import together

_ORDERED: Final = ("order", "original-order", "reflex-order", "filler-order", "instance-order")
_CONCEPTS: Final = ("code", "orderDetail", "category", "performerType", "reasonCode", "bodySite", "locationCode")


def order_columns(request: Resource, resources: Resources) -> dict[str, str]:
    return {
        "referral_service": _service(request),
        "referral_reason": together(_reasons(request, resources), "\n"),
        "has_referral": "yes",
        "has_order": "yes" if text(request, "intent") in _ORDERED else "",
        "preferred_location": together(_places(request, resources)),
        "timeline": together((referral.urgency(text(request, "priority")), _when(request))),
        **_kept(request, resources),
    }


def _service(request: Resource) -> str:
    """What is ordered, in the sender's own words where there are any; where no code says it, its kind."""
    for name in ("code", "orderDetail", "performerType", "category"):
        own = [text(concept, "text") for concept in each(request, name)]
        if said := together(own) or together(_said(request, name)):
            return said
    return ""


def _said(request: Resource, *names: str) -> Iterator[str]:
    for name in names:
        for concept in each(request, name):
            yield from words(concept)


def _reasons(request: Resource, resources: Resources) -> Iterator[str]:
    yield from _said(request, "reasonCode")
    for name in ("reasonReference", "supportingInfo"):
        for found, display in resources.all_of(request, name):
            if kind(found) != "DocumentReference":
                yield finding(found) or display
    for note in each(request, "note"):
        yield text(note, "text")
    yield from _said(request, "bodySite")


def finding(resource: Resource) -> str:
    """A Condition, Observation or other clinical statement in words."""
    named = together(
        [word for name in ("code", "bodySite") for concept in each(resource, name) for word in words(concept)], ", "
    )
    value = value_of(resource)
    notes = [text(note, "text") for note in each(resource, "note")]
    said = ": ".join(filter(None, (named, value)))
    return together((said, *notes, text(resource, "description"), text(resource, "conclusion")), ". ")


def _places(request: Resource, resources: Resources) -> Iterator[str]:
    yield from _said(request, "locationCode")
    for found, display in resources.all_of(request, "locationReference"):
        yield text(found, "name") or display


def _when(request: Resource) -> str:
    day, period = text(request, "occurrenceDateTime")[:10], one(request, "occurrencePeriod")
    start, end = text(period, "start")[:10], text(period, "end")[:10]
    if start and end:
        return f"from {start} to {end}"
    if start or end:
        return f"from {start}" if start else f"by {end}"
    return f"on {day}" if day else ""


def _kept(request: Resource, resources: Resources) -> dict[str, str]:
    """What no column of ours holds."""
    concepts = [concept for name in _CONCEPTS for concept in each(request, name)]
    return {
        "extra.order detail": together(_said(request, "orderDetail")),
        "extra.patient instruction": text(request, "patientInstruction"),
        "extra.category": together(_said(request, "category")),
        "extra.specialty": together(_said(request, "performerType")),
        "extra.codes": together(code for concept in concepts for code in coded(concept)),
        "extra.priority": text(request, "priority"),
        "extra.intent": text(request, "intent"),
        "extra.order status": text(request, "status").replace("active", ""),
        "extra.ordered": text(request, "authoredOn"),
        "extra.meant for": together(
            text(found, "name") or display for found, display in resources.all_of(request, "performer")
        ),
        "extra.attachments": together(_documents(request, resources)),
        "extra.identifiers": together(text(identifier, "value") for identifier in each(request, "identifier")),
    }


def _documents(request: Resource, resources: Resources) -> Iterator[str]:
    """Letters and pictures: named, with where they lie. What is within the message is kept with the submission."""
    theirs = [found for found, _ in resources.all_of(request, "supportingInfo") if kind(found) == "DocumentReference"]
    ours = {id(one): one for one in (*theirs, *resources.of_kind("DocumentReference"))}
    for document in ours.values():
        for content in each(document, "content"):
            held = one(content, "attachment")
            named = text(held, "title") or text(document, "description") or together(words(one(document, "type")))
            yield " ".join(filter(None, (named or text(held, "contentType") or "a document", text(held, "url"))))
