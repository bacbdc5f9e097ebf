"""Ways in."""

from __future__ import annotations

from typing import Annotated

import typer

app = typer.Typer(no_args_is_help=True, help="Ways in: webhooks, forms, mail, lists.")


@app.callback()
def _root() -> None:
    pass


@app.command()
def new(
    kind: Annotated[str, typer.Argument(help="webhook, form, email or file.")],
    name: Annotated[str, typer.Argument(help="How it is called.")],
    organization: Annotated[str, typer.Option(help="The short name of the organisation.")],
) -> None:
    """Open a source and print its handle: post to /in/HANDLE, mail to HANDLE@your-domain."""
    from leadwell.server import starting

    starting.resume()
    from leadwell.server.commands.asked import organization_of
    from leadwell.server.intake.actions import UnknownKind, add_source
    from leadwell.server.privacy.trail import record

    try:
        made = add_source(organization_of(organization), kind, name)
    except UnknownKind as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from error
    record(made.organization_id, "command", "source.added", f"source/{made.pk}", {"kind": kind})
    typer.echo(made.handle)
