"""When is a message tried again, and when no more? (docs/outbox.md, rule 2.6)"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

GIVES_UP: Final = timedelta(hours=72)
MOST_UNKNOWNS: Final = 3
FULL_TIMES: Final = 3
_FULL: Final = (timedelta(hours=24), timedelta(hours=72))
_FIRST: Final = timedelta(minutes=5)
_LONGEST: Final = timedelta(hours=8)
# Our own mail server does not answer: no message's fault, so none is given up for it.
UNREACHED: Final = timedelta(minutes=1)


def after_full(times: int, since: timedelta) -> timedelta | None:
    """How long to wait after a mailbox was found full for the nth time, so long after the first time; None where the
    message is given up. It is tried after 24 hours and after 72, or as soon after as there was somebody to try it."""
    if times >= FULL_TIMES and since >= _FULL[-1]:
        return None
    return next((at - since for at in _FULL if at > since), _FULL[0])


def after_refusal(tries: int, since: timedelta) -> timedelta | None:
    """How long to wait after the nth try was refused for now; None where it is given up. `since`: since the first try.
    After 5 minutes, doubling, until 72 hours."""
    wait = min(_FIRST * (1 << min(tries - 1, 10)), _LONGEST)
    return None if since >= GIVES_UP else min(wait, GIVES_UP - since)


def after_silence(unknowns: int) -> timedelta | None:
    """After nobody answered whether it was taken: soon, so that the provider still knows the Message-ID of the first;
    None where that happened too often."""
    return None if unknowns >= MOST_UNKNOWNS else _FIRST * unknowns
