"""How are many rows written as quickly as the database takes them? By one statement and the values of each row.

Django's `bulk_create` and `bulk_update` work the statement out anew for each row; with eight small rows a lead that
was half of a worker's time, as putting a look-up together was a third of an acknowledgement's. The fields themselves
turn their values into the database's, as they do there. PostgreSQL is handed many rows by COPY, which parses and plans
nothing: a third of the processor time that it needs for as many INSERTs. (docs/decisions/0012)
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from itertools import chain, repeat
from operator import attrgetter
from typing import Any, Final, TypeVar
from uuid import UUID

from django.db import connections, models, router
from django.db.models.base import ModelState
from django.db.models.fields import NOT_PROVIDED

from leadwell.server.base.scope import OURS_ON_SQLITE

_MANY: Final = 10  # rows; of fewer a COPY makes nothing quicker
Row = TypeVar("Row", bound=models.Model)


def made(model: type[Row], **values: Any) -> Row:
    """A new row, as `model(**values)` makes it, in a fifth of the time: that asks anew of each field what it is."""
    row = model.__new__(model)
    row._state, told = ModelState(), row.__dict__
    given, relations, defaults, callables = _filled_in(model)
    told.update(defaults)
    for name, default in callables:
        if name not in values:
            told[name] = default()
    for name, value in values.items():
        if name in given:
            told[name] = value
        elif key := relations.get(name):
            told[key] = None if value is None else value.pk
            row._state.fields_cache[name] = value
        else:  # a property
            setattr(row, name, value)
    return row


@lru_cache
def _filled_in(
    model: type[models.Model],
) -> tuple[frozenset[str], dict[str, str], dict[str, Any], list[tuple[str, Callable[[], Any]]]]:
    """What is just kept, the key of each relation, what it is where nobody gives it, and what makes it then."""
    fields = model._meta.concrete_fields
    callables = [(f.attname, f.get_default) for f in fields if callable(f.default) and f.default is not NOT_PROVIDED]
    made = {name for name, _ in callables}
    defaults = {f.attname: f.get_default() for f in fields if f.attname not in made}
    relations = {f.name: f.attname for f in fields if f.is_relation}
    return frozenset(f.attname for f in fields), relations, defaults, callables


def insert(rows: Sequence[models.Model]) -> None:
    """Rows of one model. What the database itself fills in (a number of its own) is not read back."""
    if rows:
        model = type(rows[0])
        fields = _inserted(model)
        _insert(model, fields, _columns(fields, rows))


def insertion(rows: Sequence[models.Model]) -> tuple[str, list[Any]]:
    """The statement that inserts a few rows of one model, and its values: to be sent with others."""
    model = type(rows[0])
    alias, fields = router.db_for_write(model), _inserted(model)
    values = zip(*map(_turned, repeat(connections[alias]), fields, _columns(fields, rows)), strict=True)
    return _insertion(alias, model, len(rows)), list(chain(*values))


@lru_cache
def _insertion(alias: str, model: type[models.Model], count: int) -> str:
    return _insert_rows(connections[alias], model, _inserted(model), count)


def insert_values(model: type[models.Model], names: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Rows that were never made into objects: values in the order of `names`, those of a relation being its key."""
    if rows:
        _insert(model, _fields(model, names), list(zip(*rows, strict=True)))


def update(rows: Sequence[models.Model], names: Sequence[str]) -> None:
    """These columns of rows of one model, each found by its key."""
    if rows:
        model = type(rows[0])
        fields = [*_fields(model, names), model._meta.pk]
        _update(model, fields, _columns(fields, rows))


def update_values(model: type[models.Model], names: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """These columns of rows that were never made into objects: of each its key, then values in the order of `names`."""
    if rows:
        keys, *columns = zip(*rows, strict=True)
        _update(model, [*_fields(model, names), model._meta.pk], [*columns, keys])


def select(  # noqa: PLR0913  what a question is made of
    model: type[models.Model],
    names: Sequence[str],
    organization: int,
    by: tuple[str, ...],
    values: Sequence[Any],
    *,
    within: tuple[str, int, int] | None = None,
) -> list[tuple[Any, ...]]:
    """Columns of the rows of one organisation of which one of the columns `by` has one of these values, however many.

    Those columns are of one kind, and each has an index. `within`: a number, with the least and the most that it is.
    """
    alias = router.db_for_read(model)
    connection, readers = connections[alias], _readers(alias, model, tuple(names))
    wanted, found = _turned(connection, model._meta.get_field(by[0]), values), list[tuple[Any, ...]]()
    for start in range(0, len(wanted), _AT_ONCE):
        page = wanted[start : start + _AT_ONCE]
        with connection.cursor() as cursor:
            statement = _selection(alias, model, tuple(names), by, len(page), within[0] if within else "")
            cursor.execute(statement, [organization, *page, *(within[1:] if within else ())] * len(by))
            found += cursor.fetchall()
    return [tuple(read(value) for read, value in zip(readers, row, strict=True)) for row in found] if readers else found


@lru_cache(maxsize=1_024)
def _selection(  # noqa: PLR0913, PLR0917  by all that it is made of
    alias: str, model: type[models.Model], names: tuple[str, ...], by: tuple[str, ...], count: int, within: str
) -> str:
    """Of two columns two questions: no OR would use their indexes."""
    connection = connections[alias]
    return " UNION ".join(
        _SELECT.format(
            ours=_ours(connection),
            columns=", ".join(_quoted(connection, _fields(model, names))),
            table=_table(connection, model),
            by=column,
            marks=", ".join(["%s"] * count),
            within=_WITHIN.format(_quoted(connection, _fields(model, [within]))[0]) if within else "",
        )
        for column in _quoted(connection, _fields(model, by))
    )


def _ours(connection: Any) -> str:
    ours = OURS_ON_SQLITE if connection.vendor == "sqlite" else "{column} = {mark}"
    return ours.format(column="organization_id", mark="%s")


@lru_cache
def _readers(alias: str, model: type[models.Model], names: tuple[str, ...]) -> list[Callable[[Any], Any]]:
    """What makes each column's value of the database's, as Django's own queries have it; none where nothing does."""
    readers = [_reader(connections[alias], field) for field in _fields(model, names)]
    return readers if any(reader is not _as_it_is for reader in readers) else []


def _reader(connection: Any, field: Any) -> Callable[[Any], Any]:
    column = field.get_col(field.model._meta.db_table)
    converters = [*connection.ops.get_db_converters(column), *column.get_db_converters(connection)]
    if not converters:
        return _as_it_is

    def read(value: Any) -> Any:
        for convert in converters:
            value = convert(value, column, connections[connection.alias])
        return value

    return read


def _as_it_is(value: Any) -> Any:
    return value


_AT_ONCE: Final = 500  # values in a question, which SQLite bounds
_SELECT: Final = "SELECT {columns} FROM {table} WHERE {ours} AND {by} IN ({marks}){within}"
_WITHIN: Final = " AND {} BETWEEN %s AND %s"
_INSERT: Final = "INSERT INTO {} ({}) VALUES {}"
_COPY: Final = "COPY {} ({}) FROM STDIN (FORMAT BINARY)"
_UPDATE: Final = "UPDATE {} SET {} WHERE {} = %s"
_UPDATE_ALL: Final = (
    "UPDATE {table} AS old SET {sets} FROM unnest({arrays}) AS new ({names}) WHERE old.{key} = new.{key}"
)


def _insert(model: type[models.Model], fields: Sequence[Any], columns: Sequence[Sequence[Any]]) -> None:
    connection: Any = connections[router.db_for_write(model)]
    rows = list(zip(*map(_turned, repeat(connection), fields, columns), strict=True))
    if connection.vendor != "postgresql":
        with connection.cursor() as cursor:
            cursor.executemany(_insert_rows(connection, model, fields, 1), rows)
    elif len(rows) < _MANY:
        with connection.cursor() as cursor:
            cursor.execute(_insert_rows(connection, model, fields, len(rows)), list(chain(*rows)))
    else:
        names = ", ".join(_quoted(connection, fields))
        _copy(connection, _COPY.format(_table(connection, model), names), fields, rows)


def _insert_rows(connection: Any, model: type[models.Model], fields: Sequence[Any], count: int) -> str:
    marks = "(" + ", ".join(["%s"] * len(fields)) + ")"
    names = ", ".join(_quoted(connection, fields))
    return _INSERT.format(_table(connection, model), names, ", ".join([marks] * count))


def _copy(connection: Any, statement: str, fields: Sequence[Any], rows: Sequence[Sequence[Any]]) -> None:
    with connection.cursor() as cursor, connection.wrap_database_errors, cursor.copy(statement) as copy:
        copy.set_types(_types(connection, fields))
        for row in rows:
            copy.write_row(row)


def _update(model: type[models.Model], fields: Sequence[Any], columns: Sequence[Sequence[Any]]) -> None:
    """The last of the fields is the key."""
    connection: Any = connections[router.db_for_write(model)]
    *names, key = _quoted(connection, fields)
    turned = [list(column) for column in map(_turned, repeat(connection), fields, columns)]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            statement = _UPDATE_ALL.format(
                table=_table(connection, model),
                sets=", ".join(f"{name} = new.{name}" for name in names),
                arrays=", ".join(f"%s::{kind}[]" for kind in _types(connection, fields)),
                names=", ".join([*names, key]),
                key=key,
            )
            cursor.execute(statement, turned)
        else:
            sets = ", ".join(f"{name} = %s" for name in names)
            cursor.executemany(_UPDATE.format(_table(connection, model), sets, key), list(zip(*turned, strict=True)))


@lru_cache
def _inserted(model: type[models.Model]) -> list[Any]:
    return [f for f in model._meta.concrete_fields if not isinstance(f, models.AutoField)]


def _fields(model: type[models.Model], names: Sequence[str]) -> list[Any]:
    return [model._meta.get_field(name) for name in names]


def _columns(fields: Sequence[Any], rows: Sequence[models.Model]) -> list[Sequence[Any]]:
    return [list(map(attrgetter(field.attname), rows)) for field in fields]


def _table(connection: Any, model: type[models.Model]) -> str:
    return str(connection.ops.quote_name(model._meta.db_table))


def _quoted(connection: Any, fields: Sequence[Any]) -> list[str]:
    return [connection.ops.quote_name(field.column) for field in fields]


def _types(connection: Any, fields: Sequence[Any]) -> list[str]:
    """As PostgreSQL calls them, without a length."""
    return [field.db_type(connection).partition("(")[0] for field in fields]


def _turned(connection: Any, field: Any, values: Sequence[Any]) -> Sequence[Any]:
    """A column's values as the database takes them; each is turned once, however many rows have it."""
    kind = field.target_field if field.is_relation else field
    if isinstance(kind, models.BinaryField):
        return values
    if isinstance(kind, models.UUIDField):
        return values if connection.features.has_native_uuid_field else list(_hexed(values))
    if isinstance(kind, models.JSONField):  # a value that cannot be looked up
        return [kind.get_db_prep_save(value, connection) for value in values]
    turned = {value: kind.get_db_prep_save(value, connection) for value in set(values)}
    return [turned[value] for value in values]


def _hexed(values: Sequence[UUID | None]) -> Iterator[str | None]:
    """One that stands in many rows one after the other, as a person does in those of their tokens, is turned once."""
    last, text = None, None
    for value in values:
        if value is not last:
            last, text = value, None if value is None else value.hex
        yield text
