"""What did people ask us for, and agree to: what do they permit themselves?

Whoever asks again for the same need has joined a lead: one request, of several records of one person. It is answered at
what each of them gave, and the gate says the same of all of them. Any other permission stays with the record that gave
it, also where that is linked.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from leadwell.permission import values
from leadwell.server.consent.addresses import Token
from leadwell.server.consent.models import Consent, Inquiry
from leadwell.server.consent.queries.reaching import Reach
from leadwell.server.consent.queries.standing import pages
from leadwell.server.consent.scope import SERVICE

ASKED: Final = "lead/"  # what proves that they asked us for something


def inquiries_of(organization: int, people: Collection[UUID]) -> Mapping[UUID, list[Inquiry]]:
    found = defaultdict[UUID, list[Inquiry]](list)
    for page in pages(list(people)):
        for one in Inquiry.objects.of(organization).filter(person__in=page):
            found[one.person].append(one)
    return found


def standing_consents(organization: int, people: Collection[UUID]) -> Mapping[UUID, list[Consent]]:
    found = defaultdict[UUID, list[Consent]](list)
    ours = Consent.objects.of(organization).filter(person__in=people, withdrawn_at=None)
    for one in ours.defer("sealed", "address").order_by("given_at", "pk"):
        found[one.person].append(one)
    return found


@dataclass(frozen=True)
class Permits:
    """What people permitted themselves. `at`: the address asked about, None for any of theirs."""

    inquiries: Mapping[UUID, list[Inquiry]]
    consents: Mapping[UUID, list[Consent]]
    at: Token | None

    def askers(self, reach: Reach) -> list[UUID]:
        """By whose records their requests were made: their own, and those of who joined one of them. Whoever is erased
        asks for nothing any more."""
        if reach.identity is None:
            return [reach.person]
        mine = {one.lead for one in self.inquiries.get(reach.person, ())}
        others = sorted(reach.group - {reach.person}) if mine else []
        joined = [who for who in others if any(one.lead in mine for one in self.inquiries.get(who, ()))]
        return [reach.person, *joined]

    def asked(self, reach: Reach) -> Iterator[tuple[UUID, Inquiry]]:
        """Each of their requests, with whose record has it."""
        mine = {one.lead for one in self.inquiries.get(reach.person, ())}
        for who in self.askers(reach):
            yield from ((who, one) for one in self.inquiries.get(who, ()) if one.channels and one.lead in mine)

    def asked_at(self, reach: Reach, *, business: bool) -> datetime | None:
        """`business`: who asked for care has not asked for business."""
        return max((one.at for _, one in self.asked(reach) if one.business or not business), default=None)

    def of(self, reach: Reach) -> Iterator[values.Consent]:
        """For an address that is (still) theirs, or for the very one that is asked about."""
        for who, inquiry in self.asked(reach):
            if self.at is None or self.at in reach.of[who]:
                yield from _answers(inquiry)
        theirs = self.at is None or self.at in reach.own
        own = {token for _, token in reach.own}
        for one in self.consents.get(reach.person, ()):
            token = bytes(one.token)
            if (token in (own if self.at is None else {self.at[1]})) if token else theirs:
                yield _consent(one)


def _answers(inquiry: Inquiry) -> Iterator[values.Consent]:
    for channel in values.CHANNELS:
        if channel in inquiry.channels.split(","):
            purpose: values.Purpose = "business" if inquiry.business else SERVICE
            yield values.Consent(channel, purpose, "express", inquiry.at, proof=f"{ASKED}{inquiry.lead}")


def _consent(one: Consent) -> values.Consent:
    return values.Consent(
        one.channel,  # type: ignore[arg-type]  # what is written was checked
        one.purpose,  # type: ignore[arg-type]
        one.kind,  # type: ignore[arg-type]
        one.given_at,
        one.until,
        f"consent/{one.pk}",
    )
