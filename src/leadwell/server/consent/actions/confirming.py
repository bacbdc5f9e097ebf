"""Note that somebody here has confirmed an address with them: their request may be answered there, and they are
reached at it from then on. Nothing is agreed to anew: a stop that was said since they asked, or of that address,
stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.utils import timezone

from leadwell.server.consent.actions.finding import confirmed_by_mistake, theirs_after_all
from leadwell.server.consent.addresses import Address
from leadwell.server.consent.models import ConfirmedAddress
from leadwell.server.people.actions import hold_confirmed
from leadwell.server.people.linking import linked
from leadwell.server.privacy.sealing import seal_json
from leadwell.server.privacy.tokens import Blind


@dataclass(frozen=True)
class Confirmed:
    """`fact`: the answer of a lead that says so, of whom (`by`) and when."""

    fact: UUID
    address: Address = field(repr=False)
    at: datetime
    by: str


def confirmed(organization: int, person: UUID, lead: UUID, standing: Sequence[Confirmed]) -> None:
    """In the transaction that writes or takes back an answer, which holds the person (`people.queries.keep`).
    `standing`: all that stand confirmed on the lead now; what stood before and is not among them ends."""
    facts = {one.fact for one in standing}
    ours = ConfirmedAddress.objects.of(organization).filter(lead=lead)
    over = ours.filter(ended_at=None).exclude(fact__in=facts)
    confirmed_by_mistake(organization, by=list(over.values_list("fact", flat=True)))
    over.update(ended_at=timezone.now())
    ours.filter(fact__in=facts).update(ended_at=None)
    there = set(ours.values_list("fact", flat=True))
    blind, group = Blind(organization), linked(organization, [person])[person]
    for one in standing:
        token = blind.token(*one.address)
        if one.fact not in there:
            _write(organization, person, lead, one, token)
        theirs_after_all(organization, token, people=group, at=one.at, by=one.fact)
    theirs = ConfirmedAddress.objects.of(organization).filter(person=person, ended_at=None)
    hold_confirmed(organization, person, {(kind, bytes(token)) for kind, token in theirs.values_list("kind", "token")})


def _write(organization: int, person: UUID, lead: UUID, one: Confirmed, token: bytes) -> None:
    row = ConfirmedAddress(organization_id=organization, person=person, lead=lead, fact=one.fact)
    row.kind, row.token, row.at, row.by = one.address[0], token, one.at, one.by
    row.sealed = seal_json(organization, one.address[1], place=f"consent.confirmed/{row.pk}")
    row.save(force_insert=True)


def forget_confirmed(organization: int, person: UUID) -> None:
    """Of whoever is erased: that it was confirmed stays, as the proof of what was done; the address goes."""
    ours = ConfirmedAddress.objects.of(organization).filter(person=person)
    ours.filter(ended_at=None).update(ended_at=timezone.now())
    ours.update(token=b"", sealed=b"")
