"""Which leads does nobody of their team take? Told by team, as an alert that ends by itself. (promise D19)"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.db.models import Count, Min, Q
from django.utils import timezone

from leadwell.server.alerts.actions import Cause, hold
from leadwell.server.leads.clocks import clocks
from leadwell.server.playbooks.queries import policy_now
from leadwell.server.worklist.models import Waiting

_LONGEST: Final = 60  # characters of a team's key in the name of a cause


def watch_for_nobody(organization: int, *, now: datetime | None = None) -> None:
    """Tells whoever leads intake of leads that were tried, and that nobody of their team can take, while the team is at
    work; in danger at any hour."""
    now, policy = now or timezone.now(), policy_now(organization)
    if policy is None:
        return
    at_work = [team for team in policy.teams if clocks(policy).calendar(team).is_open(now)]
    left = Waiting.objects.of(organization).filter(nobody=True, lead__owner=None).order_by()
    left = left.filter(Q(lead__queue__in=at_work) | ~Q(lead__safety=""))
    told = left.values_list("lead__queue").annotate(Count("pk"), Min("lead__received_at"))
    causes = [
        Cause(f"nobody/{team[:_LONGEST]}", first, count, {"team": team, "count": count}) for team, count, first in told
    ]
    hold(organization, "nobody", causes)
