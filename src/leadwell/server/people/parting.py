"""Who is one person still, once two of them prove to be two? Asked of all who were ever one with either. (promise A8)

Of three who are one, the engine links as few pairs as make them so. Without the one in the middle the others are
weighed against each other, by the same weights as on arrival: what is sure is linked, what is unsure is asked, and what
somebody has said of two stands. Once the two are one again, what came of their parting is taken back.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import combinations
from typing import Final
from uuid import UUID

import numpy as np

from leadwell.identity import arriving
from leadwell.identity.arriving import More, Pair
from leadwell.identity.keys import MOST
from leadwell.identity.pairs import Why, weigh, why
from leadwell.identity.recognising import Found
from leadwell.identity.records import records
from leadwell.identity.rows import Rows
from leadwell.server.people.apart import told_apart
from leadwell.server.people.comparable import comparable
from leadwell.server.people.holders import holders
from leadwell.server.people.linking import engines_links, linked, undo
from leadwell.server.people.models import ENGINE, Doubt, PersonLink, PersonToken
from leadwell.server.people.recognising import Candidates, asked_about, how_many, write
from leadwell.server.people.weighing import weights_of
from leadwell.server.privacy.tokens import Blind

_TOLD_IN: Final[Mapping[str, tuple[str, ...]]] = {"phone": ("phone", "phone_2"), "email": ("email",)}
Two = frozenset[UUID]


def judge_again(organization: int, parted: PersonLink) -> list[PersonLink]:
    """In the transaction that undid this link, alone; writes links and doubts, and returns the links."""
    ends = (parted.one, parted.other)
    people = sorted(linked(organization, ends, ever=True)[parted.one])
    groups = linked(organization, people)
    apart = told_apart(organization, people)
    open_ = [two for two in combinations(people, 2) if groups[two[0]] != groups[two[1]] and frozenset(two) not in apart]
    if not open_ or parted.undone_at is None:
        return []
    weighed = _Weighed(organization, people)
    decided = arriving.decide(
        weighed.pairs(open_), groups, weights=weights_of(organization), told_apart=apart,
        more=More(weighed.pairs, lambda who: [(one.one, one.other) for one in engines_links(organization, who)]),
    )  # fmt: skip
    asked = asked_about(organization, people)
    possible = tuple(pair for pair in decided.possible if frozenset((pair.one, pair.other)) not in asked)
    shaken = [pair for pair, _ in decided.shaken]
    found = Found(decided.links, possible, weighed.why([*decided.links, *possible, *shaken]), frozenset(),
                  decided.shaken)  # fmt: skip
    return write(organization, found, parted.undone_at)


def take_back(organization: int, parted_at: datetime) -> list[PersonLink]:
    """In the transaction that made two one again, alone: what the engine has linked and asked because they had been
    parted then, but for what somebody has answered since. Returns the links, undone."""
    Doubt.objects.of(organization).filter(at=parted_at, said="").delete()
    came = PersonLink.objects.of(organization).filter(linked_at=parted_at, linked_by=ENGINE, undone_at=None)
    same = Doubt.objects.of(organization).filter(said=Doubt.Said.SAME)
    links = [link for link in came if not same.filter(one=link.one, other=link.other).exists()]
    for link in links:
        undo(organization, link.pk, actor=ENGINE)
        link.refresh_from_db()
    return links


def _opened(organization: int, people: Sequence[UUID]) -> Rows:
    """What each tells, but for a telephone or mailbox that so many share that it says nothing of who somebody is."""
    told = Candidates(organization, Blind(organization)).read(people)
    shared = _shared(organization, people)
    known = [
        {k: v for k, v in one.items() if k not in shared.get(who, ())}
        for who, (one, _) in zip(people, told, strict=True)
    ]
    return comparable(known, [day for _, day in told])


def _shared(organization: int, people: Sequence[UUID]) -> dict[UUID, set[str]]:
    theirs = PersonToken.objects.of(organization).filter(person__in=people, kind__in=_TOLD_IN, confirmed=False)
    rows = [(who, kind, bytes(token)) for who, kind, token in theirs.values_list("person", "kind", "token")]
    many = {token for token, them in holders(organization, {row[2] for row in rows}).items() if len(them) > MOST}
    found: dict[UUID, set[str]] = {}
    for who, kind, token in rows:
        if token in many:
            found.setdefault(who, set()).update(_TOLD_IN[kind])
    return found


class _Weighed:
    """All pairs of some people, weighed at once."""

    def __init__(self, organization: int, people: Sequence[UUID]) -> None:
        self._weights, self._among = weights_of(organization), how_many(organization)
        told = records(_opened(organization, people))
        low, high = np.triu_indices(len(people), 1)
        self._found = weigh(told, told.record_of[low], told.record_of[high], people=self._among, weights=self._weights)
        self._at = {frozenset(two): at for at, two in enumerate(combinations(people, 2))}

    def pairs(self, asked: Sequence[tuple[UUID, UUID]]) -> list[Pair[UUID]]:
        found = self._found
        told = (found.weight, found.against, found.unproven, found.own, found.alike)
        return [Pair(*two, *(one[self._at[frozenset(two)]].item() for one in told)) for two in asked]

    def why(self, pairs: Sequence[Pair[UUID]]) -> dict[Two, Why]:
        at = np.array([self._at[frozenset((one.one, one.other))] for one in pairs], dtype=np.int64)
        words = why(self._found, at, people=self._among, weights=self._weights) if len(at) else []
        return {frozenset((pair.one, pair.other)): said for pair, said in zip(pairs, words, strict=True)}
