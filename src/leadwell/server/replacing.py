"""How does one set of databases take the place of another, all or nothing? Files are exchanged, or databases renamed.

What stood there before is kept under a name that says when: `before-restore-…` in the data folder, or a database
`…_before_…` beside ours.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final, Protocol

from django.db import DatabaseError, connections
from django.utils import timezone

from leadwell.server import environment
from leadwell.server.access.models import Organization
from leadwell.server.backup import DUMP
from leadwell.server.base import postgresql

KEPT: Final = "before-restore-"
_BEFORE: Final = "_before_"
_LOGS: Final = ("-wal", "-shm")
_REPLACE: Final = "--replace puts the backup in its place."


class InTheWay(RuntimeError):  # noqa: N818  its message is for the person who asked
    pass


class Place(Protocol):
    """Where what was unpacked stands until it is in force, and what it takes the place of."""

    def look(self, *, replace: bool) -> None:
        """Whether it can be put there; readies it. Raises InTheWay."""

    @contextmanager
    def led_there(self) -> Iterator[None]:
        """Django reads and writes it meanwhile."""

    def in_force(self) -> str:
        """Puts it in force; returns where what was there is kept. Raises InTheWay, with nothing changed."""

    def back(self) -> None:
        """Puts back what was there, where it was put in force."""


def place(here: Path) -> Place:
    return _OnPostgresql(here) if connections["default"].vendor == "postgresql" else _OnSqlite(here)


def kept_before() -> list[str]:
    """What restores have put aside and nobody has deleted yet: folders, or databases."""
    if connections["default"].vendor != "postgresql":
        return sorted(path.name for path in environment.home().glob(f"{KEPT}*"))
    name = str(connections.settings["default"]["NAME"])
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", (f"{name[:40]}{_BEFORE}",))
        return sorted(str(row[0]) for row in cursor.fetchall())


@contextmanager
def _instead(names: Mapping[str, str]) -> Iterator[None]:
    """Django's connections lead to other databases."""
    before = {alias: connections.settings[alias]["NAME"] for alias in names}
    connections.close_all()
    try:
        for alias, name in names.items():
            connections.settings[alias]["NAME"] = name
            connections[alias].settings_dict["NAME"] = name
        yield
    finally:
        connections.close_all()
        for alias, name in before.items():
            connections.settings[alias]["NAME"] = name
            connections[alias].settings_dict["NAME"] = name


class _OnSqlite:
    def __init__(self, here: Path) -> None:
        self.targets = {alias: Path(str(given["NAME"])) for alias, given in connections.settings.items()}
        self.staged = {alias: here / target.name for alias, target in self.targets.items()}
        self.kept: Path | None = None
        self.placed: list[Path] = []

    def look(self, *, replace: bool) -> None:
        for path in self.staged.values():
            _prove(path)
        there = [target for target in self.targets.values() if target.exists()]
        if there and not replace:
            raise InTheWay(f"There is data in {there[0].parent} already. {_REPLACE}")

    @contextmanager
    def led_there(self) -> Iterator[None]:
        with _instead({alias: str(path) for alias, path in self.staged.items()}):
            yield
        for path in self.staged.values():
            _one_file(path)

    def in_force(self) -> str:
        there = [target for target in self.targets.values() if target.exists()]
        for target in there:
            _one_file(target)
        if there:
            self.kept = environment.home() / f"{KEPT}{timezone.now():%Y-%m-%d-%H%M%S}"
            self.kept.mkdir(mode=0o700)
            for path in (path for target in there for path in _files(target)):
                _linked(path, self.kept / path.name)  # at each moment a database stands there
        for alias in reversed(tuple(self.targets)):  # the inbox first: each lead has its submission
            self.placed.append(self.targets[alias])
            for path in _files(self.targets[alias])[1:]:
                path.unlink()
            with self.staged[alias].open("rb") as file:
                os.fsync(file.fileno())
            self.staged[alias].replace(self.targets[alias])
        return str(self.kept or "")

    def back(self) -> None:
        for target in self.placed:
            for log in _LOGS:
                target.with_name(target.name + log).unlink(missing_ok=True)
            before = _files(self.kept / target.name) if self.kept else []
            if not before:
                target.unlink(missing_ok=True)
            for path in before:
                path.replace(target.with_name(path.name))
        if self.kept is not None:
            shutil.rmtree(self.kept)


def _linked(path: Path, other: Path) -> None:
    try:
        os.link(path, other)
    except OSError:  # a file system that has no links
        shutil.copyfile(path, other)


def _files(database: Path) -> list[Path]:
    """A database and its logs, as far as they are there."""
    return [path for path in (database, *(database.with_name(database.name + log) for log in _LOGS)) if path.exists()]


def _prove(path: Path) -> None:
    """Raises InTheWay where it is missing or damaged."""
    if not path.exists():
        raise InTheWay(f"The backup is not whole, or was made on PostgreSQL: {path.name} is missing.")
    try:
        with closing(sqlite3.connect(path)) as opened:
            said = opened.execute("PRAGMA integrity_check(1)").fetchone()[0]
    except sqlite3.Error as error:
        if error.sqlite_errorname == "SQLITE_NOTADB":
            raise InTheWay(f"The backup is damaged: {path.name} is no database.") from error
        said = "malformed"
    if said != "ok":
        raise InTheWay(f"The backup is damaged: {path.name} does not pass SQLite's own check.")


def _one_file(path: Path) -> None:
    """Brings the log of a database into it; one that is damaged stays as it is. Raises InTheWay while it is used."""
    try:
        with closing(sqlite3.connect(path, timeout=2)) as opened:
            opened.execute("PRAGMA journal_mode=DELETE").fetchone()
    except sqlite3.OperationalError as error:
        if "locked" in str(error):
            raise InTheWay("Leadwell still runs on this data folder. Stop it first.") from error
    except sqlite3.DatabaseError:
        return


class _OnPostgresql:
    def __init__(self, here: Path) -> None:
        self.dump = here / DUMP
        self.name = str(connections.settings["default"]["NAME"])
        self.staged = f"{self.name[:50]}_restoring"
        self.kept = ""
        self.done = False

    def look(self, *, replace: bool) -> None:
        if not self.dump.exists():
            raise InTheWay("The backup is not whole, or was made on SQLite: it has no dump of PostgreSQL.")
        if not replace and self._has_data():
            raise InTheWay(f"There is data in the database {self.name} already. {_REPLACE}")

    def _has_data(self) -> bool:
        try:
            return Organization.objects.exists()
        except DatabaseError:  # nothing is there yet
            return False
        finally:
            connections.close_all()

    @contextmanager
    def led_there(self) -> Iterator[None]:
        self._drop()
        with postgresql.from_outside() as cursor:
            cursor.execute(f"CREATE DATABASE {postgresql.named(self.staged)} TEMPLATE template0 {self._like(cursor)}")
        try:
            postgresql.run("pg_restore", "--exit-on-error", "--no-owner", f"--dbname={self.staged}", str(self.dump))
            with _instead({"default": self.staged}):
                yield
        except BaseException:
            self._drop()
            raise

    def _like(self, cursor: postgresql.Cursor) -> str:
        """Encoding and order of letters as ours has them."""
        cursor.execute(
            "SELECT format('ENCODING %%L LC_COLLATE %%L LC_CTYPE %%L', "
            "pg_encoding_to_char(encoding), datcollate, datctype) FROM pg_database WHERE datname = %s",
            (self.name,),
        )
        found = cursor.fetchone()
        return str(found[0]) if found else "ENCODING 'UTF8'"

    def _drop(self) -> None:
        with postgresql.from_outside() as cursor:
            cursor.execute(f"DROP DATABASE IF EXISTS {postgresql.named(self.staged)}")

    def in_force(self) -> str:
        connections.close_all()
        try:
            with postgresql.from_outside() as cursor:
                cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", (self.name,))
                there = cursor.fetchone() is not None
                kept = f"{self.name[:40]}{_BEFORE}{timezone.now():%Y%m%d%H%M%S}"
                self._rename(cursor, {self.name: kept} if there else {}, {self.staged: self.name})
        except postgresql.Failed:
            self._drop()
            raise
        self.kept, self.done = kept if there else "", True
        return f"the database {self.kept}" if there else ""

    def back(self) -> None:
        if not self.done:
            return
        connections.close_all()
        with postgresql.from_outside() as cursor:
            self._rename(cursor, {self.name: self.staged}, {self.kept: self.name} if self.kept else {})
        self._drop()

    @staticmethod
    def _rename(cursor: postgresql.Cursor, *steps: Mapping[str, str]) -> None:
        """All of them or none."""
        with cursor.connection.transaction():
            for old, new in (pair for step in steps for pair in step.items()):
                cursor.execute(f"ALTER DATABASE {postgresql.named(old)} RENAME TO {postgresql.named(new)}")
