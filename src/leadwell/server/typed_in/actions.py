"""Keep what a caller says, durably and once; and when it is judged, let it be a call of whoever typed it.

They are its owner from the moment it is a lead (`followed`); that they were reached is noted by their page, which waits
for it, or by the worker where that was closed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import orjson
from django.db import transaction
from django.utils import timezone

from leadwell.server.access.models import Membership
from leadwell.server.calls.actions import on_the_line
from leadwell.server.intake.accepting import Delivery, accept
from leadwell.server.intake.models import Submission
from leadwell.server.intake.queries import source_of_kind
from leadwell.server.leads.verifying import Gone
from leadwell.server.privacy.trail import record
from leadwell.server.typed_in.queries import KIND, Typed, lately_judged, typed

_LONGEST: Final = timedelta(hours=2)  # that a page was open before it was sent
_LATELY: Final = timedelta(hours=1)


class Closed(Exception):  # noqa: N818  says what is so
    """Somebody has closed the source: nothing is taken in by it."""


def take_down(member: Membership, columns: Mapping[str, str], *, key: str, began: datetime | None) -> UUID:
    """On disk when this returns. `key`: of the page; what was typed there otherwise is another submission, so that
    nothing is lost. Raises Closed."""
    ours, now = member.organization_id, timezone.now()
    source = source_of_kind(ours, KIND)
    if source is None:
        raise Closed
    body = orjson.dumps(dict(columns))
    since = min(max(began or now, now - _LONGEST), now)
    told = Typed(member.actor, since)
    delivery = Delivery(body, key=f"{key}/{hashlib.sha256(body).hexdigest()[:16]}", headers=told.headers)
    (receipt,) = accept(ours, source, [delivery])
    if not receipt.repeat:
        record(ours, member.actor, "call.typed", f"submission/{receipt.id}")
    return receipt.id


def put_through(submission: Submission) -> bool:
    """Whoever typed it is speaking with them, once it is a lead: noted once. False where there is none to speak of."""
    told = typed(submission)
    if told is None or submission.lead is None:
        return False
    ours, lead, key = submission.organization_id, submission.lead, f"typed/{submission.pk}"
    try:
        with transaction.atomic():
            one, new = on_the_line(ours, lead, since=told.since, key=key, actor=told.by)
            if new and one.lead.owner_id == told.user:
                record(ours, told.by, "lead.taken", f"lead/{lead}")
    except Gone:
        return False
    return True


def put_all_through(organization: int, *, now: datetime | None = None) -> None:
    """What was judged lately, also where nobody's page waited for it."""
    for one in lately_judged(organization, since=(now or timezone.now()) - _LATELY):
        put_through(one)
