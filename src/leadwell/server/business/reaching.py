"""Whoever agrees to a meeting was reached, by whatever way (`leads.reaching`)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db.models import Min

from leadwell.server.business.models import Meeting


def first_reached(organization: int, leads: Collection[UUID], *, since: datetime | None = None) -> dict[UUID, datetime]:
    agreed = Meeting.objects.of(organization).filter(lead__in=leads, undone_at=None)
    agreed = agreed.filter(noted_at__gte=since) if since is not None else agreed
    return dict(agreed.order_by().values_list("lead").annotate(Min("noted_at")))


def tries(organization: int, leads: Collection[UUID]) -> dict[UUID, list[tuple[datetime, str]]]:
    """Nobody is tried by a meeting."""
    return {}


def answers(organization: int, most: int) -> list[tuple[datetime, str, bool]]:
    """Nor is a meeting a call."""
    return []


def on_the_line(organization: int, leads: Collection[UUID]) -> dict[UUID, tuple[datetime, str]]:
    """Nobody calls by a meeting."""
    return {}


def callbacks(organization: int, leads: Collection[UUID]) -> dict[UUID, datetime]:
    """A meeting is told apart from a promise to call (`leads.dealings`)."""
    return {}
