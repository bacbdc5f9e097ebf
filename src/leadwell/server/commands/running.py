"""Start Leadwell: everything at once (`up`), or the web server and the worker by themselves."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Final

import typer

Host = Annotated[str, typer.Option(help="Address to listen on.")]
Port = Annotated[int, typer.Option(min=1, max=65535, help="Port to listen on.")]

_THREADS: Final = 32  # most of them wait, for a slow sender's body or for the disk
_PAUSE: Final = 1.0  # seconds before a part that ended is started again
_GRACE: Final = 20.0  # seconds in which a part may end what it has in hand


def migrate() -> None:
    """Bring the database to this version."""
    from leadwell.server import starting

    starting.start()
    starting.migrate()
    typer.echo("The database is up to date.")


def web(host: Host = "127.0.0.1", port: Port = 8000) -> None:
    """Run the web server alone."""
    from leadwell.server import starting

    _claim(host, port)
    starting.start()
    starting.collect_static()
    os.execv(sys.executable, [sys.executable, "-m", "granian", *_granian(host, port)])


def work() -> None:
    """Run a worker alone; on PostgreSQL as many as you like."""
    from leadwell import memory

    # Two threads judge eight hundred leads no sooner than one, and take a tenth more of the processors for it.
    os.environ.setdefault("POLARS_MAX_THREADS", "1")

    memory.keep()
    from leadwell.server import starting

    starting.start()
    from leadwell.server.worker import Worker

    Worker().run()


def listen(host: Host = "127.0.0.1", port: Annotated[int, typer.Option(min=1, max=65535)] = 2525) -> None:
    """Take in mail by SMTP, for sources of the kind email, and what comes back of our own."""
    from leadwell.server import starting

    starting.start()
    from leadwell.server.intake.sources.email.listener import Desk
    from leadwell.server.intake.sources.email.listener import listen as listening
    from leadwell.server.outreach import returned

    desk = Desk(returned.comes_back_to, returned.taken_in)
    listening(host, port, ready=lambda: typer.echo(f"Mail is taken in at {host}:{port}. Ctrl-C stops it."), desk=desk)


def up(
    demo: Annotated[bool, typer.Option("--demo", help="With a demo clinic, people, sources and leads.")] = False,
    host: Host = "127.0.0.1",
    port: Port = 8000,
) -> None:
    """Start Leadwell: database, web server and worker, in one command."""
    from leadwell.server import starting

    where = _claim(host, port)
    starting.start()
    starting.migrate()
    starting.collect_static()
    if demo:
        from leadwell.server.demo import make, work_so_far

        make(typer.echo)
        work_so_far()
    typer.echo(f"Leadwell runs at {where}. Ctrl-C stops it.")
    _supervise(
        {
            "web": [sys.executable, "-m", "granian", *_granian(host, port)],
            "worker": [sys.executable, "-m", "leadwell.cli", "work"],
        }
    )


def _claim(host: str, port: int) -> str:
    """The address, once it is this process that serves there; before anything else starts."""
    from leadwell.server import serving

    try:
        serving.claim(host, port)
    except serving.CannotServe as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error
    return serving.address(host, port)


def _granian(host: str, port: int) -> list[str]:
    """One process with threads: on SQLite a second one makes nothing quicker, and waits longer."""
    return [
        "--interface", "wsgi", "--host", host, "--port", str(port), "--workers", "1",
        "--blocking-threads", str(_THREADS), "--log-level", "error", "--no-ws",
        "leadwell.server.wsgi:application",
    ]  # fmt: skip


def _supervise(parts: dict[str, list[str]]) -> None:
    """Runs the parts until Ctrl-C or SIGTERM; one that ends by itself is started again."""
    running = {name: _part(command) for name, command in parts.items()}
    stopping = False

    def stop(*_: object) -> None:
        nonlocal stopping
        stopping = True

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    while not stopping:
        time.sleep(0.2)
        for name, process in running.items():
            if process.poll() is not None and not stopping:
                typer.echo(f"The {name} ended with {process.returncode}; starting it again.", err=True)
                time.sleep(_PAUSE)
                running[name] = _part(parts[name])
    for process in running.values():
        process.terminate()
    _ended(running.values(), by=time.monotonic() + _GRACE)


def _ended(processes: Iterable[subprocess.Popen[bytes]], *, by: float) -> None:
    """Waits for them; what has not ended by then is killed, with all that it has started: the web server's own process
    has been seen to stay, and with it the port."""
    for process in processes:
        try:
            process.wait(timeout=max(0.0, by - time.monotonic()))
        except subprocess.TimeoutExpired:
            started = _children(process.pid)
            for number in (process.pid, *started):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(number, signal.SIGKILL)
            process.wait()


def _children(number: int) -> list[int]:
    """What a process has started itself; Linux alone tells."""
    told = Path(f"/proc/{number}/task/{number}/children")
    return [int(child) for child in told.read_text().split()] if told.exists() else []


def _part(command: list[str]) -> subprocess.Popen[bytes]:
    """One that ends with us, even where we are killed: two of each would run after the next start."""
    from leadwell.server.base.parents import end_with_parent

    return subprocess.Popen(command, preexec_fn=end_with_parent)  # noqa: PLW1509  there are no threads here
