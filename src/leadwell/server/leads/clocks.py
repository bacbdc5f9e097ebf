"""Until when must somebody answer a lead? As the policy says, in the working time of whoever was responsible. (promise
D20)

Only when it is due and from when on it is nearly late is kept; how its clock stands follows from that at each moment.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property, lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from leadwell.playbook import Playbook
from leadwell.playbook.durations import Duration, parse
from leadwell.playbook.hours import windows
from leadwell.routing.service_levels import Clock, Leg, calendar, due_and_warns, stands
from leadwell.server.leads.models import Lead
from leadwell.worktime import Calendar, NeverOpen

_NEVER: Final = (None, None)
Times = tuple[datetime | None, datetime | None]  # due, and nearly late from then on; None where nothing is due


@dataclass(frozen=True)
class Turn:
    """From `since` on a team is responsible; '' where nobody is, because the lead rests."""

    team: str
    since: datetime


class Clocks:
    """By one policy. What stands in it is read once."""

    def __init__(self, playbook: Playbook) -> None:
        self._playbook = playbook

    def times(self, level: int | None, turns: Sequence[Turn]) -> Times:
        """`turns`: who was responsible, the first first. A lead that has rested begins anew. Nothing is due of one that
        rests, to which no service level applies, or whose team never works."""
        span = self.span(level)
        worked = _since_it_rested(turns)
        if span is None or not worked:
            return _NEVER
        legs = [Leg(self.calendar(turn.team), turn.since) for turn in worked]
        try:
            by, from_then = due_and_warns(legs, span)
        except NeverOpen:
            return _NEVER
        return by.astimezone(UTC), from_then.astimezone(UTC)

    def clock(self, lead: Lead, now: datetime) -> Clock | None:
        """How that of a lead stands; None where nothing is due."""
        if lead.due_at is None or lead.warns_at is None:
            return None
        try:
            return stands(self.calendar(lead.queue), lead.due_at, lead.warns_at, now, met=lead.answered_at)
        except NeverOpen:  # its team works no more by the policy of today
            return stands(self._always, lead.due_at, lead.warns_at, now, met=lead.answered_at)

    def span(self, level: int | None) -> Duration | None:
        return self._spans[level] if level is not None and level < len(self._spans) else None

    def within(self, level: int | None) -> str:
        """How soon, as the policy writes it; '' where it says nothing."""
        levels = self._playbook.service_levels
        return levels[level].first_response if level is not None and level < len(levels) else ""

    def calendar(self, team: str) -> Calendar:
        """One that the policy knows no more works day and night."""
        return self._calendars.get(team, self._always)

    @cached_property
    def _spans(self) -> list[Duration | None]:
        return [parse(one.first_response) for one in self._playbook.service_levels]

    @cached_property
    def _calendars(self) -> dict[str, Calendar]:
        return {key: calendar(team, self._playbook) for key, team in self._playbook.teams.items()}

    @cached_property
    def _always(self) -> Calendar:
        return Calendar(windows("24/7"), ZoneInfo(self._playbook.organization.time_zone))


@lru_cache(maxsize=32)
def clocks(playbook: Playbook) -> Clocks:
    """Kept, as the policies themselves are."""
    return Clocks(playbook)


def _since_it_rested(turns: Sequence[Turn]) -> list[Turn]:
    rests = [at for at, turn in enumerate(turns) if not turn.team]
    return list(turns[rests[-1] + 1 :] if rests else turns)
