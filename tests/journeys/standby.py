"""Processes without the seconds that it takes to read Leadwell in: each is a fork of one that has done so.

One reader for all tests has read the engine in and compiled a policy's words. From it comes a standby for each
environment, which has read in the server; from that, each command. Neither has asked anything of a data folder or a
database, nor let Polars start its threads: whatever a command knows, it learns by itself.
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import IO

_ENGINE = (
    "leadwell.assessing",
    "django.core.handlers.wsgi",
    "django.db.models",
    "django.forms",
    "structlog",
    "requests",
)
_SERVER = ("leadwell.server.intake.draining", "leadwell.server.outreach.actions", "leadwell.server.worker")


@cache
def _reader() -> tuple[socket.socket, subprocess.Popen[bytes]]:
    """Where one asks for a standby, and whom. The reader ends with whoever started it."""
    asked, theirs = socket.socketpair()
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("LEADWELL_", "DJANGO_"))}
    with theirs:
        whole = [sys.executable, "-P", str(Path(__file__)), str(theirs.fileno())]
        return asked, subprocess.Popen(
            whole, env=environment, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL, start_new_session=True
        )


def _ask(whom: socket.socket, said: object, *files: int) -> socket.socket:
    """The line to the fork that it makes, which gets these files."""
    line, theirs = socket.socketpair()
    with theirs:
        socket.send_fds(whom, [b"."], [theirs.fileno(), *files])
    line.sendall(json.dumps(said).encode() + b"\n")
    return line


class Standby:
    """One process, for one environment. Ends when it is closed, and with whoever started it."""

    def __init__(self, environment: dict[str, str]) -> None:
        self.environment = environment
        self._asked, theirs = socket.socketpair()
        with theirs:
            _ask(_reader()[0], environment, theirs.fileno()).close()

    def run(self, arguments: tuple[str, ...], *, what: str = "") -> subprocess.CompletedProcess[str]:
        """A command that has ended, well or not; or lines of Python, where they are given."""
        with tempfile.TemporaryFile() as said, tempfile.TemporaryFile() as complained:
            ended = self._forked(arguments, what, said, complained).wait()
            return subprocess.CompletedProcess(arguments, ended, _all(said), _all(complained))

    def start(self, arguments: tuple[str, ...], log: IO[bytes]) -> Forked:
        """A command that goes on, also without us."""
        return self._forked(arguments, "", log, log)

    def close(self) -> None:
        self._asked.close()

    def _forked(self, arguments: tuple[str, ...], what: str, said: IO[bytes], complained: IO[bytes]) -> Forked:
        return Forked(arguments, _ask(self._asked, [what, arguments], said.fileno(), complained.fileno()))


class Forked:
    """What came of it: as much of `subprocess.Popen` as is asked. The line tells its number, then how it ended."""

    def __init__(self, arguments: tuple[str, ...], line: socket.socket) -> None:
        self._arguments, self._line = arguments, line
        self.pid = self._told()
        self.returncode: int | None = None

    def _told(self) -> int:
        said = b""
        while not said.endswith(b"\n"):
            one = self._line.recv(1)
            assert one, "the process that is forked has ended"
            said += one
        return int(said)

    def poll(self) -> int | None:
        with contextlib.suppress(subprocess.TimeoutExpired):
            return self.wait(0)
        return None

    def wait(self, timeout: float | None = None) -> int:
        if self.returncode is None:
            if not select.select([self._line], [], [], timeout)[0]:
                raise subprocess.TimeoutExpired(self._arguments, timeout or 0)
            self.returncode = self._told()
            self._line.close()
        return self.returncode

    def terminate(self) -> None:
        if self.poll() is None:
            os.kill(self.pid, signal.SIGTERM)


def _all(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode()


def _serve(asked: socket.socket, answered: Callable[..., None]) -> None:
    """Forks whenever it is asked to, until nobody can ask any more. Returns, in the fork, when its work is done."""
    gc.freeze()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    while descriptors := socket.recv_fds(asked, 1, 3)[1]:
        if not os.fork():
            asked.close()
            return answered(*descriptors)
        for one in descriptors:
            os.close(one)
    return None


def _stand_by(line: int, door: int) -> None:
    with socket.socket(fileno=line) as told:
        os.environ.clear()
        os.environ |= json.loads(told.makefile().readline())
    import_module("leadwell.server.starting").start()
    for name in _SERVER:
        import_module(name)
    _ = import_module("leadwell.cli").app  # with the commands of every part
    _serve(socket.socket(fileno=door), _answered)


def _answered(line: int, said: int, complained: int) -> None:
    """Says how the command ended, once it has; the command itself is one fork more, and leads a group of its own."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    with socket.socket(fileno=line) as told:
        what, arguments = json.loads(told.makefile().readline())
        if command := os.fork():
            told.sendall(b"%d\n" % os.waitstatus_to_exitcode(os.waitpid(command, 0)[1]))
            os._exit(0)
        os.setsid()
        told.sendall(b"%d\n" % os.getpid())
    for descriptor, place in ((said, 1), (complained, 2)):
        os.dup2(descriptor, place)
        os.close(descriptor)
    _run(what, arguments)


def _run(what: str, arguments: list[str]) -> None:
    sys.argv = ["leadwell", *arguments]
    if what:
        exec(compile(what, "within", "exec"), {"__name__": "__main__"})
    else:
        import_module("leadwell.cli").main()


if __name__ == "__main__":
    for name in _ENGINE:
        import_module(name)
    policy = import_module("leadwell.playbook")
    import_module("leadwell.reading.wanted").search(policy.load(policy.find("lakeside-orthopedics")))
    _serve(socket.socket(fileno=int(sys.argv[1])), _stand_by)
