"""Change the keys under which people's data is sealed, while Leadwell runs."""

from __future__ import annotations

from typing import Annotated

import typer

app = typer.Typer(no_args_is_help=True, help="Change the keys under which people's data is sealed.")

Slug = Annotated[str | None, typer.Option("--organization", help="Its short name; needed where there are several.")]


@app.callback()
def _root() -> None:
    pass


@app.command()
def master(
    make: Annotated[bool, typer.Option("--make", help="Make a new one first, in keys/ of the data folder.")] = False,
) -> None:
    """Wrap every key by the master key that is given now: the organisations' and those of signing in.

    The data stays as it is.
    """
    from leadwell.server import starting

    starting.resume()
    from leadwell.server.privacy.keyring import LostKey
    from leadwell.server.privacy.rotation import CannotRotate, make_master, rewrap_all
    from leadwell.server.signin import sealing

    try:
        if make:
            make_master(also_waiting=sealing.waiting())
        count = rewrap_all() + sealing.rewrap()
    except (CannotRotate, LostKey) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error
    typer.echo(f"{count:,} keys were wrapped anew.")
    typer.echo("Older backups still open with the key before only: keep it with them, apart from this machine.")


@app.command()
def data(organization: Slug = None) -> None:
    """Make a new data key: it seals from now on. `leadwell rotate reseal` seals anew what is there."""
    from leadwell.server import starting

    starting.resume()
    from leadwell.server.commands.asked import the_organization
    from leadwell.server.privacy.rotation import new_version

    version = new_version(the_organization(organization).pk)
    typer.echo(f"Version {version} seals from now on; what runs takes it within a minute. The older ones still open.")


@app.command()
def reseal(organization: Slug = None) -> None:
    """Seal under the newest data key what stands under an older one. Stopped, it goes on where it was."""
    from leadwell.server import starting

    starting.resume()
    from leadwell.server.commands.asked import the_organization
    from leadwell.server.privacy import rotation

    number = the_organization(organization).pk
    done = rotation.reseal(number, told=lambda rows: typer.echo(f"{rows:,} values", err=True))
    typer.echo(f"{done.rows:,} values were sealed anew.")
    if done.unopenable:
        typer.echo(f"{done.unopenable:,} values open with no key that is here, and were left as they are.", err=True)
        raise typer.Exit(1)


@app.command()
def state(organization: Slug = None) -> None:
    """Show how many values stand under which version of the data key."""
    from leadwell.server import starting

    starting.resume()
    from leadwell.server.commands.asked import the_organization
    from leadwell.server.privacy.rotation import versions

    for version, count in versions(the_organization(organization).pk).items():
        typer.echo(f"version {version}: {count:,}")
