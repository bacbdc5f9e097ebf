"""Ways in."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from leadwell.cli import policy

if TYPE_CHECKING:
    from leadwell.server.intake.trying import Foretold, Tried

app = typer.Typer(no_args_is_help=True, help="Ways in: webhooks, forms, mail, lists.")


@app.callback()
def _root() -> None:
    pass


@app.command()
def new(
    kind: Annotated[str, typer.Argument(help="webhook, form, email, file …")],
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


@app.command("try")
def try_(
    kind: Annotated[str, typer.Argument(help="The kind of source, as webhook or form.")],
    file: Annotated[str, typer.Argument(metavar="FILE", help="What it sends; - reads standard input.")],
    playbook: Annotated[
        str | None,
        typer.Option(metavar="FILE|NAME", help="The policy. Without it ./playbook.toml, else lakeside-orthopedics."),
    ] = None,
    settings: Annotated[
        Path | None, typer.Option(metavar="FILE", help="The source's settings, as JSON: its mapping, for one.")
    ] = None,
) -> None:
    """Show what a payload would become, and what whoever sent it is told. It needs no server and keeps nothing.

    Whether its signature fits is not asked. Ends with 1 where it would need mending. This names people: mind who looks
    on.
    """
    from leadwell.server import starting

    starting.start_without_data()
    from leadwell.server.intake.sources import KINDS
    from leadwell.server.intake.trying import as_posted, tried

    if kind not in KINDS:
        _wrong(f"There is no kind of source “{kind}”; there are {', '.join(KINDS)}.")
    body, known = _bytes(file), _settings(settings)
    told = tried(kind, as_posted(kind, body), known, policy.loaded(policy.found(playbook, example=True)))
    typer.echo("\n".join(_lines(told)))
    if told.problem:
        raise typer.Exit(1)


def _bytes(file: str) -> bytes:
    try:
        return sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    except OSError as error:
        typer.echo(f"{file} cannot be read: {error.strerror}.", err=True)
        raise typer.Exit(1) from error


def _settings(file: Path | None) -> dict[str, Any]:
    if file is None:
        return {}
    try:
        found = json.loads(_bytes(str(file)))
    except ValueError:
        found = None
    if not isinstance(found, dict):
        _wrong(f"{file} holds no JSON object of settings.")
    return found


def _wrong(says: str) -> NoReturn:
    typer.echo(says, err=True)
    raise typer.Exit(2)


def _lines(told: Tried) -> list[str]:
    lines = [f"It would become {told.leads} lead{'' if told.leads == 1 else 's'}."] if told.leads else []
    if told.problem:
        lines.append(f"It would {'be no lead by itself, and ' if told.joins else ''}need mending: {told.problem}.")
    if told.not_a_lead:
        lines.append(f"It would be no lead: {told.not_a_lead}.")
    if told.awaits:
        lines.append(f"It would wait for {told.awaits}.")
    lines += [_plain(said) for said in (told.joins, *told.hears) if said]
    for number, one in enumerate(told.foretold, 1):
        lines += ["", f"Lead {number}" if told.leads > 1 else "The lead", *_one(one)]
    if told.leads > len(told.foretold):
        lines += ["", f"The first {len(told.foretold)} are shown."]
    return [*lines, "", f"Whoever sent it is told: {_plain(told.reply) or 'nothing'}"]


def _one(one: Foretold) -> list[str]:
    who = {"Who asks": one.who, "Patient": one.patient, "Referrer": one.referrer}
    wants = {"Wants": one.wants or "nothing that we offer is named", "What next": one.next}
    parts = [*who.items(), *wants.items(), ("", " "), *one.known]
    lines = [*(f"  {_plain(said)}" for said in one.hears), *(_line(name, text) for name, text in parts if text)]
    if one.carried:
        lines += ["", "  Not understood, carried along", *(_line(name, text) for name, text in one.carried)]
    return lines


def _line(name: str, text: str) -> str:
    """Without what would steer a terminal."""
    return f"  {_plain(name):24s}  {_plain(text)}".rstrip()


def _plain(text: str) -> str:
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
