"""What follows for whoever a lead is of, once a later part of it says otherwise who they are or where they are reached?

Their record says so, they are found and stopped by it, and their request is answered there: as of when they asked, so
that a stop stands. (promises B8, D23)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils import timezone

from leadwell.server.consent.actions import Asked, gave_otherwise, obey_links
from leadwell.server.leads.judging import Judged
from leadwell.server.leads.models import Joined, Lead
from leadwell.server.people.correcting import Anew, stands, told_anew, write_anew


@dataclass(frozen=True)
class Corrected:
    """Records that tell something else from now on, and what the request that one of them made gives."""

    organization: int
    records: Sequence[Anew]
    asked: Asked

    def stands(self) -> bool:
        """Before the lead is locked: whether nobody has changed or erased a record meanwhile."""
        return stands(self.organization, self.records)

    def write(self, now: datetime) -> None:
        """In a transaction that is the one writer and alone (`base.alone`)."""
        links = write_anew(self.organization, self.records, now)
        gave_otherwise(self.organization, self.asked)
        obey_links(self.organization, links)


def corrected_by(of: Lead | Joined, own: Judged, *, lead: UUID, spoken: bool) -> Corrected | None:
    """`own`: the lead judged by what this submission says now, without what else joined it or was verified of it. None
    where its people stay as they are."""
    if of.person_id is None:
        return None
    columns, said = own.arrived.columns, own.said
    records = told_anew(of.organization_id, of.person_id, (columns, said), timezone.now())
    if not records:
        return None
    phone, email = (bool(said["contact"][kind]) for kind in ("phone", "email"))
    asked = Asked(
        of.person_id, lead, of.received_at, phone, email, business=said["type"] == "business", text=not spoken
    )
    return Corrected(of.organization_id, records, asked)
