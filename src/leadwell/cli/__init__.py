"""What can be done from the command line? One module a command; nothing heavy is imported before a command needs it."""

from __future__ import annotations

import gc
import os
import sys
import traceback
from importlib import import_module
from importlib.metadata import entry_points
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer

# Errors end in one sentence; a traceback could show what a lead wrote.
app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="Judges medical leads: what each one is, what should happen next, why, and what to ask.",
)
# Command or group -> the module that holds it, as `app` (a group) or a function of the command's name, with _ for -.
COMMANDS = ("assess", "tour", "playbook", "dedupe", "is-stop", "may-contact")
# Objects before Python looks for rings among them. With its own 700 a short command spends an eighth of its time on
# looking through tables that stay; there is hardly a ring to be found.
_YOUNG = 100_000


def _version(wanted: bool) -> None:
    if wanted:
        from leadwell import __version__

        typer.echo(f"leadwell {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    pass


def _add(name: str) -> None:
    python = name.replace("-", "_")
    if find_spec(f"leadwell.cli.{python}") is None:
        return
    module = import_module(f"leadwell.cli.{python}")
    if hasattr(module, python):
        app.command(name)(getattr(module, python))
    else:
        app.add_typer(module.app, name=name)


for _name in COMMANDS:
    _add(_name)


def _add_others() -> None:
    """Commands of other parts (the server), which announce themselves in the entry-point group `leadwell.commands`."""
    for entry in entry_points(group="leadwell.commands"):
        module = entry.load()
        for name, command in module.COMMANDS.items():
            app.command(name)(command)
        for name, group in module.GROUPS.items():
            app.add_typer(group, name=name)


_add_others()


def main() -> None:
    """Runs the command. Exit status: 0 done, 1 nothing could be done, 2 wrong usage, 130 stopped by Ctrl-C."""
    gc.set_threshold(_YOUNG)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a terminal that cannot show a letter shows "?"
    try:
        app()
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
