"""What waits for a person to look at it, and what was decided lately? Always of one organisation."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from leadwell.server.base.scope import Scoped
from leadwell.server.calls.models import SPOKE
from leadwell.server.calls.queries import standing, they_called
from leadwell.server.leads.models import Event, Lead
from leadwell.server.outcomes.models import Outcome


def _leads(organization: int) -> QuerySet[Lead]:
    ours = Lead.objects.of(organization).filter(person__isnull=False)
    return ours.select_related("current", "owner").defer("current__sealed")


def danger(organization: int, *, seen: bool) -> QuerySet[Lead]:
    """Whose words sound like danger: whom nobody has seen or answered, whoever waits longest first; or the others, the
    newest first. A call that lasts has answered nobody yet, and no program that ends a lead has seen it."""
    ours = _leads(organization).exclude(safety="")
    at_that = {"lead": OuterRef("pk"), "at": OuterRef("answered_at")}
    by_program = _outcomes(organization).filter(**at_that, ends=True).exclude(by__startswith="user:")
    lasts = Exists(they_called(organization).filter(**at_that))
    nobody = Q(acknowledged_at=None) & (Q(answered_at=None) | lasts | Exists(by_program))
    return ours.exclude(nobody).order_by("-received_at", "-pk") if seen else ours.filter(nobody).order_by("received_at")


def conflicts(organization: int) -> QuerySet[Lead]:
    """Of which two things cannot both be right; without those that rest. Those that wait for an answer before the
    others, the oldest first."""
    ours = _leads(organization).filter(conflicts__gt=0, resting="")
    return ours.order_by(F("answered_at").asc(nulls_first=True), "received_at", "pk")


def sampled(organization: int) -> QuerySet[Lead]:
    """Low scores that are handled like high ones, the newest first."""
    return _leads(organization).filter(sampled=True).order_by("-received_at", "-pk")


def set_aside(organization: int) -> QuerySet[Lead]:
    return _leads(organization).exclude(resting="").order_by("-received_at", "-pk")


def was_put_aside(organization: int, number: UUID) -> bool:
    """After somebody had brought it back."""
    return Event.objects.of(organization).filter(lead=number, name="lead.put-aside").exists()


def recovered(organization: int) -> QuerySet[Lead]:
    return _leads(organization).filter(recovered_at__isnull=False).order_by("-recovered_at", "-pk")


def danger_since(organization: int, leads: Collection[Lead]) -> dict[UUID, datetime]:
    """Since when their words sound so: since they came, or since what was added to them."""
    found = {lead.pk: lead.received_at for lead in leads}
    told = Event.objects.of(organization).filter(lead__in=found, name="lead.rejudged").order_by("at")
    for lead, at, codes in told.values_list("lead", "at", "codes"):
        if isinstance(moved := codes.get("safety"), list) and moved[1]:
            found[lead] = at
    return found


def answered_when(organization: int, leads: Collection[Lead]) -> dict[UUID, datetime | None]:
    """None also while they are on the call that answers them."""
    lasts = set(they_called(organization).filter(lead__in=[one.pk for one in leads]).values_list("lead", "at"))
    return {one.pk: None if (one.pk, one.answered_at) in lasts else one.answered_at for one in leads}


def answered_by(organization: int, leads: Collection[Lead]) -> dict[UUID, tuple[str, str]]:
    """Lead -> who answered it, as the trail has it, and by which end that was noted, '' where it was no end; without
    those of which that is not known."""
    when = {one.pk: one.answered_at for one in leads if one.answered_at}
    said = Event.objects.of(organization).filter(lead__in=when, name="lead.answered", by__isnull=False)
    told = [(lead, at, f"user:{by}", "") for lead, at, by in said.values_list("lead", "at", "by")]
    spoke = standing(organization).filter(lead__in=when, result__in=SPOKE).values_list("lead", "at", "by")
    told += [(lead, at, by, "") for lead, at, by in spoke]
    noted = _outcomes(organization).filter(lead__in=when).values_list("lead", "at", "by", "ends", "reason")
    told += [(lead, at, by, reason if ends else "") for lead, at, by, ends, reason in noted]
    return {lead: (by, end) for lead, at, by, end in told if at == when[lead]}


def _outcomes(organization: int) -> Scoped[Outcome]:
    return Outcome.objects.of(organization).filter(undone_at=None)


def became(organization: int, leads: Collection[Lead]) -> dict[UUID, tuple[str, str]]:
    """Lead -> what was last noted that became of it, with the reason of an end; without those of which nothing was."""
    rows = _outcomes(organization).filter(lead__in=[one.pk for one in leads])
    told = rows.order_by("at", "noted_at", "pk").values_list("lead", "became", "reason")
    return {lead: (what, reason) for lead, what, reason in told}
