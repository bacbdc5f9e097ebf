"""What does the outbox hold of somebody? The messages to them; what waits is not sent once they are erased.

A message to an address alone is theirs whose address it is; of one that is nobody's, neither address nor words are kept
for long.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.db.models import Min, Q, QuerySet
from django.utils import timezone

from leadwell.server.access.models import Organization
from leadwell.server.consent.queries import reaches
from leadwell.server.outreach.letters import content_if_opens
from leadwell.server.outreach.models import WAITING, Message, Result
from leadwell.server.outreach.queries import not_sent
from leadwell.server.outreach.results import good_again
from leadwell.server.privacy.held import Held, Kept, Sealed, Subject

NOBODYS_FOR: Final = timedelta(days=90)


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
    _empty(subject.organization, _theirs(subject).values_list("pk", flat=True), why="erased")


def _empty(organization: int, messages: Iterable[UUID], *, why: str) -> int:
    """What waits is not sent; returns how many messages."""
    ours = Message.objects.of(organization).filter(pk__in=list(messages))
    list(ours.select_for_update().order_by("pk").values_list("pk"))  # waits for what is leaving at this moment
    ours.filter(state__in=WAITING).update(**not_sent(why))
    tokens = {bytes(one) for one in ours.exclude(token=b"").values_list("token", flat=True)}
    Result.objects.of(organization).filter(message__in=ours).update(token=b"")
    emptied = ours.update(sealed=b"", token=b"", domain=b"")
    for token in tokens:
        good_again(organization, token)
    return emptied


def forget_nobodys() -> int:
    """Empties what went to an address of which nobody is known, long ago; that it went stays."""
    count, before = 0, timezone.now() - NOBODYS_FOR
    for organization in Organization.objects.all():
        old = Message.objects.of(organization.pk).filter(person=None, created_at__lt=before).exclude(sealed=b"")
        with transaction.atomic():
            count += _empty(organization.pk, old.values_list("pk", flat=True), why="forgotten")
    return count


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
