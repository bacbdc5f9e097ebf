"""In which state is whoever asks? What is sealed is opened for that only where a licence of somebody depends on it."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from leadwell.server.leads.models import Lead
from leadwell.server.leads.queries import current_assessments


def states(organization: int, leads: Sequence[Lead]) -> dict[UUID, str]:
    """Of those of whom it is known."""
    told = current_assessments(organization, leads) if leads else {}
    found = {lead: ((said.get("facts") or {}).get("state") or {}).get("value") for lead, said in told.items()}
    return {lead: str(state) for lead, state in found.items() if state}
