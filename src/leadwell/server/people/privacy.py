"""What do we hold of who somebody is?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from django.db.models import Q

from leadwell.server.people.models import Doubt, Emergency, Person, PersonLink, PersonToken, Relation
from leadwell.server.people.queries import Damaged, identity, others_of
from leadwell.server.privacy.held import UNOPENED, Held, Kept, Sealed, Subject

_WORDS: Final = {
    "name": ("first_name", "last_name", "full_name"),
    "the patient’s name": ("patient_first_name", "patient_last_name", "patient_full_name"),
    "birth date": ("birth_date", "patient_birth_date"),
    "telephone": ("phone", "phone_2"),
    "e-mail": ("email",),
    "address": ("address", "city", "state", "zip"),
    "sex": ("sex",),
}


def _gives(subject: Subject) -> dict[str, Any]:
    others = others_of(subject.organization, subject.person)
    known = identity(subject.organization, subject.person)
    return {
        "person": UNOPENED if isinstance(known, Damaged) else known,
        "shared_with": [{"person_id": str(one.person), "shares": list(one.shares)} for one in others],
    }


def _erases(subject: Subject) -> None:
    ours = subject.organization
    asked = Relation.objects.of(ours).filter(patient=subject.person)
    askers = list(asked.values_list("asker", flat=True))  # a record of an asker is of one lead, and goes with it
    asked.delete()
    Relation.objects.of(ours).filter(asker=subject.person).delete()
    for gone in (subject.person, *askers):
        PersonToken.objects.of(ours).filter(person=gone).delete()
        Person.objects.of(ours).filter(pk=gone).delete()
        for model in (PersonLink, Doubt):
            model.objects.of(ours).filter(Q(one=gone) | Q(other=gone)).update(sealed=None)
    Emergency.objects.of(ours).filter(person=subject.person).update(sealed=b"")


def _counts(subject: Subject) -> Iterator[Kept]:
    person = Person.objects.of(subject.organization).filter(pk=subject.person).first()
    if person is None:
        return
    known = identity(subject.organization, subject.person) or {}
    what = [word for word, names in _WORDS.items() if any(known.get(name) for name in names)]
    yield Kept("Who they are", 1, person.created_at, ", ".join(what))
    tokens = PersonToken.objects.of(subject.organization).filter(person=subject.person).count()
    yield Kept("Marks by which they are found", tokens, person.created_at, "keyed, and of use nowhere else")
    reasons = Emergency.objects.of(subject.organization).filter(person=subject.person).order_by("opened_at")
    if first := reasons.first():
        yield Kept("Reasons given in an emergency", reasons.count(), first.opened_at)


HELD = Held(
    finds=lambda subject: None,
    gives=_gives,
    erases=_erases,
    counts=_counts,
    sealed=(
        Sealed(Person, "sealed", lambda person: f"people.person/{person.pk}"),
        Sealed(Emergency, "sealed", lambda one: f"people.emergency/{one.pk}"),
        Sealed(PersonLink, "sealed", lambda link: f"people.link/{link.pk}"),
        Sealed(Doubt, "sealed", lambda doubt: f"people.doubt/{doubt.pk}"),
    ),
)
