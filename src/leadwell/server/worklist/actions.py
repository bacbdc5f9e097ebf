"""Take the next lead, or one; give it back; say that it was answered. Two people never have the same.

Each is one conditional update: that somebody else was first is a normal answer.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from leadwell.server.access.models import Membership
from leadwell.server.leads.models import Event, Lead
from leadwell.server.leads.since import leave_unseen
from leadwell.server.privacy.trail import record
from leadwell.server.worklist.changing import changed
from leadwell.server.worklist.followed import responsible
from leadwell.server.worklist.handing import UNTOUCHED
from leadwell.server.worklist.models import Lane, Waiting
from leadwell.server.worklist.queries import LANES, next_to_take


def take_next(member: Membership) -> UUID | None:
    """The one that costs most of those that were given to them and they have not begun, and of those that nobody has:
    of two that press alike their own. None where everybody has somebody."""
    tried: list[UUID] = []
    while found := next_to_take(member.organization_id, but=tried, user=member.user_id):
        for lead, theirs in found:
            if begin(member, lead) if theirs else take(member, lead):
                return lead
        tried += [lead for lead, _ in found]
    return None


def take(member: Membership, number: UUID) -> bool:
    """False where somebody else has it, or nobody can any more."""
    ours, now = member.organization_id, timezone.now()
    with transaction.atomic():
        waits = Waiting.objects.of(ours).filter(lead=number, lane__in=LANES).values("lead")
        free = Lead.objects.of(ours).filter(pk=number, owner=None, person__isnull=False, pk__in=waits)
        if not free.update(owner=member.user_id):
            return False
        _noted(member, number, "lead.taken", now, user=member.user_id)
        _in_hand(ours, number, member.user_id, now)
        changed(ours)
    return True


def begin(member: Membership, number: UUID) -> bool:
    """One that was given to them. False where it is not theirs (any more), or was begun."""
    ours, now = member.organization_id, timezone.now()
    with transaction.atomic():
        theirs = Lead.objects.of(ours).select_for_update().filter(pk=number, owner=member.user_id, answered_at=None)
        given = Waiting.objects.of(ours).filter(lead=number, given_at__isnull=False, lane__in=LANES)
        if not theirs.exists() or not given.update(back_at=now + UNTOUCHED, given_at=None):
            return False
        _event(ours, number, "lead.taken", now, member.user_id)
        record(ours, member.actor, "lead.taken", f"lead/{number}")
        changed(ours)
    return True


def give_back(member: Membership, number: UUID) -> bool:
    """To its team. False where it is not theirs (any more)."""
    ours, now = member.organization_id, timezone.now()
    with transaction.atomic():
        waits = Waiting.objects.of(ours).filter(lead=number, lane__in=LANES).values("lead")
        if not Lead.objects.of(ours).filter(pk=number, owner=member.user_id, pk__in=waits).update(owner=None):
            return False
        _noted(member, number, "lead.released", now, user=None)
        Waiting.objects.of(ours).filter(lead=number).update(owner=None, back_at=None, given_at=None, give_at=now)
        changed(ours)
    return True


def answer(member: Membership, number: UUID, *, said: int | None = None) -> bool:
    """Its owner says that they have answered: its clock stops. False where it is not theirs, or was answered. `said`:
    what of theirs the page showed on which it is said (`leads.since`): danger that came later is not answered by it."""
    ours, now = member.organization_id, timezone.now()
    with transaction.atomic():
        theirs = Lead.objects.of(ours).filter(pk=number, owner=member.user_id, answered_at=None)
        lead = theirs.select_for_update().first()
        if lead is None:
            return False
        _event(ours, number, "lead.answered", now, member.user_id)
        if said is not None and leave_unseen(lead, said, now):
            record(ours, member.actor, "lead.answered", f"lead/{number}")
            changed(ours)
            return True
        theirs.update(answered_at=now)
        record(ours, member.actor, "lead.answered", f"lead/{number}")
        told = {"lane": Lane.ANSWERED, "cost": 0.0, "holds_until": None, "back_at": None, "given_at": None}
        Waiting.objects.of(ours).filter(lead=number).update(**told)
        changed(ours)
    return True


def _in_hand(organization: int, number: UUID, user: int, now: datetime) -> None:
    told = {"owner": user, "back_at": now + UNTOUCHED, "given_at": None, "give_at": None, "nobody": False}
    Waiting.objects.of(organization).filter(lead=number).update(**told)


def _noted(member: Membership, number: UUID, name: str, at: datetime, *, user: int | None) -> None:
    """Who has it from now on, in what is remembered of the lead, on its timeline, and in the trail."""
    ours = member.organization_id
    lead = Lead.objects.of(ours).only("organization", "queue", "received_at").get(pk=number)
    responsible(lead, team=lead.queue, user=user, at=at, by=member.user_id)
    _event(ours, number, name, at, member.user_id)
    record(ours, member.actor, name, f"lead/{number}")


def _event(organization: int, lead: UUID, name: str, at: datetime, by: int) -> None:
    Event.objects.create(organization_id=organization, lead_id=lead, name=name, at=at, by_id=by)
