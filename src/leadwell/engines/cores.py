"""How many processes judge at a time, and what if one of them ends? Apart from `processes`: a short list needs none,
and what starts them takes a while to import."""

from __future__ import annotations

import os
from typing import Final

MOST: Final = 8  # each takes a quarter of a GiB, and three times that with a batch at work


class JudgeGoneError(RuntimeError):
    """A process that judges ended by itself, as where the system has no memory left for it."""


def at_once() -> int:
    """How many batches this machine can work on at a time."""
    return min(MOST, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1)
