"""Who is it who asks for their data? `leadwell person find` reads what they say of themselves, and prints their ids."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

app = typer.Typer(no_args_is_help=True, help="People whom we know.")

Slug = Annotated[str | None, typer.Option("--organization", help="Its short name; needed where there are several.")]


@app.callback()
def _root() -> None:
    pass


@app.command()
def find(organization: Slug = None) -> None:
    """Find somebody by name, telephone, e-mail or birth date, typed when asked or read from standard input: never as an
    argument, which other users of the machine can see. Prints ids for `receipt`, `export` and `erase person`, and names
    people: mind who looks on. Exit status 1 where nobody is found."""
    from leadwell.server import starting

    starting.resume()
    from leadwell.server.commands.asked import the_organization
    from leadwell.server.leads.names import name
    from leadwell.server.leads.queries import of_people
    from leadwell.server.people.finding import MOST, found, understood
    from leadwell.server.privacy.trail import record_list

    ours = the_organization(organization).pk
    asked = typer.prompt("Name, phone or e-mail", err=True) if sys.stdin.isatty() else _read()
    sought = understood(asked.strip())
    typer.echo(sought.unread, err=True, nl=bool(sought.unread))
    if sought.nothing:
        typer.echo("A name or its beginning, a whole telephone, an e-mail, a birth date; or several of them.", err=True)
        raise typer.Exit(2)
    shown = found(ours, sought)
    codes = {"by": sought.kinds, "found": len(shown.people)}
    record_list(ours, "command", "person.searched", [f"person/{one.person}" for one in shown.people], codes)
    leads = of_people(ours, [one.person for one in shown.people])
    for one in shown.people:
        theirs = leads.get(one.person, [])
        last = f", the last on {theirs[0].received_at:%Y-%m-%d}" if theirs else ""
        typer.echo(f"{one.person}  {name(one.known)}  ({one.how}; {_leads(len(theirs))}{last})")
    if shown.more:
        typer.echo(f"There are more than {MOST}: say more of them.", err=True)
    if not shown.people:
        typer.echo("Nobody matches all of it. Try less of it.", err=True)
        raise typer.Exit(1)


def _read() -> str:
    """Bytes that are no text stand for nothing that anybody is called."""
    return sys.stdin.buffer.read().decode(errors="replace")


def _leads(count: int) -> str:
    return f"{count} {'lead' if count == 1 else 'leads'}"


@app.command()
def train(
    organization: Slug = None,
    shipped: Annotated[bool, typer.Option("--shipped", help="Go back to the weights that come with Leadwell.")] = False,
) -> None:
    """Learn from the organisation's own people how often the records of one person agree, and weigh whoever arrives
    later by it. Links and doubts that there are stay as they are. Exit status 1 where there are too few."""
    from leadwell.server import starting

    starting.resume()
    from leadwell.server.commands.asked import the_organization
    from leadwell.server.people.weighing import TooFew, forget_weights, train_weights
    from leadwell.server.privacy.trail import record

    ours = the_organization(organization).pk
    if shipped:
        typer.echo("The shipped weights hold again." if forget_weights(ours) else "The shipped weights hold already.")
        return
    try:
        kept = train_weights(ours)
    except TooFew as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error
    record(ours, "command", "weights.trained", "", {"people": kept.people})
    typer.echo(f"Learned from {kept.people:,} people; whoever arrives from now on is weighed by it.")
