"""Take two for one person: from then on they share every stop, and what waits against one of them is cancelled."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from leadwell.server.base.alone import alone
from leadwell.server.consent.models import ALL, EVERY
from leadwell.server.consent.obeying import Closed, obeyed
from leadwell.server.people.linking import link, linked


def would_cancel(organization: int, one: UUID, other: UUID, *, actor: str) -> int:
    """How many messages it would keep from being sent: it is done, counted and taken back, so that it is the very
    number. Raises CannotLink."""
    with transaction.atomic():
        count = join(organization, one, other, actor=actor)
        transaction.set_rollback(True)
    return count


def join(organization: int, one: UUID, other: UUID, *, actor: str) -> int:
    """Links two, and returns how many messages are forbidden by that and will not be sent. Raises CannotLink."""
    with transaction.atomic():
        alone(organization)
        made = link(organization, one, other, actor=actor)
        group = linked(organization, [one])[one]
        scopes = ((ALL, EVERY),)
        return obeyed(Closed(organization, made.pk, made.linked_at, scopes, group, frozenset(), asks=True))
