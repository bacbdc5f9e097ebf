"""Was anything lost? The ledger, from the command line."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Annotated

import typer


def ledger(
    organization: Annotated[str | None, typer.Option(help="Its short name; needed where there are several.")] = None,
    day: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="A day of its calendar; all without it.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="As one JSON object.")] = False,
) -> None:
    """Prove that every submission received is accounted for. Exit status 1 where a difference is left."""
    from leadwell.server import starting

    starting.resume()
    from leadwell.server.commands.asked import the_organization
    from leadwell.server.intake.ledger import ledger_of

    told = ledger_of(the_organization(organization), day=day.date() if day else None)
    typer.echo(json.dumps(told.as_json()) if as_json else told.as_text())
    raise typer.Exit(1 if told.difference else 0)
