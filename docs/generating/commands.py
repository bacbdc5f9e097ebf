"""What can be said on the command line? Every command with its arguments, options and help, read from the app."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

import typer

from generating.markdown import code, page, table

_KINDS: Final = {"<str>": "TEXT", "<path>": "FILE", "<int>": "NUMBER"}
OPENING: Final = """
# Commands

Every command says what went wrong in words a person understands, on standard error. Results go to files or to standard
output, so that commands can be joined.

| exit status | means |
| --- | --- |
| 0 | done |
| 1 | nothing could be done, or what was looked at is wrong: a playbook has problems, an example differs |
| 2 | wrong usage: an option or argument that does not exist, or lacks its value |
| 130 | stopped by Ctrl-C |

Every command knows `--help`.

Without `--playbook`, or an argument that names one, `./playbook.toml` is taken; where there is none, the example
`lakeside-orthopedics`. The command says which.
"""


def page_of(app: typer.Typer) -> str:
    return page(OPENING, *_sections(typer.main.get_command(app), "leadwell"))


def commands(command: Any, name: str) -> Iterator[tuple[str, Any]]:
    """Every command that does something, by its whole name, in the order of the help."""
    children = getattr(command, "commands", {})
    if not children and not command.hidden:
        yield name, command
    for child, below in children.items():
        yield from commands(below, f"{name} {child}")


def _sections(root: Any, name: str) -> Iterator[str]:
    yield "## leadwell\n\n" + _about(root, name)
    for whole, command in commands(root, name):
        yield f"## {whole}\n\n{_about(command, whole)}"


def _about(command: Any, name: str) -> str:
    context = command.make_context(name, [], resilient_parsing=True)
    shown = [p for p in command.get_params(context) if not p.hidden and p.name != "help"]
    rows = [_row(p, context) for p in shown]
    usage = f"```text\n{' '.join([name, *_pieces(command, shown)])}\n```"
    return "\n\n".join(
        filter(None, [usage, (command.help or "").strip(), table(["", "", "if left out"], rows) if rows else ""])
    )


def _pieces(command: Any, parameters: list[Any]) -> Iterator[str]:
    yield "[OPTIONS]"
    if getattr(command, "commands", {}):
        yield "COMMAND [ARGUMENTS]"
    for one in parameters:
        if one.param_type_name == "argument":
            yield _argument(one) if one.required else f"[{_argument(one)}]"


def _argument(parameter: Any) -> str:
    return str(parameter.metavar or parameter.name.upper()).strip("[]")


def _row(parameter: Any, context: Any) -> tuple[str, str, str]:
    """How it is written, what it means, and what holds without it."""
    if parameter.param_type_name == "argument":
        written = _argument(parameter)
    else:
        written, _ = parameter.get_help_record(context)
        written = re.sub(r"<(?:str|path|int)>", lambda kind: _KINDS[kind[0]], written)
    return code(written), parameter.help or "", _default(parameter)


def _default(parameter: Any) -> str:
    if parameter.required:
        return "*needed*"
    value = getattr(parameter.default, "value", parameter.default)
    return "" if value in (None, False, ()) or callable(value) else code(value)


def page_text() -> str:
    from leadwell.cli import app  # noqa: PLC0415

    return page_of(app)
