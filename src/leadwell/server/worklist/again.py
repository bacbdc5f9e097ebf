"""When is a lead to be called again? At the hour that we promised, shortly before we meet, or, where nobody answered,
later: the same day, then the next, then as the policy spreads its attempts. And while somebody is on a call with them,
when are they asked how it ended?"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from leadwell.playbook import Playbook
from leadwell.server.leads import became, dealings, reaching
from leadwell.server.leads.dealings import Meets
from leadwell.server.leads.queries import asked_again

_FIRST: Final = (timedelta(hours=3), timedelta(hours=20))
_USUAL: Final = timedelta(days=2)  # where the policy does not say
_BEFORE: Final = timedelta(minutes=15)  # a meeting: so soon it stands first
_CALL: Final = timedelta(minutes=30)  # that one lasts: then it is asked whether it ended
_IN_VAIN: Final = frozenset({"voicemail", "no-answer", "busy"})


@dataclass(frozen=True)
class Again:
    """`at`: when; None where the policy wants no further try. `promised`: whether we said so; `meets`: the meeting
    that it is for, or of which somebody has to say what came of it; `tries`: how often they were tried in vain since
    somebody spoke with them, at last at `last`; `on_with`: who is on a call with them, '' where nobody is."""

    at: datetime | None
    promised: bool = False
    meets: Meets | None = None
    tries: int = 0
    last: datetime | None = None
    on_with: str = ""

    @property
    def until(self) -> datetime | None:
        """When a meeting is over; None of anything else that was promised."""
        return self.meets.at + timedelta(minutes=self.meets.minutes) if self.meets else None

    def over(self, now: datetime) -> bool:
        """Whether it is a meeting that is over, or was not held, or a call that must have ended: nobody waits by the
        minute any more."""
        if self.on_with:
            return self.at is not None and self.at <= now
        return self.meets is not None and self.until is not None and (self.meets.held is False or self.until <= now)

    def settled(self, answered: datetime | None) -> bool:
        """Whether it was answered since, in another way."""
        return not self.promised and answered is not None and self.last is not None and self.last <= answered


@dataclass(frozen=True)
class Worked:
    """What was done with a lead. `over`: whether it has ended; `again`: None where nobody need call again; `wrote`:
    when they last wrote again."""

    over: bool = False
    again: Again | None = None
    wrote: datetime | None = None


def worked(organization: int, leads: Collection[UUID], policy: Playbook) -> dict[UUID, Worked]:
    """Those with which anything was done."""
    tries, promised = reaching.tries(organization, leads), reaching.callbacks(organization, leads)
    wrote, meets = asked_again(organization, leads), dealings.meets(organization, leads)
    over, calls = became.ended(organization, leads, wrote), reaching.on_the_line(organization, leads)
    found: dict[UUID, Worked] = {}
    for lead in {*tries, *promised, *over, *meets, *calls, *wrote}:
        agreed = [_meeting(meets[lead])] if lead in meets else []
        agreed += [Again(promised[lead], promised=True)] if lead in promised else []
        on_it = _call(*calls[lead]) if lead in calls else None
        again = on_it or _soonest(agreed) or _again(_since(tries.get(lead, ()), wrote.get(lead)), policy)
        found[lead] = Worked(over=lead in over, again=None if lead in over else again, wrote=wrote.get(lead))
    return found


def _since(tries: Sequence[tuple[datetime, str]], wrote: datetime | None) -> Sequence[tuple[datetime, str]]:
    """Whoever has written since is waited for no longer because of them."""
    return tries if wrote is None else [one for one in tries if one[0] >= wrote]


def _soonest(agreed: Sequence[Again | None]) -> Again | None:
    dated = [(one.at, one) for one in agreed if one is not None and one.at is not None]
    return min(dated, key=lambda one: one[0])[1] if dated else None


def _meeting(meets: Meets) -> Again | None:
    """Shortly before it, until somebody says whether it was held; at once where it was not."""
    if meets.held:
        return None
    at = meets.told_at if meets.held is False else meets.at - _BEFORE
    return Again(at, promised=True, meets=meets)


def _call(since: datetime, by: str) -> Again:
    """Before whatever was promised: they are speaking with us."""
    return Again(since + _CALL, promised=True, on_with=by)


def _again(tries: Sequence[tuple[datetime, str]], policy: Playbook) -> Again | None:
    """None where they were spoken with at the last, or the number was wrong."""
    vain = 0
    for _, result in reversed(tries):
        if result not in _IN_VAIN:
            break
        vain += 1
    if not vain:
        return None
    rule, last = policy.follow_up, tries[-1][0]
    if rule is not None and sum(result in _IN_VAIN for _, result in tries) >= rule.attempts:
        return Again(None, tries=vain, last=last)
    spread = rule.over / rule.attempts if rule is not None and rule.attempts else _USUAL
    return Again(last + (_FIRST[vain - 1] if vain <= len(_FIRST) else spread), tries=vain, last=last)
