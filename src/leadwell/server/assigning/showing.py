"""Who is in, what do they have, and which teams need somebody? What the page Team and that of a colleague show."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db.models import Count, Q, QuerySet

from leadwell.playbook import Playbook
from leadwell.routing.assigning import Load
from leadwell.server.access.models import Membership
from leadwell.server.access.queries import members
from leadwell.server.access.roles import May, Role
from leadwell.server.assigning.crews import OPEN, loads
from leadwell.server.teams import queries as teams
from leadwell.server.teams.models import Absence, Because, Duty
from leadwell.server.worklist.models import Waiting

GIVES: Final = {
    "capacity": "to whoever has most room",
    "round-robin": "in turns",
    "take-next": "nothing: whoever is free takes the next",
}


@dataclass(frozen=True)
class Colleague:
    """`is_in`: None where nobody has said in which team they work; `back`: when they are back, or work next."""

    number: int
    user: int
    name: str
    role: str
    teams: str
    is_in: bool | None
    away: bool
    because: str
    back: datetime | None
    to_come: datetime | None
    load: Load
    most_open: int | None
    you: bool

    @property
    def is_full(self) -> bool:
        return self.most_open is not None and self.load.open >= self.most_open


@dataclass(frozen=True)
class TeamNow:
    """`waits`: leads that nobody has; `nobody`: those of them for which nobody could be found,
    while the team is at work."""

    key: str
    name: str
    gives: str
    people: int
    there: tuple[str, ...]
    waits: int
    nobody: int
    stands_in: tuple[str, ...]

    @property
    def stuck(self) -> str:
        return "nobody can" if self.nobody == self.waits else f"nobody can take {self.nobody}"


def colleagues(member: Membership, policy: Playbook, now: datetime) -> tuple[Colleague, ...]:
    """Everybody whose role may work leads, by name."""
    ours = member.organization_id
    people = [one for one in members(ours) if one.may(May.WORK_LEADS)]
    duties = {one.member_id: one for one in teams.duties(ours)}
    away, have = teams.absences(ours, since=now), loads(ours, [one.user_id for one in people])
    return tuple(
        Colleague(
            number=one.pk,
            user=one.user_id,
            name=one.user.get_full_name(),
            role=Role(one.role).label,
            teams=", ".join(_told(team, policy) for team in duties[one.pk].teams) if one.pk in duties else "",
            load=have[str(one.user_id)],
            most_open=duties[one.pk].most_open if one.pk in duties else None,
            you=one.pk == member.pk,
            **_there(duties.get(one.pk), away.get(one.pk, []), policy, now),
        )
        for one in people
    )


def _there(duty: Duty | None, away: Sequence[Absence], policy: Playbook, now: datetime) -> dict[str, Any]:
    """Whether they are in, and when they are back."""
    until = teams.away_until(away, now)
    works = _works(duty, policy, until or now)
    gone = next((one for one in away if one.since <= now), None)
    return {
        "is_in": until is None and works == now if duty and duty.teams else None,
        "away": until is not None,
        "because": str(Because(gone.because).label) if gone else "",
        "back": works or until,
        "to_come": None if until else next((one.since for one in away if one.since > now), None),
    }


def _works(duty: Duty | None, policy: Playbook, at: datetime) -> datetime | None:
    """When they work next in any of their teams, `at` itself where they do."""
    known = [team for team in (duty.teams if duty else ()) if team in policy.teams]
    opens = [teams.opens(teams.calendar(duty, team, policy), at) for team in known]
    return min((one for one in opens if one is not None), default=None)


def with_nobody(organization: int, policy: Playbook) -> QuerySet[Waiting]:
    """What no colleague has, of the teams of the policy."""
    ours = Waiting.objects.of(organization).filter(lead__owner=None, lead__queue__in=list(policy.teams), lane__in=OPEN)
    return ours.order_by("-cost", "pk")


def nobody_can(organization: int, policy: Playbook, now: datetime) -> QuerySet[Waiting]:
    """Those of them for which nobody could be found, while their team is at work."""
    working = [key for key in policy.teams if teams.calendar(None, key, policy).is_open(now)]
    return with_nobody(organization, policy).filter(nobody=True, lead__queue__in=working)


def teams_now(organization: int, policy: Playbook, people: Iterable[Colleague], now: datetime) -> tuple[TeamNow, ...]:
    duties, there = teams.duties(organization), {one.user for one in people if one.is_in}
    told = (
        with_nobody(organization, policy)
        .order_by()
        .values("lead__queue")
        .annotate(count=Count("pk"), tried=Count("pk", filter=Q(nobody=True)))
    )
    counted = {one["lead__queue"]: one for one in told}
    found = []
    for key, team in policy.teams.items():
        here, calendar = [one for one in duties if key in one.teams], teams.calendar(None, key, policy)
        found.append(
            TeamNow(
                key=key,
                name=named(key),
                gives=GIVES[team.assign],
                people=len(here),
                there=tuple(_name(one) for one in here if one.member.user_id in there),
                waits=counted[key]["count"] if key in counted else 0,
                nobody=counted[key]["tried"] if key in counted and calendar.is_open(now) else 0,
                stands_in=tuple(_name(one) for one in here if one.stands_in),
            )
        )
    return tuple(found)


def _name(duty: Duty) -> str:
    return duty.member.user.get_full_name()


def _told(team: str, policy: Playbook) -> str:
    return named(team) if team in policy.teams else f"{named(team)} (not in the playbook)"


def named(team: str) -> str:
    return team.replace("-", " ").capitalize()
