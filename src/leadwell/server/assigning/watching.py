"""Which leads does nobody of their team take? Told by team, as an alert that ends by itself. (promise D19)"""

from __future__ import annotations

from typing import Final

from django.db.models import Count, Min

from leadwell.server.alerts.actions import Cause, hold
from leadwell.server.worklist.models import Waiting

_LONGEST: Final = 60  # characters of a team's key in the name of a cause


def watch_for_nobody(organization: int) -> None:
    """Tells whoever leads intake of leads that were tried, and that nobody of their team can take now."""
    left = Waiting.objects.of(organization).filter(nobody=True, lead__owner=None).order_by()
    told = left.values_list("lead__queue").annotate(Count("pk"), Min("lead__received_at"))
    causes = [
        Cause(f"nobody/{team[:_LONGEST]}", first, count, {"team": team, "count": count}) for team, count, first in told
    ]
    hold(organization, "nobody", causes)
