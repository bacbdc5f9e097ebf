"""Runs the server's tests on PostgreSQL too: a cluster of its own, in a folder that is gone afterwards.

`python tests/on_postgresql.py [pytest arguments]`. Where PostgreSQL is not installed, says so and ends with 0.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

SERVER_TESTS = "src/leadwell/server"
OWNER = "postgres"  # whom Debian's package makes: PostgreSQL refuses to run as root


def binaries() -> Path | None:
    """The folder of initdb and pg_ctl, the newest where there are several."""
    if found := shutil.which("initdb"):
        return Path(found).resolve().parent
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
    return next((path for path in reversed(versions) if (path / "initdb").exists()), None)


def main(arguments: list[str]) -> int:
    folder = binaries()
    if folder is None:
        sys.stderr.write("Left out: the server's tests on PostgreSQL (Debian: apt-get install postgresql)\n")
        return 0
    with tempfile.TemporaryDirectory(prefix="leadwell-pg-") as home:
        if os.getuid() == 0:
            shutil.chown(home, OWNER)
        return _tested(folder, Path(home), arguments)


def _tested(folder: Path, home: Path, arguments: list[str]) -> int:
    data, port = home / "data", _free_port()
    _owned(
        [str(folder / "initdb"), "--pgdata", str(data), "--auth", "trust", "--username", OWNER, "--encoding", "UTF8"]
    )
    options = f"-p {port} -k {home} -c listen_addresses=127.0.0.1 -c fsync=off"
    control = [str(folder / "pg_ctl"), "--pgdata", str(data), "--wait"]
    _owned([*control, "--options", options, "--log", str(home / "log"), "start"])
    try:
        url = f"postgresql://{OWNER}@127.0.0.1:{port}/postgres"
        how = ["-q", "-n", "logical", "--maxprocesses", "4", "--dist", "worksteal", "-m", "not browser"]
        tests = [sys.executable, "-m", "pytest", *how, SERVER_TESTS, *arguments]
        return subprocess.run(tests, env={**os.environ, "LEADWELL_TEST_DATABASE_URL": url}, check=False).returncode
    finally:
        _owned([*control, "--mode", "immediate", "stop"])


def _owned(command: list[str]) -> None:
    whole = ["runuser", "-u", OWNER, "--", *command] if os.getuid() == 0 else command
    subprocess.run(whole, check=True, stdout=subprocess.DEVNULL)


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
