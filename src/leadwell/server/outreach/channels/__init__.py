"""By which ways can a message leave? Each is a folder that knows its own protocol; `sending` says what happens when.

A way opens a `Line`, which announces one message, takes its words, then says what became of it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from importlib import import_module
from typing import Final, Literal, Protocol

from leadwell.server.outreach.models import Message

_FOLDERS: Final = {"email": "leadwell.server.outreach.channels.email"}

Kind = Literal["accepted", "later", "refused", "unknown"]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server said. `unknown`: nothing, after it had been given everything. `fault`: the class of a refusal
    (`formats.bounces`), '' otherwise; `status` its code."""

    kind: Kind
    fault: str = ""
    status: str = ""


class Refused(Exception):  # noqa: N818  says what happened
    """The server will not take it, now or ever; nothing of its words has left."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.fault)
        self.answer = answer


class NotReached(Exception):  # noqa: N818  its message is for an administrator, and names nobody
    """Our own server does not answer, or not as it should: no message's fault."""


class Unfit(Exception):  # noqa: N818  its message is for the person who queued it
    """What the law wants in such a message cannot be put into it; it never leaves so."""


@dataclass(frozen=True, slots=True)
class Written:
    """A message as it goes over the wire."""

    sender: str
    recipient: str
    message_id: str
    raw: bytes = field(repr=False)


class Line(Protocol):
    def announce(self, written: Written) -> None:
        """Says from whom and to whom. Raises Refused, NotReached."""

    def hand_over(self, written: Written) -> None:
        """Gives its words, to the last, within a moment. Raises NotReached: then it has not got them all."""

    def answer(self) -> Answer:
        """What became of it."""

    def drop(self) -> None:
        """Hangs up, now; what was announced is not sent."""


class Way(Protocol):
    def is_set(self) -> bool:
        """Whether an administrator has said where messages are handed in."""

    def write(self, message: Message) -> Written:
        """Raises Unfit, and Unopenable where nothing can be read of it any more."""

    def line(self) -> Line:
        """A connection that is ready, this thread's own. Raises NotReached."""


def way(channel: str) -> Way:
    """Raises Unfit where there is none of this kind."""
    if channel not in _FOLDERS:
        raise Unfit(f"nothing can be sent by “{channel}” yet")
    found: Callable[[], Way] = import_module(_FOLDERS[channel]).way
    return found()
