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
