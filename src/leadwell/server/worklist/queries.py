"""Read the worklist, always of one organisation: one range of an index a lane."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final
from uuid import UUID

from django.db.models import Count, QuerySet

from leadwell.server.leads.models import Lead
from leadwell.server.worklist.models import Lane, Waiting

MINE: Final = "mine"
LANES: Final = (Lane.SAFETY, Lane.DUE, Lane.TO_DO, Lane.AGAIN, Lane.REVIEW, Lane.RESTING)
_TO_TAKE: Final = ((Lane.SAFETY,), (Lane.DUE,), (Lane.TO_DO, Lane.REVIEW))  # in the order of what they cost
_TRIED: Final = 8


def waiting(organization: int, lane: str, *, owner: int) -> QuerySet[Waiting]:
    """Those of a lane, who costs most first; MINE: what `owner` has, and has not answered."""
    ours = Waiting.objects.of(organization).order_by("-cost", "pk")
    if lane == MINE:  # from the few that somebody has, and not from all that wait
        ours = ours.filter(lead__in=Lead.objects.of(organization).filter(owner=owner).values("pk"), lane__in=LANES)
    else:
        ours = ours.filter(lane=lane)
    return ours.select_related("lead", "lead__owner", "lead__current").defer("lead__current__sealed")


def counts(organization: int, *, owner: int) -> dict[str, int]:
    """How many stand in each lane, and in MINE."""
    ours = Waiting.objects.of(organization).filter(lane__in=LANES).order_by()
    found = dict.fromkeys([*map(str, LANES), MINE], 0) | dict(ours.values_list("lane").annotate(Count("pk")))
    found[MINE] = waiting(organization, MINE, owner=owner).count()
    return found


def how_many_press(organization: int) -> int:
    """In danger, nearly late or late."""
    return Waiting.objects.of(organization).filter(lane__in=(Lane.SAFETY, Lane.DUE)).count()


def next_to_take(organization: int, *, but: Collection[UUID] = ()) -> list[UUID]:
    """Those that nobody has, who costs most first: a few, so that whoever is second to one takes the next."""
    ours = Waiting.objects.of(organization).filter(lead__owner=None).exclude(lead__in=but).order_by("-cost", "pk")
    for lanes in _TO_TAKE:
        found = [row for lane in lanes for row in ours.filter(lane=lane).values_list("cost", "lead")[:_TRIED]]
        if found:
            return [lead for _, lead in sorted(found, key=lambda row: -row[0])]
    return []


def next_of(organization: int) -> Waiting | None:
    """Whom to call next."""
    first = next(iter(next_to_take(organization)), None)
    ours = Waiting.objects.of(organization).select_related("lead", "lead__owner", "lead__current")
    return ours.filter(lead=first).first() if first else None


def lead_on(organization: int, number: UUID) -> Lead | None:
    """One that nobody has erased."""
    return Lead.objects.of(organization).filter(pk=number, person__isnull=False).first()
