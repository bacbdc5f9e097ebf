"""Of whom has somebody said that they are two? Never linked or asked about again, whatever comes later.

Said in a review, or by undoing a link; whoever links the two by hand after that has said otherwise.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Final
from uuid import UUID

from leadwell.server.people.models import Doubt, PersonLink

_AT_ONCE: Final = 400  # ids in a question, which SQLite bounds
_TWO: Final = (Doubt.Said.TWO, Doubt.Said.HOUSEHOLD)


def told_apart(organization: int, people: Collection[UUID]) -> set[frozenset[UUID]]:
    """The pairs of these of whom it stands."""
    whole, theirs = list(people), frozenset(people)
    found: set[frozenset[UUID]] = set()
    for start in range(0, len(whole), _AT_ONCE):
        page = whole[start : start + _AT_ONCE]
        said = Doubt.objects.of(organization).filter(one__in=page, said__in=_TWO).values_list("one", "other")
        links = PersonLink.objects.of(organization).filter(one__in=page).values_list("one", "other", "undone_at")
        undone = {True: set[frozenset[UUID]](), False: set[frozenset[UUID]]()}
        for one, other, at in links:
            undone[at is not None].add(frozenset((one, other)))
        found |= {frozenset(two) for two in said} | undone[True]
        found -= undone[False]
    return {two for two in found if two <= theirs}
