"""Which processes did one start, and how much processor time have they had?"""

from __future__ import annotations

import os
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")


def group(leader: int) -> list[int]:
    """All processes of the group that this one leads."""
    return [pid for pid, fields in _all() if int(fields[2]) == leader]


def cpu_seconds(leader: int) -> float:
    """Of the whole group, user and system."""
    return sum(int(fields[11]) + int(fields[12]) for _, fields in _all() if int(fields[2]) == leader) / _TICKS


def _all() -> list[tuple[int, list[str]]]:
    """Each process with what /proc/PID/stat says after its name: state, parent, group, ..."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            found.append((int(path.parent.name), path.read_text().rpartition(")")[2].split()))
        except OSError:
            continue  # ended meanwhile
    return found
