"""How is Leadwell started from nothing, and started again whenever it is killed?"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
from tests.journeys.running import Installation, begin, until

ORGANIZATION = "lakeside"
WEB = "web"
_UP = 10.0  # seconds to wait for what is to be killed


@dataclass
class Service:
    """An installation with one clinic and a key to it."""

    installation: Installation
    key: str
    workers: int = 1

    @property
    def url(self) -> str:
        return self.installation.url

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.key}", "Content-Type": "application/json"}

    @property
    def names(self) -> list[str]:
        return [WEB, *(f"work-{number}" for number in range(1, self.workers + 1))]

    def begin(self, name: str) -> None:
        """Starts one process; does not wait for it."""
        arguments = ["web", "--port", str(self.installation.port)] if name == WEB else ["work"]
        self.installation.start(name, *arguments)

    def start(self) -> None:
        for name in self.names:
            self.begin(name)
        self.wait()

    def start_workers(self) -> None:
        for name in self.names[1:]:
            self.begin(name)
        self.wait()

    def stop_workers(self) -> None:
        self.installation.stop(*self.names[1:])

    def wait(self) -> None:
        until(lambda: httpx.get(f"{self.url}/readyz").status_code == 200, "the web server and a worker")


@contextmanager
def installed(
    folder: Path, *, home: Path, database: str = "", workers: int = 1, newly_made: Path | None = None
) -> Iterator[Service]:
    """A clinic that nobody has written to yet. Nothing runs; what was started is stopped at the end."""
    logs = folder / "logs"
    logs.mkdir(exist_ok=True)
    installation = Installation(home, database=database, logs=logs, anew=True)
    begin(installation, newly_made)
    service = Service(installation, new_key(installation), workers)
    try:
        yield service
    finally:
        installation.stop()


def new_key(installation: Installation) -> str:
    scopes = ("--scope", "leads:write,leads:read")
    return installation.command("key", "new", "--organization", ORGANIZATION, *scopes)


class Supervisor(threading.Thread):
    """Starts again what has ended, a moment later, as systemd does. One at a time may kill or start."""

    def __init__(self, service: Service, seed: int) -> None:
        super().__init__(daemon=True)
        self.unasked: dict[str, int] = {}
        self.kills: dict[str, int] = {}
        self._service, self._dice = service, random.Random(seed)
        self._turn, self._ended = threading.Lock(), threading.Event()
        self._due: dict[str, float] = {}

    def run(self) -> None:
        while not self._ended.wait(0.1):
            with self._turn:
                for name in self._service.names:
                    self._looked_at(name)

    def _looked_at(self, name: str) -> None:
        processes = self._service.installation.processes
        if name in processes and processes[name].poll() is not None:
            self.unasked[name] = self.unasked.get(name, 0) + 1
            self._service.installation.kill(name)
        if name in processes:
            return
        due = self._due.setdefault(name, time.monotonic() + self._dice.uniform(0.1, 1.0))
        if time.monotonic() >= due:
            del self._due[name]
            self._service.begin(name)

    def kill(self, *names: str) -> None:
        """kill -9, of these processes and of those they started, once all of them run."""
        end = time.monotonic() + _UP
        while time.monotonic() < end:
            with self._turn:
                if all(name in self._service.installation.processes for name in names):
                    for name in names:
                        self._service.installation.kill(name)
                        self.kills[name] = self.kills.get(name, 0) + 1
                    return
            time.sleep(0.05)

    def end(self) -> None:
        """What runs goes on; what is down stays so until `Service.start`."""
        self._ended.set()
        self.join()
