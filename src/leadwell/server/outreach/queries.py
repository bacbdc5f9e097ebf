"""Read what waits and what became of it, always of one organisation."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Case, Count, F, Q, QuerySet, When

from leadwell.server.outreach.models import Message, Result, State


def still_here() -> Q:
    """Which messages a stop, or somebody who works here, can still keep from leaving."""
    return Q(state__in=(State.QUEUED, State.DEFERRED)) | Q(state=State.SENDING, handed_at=None)


def not_sent(problem: str) -> dict[str, Any]:
    """What is written of a message that is kept from leaving. Its worker may have given its words at this moment, and
    been killed before that was noted; if it had not, it says so, and knows by the `lease`, which stays, that it was its
    own. (sending._never_left)"""
    leaving = When(state=State.SENDING, then=True)
    return {"state": State.CANCELLED, "problem": problem, "due_at": None, "unsure": Case(leaving, default=F("unsure"))}


def messages(organization: int, *, state: str = "") -> QuerySet[Message]:
    """The newest first, without their words."""
    ours = Message.objects.of(organization).defer("sealed").order_by("-created_at", "-pk")
    return ours.filter(state=state) if state else ours


def message_of(organization: int, number: UUID) -> Message | None:
    return Message.objects.of(organization).filter(pk=number).first()


def counts_by_state(organization: int) -> dict[str, int]:
    rows = Message.objects.of(organization).order_by().values_list("state").annotate(Count("pk"))
    return dict(rows)


def how_many_dead(organization: int) -> int:
    return Message.objects.of(organization).filter(state=State.DEAD).count()


def results_of(organization: int, number: UUID) -> list[Result]:
    """What was said of a message, the newest first."""
    return list(Result.objects.of(organization).filter(message=number).order_by("-at", "-pk"))
