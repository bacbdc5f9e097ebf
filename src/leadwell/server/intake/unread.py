"""Has somebody sent us anything that nobody has read yet? It may ask us to stop, so the outbox waits for it.

Or it may take a referral back: whoever asks how that stands is told what they have said themselves.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.utils import timezone

from leadwell.server.intake.models import Source, State, Submission
from leadwell.server.intake.queries import reader_of
from leadwell.server.people.another import another

_AT_ONCE: Final = timedelta(seconds=1)  # what came since is being read at this moment
_MOST: Final = 500  # of a source, the newest, that are looked through
_BEGUN: Final = 3  # begun so often, it is no longer waited for: one that cannot be read holds up nobody for long


def unread(organization: int) -> bool:
    waits = Submission.objects.of(organization).filter(state=State.RECEIVED, tries__lt=_BEGUN)
    return waits.filter(received_at__lt=timezone.now() - _AT_ONCE).exists()


def waiting(  # noqa: PLR0913  of which referral, and among what
    source: Source,
    names: Collection[str],
    of: Mapping[str, str],
    *,
    but: Collection[UUID] = (),
    before: UUID | None = None,
    among: Collection[UUID] | None = None,
) -> list[tuple[str, datetime]]:
    """What its sender has said of the referral of these names and this patient (`of`), as it will be noted, and when;
    the oldest first. `before`: of what came before that submission; `among`: of these alone; `but`: not of these."""
    ours = Submission.objects.of(source.organization_id).filter(source=source.pk, state=State.RECEIVED)
    ours = ours.filter(pk__lt=before) if before else ours
    ours = ours.filter(pk__in=among) if among is not None else ours
    told, found = reader_of(source), []
    ours = ours.exclude(pk__in=but)
    for one in reversed(ours.order_by("-pk")[:_MOST]):
        reading = told(one)
        if reading.only_danger or not reading.leads:
            continue
        if not set(names).isdisjoint(reading.answers) and not another(reading.leads[0], [of]):
            found.append((reading.later.event, one.received_at))
    return found
