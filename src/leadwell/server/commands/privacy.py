"""One person's data: who used it, given out, or erased. `leadwell receipt person ID`, `export`, `erase`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import typer

if TYPE_CHECKING:
    from leadwell.server.privacy.held import Subject

Whose = Annotated[UUID, typer.Argument(help="The person's id, as `leadwell person find` prints it.")]
Slug = Annotated[str | None, typer.Option("--organization", help="Its short name; needed where there are several.")]

receipt = typer.Typer(no_args_is_help=True, help="Who saw or used what is held of somebody.")
export = typer.Typer(no_args_is_help=True, help="Give out what is held of somebody.")
erase = typer.Typer(no_args_is_help=True, help="Erase what is held of somebody.")


@receipt.callback()
def _receipt() -> None:
    pass


@export.callback()
def _export() -> None:
    pass


@erase.callback()
def _erase() -> None:
    pass


@receipt.command("person")
def receipt_person(
    person: Whose, organization: Slug = None, as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False
) -> None:
    """Print what is held of one person, by kind, and who saw or used it: by role, without the data itself."""
    number = _organization(organization)
    from leadwell.server.privacy import held
    from leadwell.server.privacy.trail import record

    subject = _known(number, person)
    record(number, "command", "person.viewed", f"person/{person}")
    uses = held.receipt(subject)
    if as_json:
        typer.echo(json.dumps(uses, indent=2, ensure_ascii=False))
        return
    for one in held.kept(subject):
        since = f" since {one.since:%Y-%m-%d}" if one.since else ""
        typer.echo(f"{one.count:6,d}  {one.kind.lower()}{since}{f' ({one.what})' if one.what else ''}")
    told = held.ends(subject)
    typer.echo(f"Goes {f'on {told.at:%Y-%m-%d}' if told and told.at else 'not by itself'}. {told.why if told else ''}")
    for use, times in _folded(uses):
        often = f", {times} times that day" if times > 1 else ""
        typer.echo(f"{use['at'][:16].replace('T', ' ')}  {use['as']}: {use['says'].lower()} ({use['what']}{often})")


def _folded(uses: list[dict[str, str]]) -> list[tuple[dict[str, str], int]]:
    """What somebody did again on the same day is one line: the first time, and how often."""
    found: dict[tuple[str, ...], tuple[dict[str, str], int]] = {}
    for use in uses:
        key = (use["at"][:10], use["by"], use["says"], use["what"])
        first, times = found.get(key, (use, 0))
        found[key] = (first, times + 1)
    return list(found.values())


@export.command("person")
def export_person(person: Whose, organization: Slug = None) -> None:
    """Print everything that is held of one person as JSON, and who has seen it. The export goes on record."""
    number = _organization(organization)
    from leadwell.server.privacy import held

    _known(number, person)
    others = _others(number, person)
    typer.echo(others, err=True, nl=bool(others))
    typer.echo(json.dumps(held.export(number, person, actor="command"), indent=2, ensure_ascii=False))


@erase.command("person")
def erase_person(
    person: Whose,
    organization: Slug = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask again.")] = False,
) -> None:
    """Erase everything that names or describes one person. This cannot be undone; counts and codes stay."""
    number = _organization(organization)
    from leadwell.server.privacy import held

    subject = _known(number, person)
    others = _others(number, person)
    typer.echo(others, err=True, nl=bool(others))
    if not yes:
        typer.confirm(f"Erase this person, with {_counted(len(subject.leads), 'lead')}, for good?", abort=True)
    held.erase(number, person, actor="command")
    leads, sent = _counted(len(subject.leads), "lead"), _counted(len(subject.submissions), "submission")
    typer.echo(f"Erased: one person, {leads}, {sent}.")


def _counted(count: int, of: str) -> str:
    return f"{count:,} {of}{'' if count == 1 else 's'}"


def _others(number: int, person: UUID) -> str:
    """Who else is here of the same telephone or e-mail, a line each; '' where nobody."""
    from leadwell.server.people.queries import others_of

    found = others_of(number, person)
    first = ["Perhaps the same person, each erased and given out for itself:"] if found else []
    return "\n".join(first + [f"  {one.person}  same {' and '.join(one.shares)}" for one in found])


def _organization(slug: str | None) -> int:
    from leadwell.server import starting

    starting.resume()
    from leadwell.server.commands.asked import the_organization

    return the_organization(slug).pk


def _known(number: int, person: UUID) -> Subject:
    from leadwell.server.people.queries import is_known
    from leadwell.server.privacy import held

    if not is_known(number, person):
        typer.echo("There is nobody of this id here.", err=True)
        raise typer.Exit(1)
    return held.subject_of(number, person)
