"""What have the people of the demo clinic done so far? Answered nearly all that was due by now, some of it too late;
a few wait for too long, two of them in danger; some were tried and are to be called again, organisations have come
to every stage, and the coordinator has one in hand."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.utils import timezone

from leadwell.server.access.models import Membership, Organization
from leadwell.server.access.roles import Role
from leadwell.server.assigning.actions import give_out
from leadwell.server.calls.actions import Made, note_attempt
from leadwell.server.calls.ending import Ended
from leadwell.server.demo.dealing import deal
from leadwell.server.demo.staffing import AWAY
from leadwell.server.intake.draining import drain
from leadwell.server.leads.models import Event, Lead
from leadwell.server.playbooks.queries import policy_now
from leadwell.server.teams.queries import calendar
from leadwell.server.worklist.actions import take_next
from leadwell.server.worklist.changing import changed
from leadwell.server.worklist.followed import responsible
from leadwell.server.worklist.models import Lane, Waiting

_LEFT: Final = {True: 2, False: 5}  # in danger or not: so many are late, the last of those that are due
_TOO_LATE: Final = 0.12  # of the others
_NAVIGATORS: Final = "surgical-navigators"
_IN_HAND: Final = 3  # of the coordinator's, at least
_WEEK: Final = 7 * 24  # hours
_PROMISED: Final = timedelta(hours=20)


def work(organization: Organization) -> None:
    """Judges what has come, and does their work, once."""
    while drain().submissions:
        pass
    ours = Event.objects.of(organization).filter(name="lead.answered")
    workers = Membership.objects.of(organization).filter(role__in=(Role.COORDINATOR, Role.INTAKE_LEAD))
    workers = workers.exclude(user__email=AWAY)
    people = list(workers.select_related("user", "organization").order_by("role", "pk"))
    if ours.exists() or not people:
        return
    before = Lead.objects.of(organization).filter(due_at__lt=timezone.now(), owner=None, person__isnull=False)
    before = before.exclude(queue="").defer("sealed").order_by("-received_at")
    chance, left = random.Random(11), dict.fromkeys(_LEFT, 0)
    with transaction.atomic():
        for lead in before:
            left[bool(lead.safety)] += 1
            if left[bool(lead.safety)] > _LEFT[bool(lead.safety)]:
                _answered(lead, chance.choice(people), _when(lead, chance))
        changed(organization.pk)
    deal(people[-1])
    _try_some(people[-1])
    take_next(people[0])
    _give_out(organization)
    _take_some(people[0])


def _give_out(organization: Organization) -> None:
    """As it was when the navigators last worked, so that there is something to look at on a Sunday, too."""
    now, policy = timezone.now(), policy_now(organization)
    if policy is None:
        return
    works = calendar(None, _NAVIGATORS, policy)
    moments = (now - timedelta(hours=hours) for hours in range(_WEEK))
    at = next((one for one in moments if works.is_open(one)), now)
    there = Waiting.objects.of(organization).filter(lead__owner=None, lead__received_at__lte=at)
    there.update(give_at=at)
    give_out(organization.pk, now=at)


def _take_some(who: Membership) -> None:
    """In the small hours, or after a holiday, hardly any were given."""
    theirs = Waiting.objects.of(who.organization_id).filter(lead__owner=who.user_id).exclude(lane=Lane.ANSWERED)
    while theirs.count() < _IN_HAND and take_next(who) is not None:
        pass


def _try_some(who: Membership) -> None:
    """Two did not answer, and one asked to be called tomorrow."""
    ours, promised = who.organization_id, timezone.now() + _PROMISED
    ends = [Ended("no-answer"), Ended("voicemail"), Ended("callback", callback_at=promised, zone="America/Chicago")]
    free = Waiting.objects.of(ours).filter(lane=Lane.TO_DO, lead__owner=None).order_by("lead__received_at")
    for one, ended in zip(free[: len(ends)], ends, strict=False):
        note_attempt(ours, one.lead_id, Made(ended), actor=who.actor)


def _when(lead: Lead, chance: random.Random) -> datetime:
    """Mostly in time."""
    due = lead.due_at or lead.received_at + timedelta(hours=4)
    at = lead.received_at + (due - lead.received_at) * chance.uniform(0.1, 0.95)
    at = due + timedelta(minutes=chance.randrange(3, 200)) if chance.random() < _TOO_LATE else at
    return min(at, timezone.now())


def _answered(lead: Lead, who: Membership, at: datetime) -> None:
    ours = lead.organization_id
    responsible(lead, team=lead.queue, user=who.user_id, at=at, by=who.user_id)
    Lead.objects.of(ours).filter(pk=lead.pk).update(owner=who.user_id, answered_at=at)
    Waiting.objects.of(ours).filter(lead=lead.pk).update(
        owner=who.user_id, lane=Lane.ANSWERED, cost=0.0, holds_until=None
    )
    Event.objects.bulk_create(
        Event(organization_id=ours, lead_id=lead.pk, name=name, at=at, by_id=who.user_id)
        for name in ("lead.taken", "lead.answered")
    )
