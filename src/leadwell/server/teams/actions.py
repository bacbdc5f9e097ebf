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


class AwayAlready(Exception):  # noqa: N818  says what is so
    """`one`: the absence that stands; `whole`: whether all of what was said lies within it."""

    def __init__(self, one: Absence, *, whole: bool) -> None:
        super().__init__()
        self.one, self.whole = one, whole


def be_away(member: Membership, since: datetime, until: datetime, *, because: str, by: str) -> Absence:
    """One that has begun goes on by it. Raises AwayAlready."""
    ours = member.organization_id
    with transaction.atomic():
        Membership.objects.of(ours).select_for_update().get(pk=member.pk)  # two who say it at once
        since = _not_yet(member, since, until)
        made = Absence(organization_id=ours, member=member, since=since, until=until, because=because)
        made.save(force_insert=True)
        record(ours, by, "absence.noted", member.actor, {"until": until.isoformat(timespec="minutes")})
    return made


def _not_yet(member: Membership, since: datetime, until: datetime) -> datetime:
    """From when on it is not said yet. Raises AwayAlready."""
    theirs = Absence.objects.of(member.organization_id).filter(member=member, since__lt=until, until__gt=since)
    for one in theirs.order_by("since", "pk"):
        if one.since > since or one.until >= until or one.since > timezone.now():
            raise AwayAlready(one, whole=one.since <= since and until <= one.until)
        since = max(since, one.until)
    return since


def be_back(member: Membership, *, by: str) -> bool:
    """They are back now, whatever lies ahead; False where they were not away."""
    ours, now = member.organization_id, timezone.now()
    with transaction.atomic():
        done = Absence.objects.of(ours).filter(member=member, since__lte=now, until__gt=now).update(until=now)
        if done:
            record(ours, by, "absence.ended", member.actor)
    return bool(done)


def call_off(member: Membership, number: int, *, by: str) -> Absence | None:
    """The absence that lay ahead and does not take place; None where it has begun, or is there no more."""
    ours, now = member.organization_id, timezone.now()
    with transaction.atomic():
        one = Absence.objects.of(ours).filter(pk=number, member=member, since__gt=now).first()
        done, _ = Absence.objects.of(ours).filter(pk=number, member=member, since__gt=now).delete()
        if done:
            record(ours, by, "absence.called-off", member.actor)
    return one if done else None
