"""What must be told before it is late, and what is late? By team, as alerts that end by themselves. (promise D20)"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from django.db.models import Count, Min, Q, QuerySet
from django.utils import timezone

from leadwell.playbook import Playbook
from leadwell.server.access.roles import Role
from leadwell.server.alerts.actions import Cause, hold
from leadwell.server.leads.clocks import clocks
from leadwell.server.playbooks.queries import policy_now, readable
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
    at_rest = [team for team in policy.teams if not clocks(policy).calendar(team).is_open(now)]
    nearly = pressing.filter(lead__due_at__gte=now, lead__warns_at__lte=now).exclude(lead__queue__in=at_rest)
    causes = [cause for role, those in _escalated(policy, nearly).items() for cause in _nearly(nearly, role, those)]
    hold(organization, "nearly-late", causes)


def _escalated(policy: Playbook, rows: QuerySet[Waiting]) -> dict[str, Q]:
    """Who is told before it is late -> of which of these. One who is no role here is whoever leads intake."""
    found: dict[str, Q] = {}
    judged = rows.order_by().filter(lead__current__isnull=False, lead__level__isnull=False)
    for version, place in judged.values_list("lead__current__playbook", "lead__level").distinct():
        level = clocks(policy).level(place, readable(version))
        if level is not None and level.escalate_to:
            role = level.escalate_to if level.escalate_to in Role.values else str(Role.INTAKE_LEAD)
            found[role] = found.get(role, Q()) | Q(lead__current__playbook=version, lead__level=place)
    return found


def _nearly(rows: QuerySet[Waiting], role: str, those: Q) -> Iterator[Cause]:
    yield from _causes(f"nearly-late/{role}", rows.filter(those), "lead__warns_at", role=role)


def _causes(about: str, rows: QuerySet[Waiting], since: str, **codes: Any) -> Iterator[Cause]:
    told = rows.order_by().values_list("lead__queue").annotate(Count("pk"), Min(since))
    for team, count, first in told:
        yield Cause(f"{about}/{team[:_LONGEST]}", first, count, {"team": team, "count": count, **codes})
