"""Keep it well: look it over, back it up, bring it back."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def doctor() -> None:
    """Look the installation over, and say how to mend what is wrong. Exit status 1 where something is."""
    from leadwell.server import starting

    starting.resume()
    from leadwell.server.doctor import examine

    marks = {True: "well", None: "look", False: "ILL"}
    found = list(examine())
    for one in found:
        typer.echo(f"{marks[one.well]:5s} {one.what:12s} {one.says}")
        if one.mend and one.well is not True:
            typer.echo(f"      {'':12s} -> {one.mend}")
    raise typer.Exit(int(any(one.well is False for one in found)))


def backup(
    target: Annotated[Path, typer.Argument(help="The archive to write, as leadwell-2026-11-26.tar.gz.")],
) -> None:
    """Write everything but the master key into one archive, while Leadwell runs."""
    from leadwell.server import starting

    starting.resume()
    from leadwell.server.backup import CannotBackUp, back_up

    try:
        size = back_up(target)
    except (CannotBackUp, OSError) as error:
        typer.echo(f"No backup was made: {error}", err=True)
        raise typer.Exit(1) from error
    typer.echo(
        f"Written: {target} ({size / 1e6:.1f} MB). Keep keys/master.key apart from it: without it nothing opens."
    )


def restore(
    archive: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="An archive of `leadwell backup`.")],
    replace: Annotated[bool, typer.Option("--replace", help="Put it in the place of the data that is there.")] = False,
) -> None:
    """Bring a backup back. Stop Leadwell first. What was erased since stays erased, who stopped us since stays stopped.

    It is proved before anything is changed, and what is there is kept beside.
    """
    from leadwell.server import starting

    starting.start()
    from leadwell.server.restoring import UNREAD, CannotRestore, bring_back

    try:
        done = bring_back(archive, replace=replace)
    except CannotRestore as error:
        typer.echo(f"Nothing was restored, and nothing was changed: {error}", err=True)
        raise typer.Exit(1) from error
    typer.echo(
        f"Restored. {done.again:,} submissions will be judged again; {done.erased:,} people stay erased; "
        f"{done.stopped:,} stops and withdrawals that came after it hold, as do {done.found.wrong:,} wrong addresses, "
        f"{done.found.looks:,} look-ups that forbid and {done.found.links:,} links of two who share their stops."
    )
    if done.unread:
        typer.echo(
            f"{done.unread:,} lines of erased.jsonl, stops.jsonl or anchors.jsonl could not be read, as after a crash; "
            f"they lie in {UNREAD}. What was broken off there, an erasure or a stop, was not done: do it again.",
            err=True,
        )
    if done.kept:
        typer.echo(
            f"What stood there before is kept in {done.kept}. It holds people's data: delete it once all is well."
        )
