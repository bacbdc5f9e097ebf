"""What becomes of somebody's leads when they are away? What they have not begun goes to their colleagues at once; what
they work on is offered to be handed over. (promise D19)"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from leadwell.server.access.models import Membership
from leadwell.server.assigning.actions import give_out
from leadwell.server.assigning.crews import OPEN
from leadwell.server.leads.models import Lead
from leadwell.server.teams.models import Absence
from leadwell.server.worklist import handing
from leadwell.server.worklist.handing import By
from leadwell.server.worklist.models import Waiting


@dataclass(frozen=True)
class Theirs:
    """What somebody has: in the order in which they wait. `begun`: what they have done anything with."""

    rows: tuple[Waiting, ...]
    begun: frozenset[UUID]


def theirs(organization: int, user: int) -> Theirs:
    ours = Waiting.objects.of(organization).filter(owner=user, lane__in=OPEN).order_by("-cost", "pk")
    rows = tuple(ours.select_related("lead", "lead__owner", "lead__current").defer("lead__current__sealed"))
    return Theirs(rows, frozenset(_begun(organization, [row.lead for row in rows])))


def plan_absences(organization: int, *, now: datetime | None = None) -> int:
    """Of those whose absence has begun, what they have not begun goes back, and is given out anew; how many leads."""
    now = now or timezone.now()
    begun = Absence.objects.of(organization).filter(since__lte=now, until__gt=now, planned_at=None)
    moved = sum(_planned(one, now) for one in begun.select_related("member"))
    if moved:
        give_out(organization, now=now)
    return moved


def _planned(one: Absence, now: datetime) -> int:
    ours, user = one.organization_id, one.member.user_id
    with transaction.atomic():
        if not Absence.objects.of(ours).filter(pk=one.pk, planned_at=None).update(planned_at=now):
            return 0
        numbers = [row.pk for row in theirs(ours, user).rows]
        held = handing.held(ours, numbers, owner=user)
        begun = _begun(ours, held)
        back = [lead for lead in held if lead.pk not in begun]
        handing.take_back(back, "away", now)
    return len(back)


def pass_on(member: Membership, leads: Collection[UUID], *, to: int | None, by: Membership) -> int:
    """Leads of `member` to a colleague, by the number of their user, or to their teams; returns how many: what they
    have given back or answered meanwhile stays where it is."""
    ours, now = member.organization_id, timezone.now()
    who = By(by.actor, by.user_id)
    with transaction.atomic():
        waiting = {row.pk for row in theirs(ours, member.user_id).rows}
        held = handing.held(ours, waiting.intersection(leads), owner=member.user_id)
        if to is None:
            handing.take_back(held, "handed-over", now, who)
        else:
            handing.give([(lead, to, handing.goes_back_at(lead, now)) for lead in held], now, who)
    if to is None:
        give_out(ours)
    return len(held)


def _begun(organization: int, leads: Collection[Lead]) -> set[UUID]:
    owners = {lead.pk: lead.owner_id or 0 for lead in leads}
    return {lead.pk for lead in leads if lead.answered_at} | handing.touched(organization, owners)
