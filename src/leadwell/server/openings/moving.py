"""See somebody at another clinic than the one they asked for. Who answers may change by that; what they are does not.

The lead is judged by what they asked for, before and after: no assessment is written, and its disposition, criteria and
score stay as they are. A full clinic changes the routing, not the truth. (promise D19)
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from leadwell.playbook import Playbook
from leadwell.routing.openings import Wanted, slots_of
from leadwell.server.leads.handing import hand
from leadwell.server.leads.judging import judged
from leadwell.server.leads.models import Lead
from leadwell.server.leads.noting import note
from leadwell.server.leads.queries import lead_of
from leadwell.server.leads.rejudging import again
from leadwell.server.leads.verifying import Gone
from leadwell.server.openings.queries import board
from leadwell.server.playbooks.queries import in_force, loaded
from leadwell.server.privacy.sealing import if_opens
from leadwell.server.privacy.trail import record


class CannotMove(ValueError):  # noqa: N818  its message is for whoever tried
    pass


def move(organization: int, number: UUID, location: str, *, actor: str) -> bool:
    """`location`: '' for the clinic that they asked for. False where it goes there already. Raises Gone, CannotMove."""
    lead, now = lead_of(organization, number), timezone.now()
    if lead is None or not lead.sealed or lead.current is None or lead.person_id is None:
        raise Gone
    policy = in_force(organization)[1]
    chosen = "" if location == lead.location else location
    if chosen and chosen not in {one.location for one in slots_of(policy, lead.service)}:
        raise CannotMove("That clinic does not offer it. Choose one that is listed.")
    if not lead.queue:
        raise CannotMove("It rests: nobody is to be seen.")
    judged_by = loaded(lead.current.playbook_id)
    answers = _who_answers(lead, chosen, judged_by)
    codes = _codes(lead, chosen, policy)
    with transaction.atomic():
        ours = Lead.objects.of(organization).select_for_update(of=("self",)).select_related("current")
        held = ours.filter(pk=number).exclude(sealed=b"").first()
        if held is None:
            raise Gone
        if held.chosen_location == chosen:
            return False
        note(held, "lead.moved", actor=actor, at=now, codes=codes)
        hand(held, judged_by, now, answers.pop("level", held.level), chosen_location=chosen, **answers)
        record(organization, actor, "lead.moved", f"lead/{number}", {"to": chosen or lead.location})
    return True


def _who_answers(lead: Lead, chosen: str, policy: Playbook) -> dict[str, Any]:
    """Its team and service level, where the policy has them depend on the clinic; judged as of when it was."""
    conditions = [one.handles for one in policy.teams.values()] + [one.when for one in policy.service_levels]
    if not any(one is not None and "location" in one.names for one in conditions) or lead.current is None:
        return {}
    lead.chosen_location, before = chosen, lead.chosen_location
    arrived = if_opens(again, lead)
    lead.chosen_location = before
    if arrived is None:
        return {}
    (one,) = judged([arrived], policy, as_of=lead.current.as_of)
    return {"queue": one.queue, "level": one.level}


def _codes(lead: Lead, chosen: str, policy: Playbook) -> dict[str, str]:
    """From where, to where, and when each opened as far as was known."""
    goes = chosen or lead.location
    known = board(lead.organization_id, policy, timezone.now())
    places = {}
    for where in (lead.goes_to, goes):
        found = known.offer(Wanted(lead.service, where)).there
        places[where] = found.on.isoformat() if found is not None and found.on is not None else ""
    return {"from": lead.goes_to, "to": goes, "was": places[lead.goes_to], "opens": places[goes]}
