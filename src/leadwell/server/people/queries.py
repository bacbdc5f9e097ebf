"""Read who somebody is, always of one organisation."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.utils import timezone

from leadwell.server.access.models import Membership
from leadwell.server.access.roles import May
from leadwell.server.people.models import Emergency, Person
from leadwell.server.privacy.sealing import unseal_json


def is_known(organization: int, person: UUID) -> bool:
    return Person.objects.of(organization).filter(pk=person).exists()


def identity(organization: int, person: UUID) -> dict[str, str] | None:
    """Names, contacts and birth date, opened; None where nobody of this id is known."""
    found = Person.objects.of(organization).filter(pk=person).first()
    if found is None:
        return None
    known: dict[str, str] = unseal_json(organization, found.sealed, place=f"people.person/{found.pk}")
    return known


def sees(member: Membership, person: UUID | None) -> bool:
    """Whether somebody may see who this is: by their role, or because they have opened it in an emergency."""
    if member.may(May.SEE_IDENTITIES):
        return True
    return person is not None and any(one.person == person for one in open_emergencies(member))


def open_emergencies(member: Membership, *, now: datetime | None = None) -> list[Emergency]:
    """What somebody has opened in an emergency and still sees, the newest first."""
    ours = Emergency.objects.of(member.organization_id).filter(user=member.user_id)
    return list(ours.filter(until__gt=now or timezone.now()).order_by("-until"))


def emergencies_of(organization: int, person: UUID) -> list[tuple[Emergency, str]]:
    """Every time that somebody was opened in an emergency, the newest first, with the reason; '' once erased."""
    ours = Emergency.objects.of(organization).filter(person=person).select_related("user").order_by("-opened_at")
    return [(one, _reason(one)) for one in ours]


def _reason(one: Emergency) -> str:
    if not one.sealed:
        return ""
    return str(unseal_json(one.organization_id, one.sealed, place=f"people.emergency/{one.pk}"))
