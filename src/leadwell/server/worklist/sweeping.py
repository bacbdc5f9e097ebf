"""What does a worker see to on the worklist, within the minute? That the order holds, that what was taken and left goes
back, and that whoever must know of it is told before a lead is late, and when it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from leadwell.playbook import Playbook
from leadwell.routing.answering import Chances
from leadwell.server.access.models import Membership
from leadwell.server.base import bulk
from leadwell.server.leads.clocks import clocks
from leadwell.server.leads.models import Lead
from leadwell.server.leads.recounting import recount
from leadwell.server.playbooks.models import Publication
from leadwell.server.playbooks.queries import policy_now
from leadwell.server.worklist import handing
from leadwell.server.worklist.again import Worked, worked
from leadwell.server.worklist.answering import chances_of
from leadwell.server.worklist.changing import changed
from leadwell.server.worklist.models import Lane, Waiting
from leadwell.server.worklist.ordering import RESTS_HERE, placed
from leadwell.server.worklist.queries import LANES
from leadwell.server.worklist.teamless import find_teams

PAGE: Final = 500  # rows a transaction
_AT_LEAST: Final = timedelta(seconds=1)
_WHAT: Final = ("lane", "cost", "holds_until")


@dataclass(frozen=True)
class Refreshed:
    """How many stand elsewhere now, and whether there may be more that do."""

    moved: int
    more: bool


def refresh(organization: int, *, now: datetime | None = None, most: int | None = None) -> Refreshed:
    """Places anew those whose place holds no longer, `most` at most, the longest so first. One that somebody is about
    to change is passed over: whoever changes it places it too."""
    now, policy = now or timezone.now(), policy_now(organization)
    if policy is None:
        return Refreshed(0, more=False)
    looked_at, moved, chances = 0, 0, chances_of(organization)
    ours = Waiting.objects.of(organization).filter(holds_until__lte=now).order_by("holds_until").select_related("lead")
    ours = ours.defer("lead__sealed")
    while most is None or looked_at < most:
        stale = list(ours.values_list("pk", flat=True)[:PAGE])
        _recount(organization, stale)
        find_teams(organization, stale, policy, now)
        with transaction.atomic():
            page = list(ours.select_for_update(of=("self",), skip_locked=True)[:PAGE])
            if not page:
                return Refreshed(moved, more=False)
            looked_at += len(page)
            moved += _placed_anew(organization, page, policy, chances, now)
    return Refreshed(moved, more=True)


def _recount(organization: int, leads: list[UUID]) -> None:
    """Those placed before the policy in force was, and those that another has judged."""
    now = Publication.objects.of(organization).order_by("-at", "-pk")
    other = Q(holds_until__lte=now.values("at")[:1]) | ~Q(lead__current__playbook=now.values("version")[:1])
    stale = Waiting.objects.of(organization).filter(other, pk__in=leads, lead__answered_at=None)
    found = list(stale.values_list("pk", flat=True))
    if found and recount(organization, found):
        changed(organization)


def _placed_anew(organization: int, page: list[Waiting], policy: Playbook, chances: Chances, now: datetime) -> int:
    """Returns how many stand elsewhere now."""
    gone = {one.pk for one in page if one.lane == Lane.RESTING and one.lead.received_at + RESTS_HERE <= now}
    Waiting.objects.of(organization).filter(pk__in=gone).delete()
    kept = [one for one in page if one.pk not in gone]
    done = worked(organization, [one.lead_id for one in kept], policy)
    anew = [placed(one.lead, clocks(policy), chances, now, done.get(one.lead_id, Worked())) for one in kept]
    for one in anew:  # nothing is looked at again and again for a step that does not come
        one.holds_until = max(one.holds_until, now + _AT_LEAST) if one.holds_until else None
    bulk.update(anew, _WHAT)
    here = sum((one.lane, one.cost) != (new.lane, new.cost) for one, new in zip(kept, anew, strict=True))
    if here or gone:
        changed(organization)
    return here + len(gone)


def give_back_untouched(organization: int, *, now: datetime | None = None) -> int:
    """What was taken a quarter of an hour ago, or given and is nearly late, and was not touched since by whoever has it
    goes back to its team; returns how many. What was touched stays with them for good."""
    now = now or timezone.now()
    ours = Waiting.objects.of(organization).filter(back_at__lte=now).values_list("lead", flat=True)
    return sum(_given_back(organization, lead, now, "untouched") for lead in list(ours))


def give_back_left(organization: int, *, now: datetime | None = None) -> int:
    """What somebody has who works here no more goes back to its team; returns how many."""
    here = Membership.objects.of(organization).values("user")
    left = Lead.objects.of(organization).filter(owner__isnull=False, waiting__lane__in=LANES).exclude(owner__in=here)
    now = now or timezone.now()
    return sum(_given_back(organization, lead, now, "left") for lead in list(left.values_list("pk", flat=True)))


def _given_back(organization: int, number: UUID, now: datetime, why: str) -> bool:
    with transaction.atomic():
        found = Lead.objects.of(organization).select_for_update().filter(pk=number).defer("sealed")
        lead = found.filter(owner__isnull=False).first()
        begun = _begun(lead) if lead is not None and why != "left" else False
        given = Waiting.objects.of(organization).filter(lead=number, given_at__isnull=False).exists()
        Waiting.objects.of(organization).filter(lead=number, back_at__lte=now).update(back_at=None, given_at=None)
        if lead is None or begun:
            return False
        handing.take_back([lead], "not-begun" if given and why == "untouched" else why, now)
    return True


def _begun(lead: Lead) -> bool:
    return lead.answered_at is not None or bool(handing.touched(lead.organization_id, {lead.pk: lead.owner_id or 0}))
