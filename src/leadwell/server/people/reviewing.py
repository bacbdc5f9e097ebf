"""Of whom is it unsure who they are, and what has somebody said of it? Said once, it is never asked again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from leadwell.server.base.alone import alone
from leadwell.server.people.linking import linked
from leadwell.server.people.models import Doubt
from leadwell.server.people.recognising import weights_in_words
from leadwell.server.privacy.trail import record_each

MOST: Final = 50  # who are shown at once
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


def waiting(organization: int, *, most: int = MOST) -> list[Waiting]:
    """The doubts that wait, the oldest first; without those whose people became one by another way, or are gone."""
    ours = Doubt.objects.of(organization).filter(said="").exclude(sealed=None).order_by("at", "pk")
    rows = list(ours[: most * 2])
    groups = linked(organization, [one.one for one in rows]) if rows else {}
    open_ = [one for one in rows if one.other not in groups[one.one]]
    return [Waiting(one.pk, one.one, one.other, one.at, one.codes, weights_in_words(one)) for one in open_[:most]]


def how_many_wait(organization: int) -> int:
    return Doubt.objects.of(organization).filter(said="").exclude(sealed=None).count()


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


def lately_decided(organization: int, *, since: datetime, most: int = MOST) -> list[Doubt]:
    """The last first."""
    ours = Doubt.objects.of(organization).filter(said_at__gt=since).exclude(said="").exclude(sealed=None)
    return list(ours.order_by("-said_at", "-pk")[:most])


def how_many_open(organization: int) -> int:
    """As `waiting` lists them: without those who became one by another way."""
    ours = Doubt.objects.of(organization).filter(said="").exclude(sealed=None).values_list("one", "other")
    rows = list(ours[:_COUNTED])
    groups = linked(organization, [one for one, _ in rows]) if rows else {}
    return sum(other not in groups[one] for one, other in rows)


def answered(organization: int, one: UUID, other: UUID, *, actor: str) -> None:
    """They were linked: a doubt about the two waits no more."""
    one, other = sorted((one, other))
    ours = Doubt.objects.of(organization).filter(one=one, other=other, said="")
    ours.update(said=Doubt.Said.SAME, said_at=timezone.now(), said_by=actor)


def household_of(organization: int, people: Sequence[UUID]) -> list[UUID]:
    """Of whom somebody has said that they are another of the household of these."""
    said = Doubt.objects.of(organization).filter(said=Doubt.Said.HOUSEHOLD)
    pairs = [*said.filter(one__in=people).values_list("other", flat=True)]
    pairs += said.filter(other__in=people).values_list("one", flat=True)
    return sorted(set(pairs) - set(people))
