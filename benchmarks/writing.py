"""How do twenty million rows get into a database soon? In frames, without indices, which are made at the end."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import ExitStack, contextmanager
from itertools import islice
from multiprocessing import get_context
from typing import Any, Final, TypeVar

import polars as pl

Asked = TypeVar("Asked")
Made = TypeVar("Made")
_INDICES: Final = {
    "sqlite": "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = %s AND sql IS NOT NULL",
    "postgresql": "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = %s AND indexdef NOT LIKE '%%UNIQUE%%'",
}
# What is broken off is made anew, so that nothing has to outlive a crash.
_CARELESS: Final = {
    "sqlite": ("PRAGMA foreign_keys = OFF", "PRAGMA journal_mode = OFF", "PRAGMA synchronous = OFF",
               "PRAGMA cache_size = -500000"),
    "postgresql": ("SET session_replication_role = replica", "SET synchronous_commit = off",
                   "SET maintenance_work_mem = '512MB'"),
}  # fmt: skip
_CAREFUL: Final = {
    "sqlite": ("PRAGMA journal_mode = WAL", "PRAGMA synchronous = NORMAL", "PRAGMA foreign_keys = ON",
               "PRAGMA cache_size = -32000"),
    "postgresql": ("SET session_replication_role = origin", "SET synchronous_commit = on", "ANALYZE"),
}  # fmt: skip


@contextmanager
def at_once(models: Sequence[Any]) -> Iterator[None]:
    """Within it their tables have no indices. In a transaction that somebody has open nothing is set aside."""
    from django.db import connections, router

    tables: dict[str, list[str]] = {}
    for model in models:
        tables.setdefault(router.db_for_write(model), []).append(model._meta.db_table)
    with ExitStack() as stack:
        for alias, named in tables.items():
            if not connections[alias].in_atomic_block:
                stack.enter_context(_set_aside(connections[alias], named))
        yield


@contextmanager
def _set_aside(connection: Any, tables: Sequence[str]) -> Iterator[None]:
    with connection.cursor() as cursor:
        for statement in _CARELESS[connection.vendor]:
            cursor.execute(statement)
        indices = []
        for table in tables:
            cursor.execute(_INDICES[connection.vendor], [table])
            indices += cursor.fetchall()
        for name, _ in indices:
            cursor.execute(f'DROP INDEX "{name}"')
        yield
        for _, made in indices:
            cursor.execute(made)
        for statement in _CAREFUL[connection.vendor]:
            cursor.execute(statement)


def made_by_many(make: Callable[[Asked], Made], asked: Iterable[Asked], *, processes: int) -> Iterator[Made]:
    """In the order asked, by processes of their own, each with the server's settings; with one, here."""
    if processes < 2:
        yield from map(make, asked)
        return
    from leadwell.server import starting

    rest = iter(asked)
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn"), initializer=starting.start) as pool:
        coming: deque[Future[Made]] = deque(pool.submit(make, one) for one in islice(rest, processes + 1))
        while coming:
            yield coming.popleft().result()
            coming.extend(pool.submit(make, one) for one in islice(rest, 1))


def write(model: Any, rows: pl.DataFrame) -> None:
    """Columns as the database calls them: binary ones as bytes, ids as text with dashes, times in UTC."""
    from django.db import connections, router, transaction

    alias, table = router.db_for_write(model), model._meta.db_table
    with transaction.atomic(using=alias), connections[alias].cursor() as cursor:
        names = ", ".join(f'"{name}"' for name in rows.columns)
        if connections[alias].vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({names}) FROM STDIN (FORMAT csv)") as copy:
                copy.write(_hexadecimal(rows).write_csv(include_header=False).encode())
        else:
            marks = ", ".join(["?"] * rows.width)
            raw: Any = connections[alias].connection
            told = _as_sqlite_has_it(model, rows)
            raw.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", told.iter_rows())


def identified(at_ms: int, number: int) -> str:
    """A UUIDv7 of that moment; of one moment every number has another."""
    random = number * 0x9E3779B97F4A7C15 % (1 << 62)
    digits = f"{at_ms:012x}7000{(2 << 62) | random:016x}"
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))


def _hexadecimal(rows: pl.DataFrame) -> pl.DataFrame:
    binary = [name for name, kind in rows.schema.items() if kind == pl.Binary]
    return rows.with_columns(
        pl.concat_str(pl.lit("\\x"), pl.col(name).bin.encode("hex")).alias(name) for name in binary
    )


def _as_sqlite_has_it(model: Any, rows: pl.DataFrame) -> pl.DataFrame:
    """Django keeps an id without its dashes, and a time as text without its zone."""
    ids = [pl.col(name).str.replace_all("-", "", literal=True) for name in _ids(model) if name in rows.columns]
    times = [pl.col(name).dt.strftime("%Y-%m-%d %H:%M:%S") for name, kind in rows.schema.items() if kind == pl.Datetime]
    return rows.with_columns(*ids, *times)


def _ids(model: Any) -> list[str]:
    from django.db.models import UUIDField

    fields = model._meta.concrete_fields
    return [f.column for f in fields if isinstance(f.target_field if f.is_relation else f, UUIDField)]
