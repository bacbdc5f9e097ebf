"""Which organisation is a lead of that arrives, or is corrected? Its marks are written with it (`leads.following`)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from uuid import UUID

from leadwell.server.base import bulk
from leadwell.server.business.marking import tokens_of
from leadwell.server.business.models import Mark
from leadwell.server.leads.clocks import Turn
from leadwell.server.leads.models import Lead
from leadwell.server.leads.queries import columns_of
from leadwell.server.privacy.sealing import if_opens

_TYPE = "business"


def turns_of(organization: int, leads: Collection[UUID]) -> dict[UUID, list[Turn]]:
    """Who is responsible is kept elsewhere."""
    return {}


def arrived(organization: int, leads: Sequence[Lead]) -> None:
    _mark(organization, (one for one in leads if one.type == _TYPE))


def changed(organization: int, before: Lead, after: Lead, at: datetime) -> None:
    """One that is found to be of an organisation only now."""
    if after.type == _TYPE != before.type and not Mark.objects.of(organization).filter(lead=after.pk).exists():
        _mark(organization, [after])


def opened_again(organization: int, lead: Lead, at: datetime) -> None:
    """Whose it is does not change."""


def _mark(organization: int, leads: Iterable[Lead]) -> None:
    told = [(organization, lead.pk, token) for lead in leads for token in _tokens(lead)]
    if told:
        bulk.insert_values(Mark, ("organization", "lead", "token"), told)


def _tokens(lead: Lead) -> list[bytes]:
    columns = if_opens(columns_of, lead) if lead.sealed else None
    return sorted(tokens_of(lead.organization_id, columns)) if columns else []
