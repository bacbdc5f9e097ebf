"""What is asked for, why, how soon, and what hangs on it? A ServiceRequest, as columns.

Why it is asked is also what came along and speaks of the order. What speaks of the patient alone is carried along.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from leadwell.formats import referral
from leadwell.formats.fhir.findings import finding, is_struck, letter, names_of_attachments, narrative
from leadwell.formats.fhir.leniently import Resource, coded, each, kind, one, phrase, strings, text, value_of
from leadwell.formats.fhir.parties import THEMSELVES, kind_meant, shown
from leadwell.formats.fhir.resources import Resources
from leadwell.formats.referral import together

_ORDERED: Final = ("order", "original-order", "reflex-order", "filler-order", "instance-order")
_LETTERS: Final = ("Composition", "Communication", "CommunicationRequest", "QuestionnaireResponse")
_CITED: Final = ("reasonReference", "supportingInfo")
_ELSEWHERE: Final = (
    "Patient", "RelatedPerson", "Practitioner", "PractitionerRole", "Organization", "HealthcareService", "Location",
    "Coverage", "Task", "MessageHeader", "ServiceRequest", "Provenance", "Bundle",
)  # fmt: skip
_CONCEPTS: Final = ("code", "orderDetail", "category", "performerType", "reasonCode", "bodySite", "locationCode")


def order_columns(request: Resource, patient: Resource, resources: Resources) -> dict[str, str]:
    beside = list(_beside(request, patient, resources))
    reasons = (*_reasons(request, resources), *_told_of(request, beside, resources))
    return {
        "type": "patient" if _is_their_own_wish(request, resources) else "referral",
        "referral_service": _service(request),
        "referral_reason": together(reasons, "\n"),
        "has_referral": "" if _is_their_own_wish(request, resources) else "yes",
        "has_order": "yes" if text(request, "intent") in _ORDERED else "",
        "preferred_location": together(_places(request, resources)),
        "timeline": together((referral.urgency(text(request, "priority")), _when(request))),
        **_kept(request, resources),
        "extra.attachments": together(
            named for one_ in (*_cited(request, resources), *beside) for named in names_of_attachments(one_)
        ),
        "extra.came along": together(_came_along(request, beside, resources), "\n"),
    }


def _is_their_own_wish(request: Resource, resources: Resources) -> bool:
    """What the patient or their family asks for, and nobody has ordered."""
    reference = one(request, "requester")
    requester = kind_meant(reference, resources.follow(reference, request))
    return requester in THEMSELVES and text(request, "intent") not in _ORDERED


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
            yield phrase(concept)


def _reasons(request: Resource, resources: Resources) -> Iterator[str]:
    yield from _said(request, "reasonCode")
    for name in _CITED:
        for found, display in resources.all_of(request, name):
            if not is_struck(found):
                yield "" if kind(found) == "DocumentReference" else finding(found) or display
                yield letter(found)
    for note in each(request, "note"):
        yield text(note, "text")
    yield from _said(request, "bodySite")
    if text(one(request, "text"), "status") == "additional":  # says more than its elements do
        yield narrative(request)


def _cited(request: Resource, resources: Resources) -> list[Resource]:
    return [found for name in _CITED for found, _ in resources.all_of(request, name) if found]


def _beside(request: Resource, patient: Resource, resources: Resources) -> Iterator[Resource]:
    """What came along, is cited nowhere, and speaks of the order or its patient; and letters that name nobody."""
    cited = {id(one_) for one_ in _cited(request, resources)}
    theirs = (*resources.speaking_of(request), *resources.speaking_of(patient))
    loose = (d for d in resources.of_kind("DocumentReference") if not resources.means(one(d, "subject"), d))
    passed_over = cited | _of_another(request, resources)
    for found in {id(one_): one_ for one_ in (*theirs, *loose)}.values():
        if id(found) not in passed_over and kind(found) not in _ELSEWHERE and not is_struck(found):
            yield resources.touch(found)


def _of_another(request: Resource, resources: Resources) -> set[int]:
    """What speaks of other orders in the same message and not of this one."""
    others = (r for r in resources.of_kind("ServiceRequest") if r is not request)
    theirs = {id(found) for other in others for found in resources.speaking_of(other)}
    return theirs - {id(found) for found in resources.speaking_of(request)}


def _told_of(request: Resource, beside: list[Resource], resources: Resources) -> Iterator[str]:
    """What was written about the order: messages, forms, and letters."""
    about = {id(one_) for one_ in resources.speaking_of(request)}
    for found in beside:
        if kind(found) == "DocumentReference":
            yield letter(found)
        elif id(found) in about or kind(found) in _LETTERS:
            yield together((finding(found), letter(found)), ". ")


def _came_along(request: Resource, beside: list[Resource], resources: Resources) -> Iterator[str]:
    about = {id(one_) for one_ in resources.speaking_of(request)}
    for found in beside:
        if kind(found) != "DocumentReference" and not (kind(found) in _LETTERS or id(found) in about):
            yield ": ".join(filter(None, (kind(found), finding(found) or narrative(found))))


def _places(request: Resource, resources: Resources) -> Iterator[str]:
    yield from _said(request, "locationCode")
    for found, display in resources.all_of(request, "locationReference"):
        yield text(found, "name") or display


def _when(request: Resource) -> str:
    timing = one(request, "occurrenceTiming")
    period = one(request, "occurrencePeriod") or one(one(timing, "repeat"), "boundsPeriod")
    day = text(request, "occurrenceDateTime")[:10] or next(iter(strings(timing, "event")), "")[:10]
    start, end = text(period, "start")[:10], text(period, "end")[:10]
    if start and end:
        return f"from {start} to {end}"
    if start or end:
        return f"from {start}" if start else f"by {end}"
    return f"on {day}" if day else phrase(one(timing, "code"))


def _kept(request: Resource, resources: Resources) -> dict[str, str]:
    """What no column of ours holds."""
    concepts = [concept for name in _CONCEPTS for concept in each(request, name)]
    concepts += [one(found, "code") for found in _cited(request, resources) if not is_struck(found)]
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
        "extra.meant for": together(shown(request, "performer", resources)),
        "extra.quantity": value_of(request, "quantity"),
        "extra.as needed": phrase(one(request, "asNeededCodeableConcept")) or _yes(request, "asNeededBoolean"),
        "extra.extensions": together(_extensions(request)),
        "extra.identifiers": together(
            text(identifier, "value") for name in ("identifier", "requisition") for identifier in each(request, name)
        ),
    }


def _extensions(request: Resource) -> Iterator[str]:
    """What a sender says beyond the standard, by the last part of its name."""
    for found in each(request, "extension"):
        if value := value_of(found):
            yield f"{text(found, 'url').rpartition('/')[2]}: {value}"


def _yes(request: Resource, name: str) -> str:
    return "yes" if text(request, name) == "yes" else ""
