"""How does a lead stand in a list: what is it called, what does it want, and why does it stand there?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone

from leadwell.playbook import Playbook
from leadwell.routing.service_levels import Clock
from leadwell.server.base.templatetags.look import day_of
from leadwell.server.leads import names, standing, telling
from leadwell.server.leads.clocks import clocks
from leadwell.server.leads.models import Lead
from leadwell.server.leads.queries import columns_of
from leadwell.server.leads.taken_back import TakenBack
from leadwell.server.privacy.sealing import if_opens


@dataclass(frozen=True)
class Row:
    id: UUID
    name: str
    wants: str
    disposition: str
    grade: str
    score: int | None
    safety: str
    says: str
    queue: str
    clock: Clock | None
    received_at: datetime
    erased: bool


def columns_if_open(lead: Lead) -> Mapping[str, str] | None:
    """What a lead said; None where it was erased, or is damaged: one such never holds up the list of the others."""
    return if_opens(columns_of, lead) if lead.sealed else None


def row_of(lead: Lead, playbook: Playbook | None, columns: Mapping[str, str] | None, says: str = "") -> Row:
    """`playbook`: the one in force, whichever judged the lead."""
    return Row(
        id=lead.pk,
        name=names.name(columns) if columns is not None else names.code(lead.pk),
        wants=telling.wants(playbook, [lead.service] if lead.service else [], lead.location) if playbook else "",
        disposition=lead.disposition,
        grade=lead.grade,
        score=lead.score,
        safety=lead.safety,
        says=says,
        queue=title(lead.queue),
        clock=clocks(playbook).clock(lead, timezone.now()) if playbook else None,
        received_at=lead.received_at,
        erased=False,
    )


def erased_row(lead: Lead, gone: datetime | None) -> Row:
    """Of one that was erased nothing is said but that it came, and when it went."""
    says = f"Erased{f' on {day_of(gone)}' if gone else ''}: that it came is all that is kept."
    return Row(lead.pk, names.code(lead.pk), "", "", "", None, "", says, "", None, lead.received_at, erased=True)


def why(lead: Lead, playbook: Playbook | None, told: Mapping[str, Any] | None, gone: TakenBack | None) -> str:
    """Why it stands where it stands; by its codes for who may not see what they said."""
    if gone and not lead.safety:
        return f"{gone.says} on {day_of(gone.at)}. {gone.does}."
    if told and playbook and (says := standing.why(told, playbook)):
        return says
    if lead.safety:
        return f"The words suggest {'an emergency' if lead.safety == 'emergency' else 'a crisis'}. Look at once."
    by_codes = standing.why_by_codes(lead.reason, lead.payer_kind, lead.urgency)
    return by_codes or f"{telling.DO_NEXT.get(lead.disposition, 'Not judged yet')}."


def title(key: str) -> str:
    return key.replace("-", " ").capitalize()
