"""What does a clinical statement, a message, a questionnaire or a letter say in words?"""

from __future__ import annotations

import base64
import binascii
import html
import re
from collections.abc import Iterator
from typing import Final

from leadwell.formats.fhir.leniently import Resource, codes, each, kind, one, phrase, text, value_of
from leadwell.formats.referral import together

_STRUCK: Final = ("entered-in-error", "not-done", "cancelled", "revoked", "refuted")
_PAST: Final = ("inactive", "remission", "resolved")
_CONCEPTS: Final = ("code", "medicationCodeableConcept", "bodySite", "reasonCode")
_TEXTS: Final = ("description", "summary", "conclusion", "comment", "patientInstruction")
_TAGS: Final = re.compile(r"<[^>]*>")
_CHARSET: Final = re.compile(r"charset=\"?([\w.:-]+)", re.IGNORECASE)


def is_struck(resource: Resource) -> bool:
    """Whether it says of itself that it does not hold."""
    said = (text(resource, "status"), *codes(one(resource, "verificationStatus")))
    return any(code in _STRUCK for code in said)


def finding(resource: Resource) -> str:
    """Its name and value, and all that is written in it; '' for what does not hold."""
    if is_struck(resource):
        return ""
    named = together((phrase(concept) for name in _CONCEPTS for concept in each(resource, name)), ", ")
    past = next((code for code in codes(one(resource, "clinicalStatus")) if code in _PAST), "")
    named = f"{named} ({past})" if named and past else named
    said = ": ".join(filter(None, (named, value_of(resource))))
    parts = (said, *_components(resource), *_written(resource), *_answers(resource), *_sections(resource))
    return together(parts, ". ")


def _components(resource: Resource) -> Iterator[str]:
    for component in each(resource, "component"):
        yield ": ".join(filter(None, (phrase(one(component, "code")), value_of(component))))


def _written(resource: Resource) -> Iterator[str]:
    for note in each(resource, "note"):
        yield text(note, "text")
    for payload in each(resource, "payload"):
        yield text(payload, "contentString")
    for name in _TEXTS:
        yield text(resource, name) or phrase(one(resource, name))


def _answers(resource: Resource) -> Iterator[str]:
    """Of a QuestionnaireResponse, each question with what was answered."""
    for item in _nested(resource, "item"):
        answers = together(value_of(answer) for answer in each(item, "answer"))
        if answers:
            yield ": ".join(filter(None, (text(item, "text"), answers)))


def _sections(resource: Resource) -> Iterator[str]:
    for section in _nested(resource, "section"):
        yield ": ".join(filter(None, (text(section, "title"), narrative(section))))


def _nested(resource: Resource, name: str) -> Iterator[Resource]:
    """All at that name, and what is within those, in their order."""
    waiting = list(each(resource, name))[::-1]
    while waiting:
        found = waiting.pop()
        yield found
        within = [*each(found, name), *(deep for answer in each(found, "answer") for deep in each(answer, name))]
        waiting += within[::-1]


def narrative(resource: Resource) -> str:
    """What is written for people to read, without its mark-up."""
    return _plain(text(one(resource, "text"), "div"))


def _plain(marked_up: str) -> str:
    return " ".join(html.unescape(_TAGS.sub(" ", marked_up)).split())


def attachments(resource: Resource) -> Iterator[Resource]:
    for content in each(resource, "content"):
        yield one(content, "attachment") or content
    yield from each(resource, "presentedForm")
    for payload in each(resource, "payload"):
        yield from each(payload, "contentAttachment")


def names_of_attachments(resource: Resource) -> Iterator[str]:
    """Letters and pictures: named, with where they lie."""
    for held in filter(None, attachments(resource)):
        called = text(resource, "description") if kind(resource) == "DocumentReference" else ""
        named = together((text(held, "title"), called), ", ") or phrase(one(resource, "type"))
        yield " ".join(filter(None, (named or text(held, "contentType") or "a document", text(held, "url"))))


def letter(resource: Resource) -> str:
    """What its attachments say, where they are text and within the message."""
    return "" if is_struck(resource) else together(map(_text_of, attachments(resource)), "\n")


def _text_of(held: Resource) -> str:
    media_type = text(held, "contentType").lower()
    if not media_type.startswith(("text/plain", "text/html")):
        return ""
    charset = next(iter(_CHARSET.findall(media_type)), "utf-8")
    try:
        said = base64.b64decode(text(held, "data")).decode(charset, errors="replace")
    except (binascii.Error, ValueError, LookupError):
        return ""
    return _plain(said) if media_type.startswith("text/html") else said
