"""Is anything left running where whoever started it is killed?"""

from __future__ import annotations

import os
import signal
from pathlib import Path

import httpx
import pytest
from tests.journeys.running import Installation, until

pytestmark = [pytest.mark.slow, pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks into /proc")]


def family(pid: int) -> list[int]:
    """A process and all that came of it."""
    children = [
        int(stat.parent.name)
        for stat in Path("/proc").glob("[0-9]*/stat")
        if (said := _said(stat)) and int(said.rpartition(") ")[2].split()[1]) == pid
    ]
    return [pid, *(one for child in children for one in family(child))]


def _said(stat: Path) -> str:
    try:
        return stat.read_text()
    except OSError:
        return ""


def runs(pid: int) -> bool:
    said = _said(Path(f"/proc/{pid}/stat"))
    return bool(said) and said.rpartition(") ")[2][0] != "Z"


@pytest.mark.parametrize("command", ["up", "web"])
def test_nobody_serves_on_when_the_starter_is_killed(clinic: Installation, command: str) -> None:
    clinic.anew = True
    clinic.start("it", command, "--port", str(clinic.port))
    pid = clinic.processes["it"].pid
    try:
        until(lambda: _answers(clinic, "/readyz" if command == "up" else "/healthz"), "the server")
        all_of_it = family(pid)
        assert len(all_of_it) >= (4 if command == "up" else 2)
    finally:
        os.kill(pid, signal.SIGKILL)
        clinic.processes.pop("it").wait()
    until(lambda: not any(runs(one) for one in all_of_it), "all to end")


def _answers(clinic: Installation, path: str) -> bool:
    return httpx.get(clinic.url + path).status_code == 200
