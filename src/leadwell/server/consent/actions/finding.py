"""Note that an address is wrong, or right after all: in the transaction of whoever finds it out."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from functools import partial
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from leadwell.permission.values import ANOTHER, RETURNED, WhyWrong
from leadwell.server.access.models import Organization
from leadwell.server.base import bulk
from leadwell.server.base.scope import Scoped
from leadwell.server.consent import noted
from leadwell.server.consent.actions.looking import KEPT
from leadwell.server.consent.models import WrongAddress
from leadwell.server.consent.noted_findings import forgotten_line, wrong_line
from leadwell.server.consent.queries import people_at_each
from leadwell.server.consent.queries.standing import pages


def note_wrong(  # noqa: PLR0913  what was found, of whom and when, and by which record
    organization: int, token: bytes, *, why: WhyWrong, person: UUID | None, proof: str,
    at: datetime,
) -> None:  # fmt: skip
    """`proof`: the record that shows it ("attempt/…"); found by it once more, it is known already."""
    if token and not _standing(organization).filter(token=token, proof=proof, person=person).exists():
        made = WrongAddress(organization_id=organization, person=person, token=token, why=why, at=at, proof=proof)
        noted.note([wrong_line(made)])
        made.save(force_insert=True)


def take_back_wrong(organization: int, *, proof: str) -> None:
    """The record that showed it was taken back, for good."""
    _end(WrongAddress.objects.of(organization).filter(proof=proof))


def returns_no_more(organization: int, token: bytes) -> None:
    """Somebody has said that the mailbox is right: what came back from it counts no more."""
    _end(_standing(organization).filter(token=token, why=RETURNED))


def theirs_after_all(organization: int, token: bytes, *, people: Collection[UUID], at: datetime, by: UUID) -> None:
    """They have given the number anew: what was found before of any of these, who are one person, counts no more. Of
    whomever else it was found, it stays closed. `by`: the record that says so, which may be taken back."""
    _end(_standing(organization).filter(token=token, why=ANOTHER, person__in=people, at__lte=at), by=by)


def confirmed_by_mistake(organization: int, *, by: Collection[UUID]) -> None:
    """What these records had ended stands again."""
    ended = WrongAddress.objects.of(organization).filter(ended_by__in=by)
    again = list(ended)
    for one in again:
        one.ended_at = one.ended_by = None
    noted.note(map(wrong_line, again))
    ended.update(ended_at=None, ended_by=None)


def forget_wrong(organization: int, person: UUID, tokens: list[bytes]) -> None:
    """Of whoever is erased, but for addresses at which somebody else is reached too: of these, not for whom it was."""
    theirs = WrongAddress.objects.of(organization).filter(person=person)
    before = (bytes(token) for token in theirs.values_list("token", flat=True))  # also what they have no more
    _forget(organization, [*tokens, *before], but=person)
    theirs.update(person=None)


def forget_wrong_of_nobody(organization: int, tokens: Collection[bytes]) -> None:
    """Of addresses of which nothing else is kept, but for those at which somebody is reached."""
    _forget(organization, tokens)


def forget_old_wrong() -> int:
    """What has ended is kept for as long as a look-up is; what stands, as long as anybody is reached there."""
    before = timezone.now() - KEPT
    ours = (WrongAddress.objects.of(one).filter(ended_at__lt=before) for one in Organization.objects.all())
    return sum(rows.delete()[0] for rows in ours)


def _forget(organization: int, tokens: Collection[bytes], *, but: UUID | None = None) -> None:
    shared = people_at_each(organization, tokens)
    alone = {token for token in tokens if all(one == but for one in shared.get(token, ()))}
    for page in pages(sorted(alone)):
        theirs = WrongAddress.objects.of(organization).filter(token__in=page)
        if rows := list(theirs.values_list("pk", flat=True)):
            transaction.on_commit(partial(noted.note, [forgotten_line(organization, rows)]))
            theirs.delete()


def _end(standing: Scoped[WrongAddress], by: UUID | None = None) -> None:
    """What opens again is noted once it is so."""
    rows = list(standing)
    for one in rows:
        one.ended_at, one.ended_by = timezone.now(), by
    if rows:
        bulk.update(rows, ("ended_at", "ended_by"))
        transaction.on_commit(partial(noted.note, [wrong_line(one) for one in rows]))


def _standing(organization: int) -> Scoped[WrongAddress]:
    return WrongAddress.objects.of(organization).filter(ended_at=None)
