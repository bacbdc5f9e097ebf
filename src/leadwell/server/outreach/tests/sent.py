"""What the tests of outreach share: somebody who asked us for care by e-mail, and a way that answers as it is told."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

import orjson
from django.db.models import F
from django.utils import timezone

from leadwell.server.conftest import Clinic
from leadwell.server.consent.actions import Done, stop
from leadwell.server.consent.models import Contact, Way
from leadwell.server.consent.saying import Saying
from leadwell.server.consent.scope import Scope
from leadwell.server.intake.accepting import Delivery, accept
from leadwell.server.intake.draining import drain
from leadwell.server.leads.models import Event, Lead
from leadwell.server.outreach import sending
from leadwell.server.outreach.actions import Draft, Recipient, queue
from leadwell.server.outreach.channels import Answer, NotReached, Refused, Written
from leadwell.server.outreach.claiming import claim
from leadwell.server.outreach.letters import Letter, content_of
from leadwell.server.outreach.models import Message, Pace, Result

ADDRESS = "ana.quillfeather@example.org"
LETTER = Letter("Your visit", "We can see you on Thursday.\n\nCall us if that does not suit.", "first-answer")
FROM = "hello@clinic.example"
ACCEPTED = Answer("accepted", "", "250")


def lead_of(clinic: Clinic, email: str = ADDRESS) -> Lead:
    """Somebody who asked for care and gave this address."""
    said = {"full_name": "Sample Person", "email": email, "message": "I need a knee replacement"}
    (receipt,) = accept(clinic.number, clinic.source, [Delivery(orjson.dumps(said))])
    drain()
    return Lead.objects.of(clinic.number).get(submission=receipt.id)


def queued(clinic: Clinic, email: str = ADDRESS, *, key: str = "", **more: Any) -> Message:
    lead = more.pop("lead", None) or lead_of(clinic, email)
    to = Recipient(email, lead.person_id, lead.pk)
    draft = Draft(to, more.pop("letter", LETTER), more.pop("purpose", "care-request"), **more)
    return queue(clinic.number, draft, key=key or f"first/{email}")


@dataclass
class FakeWay:
    """`answers`: what is said to each message, the last one to all that follow; `before`: done between the gate and the
    words. `left`: what went out."""

    answers: list[Answer] = field(default_factory=lambda: [ACCEPTED])
    refuses_at_rcpt: bool = True
    reached: bool = True
    takes_all: bool = True
    before: Callable[[], object] = lambda: None
    left: list[Written] = field(default_factory=list)
    dropped: int = 0

    def is_set(self) -> bool:
        return True

    def write(self, message: Message) -> Written:
        said = content_of(message)
        mail_id = message.message_id or f"<{message.pk.hex}@clinic.example>"
        return Written(FROM, said.to, mail_id, said.text.encode())

    def line(self) -> FakeWay:
        if not self.reached:
            raise NotReached("it does not answer, or hung up")
        return self

    def announce(self, written: Written) -> None:
        self.before()
        if self.answers[0].kind in ("later", "refused") and self.refuses_at_rcpt:
            raise Refused(self._answer())

    def hand_over(self, written: Written) -> None:
        if not self.takes_all:
            raise NotReached("the mail server took no more")
        self.left.append(written)

    def answer(self) -> Answer:
        return self._answer()

    def drop(self) -> None:
        self.dropped += 1

    def _answer(self) -> Answer:
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


def stopped(
    clinic: Clinic, person: UUID | None, *, way: str = Way.STAFF, closes: Sequence[Scope] = (), doubt: bool = False,
    **more: Any,
) -> Done:  # fmt: skip
    """They said so now, to somebody who works there."""
    return stop(clinic.number, person, Saying(way, "user:1", **more), closes=closes, doubt=doubt)


def by(monkeypatch: Any, way: FakeWay) -> FakeWay:
    monkeypatch.setattr(sending, "way", lambda channel: way)
    return way


def tick(**later: float) -> int:
    """Everything that is due, or would be after so long, is taken as far as it goes; returns how many messages."""
    if later:
        span = timedelta(**later)
        for name in ("due_at", "first_tried_at", "created_at", "until", "sent_at"):
            for one in Message.objects.exclude(**{name: None}):
                Message.objects.filter(pk=one.pk).update(**{name: getattr(one, name) - span})
        for dated in (Contact, Result):
            dated.objects.update(at=F("at") - span)
    count = 0
    while True:
        Pace.objects.update(next_at=timezone.now())
        claimed = claim(50)
        if not claimed:
            return count
        for one in claimed:
            sending.send(one)
        count += len(claimed)


def again(message: Message) -> Message:
    """As it stands now."""
    return Message.objects.get(pk=message.pk)


def lead_events() -> list[str]:
    """What the leads were told of e-mail, in order."""
    return list(Event.objects.filter(name__startswith="email.").order_by("at").values_list("name", flat=True))


def counted() -> int:
    """How many attempts count."""
    return Contact.objects.filter(taken_back_at=None).count()
