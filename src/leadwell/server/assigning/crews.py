"""Who of each team can be given a lead now, and what does each have already?"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Count, Q

from leadwell.playbook import Playbook
from leadwell.routing.assigning import Away, Colleague, Load, Team
from leadwell.server.leads.models import Lead
from leadwell.server.teams import queries as teams
from leadwell.server.teams.models import Absence, Duty
from leadwell.server.worklist.models import Lane, Waiting
from leadwell.worktime import NeverOpen

OPEN: Final = (Lane.SAFETY, Lane.DUE, Lane.TO_DO, Lane.REVIEW, Lane.AGAIN)
MINUTES: Final = 10.0  # that a lead takes, about
_SOON: Final = timedelta(minutes=1)  # whoever has no room now may have it then
_COVERED: Final = ("types", "services", "locations", "languages", "states")


@dataclass(frozen=True)
class Crew:
    """The people of a team that gives its leads to somebody."""

    team: str
    assign: str
    people: tuple[Colleague, ...]

    def as_it_stands(self, loads: Mapping[str, Load], owed: Mapping[str, float], seed: str) -> Team:
        keys = [one.key for one in self.people]
        return Team(self.people, self.assign, seed, loads, {key: owed[key] for key in keys if key in owed})

    @property
    def asks_for_licences(self) -> bool:
        """Whether anybody's licences hold for some states alone."""
        return any(one.states is not None for one in self.people)

    def next_try(self, now: datetime) -> datetime:
        """When it is worth asking again: in a minute where anybody works, else when the first of them does."""
        return min((_works(one, now) for one in self.people), default=now + _SOON)

    def is_idle(self, now: datetime) -> bool:
        return self.next_try(now) > now + _SOON


def crews(organization: int, policy: Playbook, now: datetime) -> dict[str, Crew]:
    """By team; without those in which whoever is free takes what is next, and in which nobody works."""
    working, away = teams.duties(organization), teams.absences(organization, since=now)
    found = {}
    for key, team in policy.teams.items():
        people = tuple(colleague(one, key, policy, away.get(one.member_id, ())) for one in working if key in one.teams)
        if people and team.assign != "take-next":
            found[key] = Crew(key, team.assign, people)
    return found


def colleague(duty: Duty, team: str, policy: Playbook, away: Iterable[Absence]) -> Colleague:
    covers = {name: frozenset(told) for name in _COVERED if (told := getattr(duty, name)) is not None}
    return Colleague(
        key=str(duty.member.user_id),
        calendar=teams.calendar(duty, team, policy),
        away=tuple(Away(one.since, one.until) for one in away),
        weight=duty.share,
        most_open=duty.most_open,
        **covers,
    )


def loads(organization: int, users: Collection[int]) -> dict[str, Load]:
    """By user: what waits for something of theirs, what of it they have not begun, and how long what is due takes."""
    in_hand = Lead.objects.of(organization).filter(owner__in=users, answered_at=None, waiting__lane__in=OPEN)
    told = in_hand.order_by().values("owner").annotate(
        open=Count("pk"),
        waits=Count("pk", filter=Q(waiting__given_at__isnull=False)),
        due=Count("pk", filter=Q(due_at__isnull=False) & ~Q(waiting__lane=Lane.AGAIN)),
    )  # fmt: skip
    found = {str(one["owner"]): Load(one["open"], one["waits"], one["due"] * MINUTES) for one in told}
    promised = Waiting.objects.of(organization).filter(lane=Lane.AGAIN, lead__owner__in=users)
    again = promised.exclude(lead__answered_at=None).order_by().values_list("lead__owner").annotate(Count("pk"))
    for user, count in again:
        before = found.get(str(user), Load())
        found[str(user)] = replace(before, open=before.open + count)
    return {str(user): found.get(str(user), Load()) for user in users}


def with_one_more(load: Load, *, due: bool) -> Load:
    return Load(load.open + 1, load.waiting + 1, load.minutes + (MINUTES if due else 0))


def _works(one: Colleague, now: datetime) -> datetime:
    """When they can be asked next; in a year where their hours never come."""
    at = now
    for gone in sorted(one.away, key=lambda away: away.since):
        if gone.since <= at < gone.until:
            at = gone.until
    try:
        return max(one.calendar.opens(at), now + _SOON)
    except NeverOpen:
        return now + timedelta(days=365)
