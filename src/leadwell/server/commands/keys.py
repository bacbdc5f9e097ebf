"""Keys with which programs call."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

import typer

app = typer.Typer(no_args_is_help=True, help="Keys with which programs call the API.")


@app.callback()
def _root() -> None:
    pass


@app.command()
def new(
    organization: Annotated[str, typer.Option(help="Its short name, as in addresses.")],
    scope: Annotated[
        str,
        typer.Option(
            help="What it may do, joined with commas: leads:write, leads:read, consent:write, look-ups:write, "
            "work:write, openings:write."
        ),
    ],
    name: Annotated[str, typer.Option(help="What it is for.")] = "",
    days: Annotated[int | None, typer.Option(min=1, help="How long it holds; without it, until it is revoked.")] = None,
) -> None:
    """Make a key and print it. It is shown this once, and kept nowhere."""
    from leadwell.server import starting

    starting.resume()
    from django.utils import timezone

    from leadwell.server.access.keys import UnknownScope, new_key
    from leadwell.server.commands.asked import organization_of
    from leadwell.server.privacy.trail import record

    expires, whose = timezone.now() + timedelta(days=days) if days else None, organization_of(organization)
    scopes = [part.strip() for part in scope.split(",") if part.strip()]
    try:
        text = new_key(whose, scopes, name=name, expires_at=expires)
    except UnknownScope as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from error
    record(whose.pk, "command", "key.made", f"key/{text.split('_')[1]}", {"scopes": scopes})
    typer.echo(text)
