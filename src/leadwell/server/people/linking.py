"""Which ids are one person? Links between two, each of which can be undone; nothing is merged.

What follows from a link is worked out each time it is asked for: linked ids share every stop and no permission, and
once a link is undone each has again what it had (`consent.queries`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from leadwell.server.base import bulk
from leadwell.server.base.alone import alone
from leadwell.server.people.models import Person, PersonLink
from leadwell.server.privacy.trail import record_each

ENGINE: Final = "engine"  # who made a link by itself


class CannotLink(ValueError):  # noqa: N818  its message is for the person who tried
    pass


def link(organization: int, one: UUID, other: UUID, *, actor: str) -> PersonLink:
    """Takes two for one person. A link that stands already is returned as it is. Raises CannotLink."""
    one, other = sorted((one, other))
    if one == other:
        raise CannotLink("These are one and the same already.")
    with transaction.atomic():
        alone(organization)
        if Person.objects.of(organization).filter(pk__in=(one, other)).count() < 2:
            raise CannotLink("One of the two is not known here.")
        standing = PersonLink.objects.of(organization).filter(one=one, other=other, undone_at=None).first()
        if standing is not None:
            return standing
        made = PersonLink(organization_id=organization, one=one, other=other, linked_at=timezone.now(), linked_by=actor)
        made.save(force_insert=True)
        record_each(organization, actor, "person.linked", [f"person/{one}", f"person/{other}"])
    return made


def undo(organization: int, number: UUID, *, actor: str) -> bool:
    """Takes them for two again; False where somebody has done so before."""
    with transaction.atomic():
        alone(organization)
        standing = PersonLink.objects.of(organization).filter(pk=number, undone_at=None)
        pair = standing.values_list("one", "other").first()
        if pair is None:
            return False
        standing.update(undone_at=timezone.now(), undone_by=actor)
        record_each(organization, actor, "person.unlinked", [f"person/{one}" for one in pair])
    return True


def links_among(organization: int, people: Collection[UUID]) -> list[PersonLink]:
    """The links that stand between any of these, the newest first."""
    standing = PersonLink.objects.of(organization).filter(one__in=people, other__in=people, undone_at=None)
    return list(standing.order_by("-linked_at", "-pk"))


def engines_links(organization: int, people: Collection[UUID]) -> list[PersonLink]:
    """The links that stand between any of these and that nobody has made by hand."""
    return [link for link in links_among(organization, people) if link.linked_by == ENGINE]


def linked(organization: int, people: Collection[UUID]) -> dict[UUID, frozenset[UUID]]:
    """Each of these -> all who are one person with them, over any number of links, themselves among them."""
    group_of: dict[UUID, set[UUID]] = {}
    new, seen = set(people), set[UUID]()
    while new:
        seen |= new
        for one, other in _links_of(organization, sorted(new)):
            both = group_of.get(one, {one}) | group_of.get(other, {other})
            group_of.update(dict.fromkeys(both, both))
        new = group_of.keys() - seen
    return {one: frozenset(group_of.get(one, {one})) for one in people}


def _links_of(organization: int, people: Sequence[UUID]) -> Iterator[tuple[UUID, UUID]]:
    """The two of each link that stands on one of these."""
    links = bulk.select(PersonLink, ("one", "other", "undone_at"), organization, ("one", "other"), people)
    return ((one, other) for one, other, undone_at in links if undone_at is None)
