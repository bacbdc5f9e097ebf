"""What becomes of the worklist when leads arrive, are judged anew or go to another team? Written with the lead itself
(`leads.following`)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from django.utils import timezone

from leadwell.server.base import bulk
from leadwell.server.leads.clocks import Clocks, Turn, clocks
from leadwell.server.leads.models import Lead
from leadwell.server.playbooks.queries import in_force
from leadwell.server.worklist.again import Worked, worked
from leadwell.server.worklist.changing import changed as something_changed
from leadwell.server.worklist.models import Responsible, Waiting
from leadwell.server.worklist.ordering import placed


def turns_of(organization: int, leads: Collection[UUID]) -> dict[UUID, list[Turn]]:
    """Which team was responsible since when, the first first; owners within a team work in its time."""
    found: dict[UUID, list[Turn]] = defaultdict(list)
    ours = Responsible.objects.of(organization).filter(lead__in=leads).order_by("since", "pk")
    for lead, team, since in ours.values_list("lead", "team", "since"):
        if not found[lead] or found[lead][-1].team != team:
            found[lead].append(Turn(team, since))
    return dict(found)


def arrived(organization: int, leads: Sequence[Lead]) -> None:
    if leads:
        now, ours = timezone.now(), _clocks(organization)
        bulk.insert([placed(lead, ours, now) for lead in leads])
        something_changed(organization)


def changed(organization: int, before: Lead, after: Lead, at: datetime) -> None:
    if after.queue != before.queue:
        responsible(before, team=after.queue, user=before.owner_id if after.queue else None, at=at)
    policy = in_force(organization)[1]
    done = worked(organization, [after.pk], policy).get(after.pk, Worked())
    made = placed(after, clocks(policy), at, done)
    told = {"lane": made.lane, "cost": made.cost, "holds_until": made.holds_until}
    Waiting.objects.update_or_create(
        lead_id=after.pk, defaults=told, create_defaults={**told, "organization_id": organization}
    )
    something_changed(organization)


def responsible(lead: Lead, *, team: str, user: int | None, at: datetime, by: int | None = None) -> None:
    """From now on it is they. The first time that anybody else is, who was before is written too."""
    ours = Responsible.objects.of(lead.organization_id).filter(lead=lead.pk)
    legs = [] if ours.exists() else [(lead.queue, None, lead.received_at, None)]
    Responsible.objects.bulk_create(
        Responsible(
            organization_id=lead.organization_id, lead_id=lead.pk, team=whose, user_id=who, since=since, by_id=said_by
        )
        for whose, who, since, said_by in [*legs, (team, user, at, by)]
    )


def _clocks(organization: int) -> Clocks:
    return clocks(in_force(organization)[1])
