"""What is known of somebody when we ask whether we may contact them? Built for one, or for many at once.

Who are linked share every stop and every attempt, and no permission. An address that is stopped is stopped for
everybody who is reached at it. Whoever is erased has no permission left.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import Q, Subquery
from django.utils import timezone

from leadwell.permission import law, longest_cap, values
from leadwell.server.consent.addresses import KINDS, Token, token_of, tokens_said
from leadwell.server.consent.deciding import lately_remembered, remembered
from leadwell.server.consent.models import EVERY, Consent, Contact, Inquiry, Suppression
from leadwell.server.consent.places import places_of
from leadwell.server.consent.queries.looked import line, look_ups, registry
from leadwell.server.consent.queries.standing import pages, stops_of
from leadwell.server.consent.scope import SERVICE, covers
from leadwell.server.people.linking import linked
from leadwell.server.people.models import Person, PersonToken
from leadwell.server.playbooks.queries import keys_in_force
from leadwell.server.privacy.sealing import if_opens, unseal_json
from leadwell.server.privacy.tokens import Blind

Tokens = frozenset[Token]
_TELEPHONE: Final = ("call", "text")  # a stop by one of them also ends what a machine does by the other (DA 26-12)
_ASKED: Final = "lead/"  # what proves that they asked us for something
_NONE: Final[Mapping[str, str]] = {}


@dataclass(frozen=True)
class Reach:
    """One of the people asked about. `group`: all who are one with them; `own`, `all`: tokens of their own addresses,
    and of the group's. `identity`: their own record, opened; None where they are erased or it is damaged."""

    person: UUID
    group: frozenset[UUID]
    own: Tokens
    all: Tokens
    identity: Mapping[str, str] | None = field(repr=False)


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


def reaches(organization: int, people: Sequence[UUID]) -> list[Reach]:
    """Whom and which addresses a question about each of these people concerns."""
    groups = linked(organization, people)
    everybody = {one for group in groups.values() for one in group}
    identities = _identities(organization, everybody)
    tokens: dict[UUID, set[Token]] = defaultdict(set)
    rows = PersonToken.objects.of(organization).filter(person__in=everybody, kind__in=KINDS)
    for person, kind, token in rows.values_list("person", "kind", "token"):
        tokens[person].add((kind, bytes(token)))  # type: ignore[arg-type]
    blind = Blind(organization)
    for person, identity in identities.items():
        tokens[person].update(tokens_said(blind, identity or _NONE))
    return [
        Reach(
            one,
            groups[one],
            frozenset(tokens[one]),
            frozenset(token for other in groups[one] for token in tokens[other]),
            identities.get(one),
        )
        for one in people
    ]


def _identities(organization: int, people: Collection[UUID]) -> dict[UUID, Mapping[str, str] | None]:
    rows = Person.objects.of(organization).filter(pk__in=people).values_list("pk", "sealed")
    return {person: _opened(organization, person, sealed) for person, sealed in rows}


def _opened(organization: int, person: UUID, sealed: bytes | memoryview) -> Mapping[str, str] | None:
    """By one that is damaged nothing is permitted."""
    return if_opens(unseal_json, organization, sealed, place=f"people.person/{person}")


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
    alive = [one.person for one in asked if one.identity is not None]
    looks = look_ups(organization, {token for one in asked for token in ({at} if at else one.own)})
    permits = _Permits(_inquiries(organization, alive), _consents(organization, alive), at)
    found = {}
    for one in asked:
        said = tuple(_stop(stop, now) for stop in stops.of(one))
        numbers = {at} if at else one.own
        theirs = values.Known(
            consents=tuple(permits.of(one)),
            stops=said,
            contacts=tuple(sorted((_contact(each) for each in contacts.of(one)), key=lambda contact: contact.at)),
            places=places_of(one.identity or _NONE),
            line_type=line(looks, numbers, now),
            dnc=registry(looks, numbers, now),
            inquired_at=permits.asked_at(one.person, business=purpose == "business"),
        )
        found[one.person] = by_machine(theirs) if automated else theirs
    return found


def by_machine(theirs: values.Known) -> values.Known:
    """The same, where no human being sends or dials: whoever has stopped us and asks again later is answered by a human
    being, and by no machine (DA 26-12)."""
    consents = (
        one
        for one in theirs.consents
        if not (one.proof.startswith(_ASKED) and any(_before(stop, one) for stop in theirs.stops))
    )
    return replace(theirs, consents=tuple(consents), automated=True)


class _Found:
    """Rows that concern a person or an address, each given once to whom it concerns."""

    def __init__(self, rows: Iterable[tuple[UUID | None, bytes | None, Any]]) -> None:
        self._of: dict[UUID | bytes, dict[UUID, Any]] = defaultdict(dict)
        for person, token, row in rows:
            for key in (person, token):
                if key:
                    self._of[key][row.pk] = row

    def of(self, reach: Reach) -> list[Any]:
        found: dict[UUID, Any] = {}
        keys: set[UUID | bytes] = {*reach.group, *(token for _, token in reach.all)}
        for key in keys:
            found |= self._of.get(key, {})
        return list(found.values())


def _contacts(
    organization: int, people: Collection[UUID], tokens: Collection[bytes], now: datetime
) -> Iterator[tuple[UUID | None, bytes | None, Contact]]:
    """Those that may still count, by the law or the playbook in force, in one question: older ones are read only where
    another playbook is in force than was last seen, which is then asked. What counts by law counts under any."""
    concerned = Q(person__in=people) | Q(organization=organization, token__in=tokens)
    version, span = lately_remembered(organization)
    standing = Contact.objects.of(organization).filter(concerned, taken_back_at=None)
    ours = standing.annotate(under=Subquery(keys_in_force(organization)[:1]))
    found = list(ours.filter(Q(at__gt=now - span) | ~Q(under=version)))
    by_law = now - longest_cap(None, law())
    if any(one.under != version and one.at <= by_law for one in found):
        span = remembered(organization)
    yield from ((one.person, bytes(one.token) or None, one) for one in found if one.at > now - span)


def _inquiries(organization: int, people: Collection[UUID]) -> Mapping[UUID, list[Inquiry]]:
    found = defaultdict[UUID, list[Inquiry]](list)
    for one in Inquiry.objects.of(organization).filter(person__in=people):
        found[one.person].append(one)
    return found


def _consents(organization: int, people: Collection[UUID]) -> Mapping[UUID, list[Consent]]:
    found = defaultdict[UUID, list[Consent]](list)
    ours = Consent.objects.of(organization).filter(person__in=people, withdrawn_at=None)
    for one in ours.defer("sealed", "address").order_by("given_at", "pk"):
        found[one.person].append(one)
    return found


@dataclass(frozen=True)
class _Permits:
    """What people permitted themselves. `at`: the address asked about, None for any of theirs."""

    inquiries: Mapping[UUID, list[Inquiry]]
    consents: Mapping[UUID, list[Consent]]
    at: Token | None

    def asked_at(self, person: UUID, *, business: bool) -> datetime | None:
        """`business`: who asked for care has not asked for business."""
        return max((one.at for one in self.inquiries[person] if one.business or not business), default=None)

    def of(self, reach: Reach) -> Iterator[values.Consent]:
        """For an address that is (still) theirs, or for the very one that is asked about."""
        theirs = self.at is None or self.at in reach.own
        for inquiry in self.inquiries[reach.person] if theirs else ():
            yield from self._answers(inquiry)
        own = {token for _, token in reach.own}
        for one in self.consents[reach.person]:
            token = bytes(one.token)
            if (token in (own if self.at is None else {self.at[1]})) if token else theirs:
                yield _consent(one)

    @staticmethod
    def _answers(inquiry: Inquiry) -> Iterator[values.Consent]:
        for channel in values.CHANNELS:
            if channel in inquiry.channels.split(","):
                purpose: values.Purpose = "business" if inquiry.business else SERVICE
                yield values.Consent(channel, purpose, "express", inquiry.at, proof=f"{_ASKED}{inquiry.lead}")


def _before(stop: values.Stop, given: values.Consent) -> bool:
    concerns = covers((stop.channel, stop.purpose or EVERY), (given.channel, given.purpose))
    reaches = stop.channel in _TELEPHONE and given.channel in _TELEPHONE and not stop.purpose
    return (concerns or reaches) and stop.at <= given.at


def _consent(one: Consent) -> values.Consent:
    return values.Consent(
        one.channel,  # type: ignore[arg-type]  # what is written was checked
        one.purpose,  # type: ignore[arg-type]
        one.kind,  # type: ignore[arg-type]
        one.given_at,
        one.until,
        f"consent/{one.pk}",
    )


def _stop(one: Suppression, now: datetime) -> values.Stop:
    """What is known counts now, also where the clock of whoever noted it runs ahead."""
    return values.Stop(one.channel, min(one.at, now), one.purpose or None, f"stop/{one.pk}")  # type: ignore[arg-type]


def _contact(one: Contact) -> values.Contact:
    return values.Contact(one.channel, one.at)  # type: ignore[arg-type]
