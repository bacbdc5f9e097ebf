"""What is said in a message, and what must stand in it by law? (docs/outbox.md, rules 2.1 and 2.2)"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Final, Literal
from urllib.parse import urlsplit

from django.conf import settings

from leadwell.permission.values import Purpose
from leadwell.server.outreach.channels import Unfit
from leadwell.server.outreach.models import Message
from leadwell.server.playbooks.queries import NoPlaybook, in_force
from leadwell.server.privacy.sealing import if_opens, seal_json, unseal_json

COMMERCIAL: Final = frozenset({"marketing", "business"})  # what 15 USC 7702(2) calls commercial
COMMERCIAL_MAIL: Final = tuple(("email", purpose) for purpose in sorted(COMMERCIAL))  # as a stop closes it
_LONGEST: Final = 100_000  # characters
_LONGEST_SUBJECT: Final = 200
_HERE: Final = ("127.0.0.1", "::1", "localhost")


@dataclass(frozen=True)
class Letter:
    """`template`: the code of what it was made from. `advertises`: a part of it promotes something, so that the whole
    is marketing, whatever its purpose is (16 CFR 316.3)."""

    subject: str
    text: str
    template: str
    language: Literal["en", "es"] = "en"
    advertises: bool = False


@dataclass(frozen=True)
class Content:
    """What is sealed with a message."""

    to: str
    subject: str
    text: str
    language: str


@dataclass(frozen=True)
class Sender:
    """Who writes, as every message says: '' where the playbook does not."""

    name: str
    postal_address: str
    phone: str


def purpose_of(letter: Letter, purpose: Purpose) -> Purpose:
    return "marketing" if letter.advertises and purpose not in COMMERCIAL else purpose


def must_fit(organization: int, letter: Letter, purpose: Purpose) -> None:
    """Raises Unfit, saying what is missing."""
    if not letter.subject.strip() or not letter.text.strip():
        raise Unfit("a message needs a subject and words")
    if len(letter.subject) > _LONGEST_SUBJECT or len(letter.text) > _LONGEST:
        raise Unfit(f"a subject has at most {_LONGEST_SUBJECT} characters, a message {_LONGEST:,}")
    identified(organization, purpose)


def identified(organization: int, purpose: str) -> Sender:
    """Who writes. Of what is commercial, the postal address and a way out that works are demanded. Raises Unfit."""
    try:
        _, playbook = in_force(organization)
    except NoPlaybook as error:
        raise Unfit("no playbook is in force, which says who we are") from error
    ours = playbook.organization
    sender = Sender(ours.name, ours.postal_address or "", ours.phone or "")
    if purpose in COMMERCIAL:
        if not sender.postal_address:
            raise Unfit("the playbook has no postal_address, which every commercial mail must show (15 USC 7704(a)(5))")
        if not _reachable(settings.PUBLIC_URL):
            raise Unfit("LEADWELL_URL is not given, or not https: the link to unsubscribe would lead nowhere")
    return sender


def _reachable(url: str) -> bool:
    parts = urlsplit(url)
    return settings.PUBLIC_URL_IS_GIVEN and (parts.scheme == "https" or parts.hostname in _HERE)


def sealed(message: Message, content: Content) -> bytes:
    return seal_json(message.organization_id, asdict(content), place=_place(message))


def content_of(message: Message) -> Content:
    """Raises Unopenable, also where it was erased."""
    opened: dict[str, Any] = unseal_json(message.organization_id, message.sealed, place=_place(message))
    return Content(**opened)


def content_if_opens(message: Message) -> Content | None:
    """None where it was erased, or cannot be opened."""
    return if_opens(content_of, message)


def address_of(message: Message) -> str:
    """To whom it goes; '' where that is not known any more."""
    content = content_if_opens(message)
    return content.to if content else ""


def _place(message: Message) -> str:
    return f"outreach.message/{message.pk}"
