"""Whose words may have asked us to stop, and wait for somebody to say whether they did?"""

from __future__ import annotations

from leadwell.server.access.models import Organization
from leadwell.server.alerts.actions import Cause, hold
from leadwell.server.consent.queries import doubts


def watch_doubts(organization: Organization) -> None:
    """Tells of them as one alert, which ends with the last; its link leads to the one that waits longest."""
    waiting = list(doubts(organization.pk).exclude(person=None).values_list("event", "person", "at"))
    events = {event: (person, at) for event, person, at in reversed(waiting)}
    causes = []
    if waiting:
        _, person, since = waiting[0]
        causes.append(Cause("doubts", since, len(events), {"count": len(events), "person": str(person)}))
    hold(organization.pk, "doubts", causes)
