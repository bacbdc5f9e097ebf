"""Queue what is to be sent; try it again or let it go. Nothing here sends."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from leadwell.contact import email_text
from leadwell.permission.values import Channel, Purpose
from leadwell.server.base.alone import alone
from leadwell.server.outreach.channels import Unfit
from leadwell.server.outreach.letters import Content, Letter, must_fit, purpose_of, sealed
from leadwell.server.outreach.models import Message, State
from leadwell.server.outreach.queries import not_sent, still_here
from leadwell.server.outreach.results import REASONS, REOPENED, is_closed, is_known_bad, note
from leadwell.server.people.queries import keep
from leadwell.server.privacy.tokens import Blind
from leadwell.server.privacy.trail import record

_ONE: Final = re.compile(r"[^\s,;<>]+@[^\s,;<>]+")
RETRYABLE: Final = (State.DEAD, State.BOUNCED)


class NoReason(ValueError):  # noqa: N818  its message is for the person who asked
    pass


@dataclass(frozen=True)
class Recipient:
    """`person`: None where an address is all that is known; `lead`: the enquiry that it belongs to, if any."""

    address: str
    person: UUID | None = None
    lead: UUID | None = None


@dataclass(frozen=True)
class Draft:
    """`purpose`: what the gate is asked for. `not_before`, `until`: when it may leave at all. `confirms`: the owed
    confirmation of a stop that it is."""

    to: Recipient
    letter: Letter
    purpose: Purpose
    channel: Channel = "email"
    not_before: datetime | None = None
    until: datetime | None = None
    confirms: UUID | None = None


def queue(organization: int, draft: Draft, *, key: str) -> Message:
    """Writes down what is to be sent, in the transaction of whoever decides it. The same `key` is one message, however
    often it is queued. Raises Unfit where it could never leave as it is, and where they were erased: an erasure waits
    for this transaction, and finds the message.

    Whether it may leave is asked when it does."""
    blind = Blind(organization)
    token = blind.token("outbox", key)
    if known := Message.objects.of(organization).filter(key=token).first():
        return known
    address = _address(draft)
    purpose = purpose_of(draft.letter, draft.purpose)
    must_fit(organization, draft.letter, purpose)
    with transaction.atomic():
        if draft.to.person is not None and not keep(organization, draft.to.person):
            raise Unfit("there is nobody of this id")
        Message.objects.bulk_create([_message(organization, draft, purpose, address, token)], ignore_conflicts=True)
    return Message.objects.of(organization).get(key=token)


def _address(draft: Draft) -> str:
    """In the normal form by which it is stopped, too: one, and nothing beside it. Raises Unfit."""
    one = draft.channel == "email" and _ONE.fullmatch(draft.to.address.strip())
    found = email_text.judge(draft.to.address, accept=True).email if one else None
    if found is None:
        raise Unfit("no message can be sent to this address")
    return found


def _message(organization: int, draft: Draft, purpose: Purpose, address: str, key: bytes) -> Message:
    blind, now, letter = Blind(organization), timezone.now(), draft.letter
    made = Message(
        organization_id=organization, person=draft.to.person, lead=draft.to.lead, channel=draft.channel,
        purpose=purpose, template=letter.template, confirms=draft.confirms, key=key,
        token=blind.token("email", address), domain=blind.token("domain", address.rpartition("@")[2]),
        created_at=now, due_at=draft.not_before or now, until=draft.until,
    )  # fmt: skip
    made.sealed = sealed(made, Content(address, " ".join(letter.subject.split()), letter.text, letter.language))
    return made


def retry(organization: int, messages: Collection[UUID]) -> int:
    """Has somebody's word that these are to be tried again, from the beginning; returns how many. Those to an address
    that is known to be bad are not: somebody reopens it first. The gate is asked as for any other."""
    count, now = 0, timezone.now()
    with transaction.atomic():
        ours = Message.objects.of(organization).filter(pk__in=list(messages), state__in=RETRYABLE)
        for one in ours.exclude(sealed=b"").select_for_update():
            if is_known_bad(organization, bytes(one.token)):
                continue
            changed = {
                "tries": 0,
                "unknowns": 0,
                "first_tried_at": None,
                "handed_at": None,
                "problem": "",
                "status": "",
            }
            count += ours.filter(pk=one.pk).update(state=State.QUEUED, due_at=now, lease=None, **changed)
    return count


def reopen(organization: int, message: UUID, *, why: str, actor: str) -> bool:
    """Somebody says that mail may go to this message's address again, and why (a code of REASONS), for the trail; False
    where it was not closed. It can be closed again by the next that comes back. Raises NoReason."""
    if why not in REASONS:
        raise NoReason(f"Say why: {', '.join(REASONS)}.")
    with transaction.atomic():
        alone(organization)  # so that two who press the button at once are one
        one = Message.objects.of(organization).filter(pk=message).first()
        if one is None or not is_closed(organization, bytes(one.token)):
            return False
        note(one, REOPENED, via="person", why=why)
        on_record(one, "address.reopened", actor=actor, why=why)
    return True


def on_record(message: Message, action: str, *, actor: str, **codes: str) -> None:
    """What somebody did with a message, for the trail of whom it is for."""
    subject = f"person/{message.person}" if message.person else ""
    record(message.organization_id, actor, action, subject, {"message": str(message.pk), **codes})


@dataclass(frozen=True)
class Dropped:
    """How many are not sent any more, and how many of these may have left before."""

    count: int
    unsure: int


def drop(organization: int, messages: Collection[UUID]) -> Dropped:
    """They are not to be sent after all. What is known to have left, also at this moment, stays as it is."""
    ours = Message.objects.of(organization).filter(still_here() | Q(state=State.DEAD), pk__in=list(messages))
    with transaction.atomic():
        numbers = list(ours.select_for_update().values_list("pk", flat=True))
        found = Message.objects.of(organization).filter(pk__in=numbers)
        found.update(**not_sent("dropped"))
        return Dropped(len(numbers), found.filter(unsure=True).count())
