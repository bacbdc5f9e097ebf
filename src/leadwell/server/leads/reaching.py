"""When was somebody of a lead first reached, and whom did we promise to call back? Told by whatever reaches people.

Each app that does has a module `reaching` with functions of these names, so that what orders work need not know it.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from leadwell.server.base.declared import declared


def first_reached(organization: int, leads: Collection[UUID], *, since: datetime | None = None) -> dict[UUID, datetime]:
    """Lead -> when somebody of theirs was first spoken with, or was since then; without those that were not."""
    found: dict[UUID, datetime] = {}
    for app in declared("reaching", but="leads"):
        for lead, at in app.first_reached(organization, leads, since=since).items():
            found[lead] = min(at, found.get(lead, at))
    return found


def tries(organization: int, leads: Collection[UUID]) -> dict[UUID, list[tuple[datetime, str]]]:
    """Lead -> when we tried to reach them, or spoke with them, and how each ended (docs/calls.md), in order."""
    found: dict[UUID, list[tuple[datetime, str]]] = {}
    for app in declared("reaching", but="leads"):
        for lead, made in app.tries(organization, leads).items():
            found[lead] = sorted([*found.get(lead, ()), *made])
    return found


def answers(organization: int, most: int) -> list[tuple[datetime, str, bool]]:
    """Of our latest calls, `most` at most of each app: when, in which zone they seem to be ('' where nothing tells),
    and whether somebody of theirs answered."""
    return [one for app in declared("reaching", but="leads") for one in app.answers(organization, most)]


def on_the_line(organization: int, leads: Collection[UUID]) -> dict[UUID, tuple[datetime, str]]:
    """Lead -> since when they are on a call that they made to us, and with whom, as the trail names them; without those
    of which somebody has said how it ended."""
    found: dict[UUID, tuple[datetime, str]] = {}
    for app in declared("reaching", but="leads"):
        found |= app.on_the_line(organization, leads)
    return found


def callbacks(organization: int, leads: Collection[UUID]) -> dict[UUID, datetime]:
    """Lead -> when we promised to call back; without those whom nobody promised it, or who were tried since."""
    found: dict[UUID, datetime] = {}
    for app in declared("reaching", but="leads"):
        found |= app.callbacks(organization, leads)
    return found
