"""How long does a whole process take, and how much memory at its peak?"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Cost:
    seconds: float
    peak_gib: float


def process(command: list[str]) -> Cost:
    """Run a command to its end; raises where it fails. Memory is the peak resident set of the process itself."""
    start = time.perf_counter()
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    assert child.stderr is not None
    said = child.stderr.read()
    _, status, usage = os.wait4(child.pid, 0)
    seconds = time.perf_counter() - start
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        sys.stderr.buffer.write(said)
        raise SystemExit(f"{command[0]} failed with {child.returncode}")
    return Cost(seconds, usage.ru_maxrss / 2**20)


def best(command: list[str], *, times: int = 3) -> Cost:
    return min((process(command) for _ in range(times)), key=lambda cost: cost.seconds)
