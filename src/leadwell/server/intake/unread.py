"""Has somebody sent us anything that nobody has read yet? It may ask us to stop, so the outbox waits for it."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.utils import timezone

from leadwell.server.intake.models import State, Submission

_AT_ONCE: Final = timedelta(seconds=1)  # what came since is being read at this moment
_BEGUN: Final = 3  # begun so often, it is no longer waited for: one that cannot be read holds up nobody for long


def unread(organization: int) -> bool:
    waits = Submission.objects.of(organization).filter(state=State.RECEIVED, tries__lt=_BEGUN)
    return waits.filter(received_at__lt=timezone.now() - _AT_ONCE).exists()
