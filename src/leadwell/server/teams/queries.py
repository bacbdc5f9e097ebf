"""Read who works in which team, when they are away, and when they work, always of one organisation."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from leadwell.playbook import Playbook
from leadwell.playbook.hours import windows
from leadwell.server.access.roles import ALLOWED, May
from leadwell.server.teams.models import Absence, Duty
from leadwell.worktime import Calendar, NeverOpen

_MAY_WORK: Final = tuple(role for role, may in ALLOWED.items() if May.WORK_LEADS in may)


def duties(organization: int) -> list[Duty]:
    """Of those who may be given a lead, by name."""
    ours = Duty.objects.of(organization).filter(member__role__in=_MAY_WORK, member__user__is_active=True)
    return list(ours.select_related("member__user").order_by("member__user__name", "member"))


def duty_of(organization: int, member: int) -> Duty | None:
    """By the number of their membership."""
    return Duty.objects.of(organization).filter(member=member).first()


def teams_of(organization: int, user: int) -> frozenset[str] | None:
    """The teams in which somebody works; None where that was never said of them."""
    told = Duty.objects.of(organization).filter(member__user=user).values_list("teams", flat=True).first()
    return frozenset(told) if told else None


def staffed(organization: int) -> frozenset[str]:
    """The teams in which anybody works who may be given a lead."""
    return frozenset(team for one in duties(organization) for team in one.teams)


def absences(organization: int, *, since: datetime) -> dict[int, list[Absence]]:
    """The number of a membership -> when they are away, of what is not over at `since`; the first first."""
    found: dict[int, list[Absence]] = defaultdict(list)
    for one in Absence.objects.of(organization).filter(until__gt=since).order_by("since", "pk"):
        found[one.member_id].append(one)
    return dict(found)


def absences_of(organization: int, member: int, *, since: datetime) -> list[Absence]:
    ours = Absence.objects.of(organization).filter(member=member, until__gt=since)
    return list(ours.order_by("since", "pk"))


def away_until(away: Iterable[Absence], now: datetime) -> datetime | None:
    """When they are back; None where they are not away."""
    until = None
    for one in sorted(away, key=lambda one: one.since):
        if one.since <= (until or now) < one.until:
            until = one.until
    return until


def calendar(duty: Duty | None, team: str, policy: Playbook) -> Calendar:
    """When somebody works for a team: in their own hours, or in the team's."""
    known = policy.teams.get(team)
    told = (duty.hours if duty else "") or (known.hours if known else "") or "24/7"
    return _calendar(told, policy.organization.time_zone, policy.organization.holidays)


@lru_cache(maxsize=256)
def _calendar(told: str, zone: str, holidays: str | None) -> Calendar:
    """One for all who work the same hours: it keeps the days that were asked of it."""
    return Calendar(windows(told), ZoneInfo(zone), holidays)


def opens(calendar: Calendar, now: datetime) -> datetime | None:
    """When they work next, now where they do; None where they never do."""
    try:
        return calendar.opens(now)
    except NeverOpen:
        return None
