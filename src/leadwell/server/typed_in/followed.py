"""Whose is a lead that was typed in? Of whoever typed it, from the moment in which it is written (`leads.following`):
nobody else is ever given it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from django.utils import timezone

from leadwell.server.leads.clocks import Turn
from leadwell.server.leads.models import Lead
from leadwell.server.typed_in.queries import typists
from leadwell.server.worklist.handing import keep


def turns_of(organization: int, leads: Collection[UUID]) -> dict[UUID, list[Turn]]:
    """Nothing: the worklist knows."""
    return {}


def arrived(organization: int, leads: Sequence[Lead]) -> None:
    users = typists(organization, leads)
    keep([(lead, users[lead.pk]) for lead in leads if lead.pk in users and lead.queue], timezone.now())


def changed(organization: int, before: Lead, after: Lead, at: datetime) -> None:
    """Nothing: it is theirs like any other that they took."""


def opened_again(organization: int, lead: Lead, at: datetime) -> None:
    """Nothing: who has it keeps it."""
