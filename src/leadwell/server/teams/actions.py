"""Say what somebody takes on, that they are or will be away, and that they are back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from leadwell.server.access.models import Membership
from leadwell.server.privacy.trail import record
from leadwell.server.teams.models import Absence, Duty


def take_on(member: Membership, said: Mapping[str, Any], *, by: str) -> Duty:
    """`said`: columns of a duty. `by`: as the trail has it."""
    ours = member.organization_id
    with transaction.atomic():
        made, _ = Duty.objects.update_or_create(
            member=member, defaults=dict(said), create_defaults={**said, "organization_id": ours}
        )
        record(ours, by, "duty.changed", member.actor, {"teams": list(made.teams)})
    return made


def be_away(member: Membership, since: datetime, until: datetime, *, because: str, by: str) -> Absence:
    ours = member.organization_id
    with transaction.atomic():
        made = Absence(organization_id=ours, member=member, since=since, until=until, because=because)
        made.save(force_insert=True)
        record(ours, by, "absence.noted", member.actor, {"until": until.isoformat(timespec="minutes")})
    return made


def be_back(member: Membership, *, by: str) -> bool:
    """They are back now, whatever lies ahead; False where they were not away."""
    ours, now = member.organization_id, timezone.now()
    with transaction.atomic():
        done = Absence.objects.of(ours).filter(member=member, since__lte=now, until__gt=now).update(until=now)
        if done:
            record(ours, by, "absence.ended", member.actor)
    return bool(done)


def call_off(member: Membership, number: int, *, by: str) -> bool:
    """An absence that lies ahead does not take place; False where it has begun, or is there no more."""
    ours, now = member.organization_id, timezone.now()
    with transaction.atomic():
        done, _ = Absence.objects.of(ours).filter(pk=number, member=member, since__gt=now).delete()
        if done:
            record(ours, by, "absence.called-off", member.actor)
    return bool(done)
