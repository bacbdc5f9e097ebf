"""The trail of views and changes."""

from __future__ import annotations

import typer

app = typer.Typer(no_args_is_help=True, help="The trail of what was seen and changed.")


@app.callback()
def _root() -> None:
    pass


@app.command()
def verify() -> None:
    """Prove that no entry was changed, left out or put in. Exit status 1 where one was."""
    from leadwell.server import starting

    starting.resume()
    from leadwell.server.access.models import Organization
    from leadwell.server.privacy.anchors import unread
    from leadwell.server.privacy.trail import verify as verified

    broken = False
    for organization in Organization.objects.order_by("slug"):
        verdict = verified(organization.pk)
        broken |= verdict.broken_at is not None
        typer.echo(f"{organization.slug}: {verdict.entries:,} entries, {verdict.says}; last {verdict.head[:16]}")
        for one in verdict.restores:
            typer.echo(f"  {one.says}")
    if count := unread():
        typer.echo(f"{count:,} lines of anchors.jsonl and heads.jsonl cannot be read, as after a crash.", err=True)
    raise typer.Exit(int(broken))
