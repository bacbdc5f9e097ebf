"""What becomes of the worklist when leads arrive, are judged anew or go to another team? Written with the lead itself
(`leads.following`)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone

from leadwell.server.base import bulk
from leadwell.server.base.ids import new_id
from leadwell.server.leads.clocks import Clocks, Turn, clocks
from leadwell.server.leads.models import Lead
from leadwell.server.playbooks.queries import in_force
from leadwell.server.worklist.again import Worked, worked
from leadwell.server.worklist.answering import chances_of
from leadwell.server.worklist.changing import changed as something_changed
from leadwell.server.worklist.models import Lane, Responsible, Waiting
from leadwell.server.worklist.ordering import placed

_Leg = tuple[Lead, str, int | None, datetime, int | None]  # team and user, since when, who said so


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
        chances = chances_of(organization)
        rows = [placed(lead, ours, chances, now) for lead in leads]
        for row in rows:
            row.give_at = now if row.lead.queue else None
        bulk.insert(rows)
        something_changed(organization)


def changed(organization: int, before: Lead, after: Lead, at: datetime) -> None:
    if after.queue != before.queue:
        responsible(before, team=after.queue, user=before.owner_id if after.queue else None, at=at)
    policy = in_force(organization)[1]
    done = worked(organization, [after.pk], policy).get(after.pk, Worked())
    made = placed(after, clocks(policy), chances_of(organization), at, done)
    told: dict[str, Any] = {"lane": made.lane, "cost": made.cost, "holds_until": made.holds_until}
    if made.lane in (Lane.ANSWERED, Lane.RESTING):
        told |= {"give_at": None, "given_at": None, "nobody": False}
    elif after.queue != before.queue and after.owner_id is None:
        told |= {"give_at": at}
    Waiting.objects.update_or_create(
        lead_id=after.pk,
        defaults=told,
        create_defaults={**told, "organization_id": organization, "owner_id": made.owner_id},
    )
    something_changed(organization)


def opened_again(organization: int, lead: Lead, at: datetime) -> None:
    """Its clock begins anew; where nobody has it, it is given to somebody."""
    if lead.queue:
        responsible(lead, team="", user=None, at=at)
        responsible(lead, team=lead.queue, user=lead.owner_id, at=at)
    if lead.owner_id is None:
        Waiting.objects.of(organization).filter(lead=lead.pk).update(give_at=at)


def responsible(lead: Lead, *, team: str, user: int | None, at: datetime, by: int | None = None) -> None:
    """From now on it is they."""
    all_responsible([(lead, team, user)], at, by=by)


def all_responsible(told: Sequence[tuple[Lead, str, int | None]], at: datetime, *, by: int | None = None) -> None:
    """Of leads of one organisation: from now on it is this team and, of it, this user. The first time that anybody else
    is, who was before is written too."""
    ours = Responsible.objects.of(told[0][0].organization_id).filter(lead__in=[lead.pk for lead, _, _ in told])
    known = set(ours.values_list("lead", flat=True))
    legs: list[_Leg] = [(lead, lead.queue, None, lead.received_at, None) for lead, _, _ in told if lead.pk not in known]
    legs += [(lead, team, user, at, by) for lead, team, user in told]
    bulk.insert_values(
        Responsible,
        ("id", "organization", "lead", "team", "user", "since", "by"),
        [(new_id(), lead.organization_id, lead.pk, *whose) for lead, *whose in legs],
    )


def _clocks(organization: int) -> Clocks:
    return clocks(in_force(organization)[1])
