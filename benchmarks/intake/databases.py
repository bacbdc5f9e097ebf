"""Where do the rows stand? SQLite in the data folder, or a PostgreSQL database made beside one that is there."""

from __future__ import annotations

import contextlib
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql


@contextmanager
def beside(url: str) -> Iterator[str]:
    """The address of a new database on the same server, gone afterwards. Nothing that is there is touched."""
    parts = urlsplit(url)
    name = f"{parts.path.lstrip('/')}_{secrets.token_hex(3)}"
    _told(url, sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    try:
        yield urlunsplit(parts._replace(path=f"/{name}"))
    finally:
        _told(url, sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@contextmanager
def own(url: str) -> Iterator[str]:
    """Where `url` is empty so is the answer: SQLite."""
    if not url:
        yield ""
        return
    with beside(url) as database:
        yield database


def named(url: str, name: str, *, new: bool) -> str:
    """The address of a database of this name on the same server, which stays; `new`: made anew, for its keys are not
    those of one that is there."""
    parts = urlsplit(url)
    whole = sql.Identifier(f"{parts.path.lstrip('/')}_{name}")
    if new:
        _told(url, sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(whole))
        _told(url, sql.SQL("CREATE DATABASE {}").format(whole))
    return urlunsplit(parts._replace(path=f"{parts.path}_{name}"))


def _told(url: str, statement: sql.Composed) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statement)


def django_settings(where: str, *, synchronous: str) -> dict[str, Any]:
    """Django's settings of a SQLite file, in WAL mode as Leadwell has it, or of a PostgreSQL address."""
    if "://" not in where:
        pragmas = f"PRAGMA journal_mode=WAL; PRAGMA synchronous={synchronous};"
        options = {"init_command": pragmas, "transaction_mode": "IMMEDIATE", "timeout": 20}
        return {"ENGINE": "django.db.backends.sqlite3", "NAME": where, "OPTIONS": options, "CONN_MAX_AGE": None}
    parts = urlsplit(where)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "HOST": parts.hostname,
        "PORT": parts.port or 5432,
        "USER": parts.username or "",
        "PASSWORD": parts.password or "",
        "CONN_MAX_AGE": None,
    }


def row_counts(where: str) -> dict[str, int]:
    """Table -> rows."""
    if "://" not in where:
        with contextlib.closing(sqlite3.connect(where)) as file:
            names = file.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
            return {name: file.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for (name,) in names}
    with psycopg.connect(where) as connection:
        names = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        count = sql.SQL("SELECT count(*) FROM {}")
        found = {name: connection.execute(count.format(sql.Identifier(name))).fetchone() for (name,) in names}
        return {name: row[0] for name, row in found.items() if row}
