"""How are PostgreSQL's own commands run, and whole databases made and renamed? With what the settings say of ours."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings

if TYPE_CHECKING:
    import psycopg

    Cursor = psycopg.Cursor[Any]

_NAMES: Final = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD", "PGDATABASE": "NAME"}


class Failed(RuntimeError):  # noqa: N818  its message is for the person who asked
    pass


def run(command: str, *arguments: str) -> None:
    """Runs pg_dump or pg_restore on our database, or on the one that the arguments name. Raises Failed."""
    if shutil.which(command) is None:
        raise Failed(f"{command} is not installed here (Debian: postgresql-client); backups of PostgreSQL need it.")
    given = settings.DATABASES["default"]
    variables = {name: str(given[key]) for name, key in _NAMES.items() if given.get(key)}
    whole = [command, *arguments]
    done = subprocess.run(whole, env={**os.environ, **variables}, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise Failed(f"{command} failed: {(done.stderr.strip().splitlines() or [str(done.returncode)])[-1]}")


@contextmanager
def from_outside() -> Iterator[Cursor]:
    """A cursor of the server's own database, from which ours can be made, renamed and dropped. Raises Failed."""
    import psycopg  # noqa: PLC0415  not needed on SQLite

    given = settings.DATABASES["default"]
    where = {"host": given["HOST"], "port": given["PORT"], "user": given["USER"], "password": given["PASSWORD"]}
    try:
        with psycopg.connect(**{k: v for k, v in where.items() if v}, dbname="postgres", autocommit=True) as opened:
            yield opened.cursor()
    except psycopg.errors.ObjectInUse as error:
        raise Failed("Somebody uses the database, perhaps Leadwell itself. Stop it first.") from error
    except psycopg.errors.InsufficientPrivilege as error:
        raise Failed("The user of the database may make none beside it: ALTER USER … CREATEDB allows it.") from error
    except psycopg.Error as error:
        raise Failed(f"PostgreSQL said: {str(error).strip().splitlines()[0]}") from error


def named(name: str) -> str:
    """The name of a database as it stands in a statement."""
    return '"' + name.replace('"', '""') + '"'
