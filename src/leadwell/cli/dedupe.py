"""Who stands in these lists more than once? `leadwell dedupe A [B]`: one line a record, with its cluster and why."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from leadwell.cli.policy import refuse

if TYPE_CHECKING:
    import polars as pl

    from leadwell.identity import Links


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
    from leadwell.formats import CannotRead, CannotWrite

    try:
        _dedupe(first, second, out, tuple(ignore or ()), train=train)
    except (CannotRead, CannotWrite) as problem:
        refuse(str(problem))


def _dedupe(first: str, second: str | None, out: str | None, ignore: tuple[str, ...], *, train: bool) -> None:
    import polars as pl

    from leadwell import identity
    from leadwell.formats import open_sink

    tables = [_table(name, source, ignore, out) for name, source in zip("AB", (first, second), strict=True) if source]
    people = pl.concat([identity.people(table.rows, table.mapping) for table in tables])
    people = people.with_columns(row=pl.int_range(1, pl.len() + 1, dtype=pl.UInt32))
    links = identity.link(people, weights=identity.train(people) if train else None)
    records = _records(tables, links)
    if out is not None:
        sink = open_sink(out)
        with _whole_or_nothing(sink):
            sink.write(records)
    _summary(records)


@contextlib.contextmanager
def _whole_or_nothing(sink: object) -> Iterator[None]:
    from leadwell.formats import Sink

    assert isinstance(sink, Sink)
    try:
        yield
    except BaseException:
        sink.abandon()
        raise
    sink.close()


def _table(name: str, source: str, ignore: tuple[str, ...], out: str | None) -> _Table:
    import polars as pl

    from leadwell import identity
    from leadwell.formats import Rejects, open_list, rejects_beside

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
    mapping = identity.columns(headers.values(), ignore=ignore)
    if not set(mapping.values()) - {"id"}:
        refuse(f"{opened.name}: no column tells who a person is (looked for names, birth date, phone, e-mail, address)")
    taken = ", ".join(f"{header} = {field.replace('_', ' ')}" for header, field in mapping.items())
    typer.echo(f"{name}: {opened.name}, {len(rows):,} records ({taken})", err=True)
    for reason, count in rejects.reasons.items():
        typer.echo(f"{name}: {count:,} rows not read: {reason}", err=True)
    return _Table(name, rows, mapping)


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
