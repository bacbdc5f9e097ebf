"""How does the disk get full, from outside?

A small mount of its own where the system permits one; else the processes may not let a file grow (RLIMIT_FSIZE).
A PostgreSQL server keeps its rows on a disk of its own; there, the database turns read-only, which is what a full disk
or a fail-over looks like to whoever writes.
"""

from __future__ import annotations

import resource
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

import psycopg
from psycopg import sql

from benchmarks.intake.processes import group
from benchmarks.intake.service import Service

_SIZE = 1 << 30  # bytes the mount may hold
_LEFT = 16 << 10  # bytes that are left where it is full
_TRIES = 8


class Disk(Protocol):
    says: str

    def fill(self, service: Service) -> None: ...
    def relieve(self, service: Service) -> None: ...


class Mount:
    says = "a tmpfs of its own, shrunk to what it holds"

    def __init__(self, home: Path) -> None:
        self._home = home

    def fill(self, service: Service) -> None:
        """It is written to meanwhile, and no mount shrinks below what it holds: so we try again, with more room."""
        for doubled in range(_TRIES):
            if self._resized(shutil.disk_usage(self._home).used + (_LEFT << doubled)):
                return
        raise RuntimeError("the mount did not shrink")

    def relieve(self, service: Service) -> None:
        self._resized(_SIZE)

    def _resized(self, size: int) -> bool:
        command = ["mount", "-o", f"remount,size={size}", str(self._home)]
        return subprocess.run(command, capture_output=True, check=False).returncode == 0


class FileSize:
    says = "RLIMIT_FSIZE on the processes: no file may grow"

    def fill(self, service: Service) -> None:
        sizes = [path.stat().st_size for path in service.installation.home.glob("*.sqlite3-wal")]
        self._limited(service, max(4096, min(sizes, default=4096)))

    def relieve(self, service: Service) -> None:
        self._limited(service, resource.RLIM_INFINITY)

    @staticmethod
    def _limited(service: Service, size: int) -> None:
        for leader in list(service.installation.processes.values()):
            for pid in group(leader.pid):
                try:
                    resource.prlimit(pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))
                except ProcessLookupError:
                    continue  # killed meanwhile


class ReadOnly:
    says = "the PostgreSQL database turned read-only"

    def __init__(self, database: str) -> None:
        self._database = database

    def fill(self, service: Service) -> None:
        self._told("ALTER DATABASE {} SET default_transaction_read_only = on")

    def relieve(self, service: Service) -> None:
        self._told("ALTER DATABASE {} RESET default_transaction_read_only")

    def _told(self, statement: str) -> None:
        """Those who are connected learn of it by losing their connection."""
        name = urlsplit(self._database).path.lstrip("/")
        with psycopg.connect(self._database, autocommit=True) as connection:
            connection.execute("SET default_transaction_read_only = off")
            connection.execute(sql.SQL(statement).format(sql.Identifier(name)))
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND pid <> pg_backend_pid()",
                [name],
            )


@contextmanager
def prepared(home: Path, *, database: str, mount: bool = True) -> Iterator[Disk]:
    """The best way there is to fill what `home`, an empty folder, stands on."""
    if database:
        yield ReadOnly(database)
        return
    if not (mount and _mounted(home)):
        yield FileSize()
        return
    try:
        yield Mount(home)
    finally:
        subprocess.run(["umount", "--lazy", str(home)], check=False)


def _mounted(home: Path) -> bool:
    try:
        done = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={_SIZE}", "tmpfs", str(home)], capture_output=True, check=False
        )
    except FileNotFoundError:
        return False
    return done.returncode == 0
