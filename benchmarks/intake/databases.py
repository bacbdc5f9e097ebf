"""Where do the rows stand? SQLite in the data folder, or a PostgreSQL database made beside one that is there."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
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


def _told(url: str, statement: sql.Composed) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statement)
