"""How do twenty million rows get into a database soon? In frames, without indices, which are made at the end."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import polars as pl

TABLES: Final = ("people_person", "people_persontoken")
_INDICES: Final = {
    "sqlite": "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = %s AND sql IS NOT NULL",
    "postgresql": "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = %s AND indexdef NOT LIKE '%%UNIQUE%%'",
}
# A crowd that is broken off is made anew, so that nothing has to outlive a crash.
_CARELESS: Final = {
    "sqlite": ("PRAGMA foreign_keys = OFF", "PRAGMA journal_mode = OFF", "PRAGMA synchronous = OFF"),
    "postgresql": ("SET session_replication_role = replica", "SET synchronous_commit = off",
                   "SET maintenance_work_mem = '512MB'"),
}  # fmt: skip
_CAREFUL: Final = {
    "sqlite": ("PRAGMA journal_mode = WAL", "PRAGMA synchronous = NORMAL", "PRAGMA foreign_keys = ON"),
    "postgresql": ("SET session_replication_role = origin", "SET synchronous_commit = on", "ANALYZE"),
}


@contextmanager
def at_once() -> Iterator[None]:
    """Within it the tables have no indices. In a transaction that somebody has open nothing is set aside."""
    from django.db import connection

    if connection.in_atomic_block:
        yield
        return
    with connection.cursor() as cursor:
        for statement in _CARELESS[connection.vendor]:
            cursor.execute(statement)
        indices = []
        for table in TABLES:
            cursor.execute(_INDICES[connection.vendor], [table])
            indices += cursor.fetchall()
        for name, _ in indices:
            cursor.execute(f'DROP INDEX "{name}"')
        yield
        for _, made in indices:
            cursor.execute(made)
        for statement in _CAREFUL[connection.vendor]:
            cursor.execute(statement)


def write(table: str, rows: pl.DataFrame) -> None:
    """Binary columns as bytes, ids as text with dashes, times in UTC."""
    from django.db import connection, transaction

    with transaction.atomic(), connection.cursor() as cursor:
        names = ", ".join(f'"{name}"' for name in rows.columns)
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({names}) FROM STDIN (FORMAT csv)") as copy:
                copy.write(_hexadecimal(rows).write_csv(include_header=False).encode())
        else:
            marks = ", ".join(["?"] * rows.width)
            raw: Any = connection.connection
            raw.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", _as_sqlite_has_it(rows).iter_rows())


def _hexadecimal(rows: pl.DataFrame) -> pl.DataFrame:
    binary = [name for name, kind in rows.schema.items() if kind == pl.Binary]
    return rows.with_columns(
        pl.concat_str(pl.lit("\\x"), pl.col(name).bin.encode("hex")).alias(name) for name in binary
    )


def _as_sqlite_has_it(rows: pl.DataFrame) -> pl.DataFrame:
    """Django keeps an id without its dashes, and a time as text without its zone."""
    ids = [pl.col(name).str.replace_all("-", "") for name in ("id", "person_id") if name in rows.columns]
    times = [pl.col(name).dt.strftime("%Y-%m-%d %H:%M:%S") for name, kind in rows.schema.items() if kind == pl.Datetime]
    return rows.with_columns(*ids, *times)
