"""What becomes of leads that nobody has when another policy is in force? Its teams may be at work by now: all are given
out anew."""

from __future__ import annotations

from datetime import datetime

from leadwell.server.assigning.crews import OPEN
from leadwell.server.worklist.models import Waiting


def republished(organization: int, at: datetime) -> None:
    """In the transaction that puts it in force, at `at`."""
    free = Waiting.objects.of(organization).filter(lead__owner=None, lane__in=OPEN).exclude(lead__queue="")
    free.update(give_at=at)
