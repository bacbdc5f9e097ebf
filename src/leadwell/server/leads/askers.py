"""Who asked for a lead, where is each reached, and which of them is called? (promises B8, D22, D23)

Mother and father ask for one child: that is one lead, and both stand on it with what each permits. Whoever asked first
is called, unless they have stopped that and another has not.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.utils import timezone

from leadwell.contact import phone_text
from leadwell.permission.values import CHANNELS
from leadwell.server.consent.addresses import token_of
from leadwell.server.consent.glance import Glance, glances
from leadwell.server.consent.queries import people_at
from leadwell.server.leads import dealings, names
from leadwell.server.leads.dealings import Called
from leadwell.server.leads.models import Joined, Lead
from leadwell.server.leads.permitting import purpose_of
from leadwell.server.people.queries import identities
from leadwell.server.privacy.tokens import Blind

_NO: Final = "no"
_BEST: Final = ("yes", "later", _NO)


@dataclass(frozen=True)
class Asker:
    """`person`: the record of the first that they sent, and `submissions`: all of them. `name`: their own, '' where the
    first named none. `phone`, `email`: in their normal form, '' where there is none that can be used."""

    person: UUID
    submissions: tuple[UUID, ...]
    since: datetime
    name: str
    phone: str
    email: str

    def is_too(self, other: Asker) -> bool:
        """Whether one of these is the other once more."""
        same_name = bool(self.name) and self.name.casefold() == other.name.casefold()
        return same_name or bool({self.phone, self.email} & {other.phone, other.email} - {""})


def askers(organization: int, leads: Collection[Lead]) -> dict[UUID, tuple[Asker, ...]]:
    """Lead -> everybody who asked for it, whoever asked first first; of those alone for which several did. An
    organisation names itself whom we call there (`dealings`)."""
    several = {one.pk: one for one in leads if one.joined and one.person_id and one.type != "business"}
    ours = Joined.objects.of(organization).filter(lead__in=several, parted_at=None, person__isnull=False)
    rows = list(ours.defer("sealed").order_by("received_at", "submission", "nth")) if several else []
    whole: list[Lead | Joined] = [*several.values(), *rows]
    known = identities(organization, {one.person_id for one in whole if one.person_id}) if rows else {}
    found: dict[UUID, list[Asker]] = {}
    for row in rows:
        there = found.setdefault(row.lead_id, [_asker(several[row.lead_id], known)])
        _add(there, _asker(row, known))
    return {lead: tuple(they) for lead, they in found.items() if len(they) > 1}


def _asker(row: Lead | Joined, known: Mapping[UUID, Mapping[str, str]]) -> Asker:
    assert row.person_id is not None
    told = known.get(row.person_id, {})
    phone = phone_text.read(told.get("phone", "")).e164 or ""
    own = names.own(told)
    return Asker(row.person_id, (row.submission,), row.received_at, own, phone, told.get("email", "").lower())


def _add(there: list[Asker], new: Asker) -> None:
    """A record without a name of its own is a referral's, and its numbers the patient's."""
    at = next((place for place, one in enumerate(there) if one.is_too(new)), None)
    if at is not None:
        one = there[at]
        submissions = (*one.submissions, *new.submissions)
        phone, email = one.phone or new.phone, one.email or new.email
        there[at] = Asker(one.person, submissions, one.since, one.name, phone, email)
    elif new.name:
        there.append(new)


def permits(
    organization: int, leads: Mapping[UUID, Lead], asked: Mapping[UUID, Sequence[Asker]]
) -> dict[UUID, list[tuple[Asker, Glance]]]:
    """Lead -> everybody who asked for it, with what each permits now."""
    whole = {(one.person, purpose_of(leads[lead])) for lead, they in asked.items() for one in they}
    told = glances(organization, whole, timezone.now()) if whole else {}
    return {lead: [(one, told[one.person, purpose_of(leads[lead])]) for one in they] for lead, they in asked.items()}


def called(organization: int, leads: Collection[Lead]) -> dict[UUID, Called]:
    """Who is called instead of whoever asked first: of an organisation whom it names, of a family another who asked and
    may be called."""
    found = dealings.called(organization, [one.pk for one in leads])
    by_number = {one.pk: one for one in leads if one.pk not in found}
    told = permits(organization, by_number, askers(organization, list(by_number.values())))
    for lead, they in told.items():
        if (other := instead(they)) is not None:
            found[lead] = Called(other.person, other.name, "", other.phone, other.email)
    return found


def instead(they: Sequence[tuple[Asker, Glance]]) -> Asker | None:
    """Who is called where whoever asked first may not be, or written to where nobody may be called."""
    for place in range(len(CHANNELS)):
        best = min(they, key=lambda one: _BEST.index(_state(one, place)))
        if _state(they[0], place) != _NO:
            return None
        if _state(best, place) != _NO:
            return best[0]
    return None


def _state(one: tuple[Asker, Glance], place: int) -> str:
    asker, glance = one
    address = asker.email if CHANNELS[place] == "email" else asker.phone
    return glance.lines[place].state if address else _NO


def record_at(organization: int, lead: UUID, person: UUID, address: str) -> UUID:
    """Of which record of a lead somebody is who writes from an address: `person`, whose it is, unless only another of
    those who asked for it is reached there."""
    token = token_of(Blind(organization), address) if address else None
    joined = Joined.objects.of(organization).filter(lead=lead, parted_at=None, person__isnull=False)
    others = list(joined.order_by("received_at", "pk").values_list("person", flat=True)) if token else []
    if token is None or not others:
        return person
    there = people_at(organization, token[1])
    return person if person in there else next((one for one in others if one in there), person)
