"""Stops that another system kept: taken over, so that nobody is contacted who has asked not to be."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from leadwell.server.consent.lists import Odd, Unread

app = typer.Typer(no_args_is_help=True, help="Lists of people who are not to be contacted.")

Slug = Annotated[str | None, typer.Option("--organization", help="Its short name; needed where there are several.")]
_SHOWN = 20
_AT_ONCE = 2_000  # of one transaction


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
    from leadwell.server.consent.queries import odd_of, unread_of

    made = import_suppressions(the_organization(organization).pk, file.read_bytes(), actor="command")
    if made.problem:
        typer.echo(f"Nobody is stopped by it: {made.problem}. It is kept; the page Stops shows it.", err=True)
        raise typer.Exit(1)
    typer.echo(f"Stopped: {made.taken:,} addresses. {made.known:,} were stopped before.")
    odd, odd_rows = odd_of(made)
    if odd:
        typer.echo(f"{odd_rows:,} rows were not understood whole; everything by their addresses was stopped:", err=True)
        _named(odd, ends=not made.unread)
    if made.unread:
        says = "rows cannot be read, or not the whole of them, which stops nobody yet. Mend them on the page Stops:"
        typer.echo(f"{made.unread:,} {says}", err=True)
        _named(unread_of(made))


@app.command("looked-up")
def looked_up(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="CSV, XLSX, TSV, JSON Lines or Parquet.")],
    organization: Slug = None,
) -> None:
    """Note what was looked up of telephone numbers: the do-not-call registry, and which line each is.

    Exit status 1 where some of it could not be read; the rest is noted.

    Columns `phone`, and `listed` (yes or no), `line_type` (mobile, landline, voip, toll-free) or both; `checked_at`
    where it was not today. Taken in twice, what says when it was looked up is noted once.
    """
    from leadwell.server import starting

    starting.resume()
    from django.utils import timezone

    from leadwell.formats import CannotRead
    from leadwell.server.commands.asked import the_organization
    from leadwell.server.consent import look_up_lists
    from leadwell.server.consent.actions import note_look_ups

    try:
        found = look_up_lists.read(file.read_bytes(), now=timezone.now())
    except CannotRead as error:
        typer.echo(f"Nothing was noted: {error}.", err=True)
        raise typer.Exit(1) from error
    ours, looked = the_organization(organization).pk, found.looked
    pages = (looked[start : start + _AT_ONCE] for start in range(0, len(looked), _AT_ONCE))
    count = sum(note_look_ups(ours, page, actor="command") for page in pages)
    typer.echo(f"Noted: {count:,} look-ups. {len(looked) - count:,} were known before.")
    if found.unread:
        typer.echo(f"{len(found.unread):,} rows cannot be read, or not the whole of them:", err=True)
        _named(found.unread)


def _named(rows: Sequence[Unread | Odd], *, ends: bool = True) -> None:
    """The first of the rows that could not be read, and why; with that it ends."""
    for one in rows[:_SHOWN]:
        typer.echo(f"  row {one.row}: {one.why}", err=True)
    if ends:
        raise typer.Exit(1)
