"""How is a file written so that no other run writes it at the same time?

Opened empty under its working name and locked; the lock ends with the run, however that ends.
"""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from typing import Any, BinaryIO

from leadwell.formats.problems import CannotWrite


def only_ours(part: Path, path: Path) -> BinaryIO:
    """The file, empty, open and locked as long as it is open. Raises CannotWrite where another run writes it."""
    while True:
        file = os.fdopen(os.open(part, os.O_RDWR | os.O_CREAT, 0o666), "r+b")
        if not _locked(file):
            file.close()
            raise CannotWrite(f"Another run is writing {path} at this moment")
        if part.exists() and os.path.samestat(os.fstat(file.fileno()), part.stat()):
            file.truncate()
            return file
        file.close()  # another run ended between our opening and locking, and gave it its name


def _locked(file: BinaryIO) -> bool:
    """Whether the lock is ours; where the system has none of this kind, it is."""
    try:
        import fcntl  # noqa: PLC0415  not on Windows
    except ImportError:
        return True
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return True  # a file system without locks
    return True


def let_go(file: BinaryIO) -> None:
    """Closes it, though the disk may be too full to take what is left."""
    with contextlib.suppress(OSError):
        file.close()


class Spared:
    """A file that takes anything once it could not be written: a zip ends itself even while it is thrown away."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._lost = False

    def __getattr__(self, name: str) -> Any:
        does = getattr(self._file, name)

        def doing(*args: Any) -> Any:
            if self._lost:
                return 0
            try:
                return does(*args)
            except OSError:
                self._lost = True
                raise

        return doing
