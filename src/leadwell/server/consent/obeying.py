"""Who must obey a stop at once? Each app that has anything queued says how, and does it in the stop's own transaction.

Such an app has a module `obeying` with a function `stopped`; as `held` asks each app for what it holds, a stop asks
each for what it has queued. (47 CFR 64.1200(a)(10): in force at once, what is queued included)
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from leadwell.server.base.declared import declared
from leadwell.server.consent.scope import Scope


@dataclass(frozen=True)
class Closed:
    """What was closed: for these people, and for whoever is reached at these addresses. `scopes`: channels (or all) and
    purposes ('' for every). `doubt`: only until somebody has looked, so that it is held back and not thrown away.
    `asks`: something else may stand (a consent was taken back, or it was said before the last that they permitted), so
    that only what the gate forbids now is cancelled."""

    organization: int
    event: UUID
    at: datetime
    scopes: tuple[Scope, ...]
    people: frozenset[UUID]
    tokens: frozenset[bytes]
    doubt: bool = False
    asks: bool = False


Obeys = Callable[[Closed], int]


def obeyed(closed: Closed) -> int:
    """Has every app cancel what it has queued; returns how many messages that were. It only writes, and never sends."""
    return sum(obeys(closed) for obeys in _all())


def _all() -> list[Obeys]:
    return [app.stopped for app in declared("obeying", but="consent")]
