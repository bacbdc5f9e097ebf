"""What can be said on the command line? Every command with its arguments, options and help, read from the app itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import typer
from generating.markdown import code, page, table

OPENING = """
# Commands

Every command says what went wrong in words a person understands, on standard error. Results go to files or to standard
output, so that commands can be joined.

| exit status | means |
| --- | --- |
| 0 | done |
| 1 | nothing could be done, or something is wrong with what was looked at: a playbook has problems, an example differs |
| 2 | wrong usage: an option or argument that does not exist, or lacks its value |
| 130 | stopped by Ctrl-C |

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
    usage = " ".join([name, *command.collect_usage_pieces(context)])
    shown = [p for p in command.get_params(context) if not getattr(p, "hidden", False)]
    rows = [_row(p, context) for p in shown]
    parts = [f"```text\n{usage}\n```", _help(command), table(["", "", "if left out"], rows) if rows else ""]
    return "\n\n".join(filter(None, parts))


def _help(command: Any) -> str:
    return (command.help or "").replace("\b", "").strip()


def _row(parameter: Any, context: Any) -> tuple[str, str, str]:
    if parameter.param_type_name == "argument":
        return code(parameter.make_metavar(context)), getattr(parameter, "help", None) or "", _default(parameter)
    names = ", ".join(code(name) for name in (*parameter.opts, *parameter.secondary_opts))
    takes = "" if parameter.is_flag or parameter.count else f" {code(parameter.make_metavar(context))}"
    return names + takes, parameter.help or "", "" if parameter.name == "help" else _default(parameter)


def _default(parameter: Any) -> str:
    if parameter.required:
        return "needed"
    value = parameter.default
    if value in (None, False, ()) or callable(value) or getattr(parameter, "is_flag", False):
        return ""
    return code(value)


def page_text() -> str:
    from leadwell.cli import app

    return page_of(app)
