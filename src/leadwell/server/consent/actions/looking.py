"""Note what was looked up of telephone numbers: the do-not-call registry, and which kind of line it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from leadwell.permission.values import LINE_TYPES
from leadwell.server.access.models import Organization
from leadwell.server.base import bulk
from leadwell.server.consent import noted
from leadwell.server.consent.addresses import normal, several
from leadwell.server.consent.models import LookUp
from leadwell.server.consent.noted_findings import forbids, forgotten_line, look_line
from leadwell.server.consent.queries import people_at_each
from leadwell.server.consent.queries.standing import pages
from leadwell.server.privacy.tokens import Blind
from leadwell.server.privacy.trail import record_list

KEPT: Final = timedelta(days=5 * 366)  # 16 CFR 310.5(a): five years
AHEAD: Final = timedelta(minutes=5)  # so far the clock of whoever looked may run ahead of ours
FIRST: Final = datetime(2003, 6, 27, tzinfo=UTC)  # the registry was opened on that day


class CannotLookUp(ValueError):  # noqa: N818  its message is for whoever tried
    """`number`: which of those that were given, from 0; `key`: which part of it."""

    def __init__(self, says: str, *, number: int, key: str) -> None:
        super().__init__(says)
        self.number, self.key = number, key


@dataclass(frozen=True)
class LookedUp:
    """`listed`: None where the registry was not asked; `line_type`: '' where the line was not; `at`: None for now."""

    phone: str = field(repr=False)
    listed: bool | None = None
    line_type: str = ""
    at: datetime | None = None
    source: str = ""


def note_look_ups(organization: int, looked: Sequence[LookedUp], *, actor: str) -> int:
    """Writes them all or none, and returns how many were not known before. Raises CannotLookUp."""
    now, blind = timezone.now(), Blind(organization)
    made = [_made(organization, blind, number, one, now) for number, one in enumerate(looked)]
    with transaction.atomic():
        new = _unknown(organization, made)
        for one in new:
            one.by = actor
        noted.note(map(look_line, _forbidding(organization, new)))
        bulk.insert(new)
        people = people_at_each(organization, [bytes(one.token) for one in new])
        subjects = dict.fromkeys(f"person/{who}" for theirs in people.values() for who in theirs)
        if new:
            record_list(organization, actor, "number.looked-up", subjects, {"numbers": len(new)})
    return len(new)


def _made(organization: int, blind: Blind, number: int, one: LookedUp, now: datetime) -> LookUp:
    if several(one.phone):
        raise CannotLookUp("There are several numbers; send each by itself.", number=number, key="phone")
    found = normal(one.phone)
    if found is None or found[0] != "phone":
        raise CannotLookUp("That is no telephone number that can be read.", number=number, key="phone")
    if one.line_type and one.line_type not in LINE_TYPES:
        raise CannotLookUp(f"A line is one of {', '.join(LINE_TYPES)}.", number=number, key="line_type")
    if one.listed is None and not one.line_type:
        raise CannotLookUp("Say whether the registry lists it, or which line it is.", number=number, key="listed")
    if one.at is not None and one.at < FIRST:
        raise CannotLookUp("The registry is of 2003; nobody looked before.", number=number, key="checked_at")
    if one.at is not None and one.at > now + AHEAD:
        says = f"It lies ahead; it is {now:%Y-%m-%dT%H:%M:%SZ} now. Say when the number was looked up."
        raise CannotLookUp(says, number=number, key="checked_at")
    made = LookUp(organization_id=organization, token=blind.token(*found), listed=one.listed, line_type=one.line_type)
    made.checked_at, made.noted_at, made.source = one.at or now, now, one.source[:40]
    return made


def _unknown(organization: int, made: Sequence[LookUp]) -> list[LookUp]:
    """Without those that were noted before: a list may come twice."""
    seen: set[tuple[object, ...]] = set()
    for page in pages([one.token for one in made]):
        seen.update(_same(one) for one in LookUp.objects.of(organization).filter(token__in=page))
    new: list[LookUp] = []
    for one in made:
        if _same(one) not in seen:
            seen.add(_same(one))
            new.append(one)
    return new


def _forbidding(organization: int, new: Sequence[LookUp]) -> list[LookUp]:
    """Those that may close anything, and what is newer of the numbers that these had closed."""
    closed = {bytes(one.token) for one in new if forbids(one)}
    for page in pages([one.token for one in new]):
        before = LookUp.objects.of(organization).filter(token__in=page)
        closed.update(bytes(one.token) for one in before if forbids(one))
    return [one for one in new if bytes(one.token) in closed]


def _same(one: LookUp) -> tuple[object, ...]:
    return bytes(one.token), one.listed, one.line_type, one.checked_at


def forget_old_look_ups() -> int:
    """What shows that we had looked is kept for as long as it may be asked for."""
    before = timezone.now() - KEPT
    ours = (LookUp.objects.of(one).filter(checked_at__lt=before) for one in Organization.objects.all())
    return sum(rows.delete()[0] for rows in ours)


def forget_look_ups(organization: int, person: UUID, tokens: Sequence[bytes]) -> None:
    """Of whoever is erased, but for numbers at which somebody else is reached too."""
    shared = people_at_each(organization, tokens)
    alone = [token for token in tokens if all(one == person for one in shared.get(token, ()))]
    ours = LookUp.objects.of(organization).filter(token__in=alone)
    if rows := list(ours.values_list("pk", flat=True)):
        transaction.on_commit(partial(noted.note, [forgotten_line(organization, rows)]))
        ours.delete()
