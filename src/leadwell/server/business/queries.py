"""Read whom we know in an organisation, and when we meet them. What was taken back counts nowhere."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.db.models import Q, QuerySet

from leadwell.server.business.models import Colleague, Mark, Meeting
from leadwell.server.leads.models import Lead
from leadwell.server.privacy.sealing import if_opens, unseal_json

MOST_OTHERS = 20


def colleagues_of(organization: int, lead: UUID) -> list[Colleague]:
    """The oldest first."""
    return list(Colleague.objects.of(organization).filter(lead=lead, undone_at=None).order_by("at", "pk"))


def colleague_of(organization: int, lead: UUID, number: UUID) -> Colleague | None:
    return Colleague.objects.of(organization).filter(lead=lead, pk=number, undone_at=None).first()


def is_colleague(organization: int, lead: UUID, person: UUID) -> bool:
    """Whether somebody named this person here, also who took that back; of one who was erased nobody has."""
    return Colleague.objects.of(organization).filter(lead=lead, person=person).exists()


def called_of(organization: int, leads: Collection[UUID]) -> list[Colleague]:
    """Those who are called instead of whoever asked."""
    ours = Colleague.objects.of(organization).filter(lead__in=leads, called=True, undone_at=None)
    return list(ours.filter(person__isnull=False))


def told_by(one: Colleague) -> dict[str, str] | None:
    """Name, role, telephone and e-mail; None where they cannot be opened, nothing of one who was erased."""
    if not one.sealed:
        return {}
    return if_opens(unseal_json, one.organization_id, one.sealed, place=f"business.colleague/{one.pk}")


def meetings_of(organization: int, lead: UUID) -> list[Meeting]:
    """All that were agreed, the newest first, also what was moved; without what was taken back."""
    ours = Meeting.objects.of(organization).filter(lead=lead, undone_at=None)
    return list(ours.order_by("-noted_at", "-pk"))


def meeting_of(organization: int, lead: UUID, number: UUID) -> Meeting | None:
    return Meeting.objects.of(organization).filter(lead=lead, pk=number, undone_at=None).first()


def ahead_of(organization: int, lead: UUID) -> Meeting | None:
    """The one of which nobody has said yet whether it was held."""
    return _open(organization).filter(lead=lead).first()


def last_of(organization: int, leads: Collection[UUID]) -> dict[UUID, Meeting]:
    """Lead -> the meeting that was agreed last and was not moved."""
    ours = Meeting.objects.of(organization).filter(lead__in=leads, undone_at=None, moved_to=None)
    return {one.lead_id: one for one in ours.order_by("noted_at", "pk").defer("sealed")}


def _open(organization: int) -> QuerySet[Meeting]:
    return Meeting.objects.of(organization).filter(result="", moved_to=None, undone_at=None)


def told_of_meeting(one: Meeting) -> dict[str, str] | None:
    """`with_whom` and `where`; None where they cannot be opened."""
    if not one.sealed:
        return {}
    return if_opens(unseal_json, one.organization_id, one.sealed, place=f"business.meeting/{one.pk}")


def others_of(organization: int, lead: UUID) -> list[Lead]:
    """Other leads of the same organisation, by its name or the domain of its mail, the newest first."""
    tokens = Mark.objects.of(organization).filter(lead=lead).values("token")
    same = Mark.objects.of(organization).filter(token__in=tokens).values("lead")
    ours = Lead.objects.of(organization).filter(Q(pk__in=same) & Q(person__isnull=False)).exclude(pk=lead)
    return list(ours.order_by("-received_at", "-pk")[:MOST_OTHERS])
