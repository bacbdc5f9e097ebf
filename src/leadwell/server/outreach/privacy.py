"""What does the outbox hold of somebody? The messages to them; what waits is not sent once they are erased.

A message to an address alone is theirs whose address it is; of one that is nobody's, neither address nor words are kept
for long.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.db.models import Min, Q, QuerySet
from django.utils import timezone

from leadwell.server.access.models import Organization
from leadwell.server.consent.actions import forget_wrong_of_nobody
from leadwell.server.consent.queries import reaches
from leadwell.server.outreach.letters import content_if_opens
from leadwell.server.outreach.models import WAITING, Message, Result
from leadwell.server.outreach.queries import not_sent
from leadwell.server.privacy.held import Held, Kept, Sealed, Subject

NOBODYS_FOR: Final = timedelta(days=90)
_AT_ONCE: Final = 200  # messages whose rows are held at a time


def _theirs(subject: Subject) -> QuerySet[Message]:
    (reach,) = reaches(subject.organization, [subject.person])
    at_theirs = Q(person=None, token__in=[token for kind, token in reach.own if kind == "email"])
    return Message.objects.of(subject.organization).filter(Q(person=subject.person) | at_theirs)


def _gives(subject: Subject) -> dict[str, Any]:
    return {"messages": [_message(one) for one in _theirs(subject).order_by("created_at")]}


def _message(one: Message) -> dict[str, Any]:
    said = content_if_opens(one)
    return {
        "channel": one.channel,
        "purpose": one.purpose,
        "queued_at": one.created_at.isoformat(),
        "sent_at": one.sent_at.isoformat() if one.sent_at else None,
        "state": one.state,
        "verdict": {"answer": one.answer, "rule": one.rule, "says": one.says},
        "to": said.to if said else None,
        "subject": said.subject if said else None,
        "text": said.text if said else None,
    }


def _erases(subject: Subject) -> None:
    """What came back to them the gate forgets, as far as nobody else is reached there (`consent.privacy`)."""
    _empty(subject.organization, list(_theirs(subject).values_list("pk", flat=True)), why="erased")


def _empty(organization: int, messages: Collection[UUID], *, why: str) -> int:
    """What waits is not sent; returns how many messages."""
    ours = Message.objects.of(organization).filter(pk__in=messages)
    list(ours.select_for_update().order_by("pk").values_list("pk"))  # waits for what is leaving at this moment
    ours.filter(state__in=WAITING).update(**not_sent(why))
    Result.objects.of(organization).filter(message__in=ours).update(token=b"")
    return ours.update(sealed=b"", token=b"", domain=b"")


def forget_nobodys() -> int:
    """Empties what went to an address of which nobody is known, long ago; that it went stays."""
    count, before = 0, timezone.now() - NOBODYS_FOR
    for organization in Organization.objects.all():
        old = Message.objects.of(organization.pk).filter(person=None, created_at__lt=before).exclude(sealed=b"")
        while page := dict(old.order_by("pk").values_list("pk", "token")[:_AT_ONCE]):
            with transaction.atomic():
                count += _empty(organization.pk, list(page), why="forgotten")
                _forget_wrong(organization.pk, {bytes(token) for token in page.values() if token})
    return count


def _forget_wrong(organization: int, tokens: set[bytes]) -> None:
    """Where another message to such an address is kept, so is what came back from it."""
    still = Result.objects.of(organization).filter(token__in=tokens).values_list("token", flat=True)
    forget_wrong_of_nobody(organization, tokens - {bytes(one) for one in still})


def _counts(subject: Subject) -> Iterator[Kept]:
    theirs = _theirs(subject).exclude(sealed=b"")
    yield Kept("Messages to them", theirs.count(), theirs.aggregate(first=Min("created_at"))["first"])


HELD = Held(
    finds=lambda subject: None,
    gives=_gives,
    erases=_erases,
    counts=_counts,
    sealed=(Sealed(Message, "sealed", lambda one: f"outreach.message/{one.pk}"),),
)
