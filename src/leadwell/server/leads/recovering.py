"""Is it a lead after all? What was set aside is brought back, or put aside again; it is judged anew, and gets a team, a
clock and an owner like any other. (promise B7)"""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from leadwell.server.leads.models import Lead
from leadwell.server.leads.noting import note
from leadwell.server.leads.rejudging import rejudge_these
from leadwell.server.privacy.trail import record


def recover(organization: int, number: UUID, *, actor: str) -> bool:
    """False where it does not rest (any more), or is erased."""
    now = timezone.now()
    ours = Lead.objects.of(organization).filter(pk=number, person__isnull=False, recovered_at=None)
    with transaction.atomic():
        if not ours.exclude(resting="").update(recovered_at=now, recovered_by=actor):
            return False
        lead = Lead.objects.of(organization).get(pk=number)
        note(lead, "lead.recovered", actor=actor, at=now, codes={"resting": lead.resting})
        record(organization, actor, "lead.recovered", f"lead/{number}")
    rejudge_these(organization, [number])
    return True


def put_aside_again(organization: int, number: UUID, *, actor: str) -> bool:
    """It was none after all: it stands as it is judged. False where nobody has brought it back."""
    now = timezone.now()
    with transaction.atomic():
        ours = Lead.objects.of(organization).filter(pk=number, person__isnull=False, recovered_at__isnull=False)
        if not ours.update(recovered_at=None, recovered_by=""):
            return False
        note(Lead.objects.of(organization).get(pk=number), "lead.put-aside", actor=actor, at=now, codes={})
        record(organization, actor, "lead.put-aside", f"lead/{number}")
    rejudge_these(organization, [number])
    return True
