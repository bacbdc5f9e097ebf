"""What waits to be sent, what was not sent and why, and what needs somebody."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

import typer

app = typer.Typer(no_args_is_help=True, help="What is to be sent, and what needs somebody.")

Slug = Annotated[str | None, typer.Option("--organization", help="Its short name; needed where there are several.")]
Number = Annotated[UUID, typer.Argument(help="The message's id.")]
Numbers = Annotated[list[UUID], typer.Argument(help="Ids of messages.")]


@app.command("list")
def list_(
    organization: Slug = None,
    state: Annotated[str, typer.Option(help="queued, deferred, sending, sent, bounced, cancelled or dead.")] = "",
    most: Annotated[int, typer.Option(min=1, max=10_000, help="So many, the newest first.")] = 50,
) -> None:
    """List messages: id, when, what, state, why. Nobody's name, address or words."""
    from leadwell.server import starting

    starting.resume()
    from leadwell.server.commands.asked import the_organization
    from leadwell.server.outreach.models import State
    from leadwell.server.outreach.queries import messages
    from leadwell.server.outreach.saying import what, why

    if state and state not in State.values:
        raise typer.BadParameter(f"“{state}” is none; there are {', '.join(State.values)}.", param_hint="--state")
    for one in messages(the_organization(organization).pk, state=state)[:most]:
        typer.echo(f"{one.id}  {one.created_at:%Y-%m-%d %H:%M:%S}  {one.state:9s}  {what(one)}  {why(one)}".rstrip())


@app.command()
def show(message: Number, organization: Slug = None) -> None:
    """Show one message with its words and its verdict. This names somebody: mind who looks on."""
    from leadwell.server import starting

    starting.resume()
    from leadwell.server.commands.asked import the_organization
    from leadwell.server.outreach.actions import on_record
    from leadwell.server.outreach.letters import content_of
    from leadwell.server.outreach.queries import message_of, results_of
    from leadwell.server.outreach.saying import result, what, why
    from leadwell.server.privacy.sealing import Unopenable

    found = message_of(the_organization(organization).pk, message)
    if found is None:
        typer.echo("There is no message of this id.", err=True)
        raise typer.Exit(1)
    on_record(found, "message.viewed", actor="command")
    typer.echo(f"{what(found)}\n{found.state}: {why(found)}", err=True)
    typer.echo(f"gate: {found.answer or 'not asked yet'} {found.rule} {found.says}".rstrip(), err=True)
    for one in results_of(found.organization_id, found.pk):
        typer.echo(f"{one.at:%Y-%m-%d %H:%M:%S}  {result(one)}", err=True)
    try:
        said = content_of(found)
    except Unopenable:
        typer.echo("Its words cannot be opened." if found.sealed else "Its words were erased.", err=True)
        return
    typer.echo(f"To: {said.to}\nSubject: {said.subject}\n\n{said.text}")


@app.command()
def retry(messages: Numbers, organization: Slug = None) -> None:
    """Try messages again that need somebody or came back; the gate is asked as for any other."""
    from leadwell.server import starting

    starting.resume()
    from leadwell.server.commands.asked import the_organization
    from leadwell.server.outreach import actions

    ours = the_organization(organization).pk
    done = [one for one in messages if actions.retry(ours, [one])]
    _on_record(ours, "message.retried", done)
    typer.echo(f"{len(done):,} will be tried again.")
    raise typer.Exit(int(len(done) < len(messages)))


@app.command()
def reopen(
    message: Number,
    why: Annotated[str, typer.Option(help="said-so, emptied or mistaken.")],
    organization: Slug = None,
) -> None:
    """Let mail go again to a message's address, which was closed because mail came back."""
    from leadwell.server import starting

    starting.resume()
    from leadwell.server.commands.asked import the_organization
    from leadwell.server.outreach import actions

    try:
        done = actions.reopen(the_organization(organization).pk, message, why=why, actor="command")
    except actions.NoReason as error:
        raise typer.BadParameter(str(error), param_hint="--why") from error
    typer.echo("Mail may go there again." if done else "There is no such message, or its address is not closed.")
    raise typer.Exit(int(not done))


@app.command()
def drop(messages: Numbers, organization: Slug = None) -> None:
    """Keep messages from being sent."""
    from leadwell.server import starting

    starting.resume()
    from leadwell.server.commands.asked import the_organization
    from leadwell.server.outreach import actions

    ours = the_organization(organization).pk
    dropped = {one: actions.drop(ours, [one]) for one in messages}
    done = [one for one, told in dropped.items() if told.count]
    _on_record(ours, "message.dropped", done)
    typer.echo(f"{len(done):,} will not be sent.")
    if unsure := sum(told.unsure for told in dropped.values()):
        typer.echo(f"{unsure:,} of them may have left before: nobody knows.")
    raise typer.Exit(int(len(done) < len(messages)))


def _on_record(organization: int, action: str, messages: list[UUID]) -> None:
    from leadwell.server.outreach.actions import on_record
    from leadwell.server.outreach.queries import message_of

    for found in filter(None, (message_of(organization, one) for one in messages)):
        on_record(found, action, actor="command")
