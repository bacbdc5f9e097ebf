"""Of whom has somebody said that they are two? Never linked or asked about again, whatever comes later.

Said in a review, or by undoing a link; whoever links the two by hand after that has said otherwise. A link that the
engine itself took back says nothing.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Final
from uuid import UUID

from leadwell.server.base import bulk
from leadwell.server.people.models import ENGINE, Doubt, PersonLink

_TWO: Final = (Doubt.Said.TWO, Doubt.Said.HOUSEHOLD)


def told_apart(organization: int, people: Collection[UUID]) -> set[frozenset[UUID]]:
    """The pairs of these of whom it stands."""
    whole, theirs = list(people), frozenset(people)
    said = bulk.select(Doubt, ("one", "other", "said"), organization, ("one",), whole)
    links = bulk.select(PersonLink, ("one", "other", "undone_at", "undone_by"), organization, ("one",), whole)
    undone = {True: set[frozenset[UUID]](), False: set[frozenset[UUID]]()}
    for one, other, at, by in links:
        if by != ENGINE:
            undone[at is not None].add(frozenset((one, other)))
    found = {frozenset((one, other)) for one, other, what in said if what in _TWO} | undone[True]
    return {two for two in found - undone[False] if two <= theirs}
