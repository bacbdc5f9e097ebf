"""What follows once somebody has said what two are? Each app above that waits for it has a module `settling` with a
function `settled`, as each has one that obeys a stop."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from leadwell.server.base.declared import declared


def settle(organization: int, people: Collection[UUID]) -> None:
    """Outside the transaction in which it was said: what follows may take long, and may be done again."""
    for app in declared("settling", but="consent"):
        app.settled(organization, people)
