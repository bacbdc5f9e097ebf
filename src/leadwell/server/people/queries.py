"""Read who somebody is, always of one organisation."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.utils import timezone

from leadwell.server.access.models import Membership
from leadwell.server.access.roles import May
from leadwell.server.people.models import Emergency, Person, PersonToken
from leadwell.server.privacy.sealing import if_opens, unseal_json

CONTACTS: Final = {"phone": "telephone", "email": "e-mail"}  # a birth date alone is many people's
_NAMES: Final = (
    ("patient_first_name", "patient_last_name"), ("patient_full_name",), ("first_name", "last_name"), ("full_name",),
)  # fmt: skip
_MOST_OTHERS: Final = 100


def is_known(organization: int, person: UUID) -> bool:
    return Person.objects.of(organization).filter(pk=person).exists()


def keep(organization: int, person: UUID) -> bool:
    """Whether somebody is known. Until the transaction ends, an erasure of them waits."""
    ours = Person.objects.of(organization).select_for_update().filter(pk=person)
    return ours.values_list("pk", flat=True).first() is not None


class Damaged(dict[str, str]):
    """Of somebody whose record cannot be opened nothing is known, and that is said."""


def identity(organization: int, person: UUID) -> dict[str, str] | None:
    """Names, contacts and birth date, opened; None where nobody of this id is known, Damaged where it cannot be."""
    return identities(organization, [person]).get(person)


def identities(organization: int, people: Collection[UUID]) -> dict[UUID, dict[str, str]]:
    """The same of many, in one question; without those whom nobody knows."""
    ours = Person.objects.of(organization).filter(pk__in=people)
    return {one.pk: _opened(one) for one in ours}


def _opened(one: Person) -> dict[str, str]:
    known: dict[str, str] | None = if_opens(
        unseal_json, one.organization_id, one.sealed, place=f"people.person/{one.pk}"
    )
    return Damaged() if known is None else known


def name_of(known: Mapping[str, str]) -> str:
    """The patient's, where somebody else asked for them; else the name they gave."""
    if isinstance(known, Damaged):
        return "Name cannot be opened"
    found = (" ".join(known[part] for part in parts if known.get(part)) for parts in _NAMES)
    return next((one for one in found if one), "No name given")


@dataclass(frozen=True)
class Other:
    """Somebody of another id who has the same telephone or e-mail: the same person once more, or their family."""

    person: UUID
    shares: tuple[str, ...]


def others_of(organization: int, person: UUID) -> list[Other]:
    """Who shares a telephone or an e-mail with somebody, the oldest first; at most a hundred."""
    tokens = PersonToken.objects.of(organization).filter(kind__in=CONTACTS)
    found: dict[UUID, set[str]] = {}
    for kind, token in tokens.filter(person=person).values_list("kind", "token"):  # a few, and each has its index
        same = tokens.filter(token=token).exclude(person=person).order_by("person").values_list("person", flat=True)
        for other in same[:_MOST_OTHERS]:
            found.setdefault(other, set()).add(CONTACTS[kind])
    return [Other(other, tuple(sorted(found[other]))) for other in sorted(found)[:_MOST_OTHERS]]


def sees(member: Membership, person: UUID | None) -> bool:
    """Whether somebody may see who this is: by their role, or because they have opened it in an emergency."""
    if member.may(May.SEE_IDENTITIES):
        return True
    return person is not None and any(one.person == person for one in open_emergencies(member))


def open_emergencies(member: Membership, *, now: datetime | None = None) -> list[Emergency]:
    """What somebody has opened in an emergency in this session and still sees, the newest first."""
    ours = Emergency.objects.of(member.organization_id).filter(user=member.user_id, session=member.session)
    return list(ours.filter(until__gt=now or timezone.now()).order_by("-until"))


def emergencies_of(organization: int, person: UUID) -> list[tuple[Emergency, str | None]]:
    """Every time that somebody was opened in an emergency, the newest first, with the reason; '' once erased, None
    where it cannot be opened."""
    ours = Emergency.objects.of(organization).filter(person=person).select_related("user").order_by("-opened_at")
    return [(one, _reason(one)) for one in ours]


def _reason(one: Emergency) -> str | None:
    if not one.sealed:
        return ""
    return if_opens(unseal_json, one.organization_id, one.sealed, place=f"people.emergency/{one.pk}")
