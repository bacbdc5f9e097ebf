"""Has what came in been read? What nobody has read yet may ask us to stop, so nothing leaves before it is.

Each app that takes in what people send has a module `unread` with a function of that name, as each that has queued
something has one that obeys a stop.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from leadwell.server.base.declared import declared


def is_unread(organization: int) -> bool:
    """Asked once a round and once a message, at the last moment: a look into an index."""
    return any(unread(organization) for unread in _all())


@cache
def _all() -> tuple[Callable[[int], bool], ...]:
    return tuple(app.unread for app in declared("unread", but="outreach"))
