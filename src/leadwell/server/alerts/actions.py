"""Tell of what is wrong, once for each cause; end what is over; note who has dealt with it, and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from leadwell.server.access.models import Membership
from leadwell.server.alerts.models import Alert
from leadwell.server.base.logs import log
from leadwell.server.privacy.sealing import seal_json
from leadwell.server.privacy.trail import record

_LOG = log("leadwell.alerts")


class NoReason(ValueError):  # noqa: N818  its message is for the person who asked
    pass


@dataclass(frozen=True)
class Cause:
    """Something that is wrong now. `about` names it, the same each time it is found."""

    about: str
    since: datetime
    size: int = 1
    codes: Mapping[str, Any] = field(default_factory=dict)


def tell(organization: int, kind: str, cause: Cause) -> Alert:
    """Of something that happened once; it stays until somebody has dealt with it."""
    made = Alert(organization_id=organization, kind=kind, about=cause.about, raised_at=timezone.now())
    made.since, made.size, made.codes = cause.since, cause.size, dict(cause.codes)
    made.save(force_insert=True)
    _LOG.warning("alert", kind=kind, about=cause.about, organization=organization)
    return made


def hold(organization: int, kind: str, causes: Iterable[Cause], *, looked_at: Iterable[str] | None = None) -> None:
    """Of all that is wrong of a kind now: new causes are told, known ones kept, those that are gone ended.

    `looked_at`: the causes that were looked for, where that was not every one; the others stay as they are.
    """
    with transaction.atomic():
        before = {one.about: one for one in Alert.objects.of(organization).filter(kind=kind, ended_at=None)}
        for cause in causes:
            known = before.pop(cause.about, None)
            if known is None:
                tell(organization, kind, cause)
            elif known.dealt_at is None:
                _kept(known, cause)
            elif cause.size > known.size:
                _end(known)
                tell(organization, kind, cause)
        among = before.keys() if looked_at is None else before.keys() & set(looked_at)
        for about in among:
            _end(before[about])


def _kept(known: Alert, cause: Cause) -> None:
    if (known.size, known.codes) != (cause.size, dict(cause.codes)):
        known.size, known.codes = cause.size, dict(cause.codes)
        known.save(update_fields=["size", "codes"])


def _end(known: Alert) -> None:
    known.ended_at = timezone.now()
    known.save(update_fields=["ended_at"])


def deal(alert: Alert, member: Membership, why: str) -> bool:
    """Somebody says that it is dealt with, and why; False where somebody else was first. Raises NoReason."""
    why = why.strip()
    if not why:
        raise NoReason("Say in a sentence what was done, so that the next one need not ask.")
    ours, now = alert.organization_id, timezone.now()
    sealed = seal_json(ours, why, place=f"alerts.alert/{alert.pk}")
    with transaction.atomic():
        waiting = Alert.objects.of(ours).filter(pk=alert.pk, dealt_at=None, ended_at=None)
        done = bool(waiting.update(dealt_at=now, dealt_by=member.user, sealed=sealed))
        if done:
            record(ours, member.actor, "alert.dealt-with", f"alert/{alert.pk}", {"kind": alert.kind})
    return done
