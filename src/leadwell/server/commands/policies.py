"""Put a policy in force."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def publish(
    playbook: Annotated[str, typer.Argument(help="A file, or the name of an example.")],
    organization: Annotated[str, typer.Option(help="The short name of the organisation.")],
) -> None:
    """Check a playbook, keep it as a version, and put it in force."""
    from leadwell.server import starting

    starting.resume()
    from leadwell import playbook as policy
    from leadwell.server.commands.asked import organization_of
    from leadwell.server.playbooks import actions
    from leadwell.server.privacy.trail import record

    whose = organization_of(organization)
    try:
        source = Path(playbook).read_bytes() if Path(playbook).is_file() else policy.find(playbook)
        version = actions.upload(whose, source)
    except (LookupError, policy.PlaybookError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error
    actions.publish(version)
    record(whose.pk, "command", "playbook.published", f"playbook/{version.number}")
    typer.echo(f"In force: version {version.number} of {organization}.")
