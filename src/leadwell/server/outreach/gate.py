"""May this message leave now? Asked within the transaction that marks it as being sent; the attempt is noted there too.

The one place where outreach asks. A confirmation of a stop is taken from those that are owed, once; tried again it has
its yes already, until it would be late. (rules 1.12, 1.13)
"""

from __future__ import annotations

from datetime import datetime
from typing import Final, cast
from uuid import UUID

from leadwell.permission.values import Channel, Purpose, Verdict
from leadwell.server.consent.actions import Attempt, Noted, decided, note_contact, take_back, take_confirmation
from leadwell.server.consent.addresses import Kind
from leadwell.server.consent.queries import is_doubted, reaches
from leadwell.server.outreach.models import Message

_BY: Final = "worker"
_NOBODY: Final = Verdict("never", "1.8", "It is for nobody whom we know, so nobody has agreed to it.")
KNOWN_BAD: Final = Verdict("never", "2.6", "Mail to this address came back before for good.")
_LATE: Final = Verdict("never", "1.13", "The confirmation of a stop is sent within five minutes, once, or not at all.")


def ask(message: Message, address: str, *, now: datetime) -> Noted:
    """Its `yes` is the attempt, and stands or falls with the caller's transaction. A confirmation's was noted when it
    was taken, and stays whatever comes of it."""
    if message.confirms is not None:
        return Noted(_confirmation(message, now), None)
    if message.person is None:
        return Noted(_NOBODY, None)
    channel, purpose = cast("Channel", message.channel), cast("Purpose", message.purpose)
    attempt = Attempt(channel, purpose, automated=True, address=address)
    return note_contact(message.organization_id, message.person, attempt, by=_BY)


def never_left(message: Message, why: str) -> None:
    """The words of its latest try stayed here, or were refused: the attempt is taken back."""
    if message.contact is not None:
        take_back(message.organization_id, message.contact, why=why, by=_BY)


def asked_again(message: Message, *, now: datetime) -> Verdict:
    """What the gate says of a message that waits; no attempt, and no leave to send it."""
    if message.person is None:
        return _NOBODY
    channel, purpose = cast("Channel", message.channel), cast("Purpose", message.purpose)
    kind: Kind = "email" if channel == "email" else "phone"
    attempt = Attempt(channel, purpose, automated=True)
    (reach,) = reaches(message.organization_id, [message.person])
    return decided(message.organization_id, reach, attempt, at=(kind, bytes(message.token)), now=now)


def is_in_doubt(message: Message, verdict: Verdict) -> bool:
    """Whether what forbids it may not have been meant: it is held back until somebody has looked, not thrown away."""
    kind, _, number = verdict.proof.partition("/")
    return kind == "stop" and is_doubted(message.organization_id, UUID(number))


def _confirmation(message: Message, now: datetime) -> Verdict:
    if message.answer == "yes":
        return Verdict("yes", message.rule, message.says, proof=message.proof)
    owed = take_confirmation(message.organization_id, message.confirms, by=_BY, now=now) if message.confirms else None
    return owed.verdict if owed is not None else _LATE
