"""How long does Django's bulk_create alone take for the rows that a drain wrote?

`python -m benchmarks.intake.copied SOURCE TARGET TABLE ...` reads the rows of these tables, as they stand in one
database, and times writing them to empty tables of the same shape, indexes included, in another. Prints seconds by the
clock, and of the processor.
References between tables are not checked: it is a floor.
"""

from __future__ import annotations

import io
import sqlite3
import sys
import time
from collections.abc import Iterator
from typing import Any

import django
from django.conf import settings
from django.core.management import call_command
from django.db import connections, models, transaction

from benchmarks.intake.databases import django_settings

_BATCH = 2_000  # rows of a transaction


def main(source: str, target: str, tables: list[str]) -> None:
    known = {"default": source, "target": target}
    settings.configure(
        DATABASES={name: django_settings(where, synchronous="NORMAL") for name, where in known.items()}, USE_TZ=True
    )
    django.setup()
    shaped(source, target, tables)
    print(*map(sum, zip(*(_written(model) for model in _models(tables)), strict=True)))


def shaped(source: str, target: str, tables: list[str]) -> None:
    """Empty tables with their indexes; what the database counts of each row by itself is the drain's own."""
    if "://" in target:
        _shaped_on_postgresql(tables)
        return
    marks = ", ".join("?" for _ in tables)
    with sqlite3.connect(source) as old, sqlite3.connect(target) as new:
        statements = old.execute(
            "SELECT sql FROM sqlite_master WHERE type IN ('table', 'index') AND sql IS NOT NULL"
            f" AND tbl_name IN ({marks}) ORDER BY type DESC",
            tables,
        )
        for (statement,) in statements:
            new.execute(statement)
    connections["target"].disable_constraint_checking()


def _shaped_on_postgresql(tables: list[str]) -> None:
    """In a schema of its own, beside those that are copied."""
    with connections["target"].cursor() as cursor:
        cursor.execute("CREATE SCHEMA copied")
        for table in tables:
            cursor.execute(f'CREATE TABLE copied."{table}" (LIKE public."{table}" INCLUDING ALL)')
        cursor.execute("SET search_path = copied")


def _models(tables: list[str]) -> list[type[models.Model]]:
    """Models of tables nobody told us about; those they refer to are made too, and left out again."""
    source = io.StringIO()
    call_command("inspectdb", stdout=source)
    found: dict[str, Any] = {"__name__": "copied"}
    text = source.getvalue().replace("class Meta:", "class Meta:\n        app_label = 'copied'")
    exec(text, found)
    kinds = [kind for kind in found.values() if isinstance(kind, type) and issubclass(kind, models.Model)]
    return [kind for kind in kinds if kind is not models.Model and kind._meta.db_table in tables]


def _written(model: type[models.Model]) -> tuple[float, float]:
    seconds = cpu = 0.0
    for rows in _batches(model):
        start, cpu_start = time.perf_counter(), time.process_time()
        with transaction.atomic(using="target"):
            model._default_manager.using("target").bulk_create(rows)
        seconds += time.perf_counter() - start
        cpu += time.process_time() - cpu_start
    return seconds, cpu


def _batches(model: type[models.Model]) -> Iterator[list[models.Model]]:
    batch: list[models.Model] = []
    for row in model._default_manager.using("default").iterator(chunk_size=_BATCH):
        batch.append(row)
        if len(batch) == _BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3:])
