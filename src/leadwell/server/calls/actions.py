"""Try to reach somebody and note how it ended: one verb a function. (promises D22, D23, B6)

Each is one transaction with consent's log of contacts, the lead's timeline and the trail; a second click changes
nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, TypeVar, cast
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from leadwell.permission.values import Channel, Verdict
from leadwell.server.base.ids import new_id
from leadwell.server.calls.ending import (
    Again,
    Ended,
    fill,
    in_the_trail,
    not_theirs,
    note_wrong_number,
    on_the_timeline,
    settle,
    stopped,
    take_back_wrong_number,
    take_locks,
    theirs_again,
)
from leadwell.server.calls.models import Attempt, Direction, Result
from leadwell.server.calls.queries import attempt_of, note_of, under_way
from leadwell.server.consent.actions import Attempt as Asked
from leadwell.server.consent.actions import Noted, SaidOtherwise, note_contact, note_made
from leadwell.server.consent.actions import take_back as take_back_contact
from leadwell.server.consent.addresses import token_of
from leadwell.server.leads.askers import called
from leadwell.server.leads.handing import worked_on
from leadwell.server.leads.models import Lead
from leadwell.server.leads.noting import note
from leadwell.server.leads.permitting import address_for, purpose_of
from leadwell.server.leads.queries import current_assessment, lead_of
from leadwell.server.leads.verifying import UNDO_WITHIN, Gone, Prepared
from leadwell.server.privacy.tokens import Blind
from leadwell.server.privacy.trail import record

_LONGEST_CALL: Final = timedelta(hours=12)
Written = TypeVar("Written")


class CannotCall(ValueError):  # noqa: N818  its message is for whoever tried
    pass


@dataclass(frozen=True)
class Begun:
    """`attempt`: None where the gate does not say yes."""

    attempt: Attempt | None
    verdict: Verdict | None


@dataclass(frozen=True)
class Made:
    """A try that was made elsewhere. `at`: None for now. `key`: by which the same is said again, so that it counts
    once."""

    ended: Ended
    channel: str = "call"
    direction: str = Direction.OUT
    at: datetime | None = None
    key: str = ""


def begin(organization: int, number: UUID, *, actor: str) -> Begun:
    """Asks the gate and, where it says yes, begins a call: only then is there a number to dial. Whoever is on a call
    with them stays on it. Raises Gone, CannotCall."""
    if (already := under_way(organization, number, by=actor)) is not None:
        return Begun(already, None)
    lead, person, phone = _callable(organization, number)
    try:
        with transaction.atomic():
            noted = note_contact(organization, person, _asked(lead, "call", phone), by=actor)
            if noted.contact is None:
                _must_be_theirs(noted)
                return Begun(None, noted.verdict)
            one = Attempt(organization_id=organization, lead=lead, person=person, channel="call", by=actor)
            one.at, one.begun, one.contact, one.token = noted.contact.at, True, noted.contact.pk, noted.contact.token
            one.save(force_insert=True)
            note(lead, "attempt.begun", actor=actor, at=one.at, codes={"channel": "call"})
            record(organization, actor, "attempt.begun", f"lead/{number}", {"channel": "call"})
    except IntegrityError:  # a second click at the same moment
        return Begun(under_way(organization, number, by=actor), None)
    return Begun(one, noted.verdict)


def end(organization: int, number: UUID, attempt: UUID, ended: Ended, *, actor: str) -> Attempt | None:
    """How a call that was begun has ended; None where that was noted before. Raises Gone."""
    one = attempt_of(organization, number, attempt)
    if one is None:
        raise Gone
    if one.ended_at or one.undone_at or one.by != actor:
        return None
    fill(one, ended, now=timezone.now())
    return _until_it_stands(lambda: _ended(one, ended, actor))


def on_the_line(organization: int, number: UUID, *, since: datetime, key: str, actor: str) -> tuple[Attempt, bool]:
    """They called, and `actor` is speaking with them: reached at once, and under way until `end` says how it ended.
    Whether it is new: by the same `key` it is the same call. Raises Gone."""
    lead = _held(organization, number)
    person, address = _whom(lead, "call")
    one = Attempt(organization_id=organization, lead=lead, person=person, channel="call", by=actor)
    one.pk = _known_by(organization, number, key)
    if (before := attempt_of(organization, number, one.pk)) is not None:
        return before, False
    found = token_of(Blind(organization), address) if address else None
    one.direction, one.begun, one.result, one.at = Direction.IN, True, Result.REACHED, since
    one.token = found[1] if found else b""
    with suppress(IntegrityError):  # the same, said at the same moment
        with transaction.atomic():
            take_locks(one)
            one.save(force_insert=True)
            _follows(one, Ended(Result.REACHED), "attempt.noted", actor, None)
        return one, True
    before = attempt_of(organization, number, one.pk)
    if before is None:
        raise Gone
    return before, False


def _known_by(organization: int, number: UUID, key: str) -> UUID:
    return UUID(bytes=Blind(organization).token("attempt", f"{number}/{key}"))


def note_attempt(organization: int, number: UUID, made: Made, *, actor: str) -> tuple[Attempt, bool]:
    """A try that was made elsewhere, and whether it is new. It counts in consent's caps whatever the gate would have
    said. Raises Gone, SaidOtherwise."""
    lead, now = _held(organization, number), timezone.now()
    person, address = _whom(lead, made.channel)
    one = Attempt(organization_id=organization, lead=lead, person=person, channel=made.channel, by=actor)
    one.pk = _known_by(organization, number, made.key) if made.key else new_id()
    if (before := attempt_of(organization, number, one.pk)) is not None:
        return _same(before, made), False
    found = token_of(Blind(organization), address) if address else None
    one.at, one.direction, one.token = min(made.at or now, now), made.direction, found[1] if found else b""
    fill(one, made.ended, now=now)
    asked = _asked(lead, made.channel, address) if made.direction == Direction.OUT else None
    with suppress(IntegrityError):  # the same, said at the same moment
        return _until_it_stands(lambda: _inserted(one, made.ended, actor, asked)), True
    before = attempt_of(organization, number, one.pk)
    if before is None:
        raise Gone
    return _same(before, made), False


def _same(before: Attempt, made: Made) -> Attempt:
    """What was noted by this key. Raises SaidOtherwise where that was something else."""
    then = (before.result, before.channel, before.direction, before.callback_at, note_of(before))
    if then != (made.ended.result, made.channel, made.direction, made.ended.callback_at, made.ended.note):
        raise SaidOtherwise("This key was used before for another try.")
    return before


def take_back(organization: int, number: UUID, attempt: UUID, *, actor: str) -> Attempt | None:
    """Whoever noted it undoes how it ended, within ten minutes: of a call that was begun here one is on it again,
    another one never was. A stop that was said stays. None where that is not possible. Raises Gone."""
    one = attempt_of(organization, number, attempt)
    now = timezone.now()
    if one is None or one.by != actor or one.undone_at or not one.ended_at or one.ended_at < now - UNDO_WITHIN:
        return None
    return _until_it_stands(lambda: _undone(one, actor, now))


def never_called(organization: int, number: UUID, attempt: UUID, *, actor: str) -> bool:
    """A call that was begun was not made: it counts nowhere. False where it has ended."""
    now = timezone.now()
    with transaction.atomic():
        ours = Attempt.objects.of(organization).filter(pk=attempt, lead=number, by=actor, result="", undone_at=None)
        one = ours.first()
        if one is None or not ours.update(undone_at=now, undone_by=actor):
            return False
        if one.contact:
            take_back_contact(organization, one.contact, why="not-called", by=actor)
        record(organization, actor, "attempt.taken-back", f"lead/{number}", {"channel": one.channel})
    return True


def correct(organization: int, number: UUID, attempt: UUID, ended: Ended, *, actor: str) -> Attempt | None:
    """It ended otherwise, says somebody later: another stands in its place, and it stays to be read. None where another
    does already. Raises Gone."""
    was = attempt_of(organization, number, attempt)
    if was is None or was.undone_at or not was.result:
        return None
    one = _copy(was, by=actor)
    one.seconds = was.seconds
    fill(one, ended, now=timezone.now())
    one.seconds = was.seconds if ended.seconds is None else ended.seconds
    return _until_it_stands(lambda: _corrected(was, one, ended, actor))


def _callable(organization: int, number: UUID) -> tuple[Lead, UUID, str]:
    lead = _held(organization, number)
    person, phone = _whom(lead, "call")
    if not phone:
        raise CannotCall("There is no telephone number that can be called. Ask for one by another way.")
    return lead, person, phone


def _must_be_theirs(noted: Noted) -> None:
    """No hour and no consent opens a wrong number. Raises CannotCall."""
    if noted.wrong is not None:
        raise CannotCall(f"Nobody was called. {noted.verdict.says}")


def _held(organization: int, number: UUID) -> Lead:
    lead = lead_of(organization, number)
    if lead is None or not lead.sealed or lead.person_id is None:
        raise Gone
    return lead


def _whom(lead: Lead, channel: str) -> tuple[UUID, str]:
    """Whose is the number, and which: it may be another's than whoever asked first."""
    other = called(lead.organization_id, [lead]).get(lead.pk)
    if other is not None:
        return other.person, other.address(channel)
    said = current_assessment(lead.organization_id, lead.pk) or {}
    return cast("UUID", lead.person_id), address_for(said, channel)


def _asked(lead: Lead, channel: str, address: str) -> Asked:
    return Asked(cast("Channel", channel), purpose_of(lead), automated=False, address=address)


def _until_it_stands(write: Callable[[], Written]) -> Written:
    while True:
        with suppress(Again):
            return write()


def _ended(one: Attempt, ended: Ended, actor: str) -> Attempt | None:
    prepared = not_theirs(one)
    with transaction.atomic():
        take_locks(one)
        ours = Attempt.objects.of(one.organization_id).filter(pk=one.pk, ended_at=None, undone_at=None)
        if not ours.update(**_ending(one)):
            return None
        _follows(one, ended, "attempt.ended" if one.direction == Direction.IN else "attempt.noted", actor, prepared)
    return one


def _ending(one: Attempt) -> dict[str, object]:
    names = ("result", "ended_at", "seconds", "callback_at", "callback_zone", "sealed")
    return {name: getattr(one, name) for name in names}


def _inserted(one: Attempt, ended: Ended, actor: str, asked: Asked | None) -> Attempt:
    prepared = not_theirs(one)
    with transaction.atomic():
        take_locks(one)
        if asked is not None and one.person is not None:
            contact = note_made(one.organization_id, one.person, asked, by=actor, at=one.at)
            one.contact = contact.pk if contact else None
        one.save(force_insert=True)
        _follows(one, ended, "attempt.noted", actor, prepared)
    return one


def _corrected(was: Attempt, one: Attempt, ended: Ended, actor: str) -> Attempt | None:
    back = theirs_again(was, actor=actor) if one.result != Result.WRONG_NUMBER else None
    prepared = not_theirs(one) if was.result != Result.WRONG_NUMBER else None
    one.verified = was.verified if was.result == one.result else None
    with transaction.atomic():
        take_locks(one)
        if not _mark_undone(was, actor, timezone.now()):
            return None
        settle(back)
        take_back_wrong_number(was)
        one.save(force_insert=True)
        _follows(one, ended, "attempt.corrected", actor, prepared)
    return one


def _undone(one: Attempt, actor: str, now: datetime) -> Attempt | None:
    back = theirs_again(one, actor=actor)
    with transaction.atomic():
        take_locks(one)
        if not _mark_undone(one, actor, now):
            return None
        settle(back)
        take_back_wrong_number(one)
        if one.begun and now - one.at < _LONGEST_CALL:
            again = _copy(one, by=one.by)
            again.result = Result.REACHED if one.direction == Direction.IN else ""  # whoever called us is reached
            if under_way(one.organization_id, one.lead_id, by=one.by) is None:
                again.save(force_insert=True)
        elif one.contact:
            take_back_contact(one.organization_id, one.contact, why="mistaken", by=actor)
        on_the_timeline(one, "attempt.taken-back", actor=actor, at=now)
        worked_on(one.organization_id, one.lead_id, now)
        in_the_trail(one, "attempt.taken-back", actor=actor)
    return one


def _copy(one: Attempt, *, by: str) -> Attempt:
    """The same try once more, without how it ended."""
    made = Attempt(organization_id=one.organization_id, lead=one.lead, person=one.person, channel=one.channel, by=by)
    made.direction, made.at, made.begun = one.direction, one.at, one.begun
    made.token, made.contact, made.corrects = bytes(one.token), one.contact, one.pk
    return made


def _mark_undone(one: Attempt, actor: str, now: datetime) -> bool:
    ours = Attempt.objects.of(one.organization_id).filter(pk=one.pk, undone_at=None)
    return bool(ours.update(undone_at=now, undone_by=actor))


def _follows(one: Attempt, ended: Ended, name: str, actor: str, wrong: Prepared | None) -> None:
    """What is noted with it, last what others wait for."""
    settle(wrong)
    note_wrong_number(one)
    now = timezone.now()
    on_the_timeline(one, name, actor=actor, at=now)
    worked_on(one.organization_id, one.lead_id, now, said=ended.said)
    changed: dict[str, UUID | None] = {}
    if wrong is not None and wrong.change.row is not None:
        changed["verified"] = one.verified = wrong.change.row.pk
    if (event := stopped(one, ended.note)) is not None:
        changed["stop"] = one.stop = event
    if changed:
        Attempt.objects.of(one.organization_id).filter(pk=one.pk).update(**changed)
    in_the_trail(one, name, actor=actor)
