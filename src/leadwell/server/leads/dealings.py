"""How do we deal with an organisation: whom do we call there, when do we meet, and how far did it come? Told by
whatever keeps it.

Such an app has a module `dealings` with functions of these names, so that what calls and orders work need not know
it.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from leadwell.server.base.declared import declared


@dataclass(frozen=True)
class Called:
    """Who is called of a lead instead of whoever asked. `phone`, `email`: in their normal form, '' where there is
    none."""

    person: UUID
    name: str
    role: str
    phone: str
    email: str

    def address(self, channel: str) -> str:
        return self.email if channel == "email" else self.phone


@dataclass(frozen=True)
class Meets:
    """The meeting that was agreed last. `held`: None while nobody has said; `told_at`: when they did."""

    at: datetime
    minutes: int
    held: bool | None
    told_at: datetime | None


def called(organization: int, leads: Collection[UUID]) -> dict[UUID, Called]:
    """Without those of which whoever asked is called."""
    found: dict[UUID, Called] = {}
    for app in declared("dealings", but="leads"):
        found |= app.called(organization, leads)
    return found


def meets(organization: int, leads: Collection[UUID]) -> dict[UUID, Meets]:
    """Without those whom nobody has agreed to meet."""
    found: dict[UUID, Meets] = {}
    for app in declared("dealings", but="leads"):
        found |= app.meets(organization, leads)
    return found


def passed(organization: int, lead: UUID) -> dict[str, datetime]:
    """Stage of a business lead -> when it first came there, of those that follow from what is kept of it."""
    found: dict[str, datetime] = {}
    for app in declared("dealings", but="leads"):
        found |= app.passed(organization, lead)
    return found
