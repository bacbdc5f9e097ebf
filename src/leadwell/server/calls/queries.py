"""Read how often and how somebody was tried, always of one organisation. What was taken back counts nowhere."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import Exists, Min, OuterRef, Q

from leadwell.server.base.scope import Scoped
from leadwell.server.calls.models import SPOKE, Attempt, Direction, Result
from leadwell.server.leads.models import Lead
from leadwell.server.privacy.sealing import if_opens, unseal_json

_HOUR: Final = 3600


def attempts_of(organization: int, lead: UUID) -> list[Attempt]:
    """All that were noted of a lead, the newest first, also what was taken back."""
    return list(Attempt.objects.of(organization).filter(lead=lead).exclude(result="").order_by("-at", "-pk"))


def attempt_of(organization: int, lead: UUID, number: UUID) -> Attempt | None:
    return Attempt.objects.of(organization).filter(lead=lead, pk=number).first()


def under_way(organization: int, lead: UUID, *, by: str) -> Attempt | None:
    """The call that somebody here has begun, or taken, and not ended."""
    return next((one for one in all_under_way(organization, lead) if one.by == by), None)


def all_under_way(organization: int, lead: UUID) -> list[Attempt]:
    """Such calls of everybody here, the last first."""
    ours = Attempt.objects.of(organization).filter(lead=lead, ended_at=None, undone_at=None)
    return list(ours.order_by("-at", "-pk"))


def they_called(organization: int) -> Scoped[Attempt]:
    """Calls of theirs that were taken here, and of which nobody has said how they ended."""
    ours = Attempt.objects.of(organization).filter(ended_at=None, undone_at=None, begun=True)
    return ours.filter(direction=Direction.IN, result=Result.REACHED)


def on_the_line(organization: int, leads: Collection[UUID]) -> dict[UUID, tuple[datetime, str]]:
    """Lead -> since when they are on such a call, and with whom: of several the last."""
    rows = they_called(organization).filter(lead__in=leads).order_by("at", "pk")
    return {lead: (at, by) for lead, at, by in rows.values_list("lead", "at", "by")}


def note_of(one: Attempt) -> str | None:
    """What was noted, '' where nothing was; None where it cannot be opened."""
    place = f"calls.attempt/{one.pk}"
    return if_opens(unseal_json, one.organization_id, one.sealed, place=place) if one.sealed else ""


def standing(organization: int) -> Scoped[Attempt]:
    return Attempt.objects.of(organization).filter(undone_at=None).exclude(result="")


def first_reached(organization: int, leads: Collection[UUID], *, since: datetime | None = None) -> dict[UUID, datetime]:
    """Lead -> when somebody of theirs was first spoken with; without those that were not. `since`: then or later, on a
    call that lasted until then too."""
    spoke = standing(organization).filter(lead__in=leads, result__in=SPOKE)
    if since is not None:
        lasted = Q(begun=True) & (Q(ended_at=None) | Q(ended_at__gte=since))
        spoke = spoke.filter(Q(at__gte=since) | lasted)
    return dict(spoke.order_by().values_list("lead").annotate(Min("at")))


def first_contact_hours(lead: Lead) -> float | None:
    """Hours from receipt to the first time they were reached: a fact that is verified, for it happened here."""
    at = first_reached(lead.organization_id, [lead.pk]).get(lead.pk)
    return None if at is None else round(max((at - lead.received_at).total_seconds(), 0) / _HOUR, 2)


def tries(organization: int, leads: Collection[UUID]) -> dict[UUID, list[tuple[datetime, str]]]:
    """Lead -> when we tried to reach them, or spoke with them because they called, and how each ended, in order."""
    found: dict[UUID, list[tuple[datetime, str]]] = {}
    ours = standing(organization).filter(Q(direction=Direction.OUT) | Q(result__in=SPOKE), lead__in=leads)
    rows = ours.order_by("at", "pk")
    for lead, at, result in rows.values_list("lead", "at", "result"):
        found.setdefault(lead, []).append((at, result))
    return found


def answers(organization: int, most: int) -> list[tuple[datetime, str, bool]]:
    """Of our latest calls: when, in which zone they seem to be ('' where nothing tells), and whether somebody of theirs
    answered. A wrong number says nothing of that."""
    ours = standing(organization).filter(channel="call", direction=Direction.OUT).exclude(result=Result.WRONG_NUMBER)
    rows = ours.order_by("-at", "-pk").values_list("at", "lead__time_zone", "result")[:most]
    return [(at, zone, result in SPOKE) for at, zone, result in rows]


def callbacks(organization: int, leads: Collection[UUID]) -> dict[UUID, datetime]:
    """Lead -> when we promised to call back; where nobody was tried since."""
    later = standing(organization).filter(lead=OuterRef("lead"), at__gt=OuterRef("at"))
    ours = standing(organization).filter(lead__in=leads, callback_at__isnull=False).exclude(Exists(later))
    return {lead: at for lead, at in ours.order_by("at", "pk").values_list("lead", "callback_at") if at}
