"""Something on the worklist has changed: whoever looks at it is shown so at their next look."""

from __future__ import annotations

from functools import partial

from django.db import transaction
from django.db.models import F

from leadwell.server.worklist.models import Changes


def changed(organization: int) -> None:
    """Counted once the change stands: within its transaction everybody who changes anything would wait for this row."""
    transaction.on_commit(partial(_count, organization), robust=True)


def _count(organization: int) -> None:
    if not Changes.objects.of(organization).update(number=F("number") + 1):
        Changes.objects.bulk_create([Changes(organization_id=organization, number=1)], ignore_conflicts=True)


def how_often(organization: int) -> int:
    return Changes.objects.of(organization).values_list("number", flat=True).first() or 0
