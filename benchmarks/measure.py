"""How long does a whole process take, and how much memory at its peak?"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Cost:
    """`seconds` by the clock, `cpu` seconds of all its threads."""

    seconds: float
    cpu: float
    peak_gib: float


def process(command: list[str], env: Mapping[str, str] | None = None) -> Cost:
    """Run a command to its end; raises where it fails. Memory is the peak of the process and of those that it starts.

    It is started by a process that holds next to nothing: the system counts what its starter held as its own.
    """
    starter = [sys.executable, "-S", "-m", "benchmarks.measure", *command]
    done = subprocess.run(starter, stdout=subprocess.PIPE, env=env, check=False)
    if done.returncode:
        raise SystemExit(f"{command[0]} failed with {done.returncode}")
    return Cost(**json.loads(done.stdout))


def best(command: list[str], *, times: int = 3, env: Mapping[str, str] | None = None) -> Cost:
    return min((process(command, env) for _ in range(times)), key=lambda cost: cost.seconds)


def _started(command: list[str]) -> None:
    start = time.perf_counter()
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    assert child.stderr is not None
    seen = [0.0]
    threading.Thread(target=_watched, args=(child.pid, seen), daemon=True).start()
    said = child.stderr.read()
    _, status, usage = os.wait4(child.pid, 0)
    seconds = time.perf_counter() - start
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        sys.stderr.buffer.write(said)
        sys.exit(abs(child.returncode))
    cpu = usage.ru_utime + usage.ru_stime
    peak = max(usage.ru_maxrss / 2**20, *seen)
    sys.stdout.write(json.dumps({"seconds": seconds, "cpu": cpu, "peak_gib": peak}))


def _watched(pid: int, seen: list[float]) -> None:
    """Notes GiB of a process and its children, shared pages counted once, five times a second."""
    while True:
        children = Path(f"/proc/{pid}/task/{pid}/children")
        try:
            family = [pid, *map(int, children.read_text().split())]
        except OSError:
            return
        seen.append(sum(_proportional(one) for one in family) / 2**20)
        time.sleep(0.2)


def _proportional(pid: int) -> int:
    """KiB of a process, each page divided by how many share it; nothing where it has ended."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))


if __name__ == "__main__":
    _started(sys.argv[1:])
