"""How many submissions does a worker take at once? As many as it ends in half a second.

Judging costs most by the call, so that many at once end a backlog sooner; but whoever asks just after a claim waits for
all of it, and on a busy machine two hundred are half a second. (docs/decisions/0012)
"""

from __future__ import annotations

from typing import Final

MOST: Final = 800
LEAST: Final = 200  # of fewer, half the time would go into beginning
ROUND: Final = 0.5  # seconds


class Pace:
    """Begins with LEAST, for nobody knows yet how quick the machine is, and comes nearer with each round."""

    def __init__(self) -> None:
        self.most = LEAST

    def took(self, submissions: int, seconds: float) -> None:
        """How long one round was. A few say nothing of many."""
        if submissions < LEAST:
            return
        fit = submissions * ROUND / max(seconds, 0.001)
        self.most = max(LEAST, min(MOST, round((self.most + fit) / 2)))
