"""A later submission of the same person with the same need joins their lead, and can be parted from it again.

Both records of the person stay as they came; the lead is judged by all that joined it, and its first words stay first.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import orjson
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from leadwell.server.base import bulk
from leadwell.server.leads.combining import says_more
from leadwell.server.leads.handing import open_again
from leadwell.server.leads.judging import Judged
from leadwell.server.leads.models import Event, Joined, Lead
from leadwell.server.leads.queries import columns_of
from leadwell.server.privacy.sealing import if_opens, seal


def join_leads(organization: int, rows: Sequence[tuple[Lead, UUID, Judged]]) -> None:
    """In the transaction that makes their people known: each of these, instead of a lead of its own, joins the one of
    that number."""
    if not rows:
        return
    now = timezone.now()
    leads = Lead.objects.of(organization).in_bulk({number for _, number, _ in rows})
    said = {number: if_opens(columns_of, lead) or {} for number, lead in leads.items()}
    made, events = [], []
    for own, number, judged in rows:
        columns = dict(judged.arrived.columns)
        one = Joined(organization_id=organization, lead_id=number, submission=own.submission, nth=own.nth)
        one.source, one.person_id, one.received_at, one.at = own.source, own.person_id, own.received_at, now
        one.new = says_more(said[number], columns) or bool(judged.said["safety"])
        one.sealed = seal(organization, orjson.dumps(columns), place=f"leads.joined/{one.pk}")
        made.append(one)
        codes = {"submission": str(own.submission), "new": "yes" if one.new else "no"}
        events.append(Event(organization_id=organization, lead_id=number, name="lead.joined", at=now, codes=codes))
    bulk.insert(made)
    bulk.insert(events)
    asked = {one.lead_id: one.received_at for one in sorted(made, key=lambda one: one.received_at) if one.new}
    open_again(organization, asked, {number for _, number, judged in rows if judged.said["safety"]})
    for number, count in Counter(one.lead_id for one in made).items():
        Lead.objects.of(organization).filter(pk=number).update(joined=F("joined") + count)


def part(organization: int, number: UUID, now: datetime) -> Joined | None:
    """Takes a submission out of the lead that it had joined; None where somebody has done so before, or it was erased.
    Whoever calls makes a lead of it in the same transaction."""
    with transaction.atomic():
        ours = Joined.objects.of(organization).filter(pk=number, parted_at=None)
        if not ours.exclude(sealed=b"").update(parted_at=now):
            return None
        parted = Joined.objects.of(organization).get(pk=number)
        Lead.objects.of(organization).filter(pk=parted.lead_id).update(joined=F("joined") - 1)
        codes = {"submission": str(parted.submission)}
        Event.objects.create(
            organization_id=organization, lead_id=parted.lead_id, name="lead.parted", at=now, codes=codes
        )
    return parted
