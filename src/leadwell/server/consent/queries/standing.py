"""Which stops are in force, for whom and for which addresses, and what was permitted since?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Final, TypeVar
from uuid import UUID

from leadwell.server.consent.addresses import KINDS
from leadwell.server.consent.models import Consent, Inquiry, SuppressedAddress, Suppression
from leadwell.server.people.linking import linked
from leadwell.server.people.models import PersonToken

_AT_ONCE: Final = 500  # people or addresses in a question, which SQLite bounds

# Stops in force, each with the addresses that it holds for.
Standing = Sequence[tuple[Suppression, frozenset[bytes]]]


def standing(organization: int, people: Collection[UUID], tokens: Collection[bytes]) -> Standing:
    """What is in force for any of these people by id, or for one of these addresses, the oldest first."""
    found = {one.pk: one for _, _, one in stops_of(organization, people, tokens)}
    whole: dict[UUID, set[bytes]] = defaultdict(set)
    for page in pages(list(found)):
        rows = SuppressedAddress.objects.of(organization).filter(suppression__in=page)
        for number, token in rows.values_list("suppression", "token"):
            whole[number].add(bytes(token))
    ordered = sorted(found.values(), key=lambda one: (one.at, one.pk))
    return [(one, frozenset(whole[one.pk])) for one in ordered]


def stops_of(
    organization: int, people: Collection[UUID], tokens: Collection[bytes]
) -> Iterator[tuple[UUID | None, bytes | None, Suppression]]:
    for one in Suppression.objects.of(organization).filter(person__in=people, lifted_at=None):
        yield one.person, None, one
    ours = SuppressedAddress.objects.of(organization).filter(suppression__lifted_at=None)
    for page in pages(list(tokens)):
        for address in ours.filter(token__in=page).select_related("suppression"):
            yield None, bytes(address.token), address.suppression


def is_doubted(organization: int, stop: UUID) -> bool:
    """Whether nobody has said yet that a stop was meant."""
    return Suppression.objects.of(organization).filter(pk=stop, doubt=True, lifted_at=None).exists()


def only_doubted(organization: int, stops: Collection[UUID]) -> bool:
    """Whether there are any such in force, and nobody has said yet that one of them was meant."""
    told = Suppression.objects.of(organization).filter(pk__in=stops, lifted_at=None).values_list("doubt", flat=True)
    return bool(told) and all(told)


def people_at(organization: int, token: bytes) -> list[UUID]:
    """Whoever is known to be reached at an address."""
    return people_at_each(organization, [token]).get(token, [])


def people_at_each(organization: int, tokens: Collection[bytes]) -> dict[bytes, list[UUID]]:
    found: dict[bytes, list[UUID]] = {}
    for page in pages(list(tokens)):
        rows = PersonToken.objects.of(organization).filter(token__in=page, kind__in=KINDS).order_by("pk")
        for token, person in rows.values_list("token", "person"):
            found.setdefault(bytes(token), []).append(person)
    return found


def reached_by(organization: int, people: Collection[UUID], tokens: Collection[bytes]) -> frozenset[UUID]:
    """For whom the gate counts a stop of these people and addresses: they, whoever is reached at one, and all who are
    one person with any of them."""
    at_addresses = people_at_each(organization, tokens).values()
    whose = {*people, *(person for theirs in at_addresses for person in theirs)}
    return frozenset(one for group in linked(organization, whose).values() for one in group)


def permitted_last(organization: int, people: Collection[UUID]) -> dict[UUID, datetime]:
    """When each of these last permitted anything: agreed to it, or asked us for something themselves, which a referral
    does not; who never did is left out."""
    found: dict[UUID, datetime] = {}
    for page in pages(list(people)):
        gave = Inquiry.objects.of(organization).filter(person__in=page, referred=False).exclude(channels="")
        asked = gave.values_list("person", "at")
        given = Consent.objects.of(organization).filter(person__in=page).values_list("person", "given_at")
        for person, at in (*asked, *given):
            found[person] = max(at, found.get(person, at))
    return found


def permitted_at(organization: int, tokens: Collection[bytes]) -> dict[bytes, datetime]:
    """When anybody who is reached at each of these addresses last permitted anything."""
    people = people_at_each(organization, tokens)
    last = permitted_last(organization, {one for theirs in people.values() for one in theirs})
    times = {token: [last[one] for one in theirs if one in last] for token, theirs in people.items()}
    return {token: max(theirs) for token, theirs in times.items() if theirs}


def last_permitted(organization: int, people: Collection[UUID], tokens: Collection[bytes]) -> datetime | None:
    """When any of these people, or anybody who is reached at these addresses, last permitted anything."""
    reached = people_at_each(organization, tokens).values()
    whose = {*people, *(person for theirs in reached for person in theirs)}
    return max(permitted_last(organization, whose).values(), default=None)


T = TypeVar("T")


def pages(whole: Sequence[T]) -> Iterator[Sequence[T]]:
    for start in range(0, len(whole), _AT_ONCE):
        yield whole[start : start + _AT_ONCE]
