"""Something on the worklist has changed: whoever looks at it is shown so at their next look."""

from __future__ import annotations

from django.db.models import F

from leadwell.server.worklist.models import Changes


def changed(organization: int) -> None:
    """At the end of the transaction of a change: the row is held until that ends."""
    if not Changes.objects.of(organization).update(number=F("number") + 1):
        Changes.objects.bulk_create([Changes(organization_id=organization, number=1)], ignore_conflicts=True)


def how_often(organization: int) -> int:
    return Changes.objects.of(organization).values_list("number", flat=True).first() or 0
