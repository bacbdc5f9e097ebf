"""What does the outbox send, and when? Queued, claimed and sent by the product itself, over SMTP to the stand-in.

The wire is what the stand-in wrote down, and nothing else: who got it, and the name of the wish in its subject. The
driver's clock stamps each line as it appears, for the stand-in's own clock is the world's.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email import message_from_bytes
from email.message import Message as Mail
from functools import partial
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from benchmarks.gate.arriving import Row

_WISH: Final = re.compile(r"\[(w\d+)\]")
LONGEST: Final = timedelta(days=3)
_LATER: Final = (timedelta(seconds=20), timedelta(minutes=20), timedelta(hours=9), LONGEST)
_A_TURN: Final = timedelta(milliseconds=10)  # LEADWELL_MAIL_PER_MINUTE of 6,000


@dataclass(frozen=True)
class Left:
    """A mail that the stand-in got. `wish`: '' of the confirmation of a stop."""

    at: datetime
    sender: str
    to: str
    wish: str
    raw: bytes = field(repr=False)
    mail: Mail = field(repr=False)


class Wire:
    """The stand-in's log, read on from where it was left."""

    def __init__(self, path: Path) -> None:
        self._path, self._read = path, 0

    def new(self, at: datetime) -> Iterator[Left]:
        with self._path.open("rb") as lines:
            lines.seek(self._read)
            for line in lines:
                self._read += len(line)
                yield from _left(json.loads(line), at)


def _left(line: dict[str, Any], at: datetime) -> Iterator[Left]:
    raw = base64.b64decode(line["message"])
    mail = message_from_bytes(raw)
    named = _WISH.search(mail["Subject"])
    for to in line["envelope_to"]:
        yield Left(at, line["envelope_from"], to, named[1] if named else "", raw, mail)


@dataclass
class Outbox:
    """`later`: has the driver come back at that time; `read`: has what came in be read, for nothing leaves before;
    `left`, `refused`: are told what became of a wish, with the mail or with the message's row. `last`, `links`: by
    address, the last mail and the last way out that it was given."""

    organization: int
    wire: Wire
    now: Callable[[], datetime]
    later: Callable[[datetime, Callable[[], None]], None]
    read: Callable[[], None]
    left: Callable[[Left], None]
    refused: Callable[[Row, Any], None]
    last: dict[str, Left] = field(default_factory=dict)
    links: dict[str, str] = field(default_factory=dict)

    def queue(self, wish: Row, person: UUID, address: str) -> None:
        """Every fourth is meant for later, so that stops find something that waits."""
        from leadwell.server.outreach import actions
        from leadwell.server.outreach.letters import Letter

        number = int(wish["wish"][1:])
        not_before = self.now() + _LATER[number // 4 % len(_LATER)] if number % 4 == 0 else None
        letter = Letter(
            f"From the clinic [{wish['wish']}]", "We are here for you.\n\nCall us at any time.", "simulated"
        )
        draft = actions.Draft(actions.Recipient(address, person), letter, wish["purpose"], not_before=not_before)
        made = actions.queue(self.organization, draft, key=wish["wish"])
        if not_before is None:
            self._due(made.pk, wish)
        else:
            self.later(not_before, partial(self._due, made.pk, wish))

    def confirm(self) -> None:
        """As the postman does: what is owed by mail is queued, and leaves."""
        from leadwell.server.outreach.confirming import queue_owed

        if queue_owed():
            self._round()

    def _due(self, number: UUID, wish: Row) -> None:
        self._round()
        self._look(number, wish)

    def _round(self) -> None:
        """Whatever is due now leaves or is refused, one at a time for each provider."""
        from leadwell.server.outreach.claiming import claim
        from leadwell.server.outreach.sending import send

        self.read()
        for one in claim(8):
            send(one)
        for left in self.wire.new(self.now()):
            self.last[left.to] = left
            if link := left.mail["List-Unsubscribe"]:
                self.links[left.to] = str(link).strip("<>")
            self.left(left)

    def _look(self, number: UUID, wish: Row) -> None:
        """What the books say of one that has not left: why, or until when it waits. Whoever may have meant a stop is
        let be, for nobody here decides what they meant."""
        from leadwell.server.outreach.actions import drop
        from leadwell.server.outreach.models import WAITING, Message

        one = Message.objects.of(self.organization).defer("sealed").get(pk=number)
        if one.state in WAITING and one.problem != "in-doubt":
            turn = one.due_at <= self.now()
            self.later(self.now() + _A_TURN if turn else one.due_at, partial(self._due, number, wish))
            if not turn:
                self.refused(wish, one)
            return
        if one.state != "sent":
            drop(self.organization, [number])
            self.refused(wish, one)
