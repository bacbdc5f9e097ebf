"""Take two for one person: from then on they share every stop, and what waits against one of them is cancelled."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from uuid import UUID

from django.db import transaction

from leadwell.server.base.alone import alone
from leadwell.server.consent import noted
from leadwell.server.consent.models import ALL, EVERY
from leadwell.server.consent.noted_findings import link_line, unlinked_line
from leadwell.server.consent.obeying import Closed, obeyed
from leadwell.server.consent.queries import reaches
from leadwell.server.people.linking import link, linked, links_among, parted_last, revive, undo
from leadwell.server.people.models import Doubt, PersonLink
from leadwell.server.people.parting import judge_again, take_back


def would_cancel(organization: int, one: UUID, other: UUID, *, actor: str) -> int:
    """How many messages it would keep from being sent: it is done, counted and taken back, so that it is the very
    number. Raises CannotLink."""
    with transaction.atomic():
        alone(organization)
        count = _obey(organization, [_link(organization, one, other, actor=actor)])
        transaction.set_rollback(True)
    return count


def obey_links(organization: int, links: Sequence[PersonLink]) -> int:
    """In the transaction that made these links, which are noted: returns how many messages are forbidden by them and
    will not be sent."""
    if not links:
        return 0
    people = list(dict.fromkeys(person for one in links for person in (one.one, one.other)))
    reached = {one.person: one for one in reaches(organization, people)}
    noted.note(link_line(one, reached) for one in links)
    return _obey(organization, links)


def _obey(organization: int, links: Sequence[PersonLink]) -> int:
    groups = linked(organization, [one.one for one in links])
    people = frozenset(one for group in groups.values() for one in group)
    first = links[0]
    return obeyed(Closed(organization, first.pk, first.linked_at, ((ALL, EVERY),), people, frozenset(), asks=True))


def join(organization: int, one: UUID, other: UUID, *, actor: str) -> int:
    """Links two, and returns how many messages are forbidden by that and will not be sent. Raises CannotLink."""
    with transaction.atomic():
        alone(organization)
        return obey_links(organization, [_link(organization, one, other, actor=actor)])


def _link(organization: int, one: UUID, other: UUID, *, actor: str) -> PersonLink:
    """Whatever came of parting these two before is taken back: they are one as they were."""
    made, parted_at = link(organization, one, other, actor=actor), parted_last(organization, one, other)
    if parted_at is not None:
        _take_back(organization, parted_at)
    return made


def _take_back(organization: int, parted_at: datetime) -> None:
    lines = [unlinked_line(one) for one in take_back(organization, parted_at)]
    if lines:
        transaction.on_commit(partial(noted.note, lines))


def join_again(organization: int, doubt: Doubt, *, actor: str) -> None:
    """The link of which a doubt was, where the answer to it has undone that: it stands as it stood."""
    with transaction.atomic():
        alone(organization)
        revived = revive(organization, doubt, actor=actor)
        if revived is not None:
            made, parted_at = revived
            _take_back(organization, parted_at)
            obey_links(organization, [made])


def part_these(organization: int, one: UUID, other: UUID, *, actor: str) -> None:
    """Undoes the link between these two, where one stands."""
    for standing in links_among(organization, (one, other)):
        part(organization, standing.pk, actor=actor)


def part(organization: int, number: UUID, *, actor: str) -> bool:
    """Takes them for two again, and what a link had spread ends with it; False where somebody has done so before. Those
    of whom the engine is sure without the one in the middle stay one, and share what they stopped."""
    with transaction.atomic():
        done = undo(organization, number, actor=actor)
        if done:
            parted = PersonLink.objects.of(organization).get(pk=number)
            transaction.on_commit(partial(noted.note, [unlinked_line(parted)]))
            obey_links(organization, judge_again(organization, parted))
    return done
