"""What becomes of the worklist when another policy is in force? Whatever waits is counted and placed anew: a first page
of it at once, the rest by a worker."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from django.db import transaction

from leadwell.server.worklist.models import Lane, Waiting
from leadwell.server.worklist.sweeping import PAGE, refresh

_SETTLED = (Lane.ANSWERED, Lane.RESTING)


def republished(organization: int, at: datetime) -> None:
    """In the transaction that puts it in force, at `at`."""
    Waiting.objects.of(organization).exclude(lane__in=_SETTLED).update(holds_until=at)
    transaction.on_commit(partial(refresh, organization, most=PAGE), robust=True)
