"""What is counted back? Spam and another team's lead as none for whoever had it; and whoever returns stands about where
the others do."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from leadwell.routing.assigning import given_back, returned
from leadwell.server.access.models import Membership
from leadwell.server.assigning.actions import hold_turns, wake
from leadwell.server.assigning.models import Decision
from leadwell.server.leads.models import Lead
from leadwell.server.teams.models import Absence
from leadwell.server.teams.queries import teams_of


def count_as_none(lead: Lead, at: datetime) -> None:
    """In the caller's transaction, which holds the lead as it was: it was spam, or never for this team."""
    ours = Decision.objects.of(lead.organization_id).filter(lead=lead.pk, team=lead.queue, chosen__isnull=False)
    last = ours.order_by("-at").first()
    if last is None or last.returned_at is not None or last.chosen_id is None:
        return
    turn = hold_turns(lead.organization_id, [lead.queue])[lead.queue]
    turn.owed = given_back(turn.owed, str(last.chosen_id))
    turn.save(update_fields=["owed"])
    last.returned_at = at
    last.save(update_fields=["returned_at"])


def welcome_back(organization: int, *, now: datetime | None = None) -> int:
    """Those whose absence is over; returns how many."""
    now = now or timezone.now()
    over = Absence.objects.of(organization).filter(until__lte=now, returned_at=None).select_related("member")
    return sum(_welcomed(one, now) for one in over)


def _welcomed(one: Absence, now: datetime) -> bool:
    ours = one.organization_id
    with transaction.atomic():
        if not Absence.objects.of(ours).filter(pk=one.pk, returned_at=None).update(returned_at=now):
            return False
        _calibrate(one.member)
        wake(ours, teams_of(ours, one.member.user_id) or (), now=now)
    return True


def _calibrate(member: Membership) -> None:
    teams = teams_of(member.organization_id, member.user_id) or frozenset()
    for turn in hold_turns(member.organization_id, teams).values():
        if turn.owed:
            turn.owed = returned(turn.owed, str(member.user_id))
            turn.save(update_fields=["owed"])
