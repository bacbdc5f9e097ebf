"""Of whom is it unsure who they are, and what has somebody said of it? Said once, it is never asked again.

It holds for all who are one with either of the two, for as long as they are: worked out each time it is asked for.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import product
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from leadwell.server.base.alone import alone
from leadwell.server.base.pages import Pager, cut
from leadwell.server.people.apart import told_apart
from leadwell.server.people.linking import engines_links, linked
from leadwell.server.people.models import Doubt
from leadwell.server.people.recognising import weights_in_words
from leadwell.server.privacy.trail import record_each

_LATELY: Final = 50  # who are shown at once
_COUNTED: Final = 1_000
_ACTIONS: Final = {Doubt.Said.SAME: "same", Doubt.Said.TWO: "told-apart", Doubt.Said.HOUSEHOLD: "household"}


@dataclass(frozen=True)
class Waiting:
    """Two who may be one. `why`: the weights in words; `codes`: what agrees."""

    number: UUID
    one: UUID
    other: UUID
    at: datetime
    codes: str
    why: tuple[str, ...]


def waiting(organization: int) -> list[Waiting]:
    """The first of the doubts that wait (`waiting_page`)."""
    return waiting_page(organization, 1)[0]


def waiting_page(organization: int, number: int, *, query: str = "") -> tuple[list[Waiting], Pager]:
    """A page of the doubts that wait, the oldest first, each between two people once; without those that are answered
    by what became of the two otherwise (`_open`), or of whom one is gone."""
    shown, pager = cut(_open(organization, list(_unsaid(organization)[:_COUNTED])), number, query=query)
    return [Waiting(one.pk, one.one, one.other, one.at, one.codes, weights_in_words(one)) for one in shown], pager


def how_many_open(organization: int) -> int:
    """As `waiting` lists them."""
    return len(_open(organization, list(_unsaid(organization).defer("sealed")[:_COUNTED])))


def unsure_of(organization: int, people: Collection[UUID]) -> list[tuple[UUID, UUID]]:
    """The two of each doubt that waits about any of these, who are all that are one person."""
    ours = _unsaid(organization).defer("sealed")
    rows = {one.pk: one for side in ("one__in", "other__in") for one in ours.filter(**{side: people})[:_COUNTED]}
    return [(one.one, one.other) for one in _open(organization, sorted(rows.values(), key=lambda one: one.at))]


def _unsaid(organization: int) -> QuerySet[Doubt]:
    return Doubt.objects.of(organization).filter(said="").exclude(sealed=None).order_by("at", "pk")


def _open(organization: int, doubts: Sequence[Doubt]) -> list[Doubt]:
    """Those that nothing else has answered: the two became one by another way, somebody told apart two who are one with
    them, or it is asked of others who are. Of two who are linked it is asked as long as that is the engine's, and older
    than the doubt."""
    if not doubts:
        return []
    groups = linked(organization, list({who for one in doubts for who in (one.one, one.other)}))
    apart = told_apart(organization, {who for group in groups.values() for who in group})
    shaken = _of_links(organization, [one for one in doubts if one.other in groups[one.one]])
    found: dict[frozenset[frozenset[UUID]], Doubt] = {}
    for one in doubts:
        ours, theirs = groups[one.one], groups[one.other]
        if ours == theirs:
            if one in shaken:
                found[frozenset({frozenset({one.one, one.other})})] = one
        elif not any(frozenset(two) in apart for two in product(ours, theirs) if set(two) != {one.one, one.other}):
            found.setdefault(frozenset({ours, theirs}), one)
    return list(found.values())


def _of_links(organization: int, doubts: Sequence[Doubt]) -> list[Doubt]:
    if not doubts:
        return []
    links = engines_links(organization, {who for one in doubts for who in (one.one, one.other)})
    since = {(link.one, link.other): link.linked_at for link in links}
    return [one for one in doubts if (one.one, one.other) in since and since[one.one, one.other] < one.at]


def doubt_between(organization: int, one: UUID, other: UUID) -> Doubt | None:
    one, other = sorted((one, other))
    return Doubt.objects.of(organization).filter(one=one, other=other).first()


def weighed(organization: int, one: UUID, other: UUID) -> tuple[str, ...]:
    """What the engine found of two, in words; nothing where it found no doubt between them."""
    found = doubt_between(organization, one, other)
    return weights_in_words(found) if found else ()


def say(organization: int, one: UUID, other: UUID, said: str, *, actor: str) -> Doubt:
    """Somebody says what two are; what was said before of these two no longer holds. Linking those who are the same is
    the caller's (`consent.actions.join`)."""
    one, other = sorted((one, other))
    now = timezone.now()
    with transaction.atomic():
        alone(organization)
        found, _ = Doubt.objects.get_or_create(organization_id=organization, one=one, other=other, defaults={"at": now})
        found.said, found.said_at, found.said_by = said, now, actor
        found.save(update_fields=["said", "said_at", "said_by"])
        subjects = [f"person/{one}", f"person/{other}"]
        record_each(organization, actor, "person.reviewed", subjects, {"said": _ACTIONS[Doubt.Said(said)]})
    return found


def doubt(organization: int, number: UUID) -> Doubt | None:
    return Doubt.objects.of(organization).filter(pk=number).exclude(sealed=None).first()


def decide(organization: int, number: UUID, said: str, *, actor: str) -> bool:
    """In the caller's transaction: the one answer to a doubt that waits. False where somebody was first."""
    alone(organization)
    ours = Doubt.objects.of(organization).filter(pk=number, said="")
    if not ours.update(said=said, said_at=timezone.now(), said_by=actor):
        return False
    _noted(organization, number, "person.reviewed", actor, {"said": _ACTIONS[Doubt.Said(said)]})
    return True


def reopen(organization: int, number: UUID, *, actor: str) -> Doubt | None:
    """In the caller's transaction: what was said no longer holds, and it is asked again; returns it as it stood. None
    where nothing is said of it any more. A link of the two is the caller's."""
    alone(organization)
    found = Doubt.objects.of(organization).filter(pk=number).exclude(said="").exclude(sealed=None).first()
    if found is None or not Doubt.objects.of(organization).filter(pk=number, said=found.said).update(
        said="", said_at=None, said_by=""
    ):
        return None
    _noted(organization, number, "person.reopened", actor, {"said": _ACTIONS[Doubt.Said(found.said)]})
    return found


def _noted(organization: int, number: UUID, action: str, actor: str, codes: dict[str, str]) -> None:
    one = Doubt.objects.of(organization).get(pk=number)
    record_each(organization, actor, action, [f"person/{one.one}", f"person/{one.other}"], codes)


def lately_decided(organization: int, *, since: datetime, most: int = _LATELY) -> list[Doubt]:
    """The last first."""
    ours = Doubt.objects.of(organization).filter(said_at__gt=since).exclude(said="").exclude(sealed=None)
    return list(ours.order_by("-said_at", "-pk")[:most])


def answered(organization: int, one: UUID, other: UUID, *, said: str, actor: str) -> None:
    """They were linked, or taken for two again: a doubt about the two waits no more."""
    one, other = sorted((one, other))
    ours = Doubt.objects.of(organization).filter(one=one, other=other, said="")
    ours.update(said=said, said_at=timezone.now(), said_by=actor)


def household_of(organization: int, people: Sequence[UUID]) -> list[UUID]:
    """Of whom somebody has said that they are another of the household of these."""
    said = Doubt.objects.of(organization).filter(said=Doubt.Said.HOUSEHOLD)
    pairs = [*said.filter(one__in=people).values_list("other", flat=True)]
    pairs += said.filter(other__in=people).values_list("one", flat=True)
    return sorted(set(pairs) - set(people))
