"""Whose turn is it to write into the inbox's file, and who moves the logs?

SQLite lets one writer in, and sends those who wait to sleep, up to a tenth of a second at a time; here they look again
every other millisecond.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import lru_cache
from typing import IO, Final

from django.db import connections

from leadwell.server import environment
from leadwell.server.base.routers import inbox_database

_LOOK: Final = 0.002  # seconds
_PATIENCE: Final = 5.0  # then SQLite's own lock decides, as it does where a system has no `fcntl`
_FILE: Final = lru_cache(lambda: environment.home() / "inbox.turn")


@contextmanager
def inbox_turn() -> Iterator[None]:
    """Around one short transaction on the inbox. Whoever is killed gives up their turn; on PostgreSQL nobody waits."""
    if connections[inbox_database()].vendor != "sqlite":
        yield
        return
    with _FILE().open("ab") as file:
        _wait_for(file)
        yield


@contextmanager
def alone_moving() -> Iterator[bool]:
    """Whether the logs are ours to move until this ends; False where another process is at it. Nobody waits."""
    with (environment.home() / "logs.turn").open("ab") as file:
        try:
            import fcntl  # noqa: PLC0415  not on every system

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        except ImportError:
            pass
        yield True


def _wait_for(file: IO[bytes]) -> None:
    with suppress(ImportError):
        import fcntl  # noqa: PLC0415  not on every system

        end = time.monotonic() + _PATIENCE
        while time.monotonic() < end:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                time.sleep(_LOOK)
            else:
                return
