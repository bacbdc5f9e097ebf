"""Which leads have ended, and why? Told by whatever keeps what became of them.

Such an app has a module `became` with a function `ended`, so that what orders work need not know it.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from leadwell.server.base.declared import declared


def ended(organization: int, leads: Collection[UUID]) -> dict[UUID, tuple[str, datetime]]:
    """Lead -> the playbook's reason for which it ended, and when; without those that are open."""
    found: dict[UUID, tuple[str, datetime]] = {}
    for app in declared("became", but="leads"):
        found |= app.ended(organization, leads)
    return found
