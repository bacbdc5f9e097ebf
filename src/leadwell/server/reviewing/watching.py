"""Whose words sound like danger while nobody has seen them? Told at any hour, as an alert that ends by itself. (promise
C14)"""

from __future__ import annotations

from typing import Final

from django.db.models import Count, Min

from leadwell.server.alerts.actions import Cause, hold
from leadwell.server.reviewing.queries import danger

KIND: Final = "danger"


def watch_for_danger(organization: int) -> None:
    """Tells whoever leads intake of all at once, and anew of each that comes: the alert is named after the newest."""
    unseen = danger(organization, seen=False).select_related(None)
    told = unseen.order_by().aggregate(count=Count("pk"), since=Min("received_at"))
    newest = unseen.order_by("-received_at", "-pk").values_list("pk", flat=True).first()
    codes = {"count": told["count"]}
    causes = [] if newest is None else [Cause(f"danger/{newest}", told["since"], told["count"], codes)]
    hold(organization, KIND, causes)
