"""What becomes of whose lead it is when it turns out to be spam, or another team's? Written with the lead itself
(`leads.following`)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from leadwell.server.assigning.crediting import count_as_none
from leadwell.server.assigning.crews import OPEN
from leadwell.server.leads.clocks import Turn
from leadwell.server.leads.models import Lead
from leadwell.server.teams.queries import duties
from leadwell.server.worklist import handing
from leadwell.server.worklist.models import Waiting


def turns_of(organization: int, leads: Collection[UUID]) -> dict[UUID, list[Turn]]:
    """Nothing: the worklist knows."""
    return {}


def arrived(organization: int, leads: Sequence[Lead]) -> None:
    """They wait to be given out, which a worker does once they are written."""


def changed(organization: int, before: Lead, after: Lead, at: datetime) -> None:
    if after.queue == before.queue or not before.queue:
        if after.chosen_location != before.chosen_location:
            _goes_elsewhere(after, at)
        return
    count_as_none(before, at)
    if after.queue and after.owner_id is not None and _is_not_begun(after):
        handing.take_back([after], "other-team", at)


def opened_again(organization: int, lead: Lead, at: datetime) -> None:
    """Who answered it before keeps it; where nobody has it, it is given out like one that comes."""


def _goes_elsewhere(lead: Lead, at: datetime) -> None:
    """They are to be seen at another clinic: whoever has not begun it and does not cover that one gives it back; what
    nobody has is given out at once."""
    if lead.owner_id is None:
        Waiting.objects.of(lead.organization_id).filter(lead=lead.pk, lane__in=OPEN).update(give_at=at, nobody=False)
    elif not _covers(lead) and _is_not_begun(lead):
        handing.take_back([lead], "other-clinic", at)


def _covers(lead: Lead) -> bool:
    duty = next((one for one in duties(lead.organization_id) if one.member.user_id == lead.owner_id), None)
    return duty is None or duty.locations is None or lead.goes_to in duty.locations


def _is_not_begun(lead: Lead) -> bool:
    given = Waiting.objects.of(lead.organization_id).filter(lead=lead.pk, given_at__isnull=False)
    return given.exists() and not handing.touched(lead.organization_id, {lead.pk: lead.owner_id or 0})
