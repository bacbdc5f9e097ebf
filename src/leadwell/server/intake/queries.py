"""Read what came in and what became of it, always of one organisation."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils import timezone

from leadwell.server.intake.models import Source, State, Submission
from leadwell.server.leads.queries import current_assessment


def source_of_kind(organization: int, kind: str) -> int:
    """The number of the organisation's one source of this kind; made where there is none."""
    ours = Source.objects.of(organization).filter(kind=kind, closed_at=None)
    number = ours.values_list("pk", flat=True).first()
    if number is None:
        made, _ = Source.objects.get_or_create(
            handle=f"{kind}-{organization}",
            defaults={
                "organization_id": organization,
                "kind": kind,
                "name": kind.upper(),
                "created_at": timezone.now(),
            },
        )
        number = made.pk
    return number


def became(organization: int, submission: UUID) -> dict[str, Any] | None:
    """What became of a submission, as the API tells it; None where the organisation has none of this id."""
    found = Submission.objects.of(organization).filter(pk=submission).defer("sealed").first()
    if found is None:
        return None
    return {
        "id": found.id,
        "state": found.state,
        "problem": found.problem or None,
        "lead": found.lead,
        "repeat_of": found.repeat_of,
        "assessment": current_assessment(organization, found.lead)
        if found.state == State.ASSESSED and found.lead
        else None,
    }
