"""Commands without the seconds that it takes to read Leadwell in: each is a fork of a process that has done so.

That process has asked nothing of any data folder or database; whatever a command knows of them, it learns by itself.
"""

from __future__ import annotations

import gc
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
from contextlib import closing
from importlib import import_module
from pathlib import Path
from typing import Any

_READ = ("leadwell.cli", "leadwell.assessing", "leadwell.server.intake.draining", "leadwell.server.outreach.actions")


class Standby:
    """One process, for one environment. Ends when it is closed, and with whoever started it."""

    def __init__(self, environment: dict[str, str]) -> None:
        self.environment = environment
        self._asked, theirs = socket.socketpair()
        with theirs:
            whole = [sys.executable, "-P", str(Path(__file__)), str(theirs.fileno())]
            self._process = subprocess.Popen(
                whole, env=environment, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL, start_new_session=True
            )

    def run(self, arguments: tuple[str, ...], *, what: str = "") -> subprocess.CompletedProcess[str]:
        """A command that has ended, well or not; or lines of Python, where they are given."""
        line, theirs = socket.socketpair()
        with tempfile.TemporaryFile() as said, tempfile.TemporaryFile() as complained, line:
            with theirs:
                socket.send_fds(self._asked, [b"."], [one.fileno() for one in (theirs, said, complained)])
            line.sendall(json.dumps([what, arguments]).encode() + b"\n")
            ended = line.makefile().readline()
            assert ended, "the process that is forked for commands has ended"
            return subprocess.CompletedProcess(arguments, int(ended), _all(said), _all(complained))

    def close(self) -> None:
        self._asked.close()
        self._process.wait()


def _all(file: Any) -> str:
    file.seek(0)
    return str(file.read().decode())


def _serve(asked: socket.socket) -> None:
    """Forks whenever it is asked to, until nobody can ask any more. Returns, in the fork, when its command is done."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    while descriptors := socket.recv_fds(asked, 1, 3)[1]:
        if not os.fork():
            asked.close()
            return _answered(*descriptors)
        for one in descriptors:
            os.close(one)
    return None


def _answered(line: int, said: int, complained: int) -> None:
    """Says how the command ended, once it has; the command itself is one fork more."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    with socket.socket(fileno=line) as told:
        what, arguments = json.loads(told.makefile().readline())
        if command := os.fork():
            told.sendall(b"%d\n" % os.waitstatus_to_exitcode(os.waitpid(command, 0)[1]))
            os._exit(0)
    os.dup2(said, 1)
    os.dup2(complained, 2)
    _run(what, arguments)


def _run(what: str, arguments: list[str]) -> None:
    sys.argv = ["leadwell", *arguments]
    if what:
        exec(compile(what, "within", "exec"), {"__name__": "__main__"})
    else:
        import_module("leadwell.cli").main()


if __name__ == "__main__":
    from leadwell.server import starting

    starting.start()
    for name in _READ:
        import_module(name)
    _ = import_module("leadwell.cli").app  # with the commands of every part
    gc.freeze()
    with closing(socket.socket(fileno=int(sys.argv[1]))) as door:
        _serve(door)
