"""What is done with mail that came back? It is read, its message is found, and what it says is noted on that."""

from __future__ import annotations

from contextlib import suppress
from typing import Final
from uuid import UUID

from django.db import DatabaseError, transaction

from leadwell.formats.bounces import NotReturned, Returned, read
from leadwell.server.base.alone import alone, beside
from leadwell.server.base.logs import log
from leadwell.server.consent.actions import NobodyToStop, stop
from leadwell.server.consent.addresses import Token
from leadwell.server.consent.models import Way
from leadwell.server.consent.saying import Saying
from leadwell.server.outreach.channels.email.returning import (
    id_in_address,
    id_in_message_id,
    is_ours,
    is_return_address,
)
from leadwell.server.outreach.channels.email.settings import bounces
from leadwell.server.outreach.letters import COMMERCIAL_MAIL, address_of
from leadwell.server.outreach.models import Message, State
from leadwell.server.outreach.results import FINAL, note, was_reported

_LOG: Final = log("leadwell.outreach")


class Unreadable(Exception):  # noqa: N818  a person must look at it; nothing of it is said
    """This one mail cannot be taken, now or later; the fault is ours, or it is made to be so."""


def take(raw: bytes, *, came_to: str = "") -> str:
    """Takes one mail of those that came back, in one transaction; returns what it was: a class, or why it is none.
    Raises Unreadable, and DatabaseError where it is to be given once more.

    The same one twice changes nothing more. `came_to`: the address at which it was taken in, where that is known.
    """
    try:
        return _taken(raw, came_to)
    except DatabaseError:
        raise
    except Exception as error:
        _LOG.error("a mail that came back cannot be taken", error=type(error).__name__, bytes=len(raw))
        raise Unreadable from error


def _taken(raw: bytes, came_to: str) -> str:
    try:
        told = read(raw)
    except NotReturned as error:
        _LOG.info("a mail that tells of none of ours", why=str(error))
        return "not-a-bounce"
    message = _message(told, came_to)
    if message is None:
        _LOG.info("a bounce of none of ours", kind=told.kind)
        return "not-ours"
    with transaction.atomic():
        if told.kind == "complaint":
            alone(message.organization_id)
            if note(message, told.kind, via="report", status=told.status):
                _stops(message)
        else:
            beside(message.organization_id)
            _came_back(message, told)
    return told.kind


def _came_back(message: Message, told: Returned) -> None:
    """Whoever notes of it at this moment, as that it was sent, is waited for, or waits."""
    ours = Message.objects.of(message.organization_id).filter(pk=message.pk)
    ours.select_for_update().first()
    if told.kind in FINAL and not was_reported(message, told.kind):  # first: its mailbox has never taken it
        ours.filter(state=State.SENT).update(state=State.BOUNCED, problem=told.kind)
    note(message, told.kind, via="report", status=told.status)


def taken_in(raw: bytes, came_to: str) -> bool:
    """What `leadwell listen` does with one; False where it cannot be read."""
    try:
        take(raw, came_to=came_to)
    except Unreadable:
        return False
    return True


def comes_back_to(address: str) -> bool:
    """Whether mail that failed is sent to this address of ours."""
    return is_return_address(address, bounces())


def _message(told: Returned, came_to: str) -> Message | None:
    """By the marked address it came back to, which nobody else can make; else by the id that we gave it, which only
    its reader has seen."""
    for address in (came_to, *told.returned_to):
        named = id_in_address(address)
        message = _by_id(named[0]) if named else None
        if named and message is not None and is_ours(message, named[1]):
            return message
    for one in told.message_ids:
        number = id_in_message_id(one)
        message = _by_id(number) if number else None
        if message is not None and message.message_id == one:
            return message
    return None


def _by_id(number: UUID) -> Message | None:
    return Message.objects.filter(pk=number).first()


def _stops(message: Message) -> None:
    """They called it unwanted: marketing ends; of what was service, they may need the next one. (rule 2.6)"""
    token: Token | None = ("email", bytes(message.token)) if message.token else None
    saying = Saying(Way.COMPLAINT, "worker", address=address_of(message), token=token)
    with suppress(NobodyToStop):  # of a message without anybody, whose words were erased
        stop(message.organization_id, message.person, saying, closes=COMMERCIAL_MAIL)
