"""What came in, what is wrong with it, and playing it again."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer

app = typer.Typer(no_args_is_help=True, help="What came in, and what needs mending.")

Slug = Annotated[str | None, typer.Option("--organization", help="Its short name; needed where there are several.")]
Number = Annotated[UUID, typer.Argument(help="The submission's id.")]


@app.command("list")
def list_(
    organization: Slug = None,
    state: Annotated[
        str, typer.Option(help="needs-mending, set-aside, not-taken, refused, received, ... ; all without it.")
    ] = "",
    most: Annotated[int, typer.Option(min=1, help="So many, the newest first.")] = 50,
) -> None:
    """List submissions: id, when (UTC), number of the source, state, what is wrong. No words of anybody."""
    from leadwell.server import starting

    starting.resume()
    from leadwell.server.commands.asked import the_organization
    from leadwell.server.intake.queries import newest

    typer.echo(f"{'id':36s}  {'received, UTC':19s}  from  {'state':13s}  what is wrong", err=True)
    for one in newest(the_organization(organization).pk, state=state, most=most):
        typer.echo(f"{one.id}  {one.received_at:%Y-%m-%d %H:%M:%S}  {one.source:4d}  {one.state:13s}  {one.problem}")


@app.command()
def show(submission: Number, organization: Slug = None) -> None:
    """Show exactly what was sent. This names people: mind who looks on."""
    from leadwell.server import starting

    starting.resume()
    from leadwell.server.base.templatetags.look import day_of
    from leadwell.server.commands.asked import submission_of, the_organization
    from leadwell.server.intake.models import State
    from leadwell.server.intake.opening import is_erased, opened
    from leadwell.server.privacy.erased import erased_at
    from leadwell.server.privacy.sealing import Unopenable
    from leadwell.server.privacy.trail import record

    found = submission_of(the_organization(organization), submission)
    if found.state == State.REPEAT:
        typer.echo(f"A repeat of {found.repeat_of}: what was sent is kept there.", err=True)
        return
    if is_erased(found):
        gone = erased_at(found.organization_id, "submissions", [found.pk]).get(found.pk)
        typer.echo(f"Erased{f' on {day_of(gone)}' if gone else ''}: that it came is all that is kept.", err=True)
        return
    record(found.organization_id, "command", "submission.viewed", f"submission/{found.pk}")
    try:
        sent = opened(found)
    except Unopenable as error:
        typer.echo(
            "It cannot be opened: damaged, or sealed with a key that is not here. Ask `leadwell doctor`.", err=True
        )
        raise typer.Exit(1) from error
    for name, value in sent.headers.items():
        typer.echo(f"{name}: {value}", err=True)
    sys.stdout.buffer.write(sent.body)


@app.command()
def mend(
    submission: Number,
    file: Annotated[Path, typer.Option(exists=True, dir_okay=False, help="The corrected body.")],
    organization: Slug = None,
) -> None:
    """Put a corrected body beside what was sent, and play it."""
    from leadwell.server import starting

    starting.resume()
    from leadwell.server.commands.asked import the_organization
    from leadwell.server.intake import mending
    from leadwell.server.privacy.trail import record

    number = the_organization(organization).pk
    try:
        mending.mend(number, submission, file.read_bytes())
    except mending.CannotMend as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error
    record(number, "command", "submission.mended", f"submission/{submission}")
    typer.echo("Mended; the worker takes it now.")


@app.command()
def replay(
    submissions: Annotated[list[UUID] | None, typer.Argument(help="Ids; all that need mending without any.")] = None,
    organization: Slug = None,
) -> None:
    """Play submissions again, as after a mapping was corrected."""
    from leadwell.server import starting

    starting.resume()
    from leadwell.server.commands.asked import the_organization
    from leadwell.server.intake import mending
    from leadwell.server.intake.queries import to_mend
    from leadwell.server.privacy.trail import record, record_each

    number = the_organization(organization).pk
    played = mending.replay(number, submissions or to_mend(number))
    if submissions and played:
        record_each(number, "command", "submission.replayed", [f"submission/{one}" for one in submissions])
    elif played:
        record(number, "command", "submissions.replayed", codes={"count": played})
    typer.echo(f"{played:,} will be tried again.")
