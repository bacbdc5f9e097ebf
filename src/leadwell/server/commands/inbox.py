"""What came in and what is wrong with it."""

from __future__ import annotations

import typer

app = typer.Typer(no_args_is_help=True, help="What came in, and what needs mending.")


@app.callback()
def _root() -> None:
    pass
