"""How is a policy proofread, read aloud, begun, compared and tried from the command line? `leadwell playbook …`"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from leadwell.cli import policy

if TYPE_CHECKING:
    from collections.abc import Iterator

    from leadwell.playbook.examples import Difference, Outcome

app = typer.Typer(no_args_is_help=True, help="Proofread, read aloud, begin, compare and try a playbook.")

Which = Annotated[
    str | None,
    typer.Argument(metavar="[NAME|FILE]", help="A playbook file, or the name of one that comes with Leadwell."),
]
One = Annotated[str, typer.Argument(metavar="NAME|FILE", help="A playbook file, or the name of a shipped one.")]


@app.command()
def check(which: Which = None) -> None:
    """Proofread: every problem at once, each as FILE:LINE:COLUMN: text. Exit status 1 where there is one."""
    from leadwell.playbook.notes import notes

    file = policy.found(which, example=True)
    playbook = policy.loaded(file)
    for note in notes(playbook):
        typer.echo(f"{file.label}: note: {note}", err=True)
    typer.echo(f"{file.label}: {playbook.version} has no problems ({len(playbook.criteria)} criteria).")


@app.command()
def show(
    which: Which = None,
    html: Annotated[bool, typer.Option("--html", help="As a web page, for printing or passing on.")] = False,
) -> None:
    """Read the policy aloud in plain English."""
    from leadwell.playbook.show import as_html, as_text

    playbook = policy.loaded(policy.found(which, example=True))
    typer.echo(as_html(playbook) if html else as_text(playbook, _width()), nl=False)


@app.command()
def schema() -> None:
    """Print the JSON Schema of a playbook, so that an editor completes and checks it."""
    from leadwell.playbook.schema import schema as made

    typer.echo(json.dumps(made(), indent=2))


@app.command()
def diff(old: One, new: One) -> None:
    """Tell what changed between two playbooks, in meaning and not in lines."""
    from leadwell.playbook.comparing import compare

    changes = compare(policy.loaded(policy.found(old)), policy.loaded(policy.found(new)))
    for change in changes or ["Nothing changed in meaning."]:
        typer.echo(change)


@app.command()
def new(
    out: Annotated[
        Path, typer.Argument(metavar="[FILE]", help="Where to write it; never over a file there is.")
    ] = Path(policy.HERE),
) -> None:
    """Begin a playbook by answering a few questions."""
    from leadwell.cli.asking import answers
    from leadwell.playbook.starting import start

    if out.exists():
        policy.refuse(f"{out} is there already; name another file, or move it away.")
    text = start(answers())
    policy.loaded(policy.Found(str(out), text.encode(), out.parent))
    try:
        out.write_text(text, encoding="utf-8")
    except OSError as error:
        policy.refuse(f"{out} cannot be written: {error.strerror}.")
    typer.echo(f"Wrote {out}. Read it aloud: leadwell playbook show {out}")


@app.command()
def test(
    which: Which = None,
    leads: Annotated[Path | None, typer.Option(help="The leads, where not leads.csv beside the playbook.")] = None,
    expected: Annotated[Path | None, typer.Option(help="What is expected, where not expected.jsonl beside it.")] = None,
    all_traces: Annotated[
        bool, typer.Option("--all", help="Show every lead that differs, not the first twenty.")
    ] = False,
) -> None:
    """Run the leads kept beside a playbook against what is expected of them. Exit status 1 where one differs."""
    from leadwell.assessing import assess
    from leadwell.cli import beside
    from leadwell.playbook.examples import run

    file = policy.found(which, example=True)
    playbook = policy.loaded(file)
    if not (leads or expected or (file.folder / "leads.csv").exists()):
        here = "here" if file.folder.resolve() == Path.cwd() else f"in {file.folder}"
        policy.refuse(f"There are no example leads beside this playbook yet: put leads.csv and expected.jsonl {here}.")
    frame = beside.leads(leads or file.folder / "leads.csv", playbook)
    wanted = beside.expected(expected or file.folder / "expected.jsonl")
    policy.ready(playbook, file)
    outcome = run(playbook, frame, wanted, assess=assess)
    for line in _told(outcome, None if all_traces else 20):
        typer.echo(line)
    if not outcome.passed:
        raise typer.Exit(1)


def _told(outcome: Outcome, most: int | None) -> Iterator[str]:
    leads: dict[str, list[Difference]] = {}
    for difference in outcome.differences:
        leads.setdefault(difference.id, []).append(difference)
    for key in list(leads)[:most]:
        yield from _trace(leads[key])
    if most and len(leads) > most:
        yield f"… and {len(leads) - most} more leads; --all shows them."
    if outcome.untried:
        yield "No example exercises:"
        yield from (f"  {name}" for name in outcome.untried)
    yield from (f"{complaint[:1].upper()}{complaint[1:]}." for complaint in outcome.complaints)
    noun = "lead" if outcome.tried == 1 else "leads"
    yield f"{outcome.tried} {noun} tried, {outcome.tried - outcome.failed} as expected, {outcome.failed} otherwise."


def _trace(differences: list[Difference]) -> Iterator[str]:
    """One lead: what was expected and found, then why, each sentence once, then what was known."""
    yield f"{differences[0].id}:"
    for difference in differences:
        yield f"    {difference.path}: expected {_value(difference.expected)}, found {_value(difference.found)}"
    for says in dict.fromkeys(says for difference in differences for says in difference.because):
        yield f"        because {says}"
    facts = {name: value for difference in differences for name, value in (difference.facts or {}).items()}
    if facts:
        yield f"        knowing {', '.join(f'{name} = {_value(value)}' for name, value in facts.items())}"


def _value(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)


def _width() -> int:
    from shutil import get_terminal_size

    return min(get_terminal_size((100, 24)).columns, 110)
