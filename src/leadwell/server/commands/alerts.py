"""What is wrong, and what to do about it."""

from __future__ import annotations

from typing import Annotated

import typer

app = typer.Typer(no_args_is_help=True, help="What is wrong, and what to do about it.")


@app.callback()
def _root() -> None:
    pass


@app.command("list")
def list_(
    organization: Annotated[str | None, typer.Option(help="Its short name; all of them without it.")] = None,
    look: Annotated[bool, typer.Option("--look", help="Look everything over first, as the worker does.")] = False,
) -> None:
    """List what needs somebody: since when, what, and what to do. Exit status 1 where something does."""
    from leadwell.server import starting

    starting.resume()
    from leadwell.server.access.models import Organization
    from leadwell.server.alerts.kinds import KINDS
    from leadwell.server.alerts.queries import open_alerts
    from leadwell.server.commands.asked import organization_of
    from leadwell.server.jobs import WATCHES

    if look:
        for watch in WATCHES:
            watch()
    asked = [organization_of(organization)] if organization else Organization.objects.order_by("slug")
    found = [(one.slug, alert) for one in asked for alert in open_alerts(one.pk, KINDS)]
    for slug, alert in found:
        kind = KINDS[alert.kind]
        typer.echo(f"{alert.since:%Y-%m-%d %H:%M}  {slug}: {kind.title(alert.codes)}. {kind.says(alert.codes)}")
        typer.echo(f"{'':18s}-> {kind.does}")
    if not found:
        typer.echo("Nothing needs anybody now.")
    raise typer.Exit(int(bool(found)))
