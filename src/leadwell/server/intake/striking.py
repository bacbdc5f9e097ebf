"""How is one person erased from a list that has not been taken in yet? Their rows are struck: never read, and what was
sent is emptied as soon as all others of it are leads. (docs/decisions/0008)
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Final
from uuid import UUID

from leadwell.server.base import bulk
from leadwell.server.intake.models import State, Struck, Submission

_TO_COME: Final = (
    State.RECEIVED,
    State.AWAITING,
    State.NEEDS_MENDING,
    State.SET_ASIDE,
    State.NOT_TAKEN,
)  # may still be read


def strike(organization: int, rows: Iterable[tuple[UUID, int]]) -> None:
    """Once struck, a row stays struck."""
    struck = [Struck(organization_id=organization, submission=submission, nth=nth) for submission, nth in rows]
    Struck.objects.bulk_create(struck, ignore_conflicts=True)


def struck_of(organization: int, submissions: Collection[UUID]) -> frozenset[tuple[UUID, int]]:
    return frozenset(bulk.select(Struck, ("submission", "nth"), organization, ("submission",), list(submissions)))


def empty(organization: int, submissions: Collection[UUID]) -> int:
    """Empties what was sent, of those of these that are read no more; returns how many."""
    ours = Submission.objects.of(organization).filter(pk__in=submissions).exclude(state__in=_TO_COME)
    return ours.exclude(sealed=b"", fetched=None, mended=None).update(sealed=b"", fetched=None, mended=None)


def empty_struck(organization: int, submissions: Collection[UUID]) -> None:
    """The same, of those of which a row is struck: asked when they have been read, whichever came first."""
    if found := {submission for submission, _ in struck_of(organization, submissions)}:
        empty(organization, found)
