"""How does what the world tells reach the product? As the enquiries and mails that people write, word for word.

Somebody becomes known by asking: a record with its inquiry arrives as a lead, with the addresses by which they want to
be answered. Whoever gives a number may be called and texted about what they gave it for (RULES 1.8), so `told` says so
of such an inquiry too. What the product has no way in for is told to nobody, the checker included.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import orjson

Row = Mapping[str, Any]
CLINIC: Final = "hello@clinic.example"
# The national registry, the results of carriers, and what somebody says of the zone they are in.
_NO_WAY_IN: Final = ("registry", "stated_zone")
_MAILBOXES_ONLY: Final = "result"
_PHONE: Final = ("call", "text")
_CARE: Final = ("I need a knee replacement.", "My shoulder hurts, can a therapist see me?", "Could I have an MRI?")
_BUSINESS: Final = "We are an employer with 300 people and would like an agreement for your physical therapy."


@dataclass(frozen=True)
class Arrival:
    """Somebody asks: `facts` as they gave them; `mail`: the id of the mail that it is, '' where it came by the API."""

    record: str
    facts: Mapping[str, str]
    body: bytes
    mail: str = ""


def told(events: Sequence[Row]) -> Iterator[Row]:
    """The events that can be told, as they can; an inquiry right after its record comes before nothing else."""
    for event in events:
        kind = event["kind"]
        if kind in _NO_WAY_IN or (kind == _MAILBOXES_ONLY and "@" not in event["address"]):
            continue
        if kind == "known":
            facts = {name: value for name, value in event["facts"].items() if name not in _NO_WAY_IN}
            yield {**event, "facts": facts}
        elif kind == "inquiry":
            asked = set(event["channels"])
            yield {**event, "channels": [*(_PHONE if asked & set(_PHONE) else ()), *(asked - set(_PHONE))]}
        else:
            yield event


def arrival(known: Row, inquiry: Row) -> Arrival:
    """What the two are as one enquiry. Every second one with an e-mail is written by mail."""
    facts = {name: value for name, value in known["facts"].items() if value is not None and _given(name, inquiry)}
    number = int(known["record"].strip("rx"))
    words = _BUSINESS if inquiry["about"] == "business" else _CARE[number % len(_CARE)]
    by_mail = "email" in facts and number % 2 == 0
    if by_mail:
        number_of_mail = f"<{known['record']}@mail.example>"
        return Arrival(known["record"], facts, _mail(facts, words, number_of_mail), number_of_mail)
    return Arrival(known["record"], facts, _posted(facts, words))


def _given(fact: str, inquiry: Row) -> bool:
    if fact == "phone":
        return any(channel in _PHONE for channel in inquiry["channels"])
    return fact != "email" or "email" in inquiry["channels"]


def _posted(facts: Mapping[str, str], words: str) -> bytes:
    said = {"full_name": "Sample Person", "message": words} | columns(facts)
    return orjson.dumps(said)


def columns(facts: Mapping[str, str]) -> dict[str, str]:
    said = {name: facts[name] for name in ("phone", "email", "zip") if name in facts}
    state = facts.get("state") or facts.get("address_state")
    return said | ({"state": state} if state else {})


def _mail(facts: Mapping[str, str], words: str, number: str) -> bytes:
    said = columns(facts)
    lines = [
        ("Name", "Sample Person"),
        ("Phone", said.get("phone")),
        ("ZIP", said.get("zip")),
        ("State", said.get("state")),
    ]
    body = [words, "", *(f"{label}: {value}" for label, value in lines if value)]
    return mail(said["email"], "A question", "\n".join(body), number=number)


def mail(sender: str, subject: str, text: str, *, number: str, answers: str = "") -> bytes:
    """A mail as somebody writes it."""
    head = [
        f"From: Sample Person <{sender}>", f"To: {CLINIC}", f"Subject: {subject}", f"Message-ID: {number}",
        *([f"In-Reply-To: {answers}"] if answers else []), "MIME-Version: 1.0",
        "Content-Type: text/plain; charset=utf-8",
    ]  # fmt: skip
    return "\r\n".join([*head, "", *text.splitlines(), ""]).encode()
