"""Until when must leads be answered that waited while the policy changed? As the one in force says. (promise D20)"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from uuid import UUID

from django.db import transaction

from leadwell.server.base import bulk
from leadwell.server.leads import following
from leadwell.server.leads.clocks import Times, Turn, clocks_now
from leadwell.server.leads.models import Lead
from leadwell.server.playbooks.queries import readable


def recount(organization: int, leads: Collection[UUID]) -> int:
    """Of these, those that nobody has answered; returns how many are due otherwise now. In a transaction of its own:
    whoever changes a lead holds it before its place on the worklist. Raises NoPlaybook."""
    ours = Lead.objects.of(organization).filter(pk__in=leads, answered_at=None, current__isnull=False)
    ours = ours.select_related("current").defer("sealed", "current__sealed").order_by("pk")
    with transaction.atomic():
        held = list(ours.select_for_update(of=("self",)))
        rows = [(lead.pk, *times) for lead, times in _counted(organization, held)]
        bulk.update_values(Lead, ("due_at", "warns_at"), rows)
    return len(rows)


def _counted(organization: int, leads: Collection[Lead]) -> Iterator[tuple[Lead, Times]]:
    """What comes out otherwise."""
    rule, turns = clocks_now(organization), following.turns_of(organization, [lead.pk for lead in leads])
    for lead in leads:
        assert lead.current is not None
        judged_by = readable(lead.current.playbook_id)
        if judged_by is None:  # of another Leadwell: as it was counted then
            continue
        mine = turns.get(lead.pk) or [Turn(lead.queue, lead.received_at)]
        times = rule.times(lead.level, mine, judged_by=judged_by)
        if times != (lead.due_at, lead.warns_at):
            yield lead, times
