"""What does a page show of the tries to reach somebody: the call that is under way, how the last ended, all of them?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.utils import timezone

from leadwell.server.access.queries import names_of_users
from leadwell.server.access.roles import May
from leadwell.server.calls.clocks import Clock, clock_of, now_on, said_back
from leadwell.server.calls.keys import BY_THEM, CALLBACK, ENDS, Button
from leadwell.server.calls.models import Attempt, Direction, Result
from leadwell.server.calls.queries import all_under_way, attempts_of, first_contact_hours, note_of
from leadwell.server.consent.telling import when
from leadwell.server.leads import telling
from leadwell.server.leads.askers import called
from leadwell.server.leads.beside import Seen
from leadwell.server.leads.permitting import address_for
from leadwell.server.leads.verifying import UNDO_WITHIN

_HOUR = 60
_LONG_CALL = timedelta(minutes=25)
_LONGEST_CALL = timedelta(hours=2)


@dataclass(frozen=True)
class Bar:
    """Above the page: `dial` and `number` (as it is read) to call, '' where there is none; `refused`: why there is no
    call now. `beside`: who else here is on a call with them. `attempt`: the call that is under way, since `since`,
    `by_them` where they called; `undo`: the last that can be taken back."""

    lead: UUID
    may: bool
    dial: str
    number: str
    clock: str
    refused: str
    beside: str
    attempt: UUID | None
    by_them: bool
    since: datetime | None
    seconds: int
    undo: UUID | None
    undo_at: datetime | None
    undo_says: str
    ends: tuple[Button, ...]
    callback: Button


@dataclass(frozen=True)
class Try:
    number: UUID
    says: str
    at: datetime
    by: str
    length: str
    callback: str
    note: str | None
    undone: bool
    corrects: bool
    can_correct: bool


@dataclass(frozen=True)
class Tries:
    """`first`: how soon they were first reached, in words; '' where they were not."""

    lead: UUID
    rows: tuple[Try, ...]
    first: str
    ends: tuple[Button, ...]


def bar(seen: Seen) -> Bar:
    lead, other = seen.lead, called(seen.lead.organization_id, [seen.lead]).get(seen.lead.pk)
    phone = (other.phone if other else address_for(seen.said, "call")) if seen.visible else ""
    calls = all_under_way(lead.organization_id, lead.pk)
    going = next((one for one in calls if one.by == seen.member.actor), None)
    last = _last(lead.organization_id, lead.pk, seen.member.actor) if going is None else None
    by_them = going is not None and going.direction == Direction.IN
    stopped = _stopped(seen) if going is not None else ""
    seconds = int((timezone.now() - going.at).total_seconds()) if going else 0
    return Bar(
        lead=lead.pk,
        may=seen.member.may(May.CALL),
        dial="" if stopped else phone,
        number=f"{other.name}, {telling.dialled(phone)}" if other and phone else telling.dialled(phone),
        clock=now_on(clock_of(lead.organization_id, seen.gate.zone if seen.gate else None)),
        refused=stopped if going else _refused(seen, phone),
        beside=_beside(lead.organization_id, [one for one in calls if one.by != seen.member.actor]),
        attempt=going.pk if going else None,
        by_them=by_them,
        since=going.at if going else None,
        seconds=max(seconds, 0),
        undo=last.pk if last else None,
        undo_at=(last.ended_at or last.at) if last else None,
        undo_says=_ended(last) if last else "",
        ends=BY_THEM if by_them else ENDS,
        callback=CALLBACK,
    )


def _beside(organization: int, calls: Sequence[Attempt]) -> str:
    """“Dana Whitfield is on a call with them, since 12:40 pm.”; of one that few calls last it is told that nobody has
    said how it ended, and of what began long ago nothing."""
    now = timezone.now()
    fresh = [one for one in calls if one.at >= now - _LONGEST_CALL]
    names = names_of_users(organization) if fresh else {}
    return " ".join(_on_it(names.get(one.by, "Somebody here"), one.at, now) for one in fresh)


def _on_it(name: str, since: datetime, now: datetime) -> str:
    if since >= now - _LONG_CALL:
        return f"{name} is on a call with them, since {when(since, now)}."
    return f"{name} began a call with them {when(since, now)}, and has not said how it ended."


def _stopped(seen: Seen) -> str:
    """Why they are not dialled any more while a call is under way: they asked us to stop."""
    line = seen.gate.call if seen.gate else None
    return f"No call: {line.says}" if line is not None and line.state not in ("yes", "later") else ""


def _refused(seen: Seen, phone: str) -> str:
    if not phone:
        return "There is no telephone number that can be called. Ask for one by another way."
    line = seen.gate.call if seen.gate else None
    if line is None or line.state == "yes":
        return ""
    return line.says if line.state == "later" else f"No call: {line.says} {line.to_open}".strip()


def _last(organization: int, lead: UUID, by: str) -> Attempt | None:
    standing = next((one for one in attempts_of(organization, lead) if one.undone_at is None), None)
    if standing is None or standing.by != by or standing.ended_at is None:
        return None
    return standing if standing.ended_at >= timezone.now() - UNDO_WITHIN else None


def _ended(one: Attempt) -> str:
    length = f", {_length(one.seconds)}" if one.seconds else ""
    stays = " The stop stays, whatever is undone." if one.result == Result.ASKED_TO_STOP else ""
    return f"{Result(one.result).label}{length}.{stays}"


def tries(seen: Seen) -> Tries:
    lead, ours = seen.lead, seen.lead.organization_id
    rows, names = attempts_of(ours, lead.pk), names_of_users(ours)
    may = seen.member.may(May.CALL) and seen.visible
    shown = (_try(one, names.get(one.by, "A program"), visible=seen.visible, may=may) for one in rows)
    return Tries(lead.pk, tuple(shown), _soon(first_contact_hours(lead)), (*ENDS, CALLBACK))


def _try(one: Attempt, by: str, *, visible: bool, may: bool) -> Try:
    way = {"call": "Call", "text": "Text", "email": "E-mail"}.get(one.channel, one.channel)
    theirs = " by them" if one.direction == Direction.IN else ""
    return Try(
        number=one.pk,
        says=f"{way}{theirs}: {Result(one.result).label.lower()}",
        at=one.at,
        by=by,
        length=_length(one.seconds) if one.seconds else "",
        callback=said_back(one.callback_at, Clock(one.callback_zone)) if one.callback_at else "",
        note=note_of(one) if visible else "",
        undone=one.undone_at is not None,
        corrects=one.corrects is not None,
        can_correct=may and one.undone_at is None and one.ended_at is not None,
    )


def _length(seconds: int | None) -> str:
    return f"{(seconds or 0) // 60}:{(seconds or 0) % 60:02}"


def _soon(hours: float | None) -> str:
    """“12 min after it came”."""
    if hours is None:
        return ""
    minutes = round(hours * _HOUR)
    return f"{minutes} min after it came" if minutes < 2 * _HOUR else f"{hours:.1f} hours after it came"
