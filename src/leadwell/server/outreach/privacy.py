"""What does the outbox hold of somebody? The messages to them; what waits is not sent once they are erased."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Min

from leadwell.server.outreach.letters import content_of
from leadwell.server.outreach.models import WAITING, Message, Result, State
from leadwell.server.privacy.held import Held, Kept, Sealed, Subject


def _theirs(subject: Subject) -> Any:
    return Message.objects.of(subject.organization).filter(person=subject.person)


def _gives(subject: Subject) -> dict[str, Any]:
    return {"messages": [_message(one) for one in _theirs(subject).order_by("created_at")]}


def _message(one: Message) -> dict[str, Any]:
    said = content_of(one) if one.sealed else None
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
    theirs = _theirs(subject)
    theirs.filter(state__in=WAITING).update(state=State.CANCELLED, problem="erased", due_at=None, lease=None)
    Result.objects.of(subject.organization).filter(message__in=theirs).update(token=b"")
    theirs.update(sealed=b"", token=b"", domain=b"")


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
