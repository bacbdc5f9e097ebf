"""How are many rows written as quickly as the database takes them? By one statement and the values of each row.

Django's `bulk_create` and `bulk_update` work the statement out anew for each row; with eight small rows a lead that
was half of a worker's time, as putting a look-up together was a third of an acknowledgement's. The fields themselves
turn their values into the database's, as they do there.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.db import connections, models, router


def insert(rows: Sequence[models.Model]) -> None:
    """Rows of one model. What the database itself fills in (a number of its own) is not read back."""
    if rows:
        model = type(rows[0])
        _many(model, rows, [f for f in model._meta.concrete_fields if not isinstance(f, models.AutoField)], _INSERT)


def insert_values(model: type[models.Model], names: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Rows that were never made into objects: values in the order of `names`, those of a relation being its key."""
    if rows:
        fields = [model._meta.get_field(name) for name in names]
        _run(model, fields, rows, _INSERT)


def update(rows: Sequence[models.Model], names: Sequence[str]) -> None:
    """These columns of rows of one model, each found by its key."""
    if rows:
        model = type(rows[0])
        fields = [model._meta.get_field(name) for name in names]
        _many(model, rows, [*fields, model._meta.pk], _UPDATE)


_INSERT = "INSERT INTO {table} ({columns}) VALUES ({marks})"
_UPDATE = "UPDATE {table} SET {sets} WHERE {key} = %s"


def select(
    model: type[models.Model], names: Sequence[str], organization: int, by: str, values: Sequence[Any]
) -> list[tuple[Any, ...]]:
    """Columns of the rows of one organisation whose column `by` has one of these values."""
    connection = connections[router.db_for_read(model)]
    fields: list[Any] = [model._meta.get_field(name) for name in names]
    quote = connection.ops.quote_name
    key: Any = model._meta.get_field(by)
    statement = _SELECT.format(
        columns=", ".join(quote(field.column) for field in fields),
        table=quote(model._meta.db_table),
        by=quote(by),
        marks=", ".join(["%s"] * len(values)),
    )
    wanted = [organization, *(key.get_db_prep_value(value, connection) for value in values)]
    with connection.cursor() as cursor:
        cursor.execute(statement, wanted)
        return [tuple(f.to_python(v) for f, v in zip(fields, row, strict=True)) for row in cursor.fetchall()]


_SELECT = "SELECT {columns} FROM {table} WHERE organization_id = %s AND {by} IN ({marks})"


def _many(model: type[models.Model], rows: Sequence[models.Model], fields: Sequence[Any], statement: str) -> None:
    _run(model, fields, [[getattr(row, field.attname) for field in fields] for row in rows], statement)


def _run(model: type[models.Model], fields: Sequence[Any], rows: Sequence[Sequence[Any]], statement: str) -> None:
    connection = connections[router.db_for_write(model)]
    names = [connection.ops.quote_name(field.column) for field in fields]
    written = statement.format(
        table=connection.ops.quote_name(model._meta.db_table),
        columns=", ".join(names),
        marks=", ".join(["%s"] * len(names)),
        sets=", ".join(f"{name} = %s" for name in names[:-1]),
        key=names[-1],
    )
    columns = [[field.get_db_prep_save(v, connection) for v in column] for field, column in _by_field(fields, rows)]
    with connection.cursor() as cursor:
        cursor.executemany(written, list(zip(*columns, strict=True)))


def _by_field(fields: Sequence[Any], rows: Sequence[Sequence[Any]]) -> Iterator[tuple[Any, Sequence[Any]]]:
    return zip(fields, zip(*rows, strict=True), strict=True)
