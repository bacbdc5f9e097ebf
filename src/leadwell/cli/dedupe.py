"""Who stands in these lists more than once? `leadwell dedupe A [B]`: one line a record, with its cluster and why."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Final

import typer

from leadwell.cli.policy import refuse

if TYPE_CHECKING:
    import polars as pl

    from leadwell.formats import LeadList, Sink
    from leadwell.identity import Links


# Our column -> the field that tells who a person is.
_AS_ASSESSED: Final = {
    "id": "id", "first_name": "given", "last_name": "family", "full_name": "full_name", "birth_date": "birth_date",
    "age": "age", "received_at": "received", "sex": "sex", "phone": "phone", "phone_2": "phone", "email": "email",
    "address": "address", "city": "city", "zip": "zip", "state": "state", "asks_for": "asks_for",
    "relationship": "asks_for", "patient_first_name": "patient_given", "patient_last_name": "patient_family",
    "patient_full_name": "patient_full_name", "patient_birth_date": "patient_birth_date",
}  # fmt: skip


@dataclass(frozen=True)
class _Table:
    """A list as read: `rows` holds `row` and the list's own columns, `mapping` what each of these was taken for."""

    source: str
    rows: pl.DataFrame
    mapping: dict[str, str]


def dedupe(
    first: Annotated[
        str, typer.Argument(metavar="A", help='A list of people: CSV, TSV, XLSX, JSONL, Parquet, or "-".')
    ],
    second: Annotated[
        str | None, typer.Argument(metavar="[B]", help="A second list; both are looked at as one.")
    ] = None,
    out: Annotated[
        str | None, typer.Option(help="Where to write the records (.csv, .jsonl, .xlsx, .parquet), or -.")
    ] = None,
    ignore: Annotated[
        list[str] | None, typer.Option(metavar="COLUMN", help="A column never to be read; may be given often.")
    ] = None,
    train: Annotated[
        bool, typer.Option("--train", help="Learn the weights from these lists alone; for lists without households.")
    ] = False,
) -> None:
    """Find who stands in a list, or in two, more than once."""
    from leadwell import memory

    memory.keep()
    from leadwell.formats import CannotRead, CannotWrite

    try:
        _dedupe(first, second, out, tuple(ignore or ()), train=train)
    except (CannotRead, CannotWrite) as problem:
        refuse(str(problem))


def _dedupe(first: str, second: str | None, out: str | None, ignore: tuple[str, ...], *, train: bool) -> None:
    from leadwell.formats import open_sink

    sink = open_sink(out) if out is not None else None
    with _whole_or_nothing(sink):
        records = _linked(first, second, out, ignore, train=train)
        if sink is not None:
            sink.write(records)
    _summary(records)


def _linked(first: str, second: str | None, out: str | None, ignore: tuple[str, ...], *, train: bool) -> pl.DataFrame:
    import polars as pl

    from leadwell import identity

    tables = [_table(name, source, ignore, out) for name, source in zip("AB", (first, second), strict=True) if source]
    people = pl.concat([identity.people(table.rows, table.mapping) for table in tables])
    people = people.with_columns(row=pl.int_range(1, pl.len() + 1, dtype=pl.UInt32))
    links = identity.link(people, weights=identity.train(people) if train else None)
    return _records(tables, links)


@contextlib.contextmanager
def _whole_or_nothing(sink: Sink | None) -> Iterator[None]:
    try:
        yield
    except BaseException:
        if sink is not None:
            sink.abandon()
        raise
    if sink is not None:
        sink.close()


def _table(name: str, source: str, ignore: tuple[str, ...], out: str | None) -> _Table:
    import polars as pl

    from leadwell.formats import Rejects, open_list, rejects_beside
    from leadwell.formats.shown import shown

    opened = open_list(source)
    headers = {meant.column: meant.header for meant in opened.meant}
    beside = rejects_beside(out) if out else None
    beside = beside.with_stem(f"{beside.stem}.B") if beside and name == "B" else beside
    rejects = Rejects(beside, tuple(headers.values()))
    batches = [batch.rename(headers) for batch in opened.batches(on_rejected=rejects.add)]
    rejects.close()
    if not batches:
        refuse(f"{opened.name} holds no record")
    rows = pl.concat(batches, how="diagonal")
    mapping = _mapping(opened, ignore)
    if not set(mapping.values()) - {"id"}:
        refuse(f"{opened.name}: no column tells who a person is (looked for names, birth date, phone, e-mail, address)")
    taken = ", ".join(f"{shown(header)} = {field.replace('_', ' ')}" for header, field in mapping.items())
    unused = [header for header in headers.values() if header not in mapping]
    typer.echo(f"{name}: {opened.name}, {len(rows):,} records ({taken})", err=True)
    if unused:
        typer.echo(f"{name}: not looked at: {', '.join(map(shown, unused))}", err=True)
    for reason, count in rejects.reasons.items():
        typer.echo(f"{name}: {count:,} rows not read: {reason}", err=True)
    return _Table(name, rows, mapping)


def _mapping(opened: LeadList, ignore: tuple[str, ...]) -> dict[str, str]:
    """Header -> field of a person: as `identity` knows it, else as `assess` does."""
    from leadwell import identity

    headers = [meant.header for meant in opened.meant]
    mapping = identity.columns(headers, ignore=ignore)
    never = {header.casefold() for header in ignore}
    for meant in opened.meant:
        field = _AS_ASSESSED.get(meant.column)
        known = set(mapping.values())
        named = field == "full_name" and bool(known & {"given", "family"})
        taken = named or (field in known and field not in ("phone", "email"))
        if field and not taken and meant.header not in mapping and meant.header.casefold() not in never:
            mapping[meant.header] = field
    return {header: mapping[header] for header in headers if header in mapping}


def _records(tables: list[_Table], links: Links) -> pl.DataFrame:
    """source, row, id, cluster, weight, link, possible_with (ids, or 'A:7' where there are none) and because."""
    import polars as pl

    none = pl.lit(None, dtype=pl.String)
    head = pl.concat(
        table.rows.select(
            pl.lit(table.source).alias("source"),
            pl.col("row").alias("its_row"),
            next((pl.col(header) for header, field in table.mapping.items() if field == "id"), none).alias("id"),
        )
        for table in tables
    ).with_columns(row=pl.int_range(1, pl.len() + 1, dtype=pl.UInt32))
    label = pl.coalesce("id", pl.concat_str("source", pl.lit(":"), pl.col("its_row").cast(pl.String)))
    names = head.select(possible_with="row", name=label)
    maybe = links.clusters.select("row", "possible_with").explode("possible_with").join(names, on="possible_with")
    named = maybe.group_by("row", maintain_order=True).agg(pl.col("name").str.join("; ")).rename({"name": "maybe"})
    table = links.clusters.join(named, on="row", how="left").join(_because(links), on="row", how="left")
    return head.join(table, on="row", how="left", maintain_order="left").select(
        "source", pl.col("its_row").alias("row"), "id", "cluster", pl.col("weight").round(2), "link",
        pl.col("maybe").alias("possible_with"), "because",
    )  # fmt: skip


def _because(links: Links) -> pl.DataFrame:
    """Of each row's best pair, why."""
    import polars as pl

    from leadwell.identity import explain

    ends = pl.concat(
        links.pairs.with_row_index("pair").select("pair", "weight", pl.col(end).alias("row"))
        for end in ("row_a", "row_b")
    )
    best = ends.sort("weight", "pair", descending=[True, False]).unique("row", keep="first", maintain_order=True)
    wanted = links.pairs.with_row_index("pair").join(best.select("pair").unique(), on="pair", how="semi")
    says = pl.Series([", ".join(explain(pair)) for pair in wanted.iter_rows(named=True)], dtype=pl.String)
    return best.join(wanted.select("pair", because=says), on="pair").select("row", "because")


def _summary(records: pl.DataFrame) -> None:
    kinds = dict(records["link"].value_counts().iter_rows())
    persons = records["cluster"].n_unique()
    typer.echo(
        f"{len(records):,} records, {persons:,} people: {kinds.get('link', 0):,} records linked with another, "
        f"{kinds.get('possible', 0):,} possibly the same as another.",
        err=True,
    )
