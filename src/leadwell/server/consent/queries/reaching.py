"""Whom and which addresses does a question about somebody concern: who is one with them, and where is each reached?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from django.db.models import Exists, OuterRef

from leadwell.server.consent.addresses import KINDS, Token, tokens_before, tokens_said
from leadwell.server.consent.models import WrongAddress
from leadwell.server.people.askers import Asker, askers_in
from leadwell.server.people.linking import linked
from leadwell.server.people.models import Person, PersonToken
from leadwell.server.privacy.sealing import if_opens, unseal_json
from leadwell.server.privacy.tokens import Blind

Tokens = frozenset[Token]
NOTHING: Final[Mapping[str, str]] = {}


@dataclass(frozen=True)
class Reach:
    """One of the people asked about. `group`: all who are one with them; `of`: of each of these the tokens of their own
    addresses, `all`: of the group together; `right`: those of them that nobody has found to be wrong. `confirmed`: of
    each those that no record of theirs has, but somebody here confirmed with them; `before`: those that their record
    had until it was corrected: a stop of one is theirs, a permission is not. `identities`: their records, opened;
    None of one that is damaged, and none of who is erased. `askers`: of those for whom one of their family asked, who
    that was."""

    person: UUID
    group: frozenset[UUID]
    of: Mapping[UUID, Tokens]
    all: Tokens
    right: Tokens
    confirmed: Mapping[UUID, Tokens]
    before: Mapping[UUID, Tokens]
    identities: Mapping[UUID, Mapping[str, str] | None] = field(repr=False)
    askers: Mapping[UUID, Asker] = field(default_factory=dict, repr=False)

    @property
    def own(self) -> Tokens:
        return self.of[self.person]

    def said(self, who: UUID) -> Tokens:
        """Those that their own record has."""
        return self.of[who] - self.confirmed.get(who, frozenset()) - self.before.get(who, frozenset())

    @property
    def reached(self) -> Tokens:
        """Those of their own at which they are reached now."""
        return self.said(self.person) | self.confirmed.get(self.person, frozenset())

    @property
    def heard(self) -> frozenset[UUID]:
        """Whose stops hold for them: of all who are one with them, but where another of the family asked."""
        return frozenset(who for who in self.group if not self._apart(who))

    @property
    def heard_at(self) -> Tokens:
        return frozenset(token for who in self.heard for token in self.of[who])

    def _apart(self, who: UUID) -> bool:
        """Mother and father ask for one child, each at their own number: the one's stop is not the other's."""
        mine, other = self.askers.get(self.person), self.askers.get(who)
        return mine is not None and other is not None and mine.is_not(other) and not self.of[who] & self.own

    @property
    def identity(self) -> Mapping[str, str] | None:
        return self.identities.get(self.person)


def reaches(organization: int, people: Sequence[UUID]) -> list[Reach]:
    """Whom and which addresses a question about each of these people concerns."""
    groups = linked(organization, people)
    everybody = {one for group in groups.values() for one in group}
    identities = _identities(organization, everybody)
    tokens: dict[UUID, set[Token]] = defaultdict(set)
    confirmed: dict[UUID, set[Token]] = defaultdict(set)
    right = set[Token]()
    wrong = WrongAddress.objects.of(organization).filter(token=OuterRef("token"), ended_at=None)
    rows = PersonToken.objects.of(organization).filter(person__in=everybody, kind__in=KINDS).annotate(bad=Exists(wrong))
    for person, kind, token, bad, after in rows.values_list("person", "kind", "token", "bad", "confirmed"):
        one: Token = (kind, bytes(token))  # type: ignore[assignment]  # of KINDS
        (confirmed if after else tokens)[person].add(one)
        if not bad:
            right.add(one)
    blind = Blind(organization)
    before: dict[UUID, set[Token]] = {}
    for person, identity in identities.items():
        once = set(tokens_before(blind, identity or NOTHING))
        told = tokens[person] | set(tokens_said(blind, identity or NOTHING))
        confirmed[person] -= told - once  # what their record tells needs nobody to confirm it
        tokens[person] = told | confirmed[person]
        before[person] = once - confirmed[person]
    askers = askers_in(organization, groups, identities)
    found: list[Reach] = []
    for person in people:
        group = groups[person]
        of = {one: frozenset(tokens.get(one, ())) for one in group}
        whole = frozenset(token for theirs in of.values() for token in theirs)
        opened = {one: identities[one] for one in group if one in identities}
        later = {one: frozenset(confirmed[one]) for one in group if confirmed.get(one)}
        former = {one: frozenset(before[one]) for one in group if before.get(one)}
        theirs = {one: askers[one] for one in group if one in askers}
        found.append(Reach(person, group, of, whole, whole & right, later, former, opened, theirs))
    return found


def _identities(organization: int, people: Collection[UUID]) -> dict[UUID, Mapping[str, str] | None]:
    rows = Person.objects.of(organization).filter(pk__in=people).values_list("pk", "sealed")
    return {person: _opened(organization, person, sealed) for person, sealed in rows}


def _opened(organization: int, person: UUID, sealed: bytes | memoryview) -> Mapping[str, str] | None:
    """By one that is damaged nothing is permitted."""
    return if_opens(unseal_json, organization, sealed, place=f"people.person/{person}")
