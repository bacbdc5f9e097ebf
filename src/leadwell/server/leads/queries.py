"""Read leads, always of one organisation."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from leadwell.server.leads.models import Assessment, Event, Lead
from leadwell.server.privacy.sealing import unseal_json


def current_assessment(organization: int, lead: UUID) -> dict[str, Any] | None:
    """The contract (docs/assessment.md) of a lead's current assessment; None where there is no such lead."""
    current = Lead.objects.of(organization).filter(pk=lead).values_list("current_id", flat=True).first()
    found = Assessment.objects.of(organization).filter(pk=current).first() if current else None
    if found is None or not found.sealed:
        return None
    told: dict[str, Any] = unseal_json(organization, found.sealed, place=f"leads.assessment/{found.pk}")
    return told


def leads(organization: int, *, disposition: str = "", queue: str = "") -> QuerySet[Lead]:
    """The newest first; '' is any."""
    ours = Lead.objects.of(organization).order_by("-received_at", "-pk")
    ours = ours.filter(disposition=disposition) if disposition else ours
    return ours.filter(queue=queue) if queue else ours


def lead_of(organization: int, number: UUID) -> Lead | None:
    return Lead.objects.of(organization).select_related("current", "owner").filter(pk=number).first()


def columns_of(lead: Lead) -> dict[str, str]:
    """What a lead said, under our column names, opened. Raises Unopenable."""
    found: dict[str, str] = unseal_json(lead.organization_id, lead.sealed, place=f"leads.lead/{lead.pk}")
    return found


def queues(organization: int) -> list[str]:
    """The queues in which leads wait."""
    ours = Lead.objects.of(organization).exclude(queue="").order_by("queue")
    return list(ours.values_list("queue", flat=True).distinct())


def events_of(organization: int, lead: UUID) -> list[Event]:
    """What happened to a lead, the newest first."""
    return list(Event.objects.of(organization).filter(lead=lead).select_related("by").order_by("-at", "-pk"))


def assessments_of(organization: int, lead: UUID) -> list[Assessment]:
    """Every judgement of a lead, the newest first, without what it says in full."""
    ours = Assessment.objects.of(organization).filter(lead=lead).defer("sealed").select_related("playbook")
    return list(ours.order_by("-at", "-pk"))


def leads_made(organization: int, rows: Collection[tuple[UUID, int]]) -> frozenset[tuple[UUID, int]]:
    """Those of these rows of submissions of which there is a lead."""
    theirs = Lead.objects.of(organization).filter(submission__in={submission for submission, _ in rows})
    return frozenset(theirs.values_list("submission", "nth")) & frozenset(rows)


def first_leads(organization: int, submissions: Collection[UUID]) -> dict[UUID, UUID]:
    """Submission -> the first lead that was made of it."""
    theirs = Lead.objects.of(organization).filter(submission__in=submissions, nth=0)
    return dict(theirs.values_list("submission", "id"))
