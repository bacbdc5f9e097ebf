"""In which lane does a lead stand, what does it cost to let it wait, and until when is that so?"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from leadwell.routing import waiting_cost
from leadwell.routing.answering import Chances
from leadwell.routing.service_levels import Clock
from leadwell.routing.waiting_cost import is_pressing
from leadwell.server.base import bulk
from leadwell.server.leads.clocks import Clocks
from leadwell.server.leads.models import Lead
from leadwell.server.worklist.again import Again, Worked
from leadwell.server.worklist.models import Lane, Waiting

_PROMISED: Final = 1_500.0  # above whatever presses, below danger
_ON_THE_CALL: Final = 2_000.0  # first in whatever lane it stands: they are speaking
_OVER: Final = (
    0.0  # a meeting or a call of which somebody has to say what came of it: behind whoever waits for an answer
)
_AS_HIGH: Final = "A"  # a low score that is checked by chance is handled so
_NOTHING: Final = Worked()
RESTS_HERE: Final = timedelta(days=14)  # what was set aside longer ago is found in the list of leads


def placed(lead: Lead, clocks: Clocks, chances: Chances, now: datetime, worked: Worked = _NOTHING) -> Waiting:
    """As it stands now; not yet written."""
    made = bulk.made(Waiting, lead=lead, organization_id=lead.organization_id, owner_id=lead.owner_id)
    clock, again = clocks.clock(lead, now), worked.again
    if again is not None and again.settled(lead.answered_at):
        again = None
    if again is not None and again.tries:  # what presses is who has heard nothing of us yet
        clock = None
    made.lane = Lane.ANSWERED if worked.over else _lane(lead, clock, now, again)
    if made.lane == Lane.ANSWERED:
        made.cost, made.holds_until = 0.0, None
    elif made.lane == Lane.AGAIN and again is not None and again.on_with:
        made.cost, made.holds_until = _ON_THE_CALL, again.at
    elif made.lane == Lane.AGAIN:  # the soonest first
        at = again.at if again else None
        made.cost, made.holds_until = -(at or now).timestamp(), at
    elif again is not None and again.promised and made.lane == Lane.DUE:
        made.cost, made.holds_until = _PROMISED, again.until
    elif made.lane == Lane.TO_DO and again is not None and again.over(now):  # nobody waits for a word of ours
        made.cost, made.holds_until = _OVER, None
    elif made.lane == Lane.RESTING:  # the newest first
        made.cost, made.holds_until = lead.received_at.timestamp(), lead.received_at + RESTS_HERE
    else:
        seed = str(lead.organization_id).encode()
        told = waiting_cost.cost(waits(lead, clock, clocks), now, seed=seed, chances=chances)
        made.cost, made.holds_until = told.value, told.until
    return made


def _lane(lead: Lead, clock: Clock | None, now: datetime, again: Again | None) -> Lane:
    """Of one that has not ended. `again`: None where nobody need call again."""
    if lead.answered_at and again is None:
        return Lane.ANSWERED
    if lead.safety:
        return Lane.SAFETY
    if not lead.queue and not _is_promised(again):  # whoever set it aside knew of the tries
        return Lane.RESTING
    if again is not None and (again.at is None or again.at > now):
        return Lane.AGAIN
    if again is not None and again.over(now):
        return Lane.TO_DO
    if _is_promised(again):
        return Lane.DUE
    if is_pressing(clock):
        return Lane.DUE
    return Lane.REVIEW if lead.disposition == "review" else Lane.TO_DO


def _is_promised(again: Again | None) -> bool:
    return again is not None and again.promised


def waits(lead: Lead, clock: Clock | None, clocks: Clocks) -> waiting_cost.Waiting:
    """What its place in the order is worked out from."""
    calendar = clocks.calendar(lead.queue)
    return waiting_cost.Waiting(
        key=lead.pk.bytes,
        safety=bool(lead.safety),
        grade=_AS_HIGH if lead.sampled else lead.grade,
        received=lead.received_at,
        clock=clock,
        calendar=calendar,
        zone=ZoneInfo(lead.time_zone) if lead.time_zone else calendar.zone,
    )
