"""How many rows of a table stand where, without counting a million of them?

The database itself keeps count, by triggers, in the transaction that changes a row: whoever writes it, the count is
true. A count is the sum of its lines, of which each statement appends some, so that two who write at once wait for
nobody; the worker folds them from time to time. (docs/decisions/0018)
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.db import connections, models, router, transaction
from django.db.migrations import RunPython
from django.db.models import Sum

from leadwell.server.base.scope import Scoped

_FEW: Final = 500  # lines that are summed as quickly as one
_COLUMN: Final = re.compile(r"\{row\}\.(\w+)")


class Tally(models.Model):
    """One line: at a place there are by `number` more, or fewer. What a place is, its model says."""

    organization_id = models.PositiveIntegerField()
    number = models.IntegerField()

    objects = Scoped.as_manager()

    class Meta:
        abstract = True


@dataclass(frozen=True)
class Counted:
    """Of which table the rows are counted in `tally`. `places`: column of the tally -> SQL about a `{row}`."""

    table: str
    tally: str
    places: Mapping[str, str]

    def place(self, row: str) -> str:
        return ", ".join(sql.format(row=row) for sql in self.places.values())

    @property
    def columns(self) -> str:
        return ", ".join(self.places)

    @property
    def watched(self) -> str:
        """The columns by which a row moves from one place to another."""
        return ", ".join(dict.fromkeys(name for sql in self.places.values() for name in _COLUMN.findall(sql)))


def operation(counted: Counted, *, model: str) -> RunPython:
    """Makes the triggers and counts what is there: after the table and that of its lines. `model`: by which the router
    knows in which database they are. A migration that remakes the table, as SQLite's do, loses its triggers and has to
    name this again (a test looks)."""

    def make(apps: Any, editor: Any) -> None:
        with editor.connection.cursor() as cursor:
            for statement in _DROPS[editor.connection.vendor](counted):
                cursor.execute(statement)
            for statement in _TRIGGERS[editor.connection.vendor](counted):
                cursor.execute(statement)
        recount(editor.connection, counted)

    def drop(apps: Any, editor: Any) -> None:
        with editor.connection.cursor() as cursor:
            for statement in _DROPS[editor.connection.vendor](counted):
                cursor.execute(statement)

    return RunPython(make, drop, hints={"model_name": model})


def recount(connection: Any, counted: Counted) -> None:
    """Counts every row anew."""
    with connection.cursor() as cursor:
        cursor.execute(_EMPTY.format(tally=counted.tally))
        cursor.execute(
            _COUNT.format(
                tally=counted.tally, table=counted.table, columns=counted.columns, place=counted.place(counted.table)
            )
        )


def tallied(model: type[Tally], organization: int, *places: str) -> dict[tuple[Any, ...], int]:
    """How many there are at each place that has any, by some of the columns of the tally."""
    rows = model.objects.of(organization).order_by().values_list(*places).annotate(Sum("number"))
    return {tuple(place): number for *place, number in rows if number}


def fold(model: type[Tally]) -> int:
    """Makes one line of many that tell of one place; returns how many were there. Two who fold at once each take
    other lines."""
    connection, tally = connections[router.db_for_write(model)], model._meta.db_table
    names = [str(field.column) for field in model._meta.concrete_fields if field.column not in {"id", "number"}]
    sums: Counter[tuple[Any, ...]] = Counter()
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        cursor.execute(_LINES.format(tally=tally))
        if cursor.fetchone()[0] <= _FEW:
            return 0
        cursor.execute(_TAKE.format(tally=tally, columns=", ".join(names)))
        lines = cursor.fetchall()
        for *place, number in lines:
            sums[tuple(place)] += number
        cursor.executemany(
            _LINE.format(tally=tally, columns=", ".join(names), marks=", ".join(["%s"] * (len(names) + 1))),
            [(*place, number) for place, number in sums.items() if number],
        )
    return len(lines)


_EMPTY: Final = "DELETE FROM {tally}"
_COUNT: Final = """
INSERT INTO {tally} (organization_id, {columns}, number)
SELECT organization_id, {place}, COUNT(*) FROM {table} GROUP BY organization_id, {place}
"""
_LINES: Final = "SELECT COUNT(*) FROM {tally}"
_TAKE: Final = "DELETE FROM {tally} RETURNING {columns}, number"
_LINE: Final = "INSERT INTO {tally} ({columns}, number) VALUES ({marks})"
_ROW: Final = (
    "INSERT INTO {tally} (organization_id, {columns}, number) VALUES ({row}.organization_id, {place}, {number});"
)
_BY_ROW: Final = """CREATE TRIGGER {tally}_{kind} AFTER {verb} ON {table} {when} BEGIN {rows} END"""
_MOVED: Final = "WHEN (OLD.organization_id, {old}) IS NOT (NEW.organization_id, {new})"
_ROWS: Final = "SELECT {rows}.organization_id, {place}, {number} FROM {rows}"
# Once a statement, however many rows it has: those that came and went.
_FUNCTION: Final = """
CREATE FUNCTION {tally}_{kind}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    INSERT INTO {tally} (organization_id, {columns}, number)
    SELECT organization_id, {columns}, SUM(number) FROM ({rows}) AS moved (organization_id, {columns}, number)
    GROUP BY organization_id, {columns} HAVING SUM(number) <> 0;
    RETURN NULL;
END $$
"""
_BY_STATEMENT: Final = """
CREATE TRIGGER {tally}_{kind} AFTER {verb} ON {table} REFERENCING {which}
FOR EACH STATEMENT EXECUTE FUNCTION {tally}_{kind}()
"""


def _sqlite(counted: Counted) -> Iterator[str]:
    def line(row: str, number: int) -> str:
        return _ROW.format(
            tally=counted.tally, columns=counted.columns, row=row, place=counted.place(row), number=number
        )

    moved = _MOVED.format(old=counted.place("OLD"), new=counted.place("NEW"))
    update = f"UPDATE OF organization_id, {counted.watched}"
    for kind, verb, when, rows in (
        ("came", "INSERT", "", line("NEW", 1)),
        ("went", "DELETE", "", line("OLD", -1)),
        ("moved", update, moved, line("OLD", -1) + line("NEW", 1)),
    ):
        yield _BY_ROW.format(tally=counted.tally, table=counted.table, kind=kind, verb=verb, when=when, rows=rows)


def _postgresql(counted: Counted) -> Iterator[str]:
    def told(rows: str, number: int) -> str:
        return _ROWS.format(rows=rows, place=counted.place(rows), number=number)

    for kind, verb, rows, which in (
        ("came", "INSERT", told("came", 1), "NEW TABLE AS came"),
        ("went", "DELETE", told("went", -1), "OLD TABLE AS went"),
        (
            "moved", "UPDATE", f"{told('came', 1)} UNION ALL {told('went', -1)}",
            "OLD TABLE AS went NEW TABLE AS came",
        ),
    ):  # fmt: skip
        yield _FUNCTION.format(tally=counted.tally, kind=kind, columns=counted.columns, rows=rows)
        yield _BY_STATEMENT.format(tally=counted.tally, kind=kind, verb=verb, table=counted.table, which=which)


def _drops_of_sqlite(counted: Counted) -> Iterator[str]:
    return (f"DROP TRIGGER IF EXISTS {counted.tally}_{kind}" for kind in ("came", "went", "moved"))


def _drops_of_postgresql(counted: Counted) -> Iterator[str]:
    return (f"DROP FUNCTION IF EXISTS {counted.tally}_{kind}() CASCADE" for kind in ("came", "went", "moved"))


_Statements = Callable[[Counted], Iterator[str]]
_TRIGGERS: Final[Mapping[str, _Statements]] = {"sqlite": _sqlite, "postgresql": _postgresql}
_DROPS: Final[Mapping[str, _Statements]] = {"sqlite": _drops_of_sqlite, "postgresql": _drops_of_postgresql}
