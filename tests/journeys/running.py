"""Leadwell as its users run it: real processes, a data folder of its own, real HTTP and SMTP on this machine.

Each process leads a group of its own, so that a kill reaches those it started too. It comes from a standby, which has
read Leadwell in, except where an installation is to start each `anew`.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import httpx
from tests.journeys.standby import Forked, Standby

PATIENCE = 90.0
PASSWORD = "a long enough password"
_WITHIN = """
import sys, orjson
from leadwell.server.access.models import Organization
ours = Organization.objects.get(slug="lakeside")
"""


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def until(true: Callable[[], Any], what: str, patience: float = PATIENCE) -> Any:
    """The first true answer; fails with `what` where none comes."""
    end = time.monotonic() + patience
    while time.monotonic() < end:
        try:
            if found := true():
                return found
        except httpx.TransportError:
            pass
        time.sleep(0.1)
    raise AssertionError(f"waited {patience:.0f} s in vain for {what}")


def _database_of_journeys() -> str:
    return os.environ.get("LEADWELL_TEST_DATABASE_URL_OF_JOURNEYS", "")


@dataclass
class Installation:
    """A data folder and the processes that run on it. `database`: SQLite in the folder where it is empty."""

    home: Path
    port: int = field(default_factory=free_port)
    database: str = field(default_factory=_database_of_journeys)
    logs: Path | None = None  # the data folder where there is none
    more: dict[str, str] = field(default_factory=dict)  # settings beside those two
    anew: bool = False  # what goes on is started from nothing, as by whoever installs it
    processes: dict[str, subprocess.Popen[bytes] | Forked] = field(default_factory=dict)
    _standby: Standby | None = field(default=None, init=False, repr=False)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def _environment(self) -> dict[str, str]:
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("LEADWELL_", "DJANGO_"))}
        return {**kept, "LEADWELL_HOME": str(self.home), "LEADWELL_DATABASE_URL": self.database, **self.more}

    def command(self, *arguments: str) -> str:
        """What a command prints; fails where it does."""
        done = self.ran(*arguments)
        assert done.returncode == 0, f"leadwell {arguments[0]} failed: {done.stderr[-500:]}"
        return done.stdout.strip()

    def ran(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """A command that has ended, well or not."""
        return self._ready().run(arguments)

    def within(self, what: str, *arguments: str) -> str:
        """What lines of Python print in a process of the server; `ours` is Lakeside, `sys` and `orjson` are there."""
        done = self._ready().run(arguments, what=_WITHIN + what)
        assert done.returncode == 0, f"it failed: {done.stderr[-500:]}"
        return done.stdout.strip()

    def ledger(self) -> dict[str, Any]:
        """What the ledger says now; while leads are being written a difference may come and go."""
        told: dict[str, Any] = json.loads(self.ran("ledger", "--json").stdout)
        return told

    def _ready(self) -> Standby:
        """What commands are forked from, under the settings of now."""
        environment = self._environment()
        if self._standby and self._standby.environment != environment:
            self._rest()
        self._standby = self._standby or Standby(environment)
        return self._standby

    def _rest(self) -> None:
        if self._standby:
            self._standby.close()
            self._standby = None

    def start(self, name: str, *arguments: str) -> None:
        with ((self.logs or self.home) / f"{name}.log").open("ab") as log:
            self.processes[name] = self._anew(arguments, log) if self.anew else self._ready().start(arguments, log)

    def _anew(self, arguments: tuple[str, ...], log: IO[bytes]) -> subprocess.Popen[bytes]:
        whole = [sys.executable, "-m", "leadwell.cli", *arguments]
        return subprocess.Popen(whole, env=self._environment(), stdout=log, stderr=log, start_new_session=True)

    def start_web(self) -> None:
        self.start("web", "web", "--port", str(self.port))
        until(lambda: httpx.get(f"{self.url}/healthz").status_code == 200, "the web server")

    def start_worker(self) -> None:
        self.start("worker", "work")

    def kill(self, name: str) -> None:
        """kill -9: nothing is tidied up."""
        process = self.processes.pop(name)
        _killed(process)
        process.wait()

    def stop(self, *names: str) -> None:
        """All of them where none is named. Fails where one has not ended by then; nothing is left in any case."""
        if not names:
            self._rest()
        ending = {name: self.processes.pop(name) for name in names or tuple(self.processes)}
        for process in ending.values():
            process.terminate()
        until_then, late = time.monotonic() + 30, []
        for name, process in ending.items():
            try:
                process.wait(timeout=max(0.0, until_then - time.monotonic()))
            except subprocess.TimeoutExpired:
                late.append(name)
            _killed(process)
            process.wait()
        assert not late, f"did not end when told to: {', '.join(late)}"


def make(installation: Installation) -> None:
    """A clinic where there is nothing yet, with one manager and its policy."""
    manager = ("dana@example.com", "--role", "manager", "--password", PASSWORD)
    installation.command("migrate")
    installation.command("user", "new", *manager, "--organization", "lakeside")
    installation.command("publish", "lakeside-orthopedics", "--organization", "lakeside")


def begin(installation: Installation, newly_made: Path | None) -> None:
    """As a clinic that nobody has used yet; `newly_made`: the data folder of one, where there is one to copy."""
    if newly_made and not installation.database:
        shutil.copytree(newly_made, installation.home, dirs_exist_ok=True)
    else:
        installation.home.mkdir(exist_ok=True)
        make(installation)


def _killed(process: subprocess.Popen[bytes] | Forked) -> None:
    """Kills it and all it started, also where it has ended and they have not."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
