"""What does another policy, or another day, say of leads that were judged before? Judged anew; nothing is overwritten.

A new assessment is appended where it says something else than the current one, and the lead points to it. A run that is
stopped goes on where it was: leads already judged by the version, since the moment it began, are passed over.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from leadwell.playbook import Playbook
from leadwell.server.leads.actions import OPEN_COLUMNS, assessment_of, open_columns, still_held
from leadwell.server.leads.clocks import Clocks, clocks_now
from leadwell.server.leads.handing import as_it_is, hand
from leadwell.server.leads.judging import Arrived, Judged, judged
from leadwell.server.leads.models import Assessment, Event, Joined, Lead
from leadwell.server.leads.queries import columns_of, known_of
from leadwell.server.leads.taken_back import RESTS, stands
from leadwell.server.playbooks.queries import in_force, loaded

PAGE: Final = 500


def rejudge(organization: int, *, told: Callable[[int], None] = lambda _: None) -> int:
    """Judges every lead of an organisation by the policy in force, as of now; returns how many came out otherwise."""
    version, playbook = in_force(organization)
    now, changed, seen, last = timezone.now(), 0, 0, None
    ours = Lead.objects.of(organization).exclude(sealed=b"").order_by("pk")
    while page := list((ours.filter(pk__gt=last) if last else ours).select_related("current")[:PAGE]):
        last = page[-1].pk
        changed += _page(organization, version, playbook, page, now)
        seen += len(page)
        told(seen)
    return changed


def rejudge_these(organization: int, leads: Collection[UUID]) -> int:
    """The same, of a few of whom something else is known now; returns how many are held still."""
    version, playbook = in_force(organization)
    ours = Lead.objects.of(organization).filter(pk__in=leads).exclude(sealed=b"").select_related("current")
    page = list(ours.order_by("pk"))
    return _page(organization, version, playbook, page, timezone.now(), always=True) if page else 0


def rejudge_joined(organization: int, leads: Collection[UUID]) -> int:
    """Of these, those that something new has joined since they were judged; and those that rested as withdrawn, which
    wait again."""
    if not leads:
        return 0
    new = Q(new=True) | Q(lead__resting=RESTS)
    later = Joined.objects.of(organization).filter(new, lead__in=leads, parted_at=None)
    newer = later.filter(Q(lead__current=None) | Q(at__gt=F("lead__current__at"))).values_list("lead", flat=True)
    found = set(newer)
    return rejudge_these(organization, found) if found else 0


def _page(  # noqa: PLR0913  whose, by what, and when
    organization: int, version: int, playbook: Playbook, page: Sequence[Lead], now: datetime, *, always: bool = False
) -> int:
    arrived = [again(lead) for lead in page]
    rows = [
        (lead, one)
        for lead, one in zip(page, judged(arrived, playbook, as_of=now), strict=True)
        if always or lead.current is None or lead.current.playbook_id != version or _differs(lead, one)
    ]
    made = [(lead, one, assessment_of(organization, version, lead.pk, one, now)) for lead, one in rows]
    with transaction.atomic():
        held = still_held(organization, [lead.pk for lead, _ in rows])
        same = as_judged(organization, [lead for lead, _, _ in made if lead.pk in held])
        made = [row for row in made if row[0].pk in same]
        as_it_is(organization, [lead for lead, _, _ in made])
        rule = clocks_now(organization) if made else None
        for lead, one, assessment in made:
            take(lead, one, assessment, rule=rule)
    return len(made)


def as_judged(organization: int, leads: Sequence[Lead]) -> set[UUID]:
    """Of which nothing was said, joined or judged since they were read."""
    ours = Lead.objects.of(organization).filter(pk__in=[lead.pk for lead in leads])
    now = {pk: told for pk, *told in ours.values_list("pk", "current", "joined", "verified")}
    return {lead.pk for lead in leads if now.get(lead.pk) == [lead.current_id, lead.joined, lead.verified]}


def take(lead: Lead, one: Judged, assessment: Assessment, *, rule: Clocks | None = None) -> None:
    """In the caller's transaction: from now on it is what is said of the lead, and what has moved is noted. `rule`: as
    `hand` takes it."""
    assessment.save(force_insert=True)
    before = {name: getattr(lead, name) for name in OPEN_COLUMNS}
    after = stands(lead, open_columns(one), one.queue)
    policy = loaded(assessment.playbook_id)
    hand(lead, policy, assessment.at, one.level, rule=rule, current_id=assessment.pk, **after)
    _noted(lead.organization_id, lead.pk, before, after, assessment.at)


def again(lead: Lead, *, but: UUID | None = None) -> Arrived:
    """As it came, with what joined it and was verified of it (`but`: without that), to be judged once more. Raises
    Unopenable."""
    columns = columns_of(lead, but=but) | known_of(lead)
    return Arrived(lead.submission, lead.nth, lead.source, lead.received_at, columns, lead.chosen_location)


def _differs(lead: Lead, one: Judged) -> bool:
    return any(getattr(lead, name) != value for name, value in stands(lead, open_columns(one), one.queue).items())


def _noted(organization: int, lead: UUID, before: dict[str, Any], after: dict[str, Any], now: datetime) -> None:
    moved = {name: [_plain(before[name]), _plain(value)] for name, value in after.items() if before[name] != value}
    if moved:
        Event.objects.create(organization_id=organization, lead_id=lead, name="lead.rejudged", at=now, codes=moved)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
