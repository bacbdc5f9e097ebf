"""What is a new record called? UUIDv7 (RFC 9562): random, but in order of time, so that an index grows at its end."""

from __future__ import annotations

import os
import time
from threading import Lock
from typing import Final
from uuid import UUID

_RANDOM: Final = 74  # bits
_FURTHER: Final = 4  # bytes: how far the next of one millisecond may lie behind the last
_lock: Final = Lock()
_last = 0


def new_id() -> UUID:
    """Behind every other that this process has made (RFC 9562, 6.2): what is read in their order is read as it was
    written."""
    global _last  # noqa: PLW0603  of the process
    made = ((time.time_ns() // 1_000_000) << _RANDOM) | (int.from_bytes(os.urandom(10), "big") >> (80 - _RANDOM))
    with _lock:
        if made <= _last or made >> _RANDOM == _last >> _RANDOM:
            made = _last + 1 + int.from_bytes(os.urandom(_FURTHER), "big")
        _last = made
    milliseconds, random = made >> _RANDOM, made & ((1 << _RANDOM) - 1)
    high = (milliseconds << 16) | (0x7 << 12) | (random >> 62)
    low = (0b10 << 62) | (random & ((1 << 62) - 1))
    return UUID(int=(high << 64) | low)
