"""What becomes of what waited in a backup? It may have left since, so a person decides whether it leaves again."""

from __future__ import annotations

from leadwell.server.access.models import Organization
from leadwell.server.outreach.models import WAITING, Message, State


def hold_back() -> int:
    """Makes dead letters of all that waits; returns how many messages."""
    count = 0
    for organization in Organization.objects.all():
        ours = Message.objects.of(organization).filter(state__in=WAITING)
        count += ours.update(state=State.DEAD, problem="restored", unsure=True, due_at=None, lease=None)
    return count
