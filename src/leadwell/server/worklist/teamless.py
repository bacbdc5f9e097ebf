"""Whose is a lead whose team the policy in force knows no more? The team's that it would go to if it came today.

It is not judged anew: what it is worth, what is asked and its service level stay as they were said.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction

from leadwell.playbook import Playbook
from leadwell.server.leads.clocks import clocks_now
from leadwell.server.leads.handing import hand
from leadwell.server.leads.judging import judged
from leadwell.server.leads.models import Lead
from leadwell.server.leads.rejudging import again
from leadwell.server.playbooks.queries import loaded
from leadwell.server.privacy.sealing import if_opens
from leadwell.server.worklist.models import Waiting
from leadwell.server.worklist.queries import LANES

_AT_ONCE: Final = 50  # leads a transaction: on SQLite nobody else writes meanwhile


def find_teams(organization: int, leads: Collection[UUID], policy: Playbook, now: datetime) -> int:
    """Of these, those that wait with a team that is none any more go to another; returns how many."""
    known = ["", *policy.teams]
    waits = Waiting.objects.of(organization).filter(pk__in=leads, lane__in=LANES)
    numbers = list(waits.exclude(lead__queue__in=known).values_list("pk", flat=True))
    ours = Lead.objects.of(organization).filter(pk__in=numbers).exclude(sealed=b"").order_by("pk")
    if not numbers:
        return 0
    goes = _goes(list(ours.select_related("current")), policy)
    rule, moved = clocks_now(organization), 0
    for start in range(0, len(numbers), _AT_ONCE):
        with transaction.atomic():
            held = ours.filter(pk__in=numbers[start : start + _AT_ONCE]).exclude(queue__in=known)
            for lead in held.select_for_update(of=("self",)).select_related("current"):
                judged_by = loaded(lead.current.playbook_id) if lead.current else policy
                hand(lead, judged_by, now, lead.level, rule=rule, queue=goes[lead.pk])
                moved += 1
    return moved


def _goes(leads: Sequence[Lead], policy: Playbook) -> dict[UUID, str]:
    """What cannot be opened, or would rest today, is for the team that takes what is nobody's."""
    opened = {lead.pk: arrived for lead in leads if (arrived := if_opens(again, lead)) is not None}
    said = judged(list(opened.values()), policy) if opened else []
    queues = {pk: one.queue for pk, one in zip(opened, said, strict=True)}
    return {lead.pk: queues.get(lead.pk) or policy.fallback_team for lead in leads}
