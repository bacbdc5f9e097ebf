"""Until when must somebody answer a lead? As the policy says, in the working time of whoever was responsible. (promise
D20)

Only when it is due and from when on it is nearly late is kept; how its clock stands follows from that at each moment.
Which service level applies is judged with the lead; how soon that is, and when its team works, is said by the policy in
force. Where that has changed while the lead waited, the hours of each count for as long as it was in force.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property, lru_cache
from itertools import zip_longest
from typing import Final
from zoneinfo import ZoneInfo

from leadwell.playbook import Playbook
from leadwell.playbook.durations import parse
from leadwell.playbook.hours import windows
from leadwell.playbook.model import ServiceLevel
from leadwell.routing.service_levels import Clock, Leg, calendar, due_and_warns, stands
from leadwell.server.leads.models import Lead
from leadwell.server.playbooks.queries import ruled
from leadwell.worktime import Calendar, NeverOpen

_NEVER: Final = (None, None)
Times = tuple[datetime | None, datetime | None]  # due, and nearly late from then on; None where nothing is due


@dataclass(frozen=True)
class Turn:
    """From `since` on a team is responsible; '' where nobody is, because the lead rests."""

    team: str
    since: datetime


class Clocks:
    """By one policy. What stands in it is read once. `ruled`: since when it and those before it were in force, the
    first first; () where no other ever was."""

    def __init__(self, playbook: Playbook, ruled: Sequence[tuple[datetime, Playbook]] = ()) -> None:
        self._playbook = playbook
        self._ruled = ruled

    def times(self, level: int | None, turns: Sequence[Turn], *, judged_by: Playbook | None = None) -> Times:
        """`turns`: who was responsible, the first first. A lead that has rested begins anew. Nothing is due of one that
        rests, to which no service level applies, or whose team never works."""
        applies, worked = self.level(level, judged_by), _since_it_rested(turns)
        span = parse(applies.first_response) if applies else None
        if span is None or not worked:
            return _NEVER
        try:
            by, from_then = due_and_warns(list(self._legs(worked)), span)
        except NeverOpen:
            return _NEVER
        return by.astimezone(UTC), from_then.astimezone(UTC)

    def level(self, place: int | None, judged_by: Playbook | None = None) -> ServiceLevel | None:
        """What `judged_by`, by default this policy, has in that place, as this policy says it of the same leads. One
        of which it says nothing any more stays as it was."""
        levels = (judged_by or self._playbook).service_levels
        if place is None or place >= len(levels):
            return None
        was = levels[place]
        return next((one for one in self._playbook.service_levels if one.when == was.when), was)

    def _legs(self, turns: Sequence[Turn]) -> Iterator[Leg]:
        for turn, following in zip_longest(turns, turns[1:]):
            before = None
            for since, hours in self._hours(turn.team, turn.since, following.since if following else None):
                if hours != before:
                    yield Leg(hours, since)
                before = hours

    def _hours(self, team: str, start: datetime, end: datetime | None) -> Iterator[tuple[datetime, Calendar]]:
        """When a team worked, as each policy said that was in force from `start` to `end`."""
        earlier = [policy for at, policy in self._ruled if at <= start] or [policy for _, policy in self._ruled[:1]]
        yield start, clocks(earlier[-1] if earlier else self._playbook).calendar(team)
        for at, policy in self._ruled:
            if start < at and (end is None or at < end):
                yield at, clocks(policy).calendar(team)

    def clock(self, lead: Lead, now: datetime) -> Clock | None:
        """How that of a lead stands; None where nothing is due."""
        if lead.due_at is None or lead.warns_at is None:
            return None
        try:
            return stands(self.calendar(lead.queue), lead.due_at, lead.warns_at, now, met=lead.answered_at)
        except NeverOpen:  # its team works no more by the policy of today
            return stands(self._always, lead.due_at, lead.warns_at, now, met=lead.answered_at)

    def calendar(self, team: str) -> Calendar:
        """One that the policy knows no more works day and night."""
        return self._calendars.get(team, self._always)

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


def clocks_now(organization: int) -> Clocks:
    """By the policy in force, and for the time before it by those that were. Raises NoPlaybook."""
    told = ruled(organization)
    return Clocks(told[-1][1], told) if len(told) > 1 else clocks(told[-1][1])


def _since_it_rested(turns: Sequence[Turn]) -> list[Turn]:
    rests = [at for at, turn in enumerate(turns) if not turn.team]
    return list(turns[rests[-1] + 1 :] if rests else turns)
