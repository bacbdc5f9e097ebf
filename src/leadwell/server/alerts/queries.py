"""Read what is wrong, always of one organisation and of the kinds that concern whoever asks."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import QuerySet

from leadwell.server.alerts.models import Alert
from leadwell.server.privacy.sealing import if_opens, unseal_json


def open_alerts(organization: int, kinds: Collection[str]) -> QuerySet[Alert]:
    """What somebody must look at, the oldest first."""
    ours = Alert.objects.of(organization).filter(kind__in=kinds, ended_at=None, dealt_at=None)
    return ours.order_by("since", "pk")


def past_alerts(organization: int, kinds: Collection[str]) -> QuerySet[Alert]:
    """What has ended or was dealt with, the newest first."""
    ours = Alert.objects.of(organization).filter(kind__in=kinds).exclude(ended_at=None, dealt_at=None)
    return ours.select_related("dealt_by").order_by("-raised_at", "-pk")


def alert_of(organization: int, number: int, kinds: Collection[str]) -> Alert | None:
    return Alert.objects.of(organization).filter(pk=number, kind__in=kinds).first()


def why(alert: Alert) -> str:
    """What was said when it was dealt with; '' where nothing was, or where it was erased."""
    if not alert.sealed:
        return ""
    return if_opens(unseal_json, alert.organization_id, alert.sealed, place=f"alerts.alert/{alert.pk}") or ""
