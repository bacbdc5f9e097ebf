"""What becomes of a lead when another team is to answer it, or by another time? It is written, and all who follow leads
are told."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from leadwell.playbook import Playbook
from leadwell.server.leads import became, following, reaching
from leadwell.server.leads.clocks import Turn, clocks_now
from leadwell.server.leads.models import Event, Lead

_OTHERS: Final = (
    "owner_id",
    "answered_at",
    "queue",
    "resting",
    "recovered_at",
)  # what others change of a lead that is being judged


def as_it_is(organization: int, leads: Sequence[Lead]) -> None:
    """In the caller's transaction, which holds them: what others have changed of these leads since they were read."""
    ours = Lead.objects.of(organization).filter(pk__in=[lead.pk for lead in leads])
    now = {pk: told for pk, *told in ours.values_list("pk", *_OTHERS)}
    for lead in leads:
        for name, value in zip(_OTHERS, now.get(lead.pk, ()), strict=False):
            setattr(lead, name, value)


def hand(lead: Lead, judged_by: Playbook, at: datetime, level: int | None, **columns: Any) -> None:
    """In the caller's transaction. `level`: the service level that applies now, in the policy that judged it;
    `columns`: what else of the lead is said otherwise from then on, its queue among it where that is another. One that
    was answered keeps its time."""
    after = copy(lead)
    for name, value in columns.items():
        setattr(after, name, value)
    if lead.answered_at is None:
        turns = following.turns_of(lead.organization_id, [lead.pk]).get(lead.pk) or [Turn(lead.queue, lead.received_at)]
        if after.queue != lead.queue:
            turns = [*turns, Turn(after.queue, at)]
        after.level = level
        after.due_at, after.warns_at = clocks_now(lead.organization_id).times(level, turns, judged_by=judged_by)
    told = {name: getattr(after, name) for name in (*columns, "level", "due_at", "warns_at")}
    Lead.objects.of(lead.organization_id).filter(pk=lead.pk).update(**told)
    following.changed(lead.organization_id, lead, after, at)


def worked_on(organization: int, number: UUID, at: datetime) -> None:
    """In the caller's transaction, before it writes to the trail: a try to reach them, or what became of it, was noted,
    or taken back. Whether it was answered follows from what stands: that they were reached, that somebody said so, that
    it came to a stage that somebody noted, or that it has ended."""
    lead = Lead.objects.of(organization).select_for_update().filter(pk=number).exclude(sealed=b"").first()
    if lead is None:
        return
    said = Event.objects.of(organization).filter(lead=number, name="lead.answered").order_by("at")
    told = [reaching.first_reached(organization, [number]).get(number), said.values_list("at", flat=True).first()]
    told.append(became.came_further(organization, [number]).get(number))
    if number in (over := became.ended(organization, [number])):
        told.append(over[number][1])
    answered = min((one for one in told if one), default=None)
    before = copy(lead)
    if answered != lead.answered_at:
        lead.answered_at = answered
        Lead.objects.of(organization).filter(pk=number).update(answered_at=answered)
    following.changed(organization, before, lead, at)
