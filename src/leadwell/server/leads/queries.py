"""Read leads, always of one organisation."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from leadwell.server.leads.models import Assessment, Lead
from leadwell.server.privacy.sealing import unseal_json


def current_assessment(organization: int, lead: UUID) -> dict[str, Any] | None:
    """The contract (docs/assessment.md) of a lead's current assessment; None where there is no such lead."""
    current = Lead.objects.of(organization).filter(pk=lead).values_list("current_id", flat=True).first()
    found = Assessment.objects.of(organization).filter(pk=current).first() if current else None
    if found is None or not found.sealed:
        return None
    told: dict[str, Any] = unseal_json(organization, found.sealed, place=f"leads.assessment/{found.pk}")
    return told
