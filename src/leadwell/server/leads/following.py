"""Who keeps something beside a lead, and follows it as it comes and changes? Apps above this one, told in the same
transaction.

Such an app has a module `followed` with the functions `turns_of`, `arrived`, `changed` and `opened_again`.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from leadwell.server.base.declared import declared
from leadwell.server.leads.clocks import Turn
from leadwell.server.leads.models import Lead


def turns_of(organization: int, leads: Collection[UUID]) -> dict[UUID, list[Turn]]:
    """Who was responsible, the first first; without those of which nobody but the team that they came to ever was."""
    found: dict[UUID, list[Turn]] = {}
    for app in declared("followed"):
        found |= app.turns_of(organization, leads)
    return found


def arrived(organization: int, leads: Sequence[Lead]) -> None:
    """Leads that are being written."""
    for app in declared("followed"):
        app.arrived(organization, leads)


def changed(organization: int, before: Lead, after: Lead, at: datetime) -> None:
    """A lead that stands otherwise from `at` on."""
    for app in declared("followed"):
        app.changed(organization, before, after, at)


def opened_again(organization: int, lead: Lead, at: datetime) -> None:
    """A lead that was answered, and of which they have said something new at `at`: it is judged anew next."""
    for app in declared("followed"):
        app.opened_again(organization, lead, at)
