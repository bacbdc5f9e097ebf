"""Which ids are one person? Links between two, each of which can be undone; nothing is merged.

What follows from a link is worked out each time it is asked for: linked ids share every stop and no permission, and
once a link is undone each has again what it had (`consent.queries`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from leadwell.server.base import bulk
from leadwell.server.base.alone import alone
from leadwell.server.people.models import ENGINE, Doubt, Person, PersonLink
from leadwell.server.privacy.sealing import if_opens, seal_json, unseal_json
from leadwell.server.privacy.trail import record_each


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


def revive(organization: int, doubt: Doubt, *, actor: str) -> tuple[PersonLink, datetime] | None:
    """The link of which a doubt was, and that was undone since, made anew as it was; and when it was undone. None where
    there is none."""
    with transaction.atomic():
        alone(organization)
        pair = PersonLink.objects.of(organization).filter(one=doubt.one, other=doubt.other)
        last = pair.order_by("-linked_at", "-pk").first()
        if last is None or last.undone_at is None or not last.linked_at < doubt.at < last.undone_at:
            return None
        made = PersonLink(organization_id=organization, one=last.one, other=last.other, codes=last.codes)
        made.linked_at, made.linked_by = last.linked_at, last.linked_by
        if last.sealed is not None:
            told = if_opens(unseal_json, organization, last.sealed, place=f"people.link/{last.pk}")
            made.sealed = seal_json(organization, told, place=f"people.link/{made.pk}") if told else None
        made.save(force_insert=True)
        record_each(organization, actor, "person.linked", [f"person/{doubt.one}", f"person/{doubt.other}"])
    return made, last.undone_at


def parted_last(organization: int, one: UUID, other: UUID) -> datetime | None:
    """When a link of the two was undone, the last time."""
    one, other = sorted((one, other))
    undone = PersonLink.objects.of(organization).filter(one=one, other=other).exclude(undone_at=None)
    return undone.order_by("-undone_at").values_list("undone_at", flat=True).first()


def links_among(organization: int, people: Collection[UUID]) -> list[PersonLink]:
    """The links that stand between any of these, the newest first."""
    standing = PersonLink.objects.of(organization).filter(one__in=people, other__in=people, undone_at=None)
    return list(standing.order_by("-linked_at", "-pk"))


def engines_links(organization: int, people: Collection[UUID]) -> list[PersonLink]:
    """The links that stand between any of these and that nobody has made by hand."""
    return [link for link in links_among(organization, people) if link.linked_by == ENGINE]


def linked(organization: int, people: Collection[UUID], *, ever: bool = False) -> dict[UUID, frozenset[UUID]]:
    """Each of these -> all who are one person with them, over any number of links, themselves among them. `ever`: also
    over links that were undone."""
    group_of: dict[UUID, set[UUID]] = {}
    new, seen = set(people), set[UUID]()
    while new:
        seen |= new
        for one, other in _links_of(organization, sorted(new), ever=ever):
            both = group_of.get(one, {one}) | group_of.get(other, {other})
            group_of.update(dict.fromkeys(both, both))
        new = group_of.keys() - seen
    return {one: frozenset(group_of.get(one, {one})) for one in people}


def _links_of(organization: int, people: Sequence[UUID], *, ever: bool) -> Iterator[tuple[UUID, UUID]]:
    """The two of each link that stands on one of these, or stood."""
    links = bulk.select(PersonLink, ("one", "other", "undone_at"), organization, ("one", "other"), people)
    return ((one, other) for one, other, undone_at in links if ever or undone_at is None)
