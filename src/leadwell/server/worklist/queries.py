"""Read the worklist, always of one organisation: one range of an index a lane."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final
from uuid import UUID

from django.db.models import Count, QuerySet

from leadwell.server.leads.models import Lead
from leadwell.server.teams.queries import staffed, teams_of
from leadwell.server.worklist.models import Lane, Waiting

MINE: Final = "mine"
LANES: Final = (Lane.SAFETY, Lane.DUE, Lane.TO_DO, Lane.AGAIN, Lane.REVIEW, Lane.RESTING)
_TO_TAKE: Final = ((Lane.SAFETY,), (Lane.DUE,), (Lane.TO_DO, Lane.REVIEW))  # in the order of what they cost
_TRIED: Final = 8


def waiting(organization: int, lane: str, *, owner: int, kind: str = "") -> QuerySet[Waiting]:
    """Those of a lane, who costs most first; MINE: what `owner` has, and has not answered. `kind`: of one type of leads
    alone."""
    ours = _of_kind(organization, kind).order_by("-cost", "pk")
    ours = ours.filter(owner=owner, lane__in=LANES) if lane == MINE else ours.filter(lane=lane)
    return ours.select_related("lead", "lead__owner", "lead__current").defer("lead__current__sealed")


def _of_kind(organization: int, kind: str) -> QuerySet[Waiting]:
    ours = Waiting.objects.of(organization)
    return ours.filter(lead__type=kind) if kind else ours


def counts(organization: int, *, owner: int, kind: str = "") -> dict[str, int]:
    """How many stand in each lane, and in MINE."""
    ours = _of_kind(organization, kind).filter(lane__in=LANES).order_by()
    found = dict.fromkeys([*map(str, LANES), MINE], 0) | dict(ours.values_list("lane").annotate(Count("pk")))
    found[MINE] = waiting(organization, MINE, owner=owner, kind=kind).count()
    return found


def how_many_press(organization: int) -> int:
    """In danger, nearly late or late."""
    return Waiting.objects.of(organization).filter(lane__in=(Lane.SAFETY, Lane.DUE)).count()


def next_to_take(organization: int, *, user: int, but: Collection[UUID] = ()) -> list[tuple[UUID, bool]]:
    """What was given to them and they have not begun, and what nobody has: a few, so that whoever is second to one
    takes the next; with whether it is theirs. Of danger, of what is due and of all else it is first what is theirs,
    then who costs most: of their teams, of teams in which nobody works, and in danger of all."""
    teams, ours = teams_of(organization, user), Waiting.objects.of(organization).exclude(lead__in=but)
    in_hand = Lead.objects.of(organization).filter(owner=user, answered_at=None).values("pk")
    given = ours.filter(lead__in=in_hand, given_at__isnull=False)
    mine = sorted(given.values_list("lane", "cost", "lead"), key=lambda row: -row[1])
    others = staffed(organization) - teams if teams is not None else frozenset()
    free = ours.filter(owner=None).order_by("-cost", "pk")
    for lanes in _TO_TAKE:
        theirs = [(lead, True) for lane, _, lead in mine if lane in lanes]
        among = free if lanes == (Lane.SAFETY,) or not others else free.exclude(lead__queue__in=others)
        found = [row for lane in lanes for row in among.filter(lane=lane).values_list("cost", "lead")[:_TRIED]]
        found.sort(key=lambda row: -row[0])
        if theirs or found:
            return [*theirs, *((lead, False) for _, lead in found)]
    return []


def next_of(organization: int, *, user: int) -> Waiting | None:
    """Whom to call next."""
    first = next(iter(next_to_take(organization, user=user)), None)
    ours = Waiting.objects.of(organization).select_related("lead", "lead__owner", "lead__current")
    return ours.filter(lead=first[0]).first() if first else None


def lead_on(organization: int, number: UUID) -> Lead | None:
    """One that nobody has erased."""
    return Lead.objects.of(organization).filter(pk=number, person__isnull=False).first()
