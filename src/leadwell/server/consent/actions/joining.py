"""Take two for one person: from then on they share every stop, and what waits against one of them is cancelled."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction

from leadwell.server.base.alone import alone
from leadwell.server.consent.models import ALL, EVERY
from leadwell.server.consent.obeying import Closed, obeyed
from leadwell.server.people.linking import link, linked
from leadwell.server.people.models import PersonLink


def would_cancel(organization: int, one: UUID, other: UUID, *, actor: str) -> int:
    """How many messages it would keep from being sent: it is done, counted and taken back, so that it is the very
    number. Raises CannotLink."""
    with transaction.atomic():
        count = join(organization, one, other, actor=actor)
        transaction.set_rollback(True)
    return count


def obey_links(organization: int, links: Sequence[PersonLink]) -> int:
    """In the transaction that made these links: returns how many messages are forbidden by them and will not be
    sent."""
    if not links:
        return 0
    groups = linked(organization, [one.one for one in links])
    people = frozenset(one for group in groups.values() for one in group)
    first = links[0]
    return obeyed(Closed(organization, first.pk, first.linked_at, ((ALL, EVERY),), people, frozenset(), asks=True))


def join(organization: int, one: UUID, other: UUID, *, actor: str) -> int:
    """Links two, and returns how many messages are forbidden by that and will not be sent. Raises CannotLink."""
    with transaction.atomic():
        alone(organization)
        return obey_links(organization, [link(organization, one, other, actor=actor)])
