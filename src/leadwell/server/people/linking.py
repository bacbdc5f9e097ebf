"""Which ids are one person? Links between two, each of which can be undone; nothing is merged.

What follows from a link is worked out each time it is asked for: linked ids share every stop and no permission, and
once a link is undone each has again what it had (`consent.queries`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from typing import Final
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from leadwell.server.base.alone import alone
from leadwell.server.people.models import Person, PersonLink
from leadwell.server.privacy.trail import record_each

_CHUNK: Final = 500  # ids in a question, which SQLite bounds


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


def linked(organization: int, people: Collection[UUID]) -> dict[UUID, frozenset[UUID]]:
    """Each of these -> all who are one person with them, over any number of links, themselves among them."""
    found: dict[UUID, set[UUID]] = defaultdict(set)
    whole = list(people)
    for start in range(0, len(whole), _CHUNK):
        for whose, reached in _reached(organization, whole[start : start + _CHUNK]):
            found[whose].add(reached)
    return {one: frozenset(found[one] | {one}) for one in whole}


def _reached(organization: int, people: Sequence[UUID]) -> Iterator[tuple[UUID, UUID]]:
    """Of those who are linked at all, everybody whom they reach; the others are left out."""
    field = PersonLink._meta.get_field("one")
    asked = [field.get_db_prep_value(one, connection) for one in people]
    marks = ", ".join(["%s"] * len(asked))
    with connection.cursor() as cursor:
        cursor.execute(_REACHED.format(marks=marks), [organization, *asked, organization, *asked, organization])
        for whose, reached in cursor.fetchall():
            yield _uuid(whose), _uuid(reached)


def _uuid(value: UUID | str) -> UUID:
    return value if isinstance(value, UUID) else UUID(value)


_REACHED: Final = """
WITH RECURSIVE reached (whose, person) AS (
    SELECT one, one FROM people_personlink
    WHERE organization_id = %s AND undone_at IS NULL AND one IN ({marks})
    UNION
    SELECT other, other FROM people_personlink
    WHERE organization_id = %s AND undone_at IS NULL AND other IN ({marks})
    UNION
    SELECT reached.whose, CASE WHEN link.one = reached.person THEN link.other ELSE link.one END
    FROM reached JOIN people_personlink AS link ON link.one = reached.person OR link.other = reached.person
    WHERE link.organization_id = %s AND link.undone_at IS NULL
)
SELECT whose, person FROM reached
"""
