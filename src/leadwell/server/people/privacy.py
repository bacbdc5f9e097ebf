"""What do we hold of who somebody is?"""

from __future__ import annotations

from typing import Any

from leadwell.server.people.models import Person, PersonToken
from leadwell.server.privacy.held import Held, Subject
from leadwell.server.privacy.sealing import unseal_json


def _gives(subject: Subject) -> dict[str, Any]:
    person = Person.objects.of(subject.organization).filter(pk=subject.person).first()
    known = unseal_json(subject.organization, person.sealed, place=f"people.person/{person.pk}") if person else None
    return {"person": known}


def _erases(subject: Subject) -> None:
    PersonToken.objects.of(subject.organization).filter(person=subject.person).delete()
    Person.objects.of(subject.organization).filter(pk=subject.person).delete()


HELD = Held(models=(Person,), finds=lambda subject: None, gives=_gives, erases=_erases)
