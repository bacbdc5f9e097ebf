"""Which playbook is meant, and is it right? A file, a shipped name, ./playbook.toml, else Lakeside; or its problems."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, NoReturn

import typer

if TYPE_CHECKING:
    from leadwell.playbook import Playbook

HERE: Final = "playbook.toml"
DEFAULT: Final = "lakeside-orthopedics"


@dataclass(frozen=True, slots=True)
class Found:
    """A playbook's file: what it is called in messages, its bytes, and the folder it stands in."""

    label: str
    source: bytes
    folder: Path


def found(name: str | None, *, example: bool = False) -> Found:
    """The playbook that is meant. Ends the command, in one sentence, where there is none. `example`: says that the one
    taken where none is named or here is an example."""
    if name is None:
        name = HERE if Path(HERE).is_file() else DEFAULT
        none = example and name == DEFAULT
        typer.echo(f"No {HERE} here; this is the example clinic {name}." if none else f"Playbook: {name}", err=True)
    path = Path(name)
    if path.is_dir():
        path = path / HERE
    if path.is_file() or path.suffix == ".toml" or len(path.parts) > 1:
        return Found(str(path), _read(path), path.parent)
    return _shipped(name)


def loaded(file: Found) -> Playbook:
    """The playbook of a file. Ends the command with all problems, each `FILE:LINE:COLUMN: text`, where it is wrong."""
    from leadwell.playbook import PlaybookError, load

    try:
        return load(file.source)
    except PlaybookError as error:
        for problem in error.problems:
            typer.echo(f"{file.label}:{problem}", err=True)
        raise typer.Exit(1) from None


def ready(playbook: Playbook, file: Found) -> None:
    """Has at hand what reading by this playbook needs, for commands that judge."""
    from leadwell.engines import compiled

    compiled.ready(playbook, file.source)


def refuse(says: str) -> NoReturn:
    typer.echo(says, err=True)
    raise typer.Exit(1)


def _read(path: Path) -> bytes:
    from leadwell.playbook.document import LARGEST

    try:
        with path.open("rb") as file:
            return file.read(LARGEST + 1)
    except OSError as error:
        refuse(f"{path} cannot be read: {error.strerror}.")


def _shipped(name: str) -> Found:
    from importlib.resources import as_file, files

    from leadwell.playbook import find

    try:
        source = find(name)
    except LookupError as error:
        refuse(f"{error.args[0]} Or name a file.")
    with as_file(files("leadwell") / "playbooks" / name) as folder:
        return Found(name, source, folder)
