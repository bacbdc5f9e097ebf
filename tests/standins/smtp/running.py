"""How does a test have a provider of its own, in a process of its own?"""

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

from . import log
from .options import Options, certificate_of

CHECKOUT = Path(__file__).resolve().parents[3]
T = TypeVar("T")


class SmtpStandin:
    """The server as a context manager; keywords are those of `Options`, and `port` where it must be a certain one."""

    def __init__(self, wire: Path, *, port: int = 0, **options: Any) -> None:
        self.wire = wire
        self.host = "127.0.0.1"
        self.port = port
        self.options = Options(**options)
        self.process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Returns when the port is open; the same port as before, after a `stop`."""
        command = [sys.executable, "-m", "tests.standins.smtp", *self._arguments(), "--while-stdin-open"]
        self.process = subprocess.Popen(command, cwd=CHECKOUT, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        assert self.process.stdout
        said = self.process.stdout.readline().decode()
        if not said.startswith("listening on "):
            self.stop()
            raise RuntimeError("the SMTP stand-in did not start; what it said is on standard error")
        self.port = int(said.rpartition(":")[2])

    def stop(self) -> None:
        """Refuses connections from here on; what was received stays in the logs."""
        if not self.process:
            return
        self.process.terminate()
        self.process.wait(10)
        for pipe in (self.process.stdin, self.process.stdout):
            assert pipe
            pipe.close()
        self.process = None

    def _arguments(self) -> list[str]:
        given = ["--port", str(self.port), "--wire", str(self.wire.resolve())]
        for name, value in vars(self.options).items():
            option = "--" + name.replace("_", "-")
            if value is True:
                given.append(option)
            elif isinstance(value, tuple):
                given += [option, ":".join(map(str, value))]
            elif value is not None and value is not False:
                given += [option, str(value)]
        return given

    @property
    def certificate(self) -> Path:
        """What a client must trust (a PEM file) where TLS is asked for."""
        return certificate_of(self.wire)

    def messages(self) -> list[log.Received]:
        """All received so far, in order."""
        return log.messages(self.wire)

    def attempts(self) -> list[log.Attempt]:
        return log.attempts(self.wire)

    def reports(self) -> list[log.ReportTried]:
        return log.reports(self.wire)

    def until(self, count: int, *, seconds: float = 10) -> list[log.Received]:
        """Waits for that many messages; says how many came where they do not."""
        return self._until(self.messages, count, seconds)

    def until_reports(self, count: int, *, seconds: float = 15) -> list[log.ReportTried]:
        return self._until(self.reports, count, seconds)

    def _until(self, read: Callable[[], list[T]], count: int, seconds: float) -> list[T]:
        end = time.monotonic() + seconds
        while len(found := read()) < count:
            if time.monotonic() > end:
                raise AssertionError(f"{len(found)} of {count} came within {seconds} s")
            time.sleep(0.05)
        return found
