"""What does a worker see to on the worklist, within the minute? That the order holds, that what was taken and left goes
back, and that whoever must know of it is told before a lead is late, and when it is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.utils import timezone

from leadwell.server.base import bulk
from leadwell.server.leads.clocks import clocks
from leadwell.server.leads.models import Event, Lead
from leadwell.server.playbooks.queries import policy_now
from leadwell.server.privacy.trail import record
from leadwell.server.worklist.again import Worked, worked
from leadwell.server.worklist.changing import changed
from leadwell.server.worklist.followed import responsible
from leadwell.server.worklist.models import Lane, Responsible, Waiting
from leadwell.server.worklist.ordering import RESTS_HERE, placed

PAGE: Final = 500  # rows a transaction
_WHAT: Final = ("lane", "cost", "holds_until")


def refresh(organization: int, *, now: datetime | None = None) -> int:
    """Places anew all whose place holds no longer; returns how many stand elsewhere. One that somebody is about to
    change is passed over: whoever changes it places it too."""
    now, policy = now or timezone.now(), policy_now(organization)
    if policy is None:
        return 0
    moved, last = 0, None
    ours = Waiting.objects.of(organization).filter(holds_until__lte=now).order_by("pk").select_related("lead")
    ours = ours.defer("lead__sealed").select_for_update(of=("self",), skip_locked=True)
    while True:
        with transaction.atomic():
            page = list((ours.filter(pk__gt=last) if last else ours)[:PAGE])
            if not page:
                return moved
            last = page[-1].pk
            gone = [one.pk for one in page if one.lane == Lane.RESTING and one.lead.received_at + RESTS_HERE <= now]
            Waiting.objects.of(organization).filter(pk__in=gone).delete()
            kept = [one for one in page if one.pk not in set(gone)]
            done = worked(organization, [one.lead_id for one in kept], policy)
            anew = [placed(one.lead, clocks(policy), now, done.get(one.lead_id, Worked())) for one in kept]
            bulk.update(anew, _WHAT)
            here = sum((one.lane, one.cost) != (new.lane, new.cost) for one, new in zip(kept, anew, strict=True))
            if here or gone:
                changed(organization)
            moved += here + len(gone)


def give_back_untouched(organization: int, *, now: datetime | None = None) -> int:
    """What was taken a quarter of an hour ago and not touched since by whoever took it goes back to its team; returns
    how many. What was touched stays with them for good."""
    now = now or timezone.now()
    ours = Waiting.objects.of(organization).filter(back_at__lte=now).values_list("lead", flat=True)
    return sum(_given_back(organization, lead, now) for lead in _held(organization, list(ours)))


def _held(organization: int, leads: list[UUID]) -> Iterator[Lead]:
    taken = Responsible.objects.of(organization).filter(lead=OuterRef("pk"), user__isnull=False).order_by("-since")
    ours = Lead.objects.of(organization).filter(pk__in=leads).defer("sealed")
    yield from ours.annotate(taken_at=Subquery(taken.values("since")[:1]))


def _given_back(organization: int, lead: Lead, now: datetime) -> bool:
    since = lead.taken_at  # type: ignore[attr-defined]  # what it was asked for with
    with transaction.atomic():
        theirs = Event.objects.of(organization).filter(lead=lead.pk, by=lead.owner_id, at__gt=since)
        untouched = lead.owner_id is not None and since is not None and not theirs.exists()
        ours = Lead.objects.of(organization).filter(pk=lead.pk, owner=lead.owner_id, answered_at=None)
        back = bool(untouched and ours.update(owner=None))
        Waiting.objects.of(organization).filter(lead=lead.pk, back_at__lte=now).update(back_at=None)
        if back:
            responsible(lead, team=lead.queue, user=None, at=now)
            event = Event(organization_id=organization, lead_id=lead.pk, name="lead.released", at=now)
            event.codes = {"why": "untouched"}
            event.save(force_insert=True)
            record(organization, "worker", "lead.released", f"lead/{lead.pk}", {"why": "untouched"})
            changed(organization)
    return back
