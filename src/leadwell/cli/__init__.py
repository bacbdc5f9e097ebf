"""What can be done from the command line? One module a command; nothing heavy is imported before a command needs it."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Sequence
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from leadwell import memory

if TYPE_CHECKING:
    app: typer.Typer  # all commands

# Command or group -> the module that holds it, as `app` (a group) or a function of the command's name, with _ for -.
COMMANDS = ("assess", "tour", "playbook", "dedupe", "is-stop", "may-contact", "worktime")


def _version(wanted: bool) -> None:
    if wanted:
        from leadwell import __version__

        typer.echo(f"leadwell {__version__}")
        raise typer.Exit


def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    pass


def _with(names: Sequence[str], *, others: bool) -> typer.Typer:
    """The commands of these names, and those of other parts."""
    # Errors end in one sentence; a traceback could show what a lead wrote.
    made = typer.Typer(
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
        help="Judges medical leads: what each one is, what should happen next, why, and what to ask.",
    )
    made.callback()(_root)
    for name in names:
        _add(made, name)
    if others:
        _add_others(made)
    return made


def _add(to: typer.Typer, name: str) -> None:
    python = name.replace("-", "_")
    if find_spec(f"leadwell.cli.{python}") is None:
        return
    module = import_module(f"leadwell.cli.{python}")
    if hasattr(module, python):
        to.command(name)(getattr(module, python))
    else:
        to.add_typer(module.app, name=name)


def _add_others(to: typer.Typer) -> None:
    """Commands of other parts (the server), which announce themselves in the entry-point group `leadwell.commands`."""
    from importlib.metadata import entry_points  # looks through all that is installed

    for entry in entry_points(group="leadwell.commands"):
        module = entry.load()
        for name, command in module.COMMANDS.items():
            to.command(name)(command)
        for name, group in module.GROUPS.items():
            to.add_typer(group, name=name)


@cache
def _whole() -> typer.Typer:
    return _with(COMMANDS, others=True)


def __getattr__(name: str) -> Any:
    if name != "app":
        raise AttributeError(f"module 'leadwell.cli' has no attribute {name!r}")
    return _whole()


def _asked() -> typer.Typer:
    """What the command line asks for: one of our own commands alone, where it begins with its name; else all."""
    name = sys.argv[1] if len(sys.argv) > 1 else ""
    return _with([name], others=False) if name in COMMANDS else _whole()


def main() -> None:
    """Runs the command. Exit status: 0 done, 1 nothing could be done, 2 wrong usage, 130 stopped by Ctrl-C."""
    memory.seldom_look()
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a terminal that cannot show a letter shows "?"
    try:
        _asked()()
    except BrokenPipeError:  # whoever read our output has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
    except MemoryError:
        sys.exit("There is not enough memory for this. Split the list, or close other programs.")
    except Exception as error:
        if os.environ.get("LEADWELL_DEBUG"):
            raise
        where = traceback.extract_tb(error.__traceback__)[-1]
        place = f"{Path(where.filename).name}:{where.lineno}"
        sys.exit(
            f"Something went wrong inside Leadwell ({type(error).__name__}, {place}). LEADWELL_DEBUG=1 shows where."
        )
