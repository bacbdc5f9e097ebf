"""How are lines kept in the data folder, so that a crash within one costs no other? One JSON object a line.

A process that is killed, or a disk that is full, leaves half a line. The next one begins on a line of its own, and
what cannot be read is told apart from what can.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import orjson

_OPTIONS: Final = orjson.OPT_APPEND_NEWLINE
_BEGIN: Final = b'{"'


@dataclass(frozen=True)
class Lines:
    """`whole`: what the lines say, in their order; `unread`: the lines that are no JSON object, as they stand."""

    whole: list[dict[str, Any]]
    unread: list[bytes]


def append(path: Path, line: Mapping[str, Any]) -> None:
    """Adds a line; it is on disk when this returns. The file is readable by its owner only."""
    append_each(path, [line])


def append_each(path: Path, lines: Iterable[Mapping[str, Any]]) -> None:
    """Adds several with one wait for the disk."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(descriptor, "r+b", buffering=0) as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        start = b"" if _ends_whole(file.fileno()) else b"\n"
        written = start + b"".join(orjson.dumps(dict(line), option=_OPTIONS) for line in lines)
        if os.write(file.fileno(), written) != len(written):
            raise OSError(f"{path.name} could not be written whole")
        os.fsync(file.fileno())


def _ends_whole(descriptor: int) -> bool:
    size = os.fstat(descriptor).st_size
    return size == 0 or os.pread(descriptor, 1, size - 1) == b"\n"


def read(path: Path) -> Lines:
    """All lines of a file; none where there is no file."""
    told = Lines([], [])
    for line in path.read_bytes().split(b"\n") if path.exists() else []:
        if not line.strip():
            continue
        one = _object(line)
        if one is None:
            told.unread.append(line)
            # Before lines began on a line of their own, a whole one may hang on half of another.
            one = _object(line[line.rfind(_BEGIN) :]) if line.rfind(_BEGIN) > 0 else None
        if one is not None:
            told.whole.append(one)
    return told


def _object(line: bytes) -> dict[str, Any] | None:
    try:
        one = orjson.loads(line)
    except orjson.JSONDecodeError:
        return None
    return one if isinstance(one, dict) else None


def rewrite(path: Path, lines: Iterable[Mapping[str, Any]]) -> None:
    """Puts these lines in the place of all, in one step, on disk before it counts."""
    replace(path, b"".join(orjson.dumps(dict(line), option=_OPTIONS) for line in lines))


def replace(path: Path, content: bytes) -> None:
    """Puts a whole file in place, in one step, on disk before it counts, readable by its owner only."""
    partly = path.with_name(f"{path.name}.part")
    with os.fdopen(os.open(partly, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    partly.replace(path)
