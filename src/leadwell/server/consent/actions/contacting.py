"""Reach out: whether we may, and that we did, are one step, so that no stop can come between."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from leadwell import permission
from leadwell.permission.values import Channel, Known, LineType, Purpose, Verdict, Wrong
from leadwell.server.access.models import Organization
from leadwell.server.base.alone import beside, each
from leadwell.server.consent.actions import events
from leadwell.server.consent.addresses import OF_CHANNEL, Token, token_of
from leadwell.server.consent.deciding import own_rules
from leadwell.server.consent.models import TAKEN_BACK, Confirmation, ConsentEvent, Contact
from leadwell.server.consent.queries import Reach, known_at, reaches
from leadwell.server.people.queries import keep
from leadwell.server.privacy.sealing import unseal_json
from leadwell.server.privacy.tokens import Blind

KEPT_LATE: Final = timedelta(days=1)


@dataclass(frozen=True)
class Noted:
    """The verdict, to be kept beside the message; `contact`: the attempt, None where the answer was not yes; `wrong`:
    where it was not, because of what was found of the address."""

    verdict: Verdict
    contact: Contact | None
    wrong: Wrong | None = None


@dataclass(frozen=True)
class Attempt:
    """How we would reach them. `automated`: whether no human being sends or dials it. `address`: the very one; '' for a
    call that somebody makes by hand to one of theirs."""

    channel: Channel
    purpose: Purpose
    automated: bool
    address: str = ""
    prerecorded: bool = False
    line_type: LineType | None = None


def note_contact(organization: int, person: UUID, attempt: Attempt, *, by: str, now: datetime | None = None) -> Noted:
    """Asks the gate once more and, where it says yes, records the attempt in the same transaction. Only then may a
    channel send, and only what it was asked for; in the caller's own transaction, what it writes of its message
    stands or falls with it.

    Stops and links wait until it has ended, and it sees every one that has; two attempts at the same person or address
    wait for each other, so that no cap is passed by two at once. A caller that locks rows which a stop takes too is
    `beside` before it locks them.
    """
    with transaction.atomic():
        beside(organization)
        keep(organization, person)
        (reach,) = reaches(organization, [person])
        at = token_of(Blind(organization), attempt.address) if attempt.address else None
        each(_keys(reach, at))
        now = now or timezone.now()  # not before: a stop may have been said while this waited
        found = _known(organization, reach, attempt, at=at, now=now)
        said = _verdict(organization, found, attempt, now=now)
        if said.answer != "yes":
            return Noted(said, None, next((one for one in found.wrong if one.proof == said.proof), None))
        made = Contact(organization_id=organization, person=person, at=now, by=by)
        made.channel, made.purpose = attempt.channel, attempt.purpose
        made.token = at[1] if at else _only(reach, attempt.channel)
        _write(made, said)
    return Noted(said, made)


def note_made(organization: int, person: UUID, attempt: Attempt, *, by: str, at: datetime) -> Contact | None:
    """Records an attempt that somebody has made already, without asking: it counts all the same, with what the gate
    would have said. None where nobody of this id is known any more."""
    with transaction.atomic():
        beside(organization)
        if not keep(organization, person):
            return None
        (reach,) = reaches(organization, [person])
        where = token_of(Blind(organization), attempt.address) if attempt.address else None
        made = Contact(organization_id=organization, person=person, at=at, by=by)
        made.channel, made.purpose = attempt.channel, attempt.purpose
        made.token = where[1] if where else _only(reach, attempt.channel)
        _write(made, decided(organization, reach, attempt, at=where, now=at))
    return made


def decided(organization: int, reach: Reach, attempt: Attempt, *, at: Token | None, now: datetime) -> Verdict:
    """What the gate says of this attempt."""
    return _verdict(organization, _known(organization, reach, attempt, at=at, now=now), attempt, now=now)


def _known(organization: int, reach: Reach, attempt: Attempt, *, at: Token | None, now: datetime) -> Known:
    known = known_at(
        organization, reach, at=at, automated=attempt.automated or attempt.prerecorded, purpose=attempt.purpose, now=now
    )
    return replace(known, prerecorded=attempt.prerecorded, line_type=attempt.line_type or known.line_type)


def _verdict(organization: int, known: Known, attempt: Attempt, *, now: datetime) -> Verdict:
    return permission.may_contact(
        known, channel=attempt.channel, purpose=attempt.purpose, at=now, playbook=own_rules(organization)
    )


def _keys(reach: Reach, at: Token | None) -> set[bytes]:
    tokens = {token for _, token in (*reach.all, *([at] if at else []))}
    return tokens | {one.bytes for one in reach.group}


def _only(reach: Reach, channel: str) -> bytes:
    """The token of the one address that they can be reached at so; b"" where there are several."""
    theirs = [token for kind, token in reach.reached if kind in OF_CHANNEL[channel]]
    return theirs[0] if len(theirs) == 1 else b""


def _write(made: Contact, said: Verdict) -> None:
    made.answer, made.rule, made.proof = said.answer, said.rule, said.proof
    made.save(force_insert=True)


def take_back(organization: int, contact: UUID, *, why: str, by: str) -> bool:
    """The words of this attempt never left, so it reached nobody and counts in no cap; False where it was taken back
    before. The attempt stays, marked, with an event. Whose end is not known is never taken back. `why`: a code."""
    now = timezone.now()
    with transaction.atomic():
        standing = Contact.objects.of(organization).filter(pk=contact, taken_back_at=None)
        one = standing.first()
        if one is None or not standing.update(taken_back_at=now):
            return False
        event = ConsentEvent(organization_id=organization, name=TAKEN_BACK, person=one.person, at=now, by=by)
        event.codes = {"contact": str(one.pk), "channel": one.channel, "purpose": one.purpose, "why": why}
        events.append(event)
    return True


@dataclass(frozen=True)
class Owed:
    """A confirmation that was taken to be sent now, once: where to, in which language, and the verdict to keep."""

    address: str
    channel: str
    language: str
    verdict: Verdict
    contact: Contact


def take_confirmation(organization: int, number: UUID, *, by: str, now: datetime | None = None) -> Owed | None:
    """The one message that may follow a stop: whoever takes it sends it at once. None where it was taken before, or is
    late. It bears no other word than that they are stopped, and how to come back."""
    now = now or timezone.now()
    with transaction.atomic():
        beside(organization)
        owed = Confirmation.objects.of(organization).filter(pk=number, taken_at=None, due_by__gt=now)
        one = owed.first()
        if one is None or not owed.update(taken_at=now, sealed=b""):
            return None
        address: str = unseal_json(organization, one.sealed, place=f"consent.confirmation/{one.pk}")
        said = Verdict("yes", "1.13", "The one confirmation that they are stopped.", proof=f"event/{one.event}")
        made = Contact(organization_id=organization, person=one.person, at=now, by=by)
        made.channel, made.purpose = one.channel, "care-request"
        made.token = (token_of(Blind(organization), address) or ("", b""))[1]
        _write(made, said)
    return Owed(address, one.channel, one.language, said, made)


def forget_late() -> int:
    """Confirmations that were not sent in time never are: where they would have gone is not kept."""
    count, before = 0, timezone.now() - KEPT_LATE
    for organization in Organization.objects.all():
        late = Confirmation.objects.of(organization.pk).filter(taken_at=None, due_by__lt=before)
        count += late.exclude(sealed=b"").update(sealed=b"")
    return count
