"""What must be told before it is late, and what is late? By team, as alerts that end by themselves. (promise D20)"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from django.db.models import Count, Min, QuerySet
from django.utils import timezone

from leadwell.playbook import Playbook
from leadwell.server.access.roles import Role
from leadwell.server.alerts.actions import Cause, hold
from leadwell.server.playbooks.queries import policy_now
from leadwell.server.worklist.models import Lane, Waiting
from leadwell.server.worklist.queries import LANES

_LONGEST: Final = 60  # characters of a team's key in the name of a cause


def watch_lateness(organization: int, *, now: datetime | None = None) -> None:
    """Tells whoever leads intake of each team that is late, and whom the policy names (`escalate_to`) of what is about
    to be."""
    now, policy = now or timezone.now(), policy_now(organization)
    if policy is None:
        return
    open_ = [lane for lane in LANES if lane != Lane.RESTING]  # also those that are to be called again
    pressing = Waiting.objects.of(organization).filter(lane__in=open_, lead__answered_at=None)
    hold(organization, "late", _causes("late", pressing.filter(lead__due_at__lt=now), "lead__due_at"))
    nearly = pressing.filter(lead__due_at__gte=now, lead__warns_at__lte=now)
    causes = [cause for role, levels in _escalated(policy).items() for cause in _nearly(nearly, role, levels)]
    hold(organization, "nearly-late", causes)


def _escalated(policy: Playbook) -> dict[str, list[int]]:
    """Who is told before it is late -> of which service levels. One who is no role here is whoever leads intake."""
    found: dict[str, list[int]] = {}
    for place, level in enumerate(policy.service_levels):
        if level.escalate_to:
            role = level.escalate_to if level.escalate_to in Role.values else str(Role.INTAKE_LEAD)
            found.setdefault(role, []).append(place)
    return found


def _nearly(rows: QuerySet[Waiting], role: str, levels: list[int]) -> Iterator[Cause]:
    about = f"nearly-late/{role}"
    yield from _causes(about, rows.filter(lead__level__in=levels), "lead__warns_at", role=role)


def _causes(about: str, rows: QuerySet[Waiting], since: str, **codes: Any) -> Iterator[Cause]:
    told = rows.order_by().values_list("lead__queue").annotate(Count("pk"), Min(since))
    for team, count, first in told:
        yield Cause(f"{about}/{team[:_LONGEST]}", first, count, {"team": team, "count": count, **codes})
