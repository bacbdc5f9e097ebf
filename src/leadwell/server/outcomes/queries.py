"""Read what became of leads, always of one organisation. What was taken back counts nowhere."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Min

from leadwell.server.outcomes.models import BOOKED, Outcome
from leadwell.server.privacy.sealing import if_opens, unseal_json


def outcomes_of(organization: int, lead: UUID) -> list[Outcome]:
    """All that was ever noted of a lead, the newest first."""
    return list(Outcome.objects.of(organization).filter(lead=lead).order_by("-at", "-noted_at", "-pk"))


def standing_of(organization: int, lead: UUID) -> list[Outcome]:
    """What stands, the newest first."""
    return [one for one in outcomes_of(organization, lead) if one.undone_at is None]


def outcome_of(organization: int, lead: UUID, number: UUID) -> Outcome | None:
    return Outcome.objects.of(organization).filter(lead=lead, pk=number).first()


def word_of(one: Outcome) -> str | None:
    """What staff said of it, '' where nothing; None where it cannot be opened."""
    place = f"outcomes.outcome/{one.pk}"
    return if_opens(unseal_json, one.organization_id, one.sealed, place=place) if one.sealed else ""


def ended(organization: int, leads: Collection[UUID]) -> dict[UUID, tuple[str, datetime]]:
    """Lead -> the reason for which it ended, and when; without those that are open, or were opened again by a stage
    that they came to later."""
    rows = Outcome.objects.of(organization).filter(lead__in=leads, undone_at=None)
    last: dict[UUID, Outcome] = {}
    for one in rows.order_by("at", "noted_at", "pk"):
        last[one.lead_id] = one
    return {lead: (one.reason, one.at) for lead, one in last.items() if one.ends}


def came_further(organization: int, leads: Collection[UUID], *, since: datetime | None = None) -> dict[UUID, datetime]:
    """Lead -> when it first came to a stage that somebody noted, or did since then; without those of which only an end
    was noted."""
    rows = Outcome.objects.of(organization).filter(lead__in=leads, undone_at=None, ends=False)
    rows = rows.filter(at__gte=since) if since is not None else rows
    return dict(rows.order_by().values_list("lead").annotate(Min("at")))


def booked(organization: int, *, since: datetime) -> dict[str, int]:
    """Service -> how many of its leads were noted as booked since then; one that was noted twice counts once."""
    ours = Outcome.objects.of(organization).filter(became=BOOKED, undone_at=None, at__gte=since).order_by()
    return dict(ours.values_list("lead__service").annotate(Count("lead", distinct=True)))
