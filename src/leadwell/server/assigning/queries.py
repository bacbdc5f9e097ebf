"""Read to whom leads were given, always of one organisation."""

from __future__ import annotations

from uuid import UUID

from leadwell.server.assigning.models import Decision


def last_decision(organization: int, lead: UUID) -> Decision | None:
    return Decision.objects.of(organization).filter(lead=lead).order_by("-at", "-pk").first()
