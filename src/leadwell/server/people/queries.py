"""Read who somebody is, always of one organisation."""

from __future__ import annotations

from uuid import UUID

from leadwell.server.people.models import Person


def is_known(organization: int, person: UUID) -> bool:
    return Person.objects.of(organization).filter(pk=person).exists()
