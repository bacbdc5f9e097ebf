"""What stands in a row of the worklist? Who it is, what they want, the clock, why, may we, and who has it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from leadwell.routing.service_levels import Clock
from leadwell.server.access.models import Membership
from leadwell.server.access.roles import May
from leadwell.server.consent.glance import Glance, glances
from leadwell.server.leads import askers, names, telling
from leadwell.server.leads.clocks import clocks
from leadwell.server.leads.models import Lead
from leadwell.server.leads.permitting import purpose_of
from leadwell.server.leads.queries import own_columns, words_since
from leadwell.server.openings.queries import board
from leadwell.server.openings.saying import at_a_glance
from leadwell.server.playbooks.queries import policy_now, readable
from leadwell.server.privacy.sealing import if_opens
from leadwell.server.worklist.again import worked
from leadwell.server.worklist.answering import chances_of
from leadwell.server.worklist.models import Waiting
from leadwell.server.worklist.ordering import waits
from leadwell.server.worklist.queries import LANES
from leadwell.server.worklist.saying import why


@dataclass(frozen=True)
class Row:
    """`calls`: whom to call, where that is another than who asked first, '' else and where names are hidden; `person`:
    whose the gate is. `wrote`: their newest words, where they wrote again. `where`: what is worth knowing of where and
    when they can be seen, '' mostly. `gate`: None where whose it is was erased. `mine`, `free`: whether whoever looks
    has it, and whether they can take it."""

    id: UUID
    name: str
    calls: str
    person: UUID | None
    wants: str
    where: str
    disposition: str
    grade: str
    score: int | None
    safety: str
    clock: Clock | None
    says: str
    wrote: str
    gate: Glance | None
    owner: str
    mine: bool
    free: bool


def rows(member: Membership, found: Sequence[Waiting], now: datetime) -> tuple[Row, ...]:
    """In the order given; names only for those who may see them."""
    ours, leads = member.organization_id, [one.lead for one in found]
    if (policy := policy_now(ours)) is None:
        return ()
    others = askers.called(ours, leads)
    whom = {one.pk: others[one.pk].person if one.pk in others else one.person_id for one in leads if one.person_id}
    asked = [(person, purpose_of(one)) for one in leads if (person := whom.get(one.pk))]
    gates, visible, here = glances(ours, asked, now), member.may(May.SEE_IDENTITIES), clocks(policy)
    done, chances = worked(ours, [one.pk for one in leads], policy), chances_of(ours)
    known, wrote = board(ours, policy, now), {lead: one.wrote for lead, one in done.items() if one.wrote}
    words = words_since(ours, wrote) if visible and wrote else {}
    made = []
    for lead, lane in zip(leads, (one.lane for one in found), strict=True):
        clock = here.clock(lead, now)
        asks = waits(lead, clock, here)
        level = here.level(lead.level, readable(lead.current.playbook_id)) if lead.current else None
        made.append(
            Row(
                id=lead.pk,
                name=_name(lead) if visible else names.code(lead.pk),
                calls=others[lead.pk].name if visible and lead.pk in others else "",
                person=whom.get(lead.pk),
                wants=telling.wants(policy, [lead.service] if lead.service else [], lead.location),
                where=at_a_glance(lead, known),
                disposition=lead.disposition,
                grade=lead.grade,
                score=lead.score,
                safety=lead.safety,
                clock=clock,
                says=why(
                    lead,
                    asks,
                    now,
                    within=level.first_response if level else "",
                    worked=done.get(lead.pk),
                    chances=chances,
                    to=member.actor,
                ),
                wrote=words.get(lead.pk, ""),
                gate=gates.get((person, purpose_of(lead))) if (person := whom.get(lead.pk)) else None,
                owner=lead.owner.get_full_name() if lead.owner else lead.queue.replace("-", " ").capitalize(),
                mine=lead.owner_id == member.user_id,
                free=lead.owner_id is None and lane in LANES and bool(lead.queue),
            )
        )
    return tuple(made)


def _name(lead: Lead) -> str:
    columns = if_opens(own_columns, lead) if lead.sealed else None
    return names.name(columns) if columns is not None else names.code(lead.pk)
