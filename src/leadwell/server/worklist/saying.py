"""Why does a lead stand where it stands on the worklist? In one sentence, never “score 0.83”.

Grade A, asked 12 minutes ago, 3 min left of 15 min. A good hour to call.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from leadwell.routing.answering import PRIOR, Chances, asleep
from leadwell.routing.service_levels import Clock, State
from leadwell.routing.waiting_cost import Waiting
from leadwell.server.base.templatetags.look import ago, clock_says, hour
from leadwell.server.leads import telling
from leadwell.server.leads.dealings import Meets
from leadwell.server.leads.models import Lead
from leadwell.server.worklist.again import Again, Worked

_SAMPLED: Final = ", handled like an A to check the score"
_HOUR: Final = timedelta(hours=1)
_DAY: Final = timedelta(days=1)
_DANGER: Final = {
    "emergency": "Their words suggest an emergency. Look at once.",
    "crisis": "Their words suggest a crisis. Look at once.",
}


def why(  # noqa: PLR0913  all that its place follows from
    lead: Lead, waits: Waiting, now: datetime, *, within: str, worked: Worked | None = None, chances: Chances = PRIOR,
    to: str = "",
) -> str:  # fmt: skip
    """`within`: how soon somebody must answer, as the policy writes it. `worked`: what was done with it; None for
    nothing. `chances`: how likely they answer at which hour. `to`: whoever reads it, as the trail names them."""
    again = worked.again if worked else None
    call = _call(again, now, to) if again is not None and again.on_with else ""
    if lead.safety:
        danger = _DANGER.get(lead.safety, _DANGER["emergency"])
        return f"{danger} {call}" if call else danger
    if call:
        return call
    if again is not None and (again.promised or again.at is None or again.at > now):
        return _again(again, now)
    if not lead.queue:
        reason = telling.reason(lead.reason) if lead.reason else telling.DO_NEXT.get(lead.disposition, "")
        return f"Set aside: {reason[:1].lower()}{reason[1:]}." if reason else "Set aside."
    parts = [
        f"Grade {lead.grade}{_SAMPLED if lead.sampled else ''}" if lead.grade else "",
        f"asked {ago(now - lead.received_at)}",
        f"wrote again {ago(now - worked.wrote)}" if worked and worked.wrote else "",
        _tried(again) if again else _clock(waits, within),
    ]
    told = ", ".join(part for part in parts if part)
    return " ".join((f"{told[:1].upper()}{told[1:]}.", *_hour(waits, now, chances)))


def _call(again: Again, now: datetime, to: str) -> str:
    if not again.over(now):
        return "You are on the call." if again.on_with == to else "Somebody is on the call with them."
    return "Did the call end? Say what came of it."


def _again(again: Again, now: datetime) -> str:
    if again.meets is not None:
        return _meeting(again.meets, now)
    if again.promised and again.at is not None:
        if again.at > now:
            return f"They asked to be called back: {hour(again.at)}."
        return f"They asked to be called back at this time, {ago(now - again.at)}."
    tried = _tried(again)
    if again.at is None:
        return f"{tried[:1].upper()}{tried[1:]}. The policy wants no further try: say what became of it."
    return f"{tried[:1].upper()}{tried[1:]}. Again from {hour(again.at)}."


def _meeting(meets: Meets, now: datetime) -> str:
    if meets.held is False:
        return "The meeting was not held. Agree on another, or say why it ended."
    if meets.at + timedelta(minutes=meets.minutes) <= now:
        return f"You met them {ago(now - meets.at)}? Say whether the meeting was held."
    if meets.at <= now:
        return "You meet them now."
    return f"You meet them {hour(meets.at)}."


def _tried(again: Again) -> str:
    return "tried once, nobody answered" if again.tries == 1 else f"tried {again.tries} times, nobody answered"


def _clock(waits: Waiting, within: str) -> str:
    """What is left, of how much; where it rests, what its team does."""
    clock = waits.clock
    if clock is None:
        return "nothing is due"
    if clock.opens is not None:
        return f"its team is back {hour(clock.opens)}"
    return clock_says(clock) + (f" of {within}" if within and _counts(clock) else "")


def _counts(clock: Clock) -> bool:
    return clock.state in (State.RUNNING, State.NEARLY) and " left" in clock_says(clock)


def _hour(waits: Waiting, now: datetime, chances: Chances) -> Iterator[str]:
    """What their own hour says of whether they answer."""
    if waits.clock is not None and waits.clock.opens is not None:
        return
    if chances.good(now, waits.zone):
        yield "A good hour to call."
    elif asleep(now, waits.zone):
        local = now.astimezone(waits.zone)
        yield f"It is {local.hour % 12 or 12}:{local:%M} {'am' if local.hour < 12 else 'pm'} where they are."
