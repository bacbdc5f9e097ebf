"""What is known of somebody when we ask whether we may contact them? Built for one, or for many at once.

Who are linked share every stop and every attempt, and no permission but to answer a request that they made together.
An address that is stopped is stopped for everybody who is reached at it. Whoever is erased has no permission left.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import Q, Subquery
from django.utils import timezone

from leadwell.permission import law, longest_cap, values
from leadwell.server.consent.addresses import Token, token_of
from leadwell.server.consent.deciding import lately_remembered, remembered
from leadwell.server.consent.models import EVERY, Contact, Suppression
from leadwell.server.consent.places import places_of
from leadwell.server.consent.queries.confirmed import confirmed_of, numbers
from leadwell.server.consent.queries.looked import line, look_ups, registry
from leadwell.server.consent.queries.reaching import NOTHING, Reach, reaches
from leadwell.server.consent.queries.requests import ASKED, Permits, inquiries_of, standing_consents
from leadwell.server.consent.queries.standing import pages, stops_of
from leadwell.server.consent.queries.wrong import closed, wrongs
from leadwell.server.consent.scope import covers
from leadwell.server.playbooks.queries import keys_in_force
from leadwell.server.privacy.tokens import Blind

_TELEPHONE: Final = ("call", "text")  # a stop by one of them also ends what a machine does by the other (DA 26-12)


def known(  # noqa: PLR0913  what is asked of the gate, and when
    organization: int,
    person: UUID,
    *,
    address: str = "",
    automated: bool = False,
    purpose: values.Purpose | None = None,
    now: datetime | None = None,
) -> values.Known:
    """Of one person, at any address of theirs; with `address`, at that one: a permission for another does not hold, and
    its own stops do, whosever they are. `automated`: whether no human being sends or dials it."""
    at = token_of(Blind(organization), address) if address else None
    (reach,) = reaches(organization, [person])
    return known_at(organization, reach, at=at, automated=automated, purpose=purpose, now=now)


def known_at(  # noqa: PLR0913  what is asked of the gate, and when
    organization: int,
    reach: Reach,
    *,
    at: Token | None,
    automated: bool = False,
    purpose: values.Purpose | None = None,
    now: datetime | None = None,
) -> values.Known:
    """The same, of somebody whose people and addresses were looked up. `purpose`: of what is asked, where one is."""
    also = replace(reach, all=reach.all | {at}) if at else reach
    found = _known(organization, [also], now or timezone.now(), at=at, automated=automated, purpose=purpose)
    return found[reach.person]


def known_of(
    organization: int,
    people: Collection[UUID],
    *,
    automated: bool = False,
    purpose: values.Purpose | None = None,
    now: datetime | None = None,
) -> dict[UUID, values.Known]:
    """Of many, each at any address of theirs, in the same number of questions for five hundred as for one."""
    found = dict[UUID, values.Known]()
    for page in pages(list(dict.fromkeys(people))):
        theirs, at = reaches(organization, page), now or timezone.now()
        found |= _known(organization, theirs, at, automated=automated, purpose=purpose)
    return found


def _known(  # noqa: PLR0913  the same
    organization: int,
    asked: Sequence[Reach],
    now: datetime,
    *,
    automated: bool,
    at: Token | None = None,
    purpose: values.Purpose | None = None,
) -> dict[UUID, values.Known]:
    everybody = {person for one in asked for person in one.group}
    tokens = {token for one in asked for _, token in one.all}
    stops = _Found(stops_of(organization, everybody, tokens))
    contacts = _Found(_contacts(organization, everybody, tokens, now))
    alive = {who for one in asked for who, identity in one.identities.items() if identity is not None}
    inquiries = inquiries_of(organization, alive)
    confirmed = confirmed_of(organization, {who for one in asked for who in one.confirmed} & alive, now)
    permits = Permits(
        inquiries, standing_consents(organization, alive & {one.person for one in asked}), confirmed, stops.at, at
    )
    reached = {one.person: _reached(one, permits) for one in asked}
    where = {token for one in asked for token in ({at} if at else reached[one.person])}
    right = {token for one in asked for token in one.right}
    looks, wrong = look_ups(organization, where), wrongs(organization, where - right)
    found = {}
    for one in asked:
        dialled, stopped = {at} if at else reached[one.person], stops.heard_of(one, at)
        line_type, unable = line(looks, dialled, now)
        theirs = values.Known(
            consents=tuple(_but_answered(permits.of(one), [_stop(stop, now) for stop in stopped if stop.doubt])),
            stops=tuple(_stop(stop, now) for stop in stopped),
            contacts=tuple(sorted((_contact(each) for each in contacts.of(one)), key=lambda contact: contact.at)),
            places=_places(one, permits),
            line_type=line_type,
            dnc=registry(looks, dialled, now),
            inquired_at=permits.asked_at(one, business=purpose == "business"),
            wrong=closed(wrong, dialled, {who: (one.said(who), inquiries.get(who, ())) for who in one.group}),
            unable=unable,
        )
        found[one.person] = by_machine(theirs) if automated else theirs
    return found


def _reached(reach: Reach, permits: Permits) -> frozenset[Token]:
    """Where they are reached: at their own addresses, and at those that were confirmed for a request of theirs."""
    confirmed = (token for who in permits.askers(reach) for token in reach.confirmed.get(who, ()))
    return frozenset({*reach.reached, *confirmed})


def _places(reach: Reach, permits: Permits) -> tuple[values.Place, ...]:
    """Also those that a number makes plausible which was confirmed: it may be the one that is dialled."""
    askers = permits.askers(reach)
    told = [reach.identities.get(who) or NOTHING for who in askers]
    told += [{"phone": number} for who in askers for number in numbers(permits.confirmed.get(who, ()))]
    return tuple(dict.fromkeys(place for one in told for place in places_of(one)))


def by_machine(theirs: values.Known) -> values.Known:
    """The same, where no human being sends or dials: whoever has stopped us and asks again later is answered by a human
    being, and by no machine (DA 26-12)."""
    return replace(theirs, consents=tuple(_but_answered(theirs.consents, theirs.stops)), automated=True)


def _but_answered(consents: Iterable[values.Consent], stops: Sequence[values.Stop]) -> Iterator[values.Consent]:
    """Without what rests on their asking us again after one of these stops: of one in doubt somebody has to say first
    what they meant."""
    for one in consents:
        if not (one.proof.startswith(ASKED) and any(_before(stop, one) for stop in stops)):
            yield one


class _Found:
    """Rows that concern a person or an address, each given once to whom it concerns."""

    def __init__(self, rows: Iterable[tuple[UUID | None, bytes | None, Any]]) -> None:
        self._of: dict[UUID | bytes, dict[UUID, Any]] = defaultdict(dict)
        for person, token, row in rows:
            for key in (person, token):
                if key:
                    self._of[key][row.pk] = row

    def at(self, token: bytes) -> list[Any]:
        return list(self._of.get(token, {}).values())

    def of(self, reach: Reach) -> list[Any]:
        return self._at({*reach.group, *(token for _, token in reach.all)})

    def heard_of(self, reach: Reach, at: Token | None) -> list[Any]:
        """Those of whoever asks as they do, and of the address that is asked about."""
        tokens = reach.heard_at | ({at} if at else set())
        return self._at({*reach.heard, *(token for _, token in tokens)})

    def _at(self, keys: Collection[UUID | bytes]) -> list[Any]:
        found: dict[UUID, Any] = {}
        for key in keys:
            found |= self._of.get(key, {})
        return list(found.values())


def _contacts(
    organization: int, people: Collection[UUID], tokens: Collection[bytes], now: datetime
) -> Iterator[tuple[UUID | None, bytes | None, Contact]]:
    """Those that may still count, by the law or the playbook in force, in one question: older ones are read only where
    another playbook is in force than was last seen, which is then asked. What counts by law counts under any.

    Of people and of addresses each by an index: for an OR of both SQLite reads every contact of the organisation."""
    version, span = lately_remembered(organization)
    standing = Contact.objects.of(organization).filter(taken_back_at=None)
    ours = standing.annotate(under=Subquery(keys_in_force(organization)[:1]))
    ours = ours.filter(Q(at__gt=now - span) | ~Q(under=version))
    found = list(ours.filter(person__in=people).union(ours.filter(token__in=tokens)))
    by_law = now - longest_cap(None, law())
    if any(one.under != version and one.at <= by_law for one in found):
        span = remembered(organization)
    yield from ((one.person, bytes(one.token) or None, one) for one in found if one.at > now - span)


def _before(stop: values.Stop, given: values.Consent) -> bool:
    concerns = covers((stop.channel, stop.purpose or EVERY), (given.channel, given.purpose))
    reaches = stop.channel in _TELEPHONE and given.channel in _TELEPHONE and not stop.purpose
    return (concerns or reaches) and stop.at <= given.at


def _stop(one: Suppression, now: datetime) -> values.Stop:
    """What is known counts now, also where the clock of whoever noted it runs ahead."""
    return values.Stop(one.channel, min(one.at, now), one.purpose or None, f"stop/{one.pk}")  # type: ignore[arg-type]


def _contact(one: Contact) -> values.Contact:
    return values.Contact(one.channel, one.at)  # type: ignore[arg-type]
