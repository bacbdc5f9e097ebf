"""Stops that another system kept: taken over, so that nobody is contacted who has asked not to be."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(no_args_is_help=True, help="Lists of people who are not to be contacted.")

Slug = Annotated[str | None, typer.Option("--organization", help="Its short name; needed where there are several.")]
_SHOWN = 20


@app.callback()
def _app() -> None:
    pass


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="CSV, XLSX, TSV, JSON Lines or Parquet.")],
    organization: Slug = None,
) -> None:
    """Stop every telephone and e-mail of a list, from now on. Exit status 1 where some of it could not be read.

    Columns `phone`, `email`, and where they are there `channel`, `purpose` and `date`. Taken in twice, it stops nobody
    twice. What cannot be read is kept, sealed, and mended on the page Stops.
    """
    from leadwell.server import starting

    starting.resume()
    from leadwell.server.commands.asked import the_organization
    from leadwell.server.consent.actions import import_suppressions
    from leadwell.server.consent.queries import unread_of

    made = import_suppressions(the_organization(organization).pk, file.read_bytes(), actor="command")
    if made.problem:
        typer.echo(f"Nobody is stopped by it: {made.problem}. It is kept; the page Stops shows it.", err=True)
        raise typer.Exit(1)
    typer.echo(f"Stopped: {made.taken:,} addresses. {made.known:,} were stopped before.")
    if made.unread:
        typer.echo(f"{made.unread:,} rows cannot be read, and stop nobody yet. Mend them on the page Stops:", err=True)
        for one in unread_of(made)[:_SHOWN]:
            typer.echo(f"  row {one.row}: {one.why}", err=True)
        raise typer.Exit(1)
