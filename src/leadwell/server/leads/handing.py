"""What becomes of a lead when another team is to answer it, or by another time? It is written, and all who follow leads
are told."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from copy import copy
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from leadwell.playbook import Playbook
from leadwell.server.leads import became, following, reaching
from leadwell.server.leads.clocks import Clocks, Turn, clocks_now
from leadwell.server.leads.models import Event, Lead
from leadwell.server.leads.queries import asked_again
from leadwell.server.leads.since import leave_unseen

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


def hand(
    lead: Lead, judged_by: Playbook, at: datetime, level: int | None, *, rule: Clocks | None = None, **columns: Any
) -> None:
    """In the caller's transaction. `level`: the service level that applies now, in the policy that judged it; `rule`:
    the clocks as they stand, where the caller hands many by them; `columns`: what else of the lead is said otherwise
    from then on, its queue among it where that is another. One that was answered keeps its time."""
    after = copy(lead)
    for name, value in columns.items():
        setattr(after, name, value)
    if lead.answered_at is None:
        turns = following.turns_of(lead.organization_id, [lead.pk]).get(lead.pk) or [Turn(lead.queue, lead.received_at)]
        if after.queue != lead.queue:
            turns = [*turns, Turn(after.queue, at)]
        after.level = level
        rule = rule or clocks_now(lead.organization_id)
        after.due_at, after.warns_at = rule.times(level, turns, judged_by=judged_by)
    told = {name: getattr(after, name) for name in (*columns, "level", "due_at", "warns_at")}
    Lead.objects.of(lead.organization_id).filter(pk=lead.pk).update(**told)
    following.changed(lead.organization_id, lead, after, at)


def open_again(organization: int, asked: Mapping[UUID, datetime], dangers: Collection[UUID]) -> None:
    """In the caller's transaction: of these leads they said something new, at these moments. What was answered before
    waits again, its clock begins anew, and whoever calls judges it anew; danger (`dangers`) that was seen before is to
    be seen again."""
    ours = Lead.objects.of(organization).select_for_update().order_by("pk")
    ours.filter(pk__in=dangers).update(acknowledged_at=None, acknowledged_by="")
    for lead in ours.filter(pk__in=asked, answered_at__isnull=False).defer("sealed"):
        if lead.answered_at is not None and lead.answered_at < asked[lead.pk]:
            Lead.objects.of(organization).filter(pk=lead.pk).update(answered_at=None)
            following.opened_again(organization, lead, asked[lead.pk])


def worked_on(organization: int, number: UUID, at: datetime, *, said: int | None = None) -> None:
    """In the caller's transaction, before it writes to the trail: a try to reach them, or what became of it, was noted,
    or taken back. Whether it was answered follows from what stands since they last said something new: that they were
    reached, that somebody said so, that it came to a stage that somebody noted, or that it has ended. `said`: what of
    theirs the page showed on which it was noted (`leads.since`), None where it was none: danger that came later is not
    answered by it."""
    lead = Lead.objects.of(organization).select_for_update().filter(pk=number).exclude(sealed=b"").first()
    if lead is None:
        return
    if said is not None:
        leave_unseen(lead, said, at)
    wrote = asked_again(organization, [number])
    since = wrote.get(number)
    answers = Event.objects.of(organization).filter(lead=number, name="lead.answered").order_by("at")
    answers = answers.filter(at__gte=since) if since is not None else answers
    reached = reaching.first_reached(organization, [number], since=since).get(number)
    told = [reached, answers.values_list("at", flat=True).first()]
    told.append(became.came_further(organization, [number], since=since).get(number))
    if number in (over := became.ended(organization, [number], wrote)):
        told.append(over[number][1])
    answered = min((one for one in told if one), default=None)
    before = copy(lead)
    if answered != lead.answered_at:
        lead.answered_at = answered
        Lead.objects.of(organization).filter(pk=number).update(answered_at=answered)
    following.changed(organization, before, lead, at)
