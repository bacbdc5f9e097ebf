"""Who is it that arrives? A batch of people is looked up among those we know, and among themselves. (promise A8)

Nothing is merged: what is sure becomes a link between two records as they came, what is unsure a doubt that waits for
somebody. Whoever has been told apart is neither linked nor asked about again.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final
from uuid import UUID

import numpy as np
from django.db import connection
from django.utils import timezone

from leadwell.identity import explain
from leadwell.identity.arriving import Pair
from leadwell.identity.pairs import Why, among, weigh, why
from leadwell.identity.recognising import Arrivals, Found, Mark, marks_of, recognise
from leadwell.identity.records import records
from leadwell.identity.rows import Rows
from leadwell.server.base import bulk
from leadwell.server.base.alone import alone
from leadwell.server.people.apart import told_apart
from leadwell.server.people.comparable import comparable
from leadwell.server.people.holders import holders
from leadwell.server.people.linking import engines_links, linked
from leadwell.server.people.models import ENGINE, Doubt, Person, PersonLink, PersonToken
from leadwell.server.people.weighing import weights_of
from leadwell.server.privacy.sealing import if_opens, seal_json, unseal_json
from leadwell.server.privacy.tokens import Blind
from leadwell.server.privacy.trail import record_each

CONTACTS: Final = ("phone", "email")
OF_WHOM: Final = "extra.of whom it is"  # told where a mail leaves open whether its writer asks for themselves
_NEWEST: Final = """
SELECT id FROM people_persontoken WHERE organization_id = %s AND NOT confirmed ORDER BY id DESC LIMIT 1
"""
_COUNTED_FOR: Final = 600.0  # seconds; how many people there are counts by tenfold steps


@dataclass(frozen=True)
class Newcomer:
    """Somebody who is about to be known: what they told, and their telephone and mailbox as marks."""

    person: UUID
    known: Mapping[str, str]
    contacts: tuple[Mark, ...]
    at: datetime


@dataclass(frozen=True)
class Recognised:
    """`found`: links and doubts between ids; `groups`: of each newcomer who is linked, all who are one with them;
    `seen`: the newest mark there was when it was looked."""

    found: Found[UUID]
    groups: Mapping[UUID, frozenset[UUID]]
    seen: int


def arrivals_of(newcomers: Sequence[Newcomer]) -> Arrivals[UUID]:
    people = comparable([one.known for one in newcomers], [one.at.date() for one in newcomers])
    unsure = frozenset(one.person for one in newcomers if one.known.get(OF_WHOM))
    marks = marks_of(people, [one.contacts for one in newcomers])
    return Arrivals(people, [one.person for one in newcomers], marks, unsure)


def look_up(organization: int, arrivals: Arrivals[UUID], blind: Blind) -> Recognised:
    """Links and doubts; nothing is written."""
    seen = newest_mark(organization)
    known = Candidates(organization, blind)
    found = recognise(arrivals, known, among=how_many(organization), weights=weights_of(organization))
    return Recognised(found, _groups(found.links, known.seen), seen)


def _groups(links: Sequence[Pair[UUID]], before: Mapping[UUID, frozenset[UUID]]) -> dict[UUID, frozenset[UUID]]:
    groups = dict(before)
    for link in links:
        joined = groups.get(link.one, frozenset({link.one})) | groups.get(link.other, frozenset({link.other}))
        groups.update(dict.fromkeys(joined, joined))
    return groups


def among_written(found: Found[UUID], *, now: Collection[UUID], to_come: Collection[UUID]) -> Found[UUID]:
    """The links and doubts that are to be written with these newcomers: the others of each pair are known already."""

    def due(pairs: Iterable[Pair[UUID]]) -> tuple[Pair[UUID], ...]:
        both = ((one, {one.one, one.other}) for one in pairs)
        return tuple(one for one, two in both if not two.isdisjoint(now) and two.isdisjoint(to_come))

    shaken = tuple((link, new) for link, new in found.shaken if new in now)
    return replace(found, links=due(found.links), possible=due(found.possible), shaken=shaken)


class Candidates:
    """Those whom the database knows, as the engine asks for them (`identity.recognising.Known`)."""

    def __init__(self, organization: int, blind: Blind) -> None:
        self._organization, self._blind = organization, blind
        self.seen: dict[UUID, frozenset[UUID]] = {}
        self._unsure: set[UUID] = set()

    def holders(self, marks: Collection[Mark]) -> dict[Mark, list[UUID]]:
        tokens = {self._blind.token(*mark): mark for mark in marks}
        return {tokens[token]: people for token, people in holders(self._organization, tokens).items()}

    def groups(self, people: Collection[UUID]) -> dict[UUID, frozenset[UUID]]:
        found = linked(self._organization, people)
        self.seen = {member: group for group in found.values() for member in group}
        return self.seen

    def opened(self, people: Sequence[UUID]) -> Rows:
        known = self.read(people)
        self._unsure |= {one for one, (told, _) in zip(people, known, strict=True) if told.get(OF_WHOM)}
        return comparable([told for told, _ in known], [day for _, day in known])

    def read(self, people: Sequence[UUID]) -> list[tuple[dict[str, str], date]]:
        """What each tells, and since when we know it, in the order asked."""
        ours = bulk.select(Person, ("id", "sealed", "created_at"), self._organization, ("id",), people)
        rows = {pk: (sealed, at) for pk, sealed, at in ours}
        now, known = timezone.now(), []
        for one in people:
            sealed, at = rows.get(one, (b"", now))
            known.append((self._open(one, sealed), at.date()))
        return known

    def _open(self, person: UUID, sealed: bytes | memoryview) -> dict[str, str]:
        """Of whoever is erased or damaged nothing is known, so they are like nobody."""
        if not sealed:
            return {}
        return if_opens(unseal_json, self._organization, sealed, place=f"people.person/{person}") or {}

    def links(self, people: Collection[UUID]) -> list[tuple[UUID, UUID]]:
        return [(link.one, link.other) for link in engines_links(self._organization, people)]

    def of_whom_unsure(self, people: Collection[UUID]) -> set[UUID]:
        """Of those opened."""
        return self._unsure.intersection(people)

    def told_apart(self, people: Collection[UUID]) -> set[frozenset[UUID]]:
        return told_apart(self._organization, people)


def newest_mark(organization: int) -> int:
    """Marks are written by one at a time (`write`), so whatever came later has a higher number; but for confirmed ones,
    by which nobody is recognised. Asked in so many words, since each look-up asks it."""
    with connection.cursor() as cursor:
        cursor.execute(_NEWEST, [organization])
        newest = cursor.fetchone()
    return int(newest[0]) if newest else 0


def came_meanwhile(organization: int, seen: int, tokens: Callable[[], Collection[bytes]]) -> bool:
    """Whether somebody with one of these marks became known after it was looked."""
    if newest_mark(organization) == seen:
        return False
    later = PersonToken.objects.of(organization).filter(pk__gt=seen, confirmed=False).values_list("token", flat=True)
    theirs = tokens()
    return any(bytes(one) in theirs for one in later.iterator())


def write(organization: int, found: Found[UUID], now: datetime) -> list[PersonLink]:
    """Writes links and doubts, in the transaction that makes the newcomers known; returns the links."""
    links = [_link(organization, one, found.why[frozenset((one.one, one.other))], now) for one in found.links]
    if links:
        alone(organization)
        bulk.insert(links)
        both = [f"person/{one}" for link in links for one in (link.one, link.other)]
        record_each(organization, ENGINE, "person.linked", both)
    doubts = [*found.possible, *_asked_of_links(organization, found)]
    bulk.insert([_doubt(organization, one, found.why[frozenset((one.one, one.other))], now) for one in doubts])
    return links


def _asked_of_links(organization: int, found: Found[UUID]) -> list[Pair[UUID]]:
    """The links that are sure no more and stand still, each once, but for those that somebody was asked about before.
    None is undone: what was stopped through it would be permitted again, with nobody having said so."""
    shaken = {frozenset((link.one, link.other)): link for link, _ in found.shaken}
    if not shaken:
        return []
    alone(organization)
    people = [one for two in shaken for one in two]
    stand = {frozenset((link.one, link.other)) for link in engines_links(organization, people)}
    return [link for two, link in shaken.items() if two in stand - asked_about(organization, people)]


def unsure_links(organization: int, people: Set[UUID]) -> list[tuple[Pair[UUID], Why]]:
    """The links of these that would not be made by what both records tell now, each with what speaks for it and
    against, but for those that somebody was asked about before."""
    everybody = {one for group in linked(organization, people).values() for one in group}
    links = [one for one in engines_links(organization, everybody) if not people.isdisjoint((one.one, one.other))]
    asked = asked_about(organization, {one for link in links for one in (link.one, link.other)})
    two = [(link.one, link.other) for link in links if frozenset((link.one, link.other)) not in asked]
    if not two:
        return []
    told = Candidates(organization, Blind(organization)).opened([one for both in two for one in both])
    weights, people_in_all = weights_of(organization), how_many(organization)
    rows = records(told)
    found = weigh(rows, rows.record_of[::2], rows.record_of[1::2], people=people_in_all, weights=weights)
    unsure = np.flatnonzero((found.weight < weights.link_at) | found.unproven)
    words = why(found, unsure, people=people_in_all, weights=weights)
    return [(Pair(*two[at], float(found.weight[at])), said) for at, said in zip(unsure, words, strict=True)]


def asked_about(organization: int, people: Collection[UUID]) -> set[frozenset[UUID]]:
    """The pairs of these of whom it was unsure whether they are one, whatever was said of it since."""
    both = Doubt.objects.of(organization).filter(one__in=people, other__in=people).values_list("one", "other")
    return {frozenset(two) for two in both}


def _link(organization: int, pair: Pair[UUID], why: Why, now: datetime) -> PersonLink:
    one, other = sorted((pair.one, pair.other))
    made = PersonLink(organization_id=organization, one=one, other=other, linked_at=now, linked_by=ENGINE)
    made.codes, made.sealed = why.agrees[:200], _sealed(organization, pair, why, place=f"people.link/{made.pk}")
    return made


def _doubt(organization: int, pair: Pair[UUID], why: Why, now: datetime) -> Doubt:
    one, other = sorted((pair.one, pair.other))
    made = Doubt(organization_id=organization, one=one, other=other, at=now, codes=why.agrees[:200])
    made.sealed = _sealed(organization, pair, why, place=f"people.doubt/{made.pk}")
    return made


def _sealed(organization: int, pair: Pair[UUID], why: Why, *, place: str) -> bytes:
    """How rare a name is says something of it, so the weights stand sealed."""
    return seal_json(organization, {"weight": round(pair.weight, 2), "because": why.because}, place=place)


def weights_in_words(row: PersonLink | Doubt) -> tuple[str, ...]:
    """The comparisons with their bits, the heaviest first; nothing where somebody linked them by hand."""
    place = f"people.{'link' if isinstance(row, PersonLink) else 'doubt'}/{row.pk}"
    told = if_opens(unseal_json, row.organization_id, row.sealed, place=place) if row.sealed else None
    return tuple(explain(told)) if told else ()


_counted: Final[dict[int, tuple[float, int]]] = {}


def how_many(organization: int) -> int:
    """How many people there are, as it is counted in weights; looked up now and then."""
    until, count = _counted.get(organization, (0.0, 0))
    if time.monotonic() >= until:
        count = Person.objects.of(organization).count()
        _counted[organization] = time.monotonic() + _COUNTED_FOR, count
    return among(count)
