"""What did people ask us for, and agree to: what do they permit themselves?

Whoever asks again for the same need has joined a lead: one request, of several records of one person. It is answered at
what each of them gave: by either record at an address that both gave, or that is asked about itself. Any other
permission stays with the record that gave it, also where that is linked.

An address that was confirmed with them on a lead answers what they had asked by that lead, and nothing else. It is no
new request: a stop that was said since they asked ends it too, and a stop of the address itself, whenever it was said.

A referral is a request of somebody else. It may be answered where nothing was stopped, and opens nothing again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from leadwell.permission import values
from leadwell.server.consent.addresses import OF_CHANNEL, Token
from leadwell.server.consent.models import ConfirmedAddress, Consent, Inquiry, Suppression
from leadwell.server.consent.queries.reaching import Reach
from leadwell.server.consent.queries.standing import pages
from leadwell.server.consent.scope import SERVICE

_LEAD: Final = "lead/"
_FACT: Final = "fact/"
ASKED: Final = (_LEAD, _FACT)  # what proves that they asked us for something, and where that is answered
_BEFORE: Final = timedelta(seconds=1)


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
    """What people permitted themselves. `at`: the address asked about, None for any of theirs. `stops_at`: the stops of
    an address."""

    inquiries: Mapping[UUID, list[Inquiry]]
    consents: Mapping[UUID, list[Consent]]
    confirmed: Mapping[UUID, list[ConfirmedAddress]]
    stops_at: Callable[[bytes], Iterable[Suppression]]
    at: Token | None

    def askers(self, reach: Reach) -> list[UUID]:
        """By whose records their requests were made: their own, and those of who joined one of them. Whoever is erased
        asks for nothing any more."""
        if reach.identity is None:
            return [reach.person]
        mine = self._leads(reach)
        others = sorted(reach.group - {reach.person}) if mine else []
        joined = [who for who in others if any(one.lead in mine for one in self.inquiries.get(who, ()))]
        return [reach.person, *joined]

    def _leads(self, reach: Reach) -> set[UUID]:
        return {one.lead for one in self.inquiries.get(reach.person, ())}

    def asked(self, reach: Reach) -> Iterator[tuple[UUID, Inquiry]]:
        """Each of their requests, with whose record has it."""
        mine = self._leads(reach)
        for who in self.askers(reach):
            yield from ((who, one) for one in self.inquiries.get(who, ()) if one.channels and one.lead in mine)

    def asked_at(self, reach: Reach, *, business: bool) -> datetime | None:
        """`business`: who asked for care has not asked for business. By a referral somebody else asked."""
        theirs = (one for _, one in self.asked(reach) if not one.referred)
        return max((one.at for one in theirs if one.business or not business), default=None)

    def of(self, reach: Reach) -> Iterator[values.Consent]:
        """For an address that is (still) theirs, or for the very one that is asked about; first what proves more."""
        yield from self._at_confirmed(reach)
        for who, inquiry in self.asked(reach):
            yield from _answers(inquiry, self._channels(reach, who))
        theirs = self.at is None or self.at in reach.said(reach.person)
        own = {token for _, token in reach.reached}
        for one in self.consents.get(reach.person, ()):
            token = bytes(one.token)
            if (token in (own if self.at is None else {self.at[1]})) if token else theirs:
                yield _consent(one)

    def _channels(self, reach: Reach, who: UUID) -> list[values.Channel]:
        """By which a request of this record answers them: at the address that is asked about, where it gave that; else
        at those of their own that it gave too. What it alone gave permits nothing at theirs."""
        if self.at is not None:
            return list(values.CHANNELS) if self.at in reach.said(who) else []
        gave = {kind for kind, _ in reach.said(who) & reach.reached}
        return [one for one in values.CHANNELS if who == reach.person or gave & {*OF_CHANNEL[one]}]

    def _at_confirmed(self, reach: Reach) -> Iterator[values.Consent]:
        askers = self.askers(reach)
        requests = [one for who in askers for one in self.inquiries.get(who, ())]
        mine = self._leads(reach)
        for one in (one for who in askers for one in self.confirmed.get(who, ()) if one.lead in mine):
            address = (one.kind, bytes(one.token))
            answers = [each for each in requests if each.lead == one.lead and each.at <= one.at]
            if answers and self.at in (None, address):  # their own request before a referral, which opens less
                yield from self._answers_at(one, max(answers, key=lambda each: (not each.referred, each.at)))

    def _answers_at(self, one: ConfirmedAddress, asked: Inquiry) -> Iterator[values.Consent]:
        """Dated before every stop of the address, so that each of them ends it."""
        stopped = (stop.since - _BEFORE for stop in self.stops_at(bytes(one.token)))
        at = min([asked.at, *stopped])
        for channel in values.CHANNELS:
            if one.kind in OF_CHANNEL[channel]:
                proof = f"{_FACT}{one.fact}"
                yield values.Consent(channel, _purpose(asked), "express", at, proof=proof, referred=asked.referred)


def _purpose(inquiry: Inquiry) -> values.Purpose:
    return "business" if inquiry.business else SERVICE


def _answers(inquiry: Inquiry, channels: Iterable[values.Channel]) -> Iterator[values.Consent]:
    for channel in channels:
        if channel in inquiry.channels.split(","):
            proof = f"{_LEAD}{inquiry.lead}"
            yield values.Consent(
                channel, _purpose(inquiry), "express", inquiry.at, proof=proof, referred=inquiry.referred
            )


def _consent(one: Consent) -> values.Consent:
    return values.Consent(
        one.channel,  # type: ignore[arg-type]  # what is written was checked
        one.purpose,  # type: ignore[arg-type]
        one.kind,  # type: ignore[arg-type]
        one.given_at,
        one.until,
        f"consent/{one.pk}",
    )
