"""How is a table or a note written in Markdown, so that nothing in a cell breaks it?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

# What stands at the head of a generated page, for those who would edit it.
MADE: Final = "<!-- Made by docs/generate.py from the code. Do not edit: `make docs` renews it. -->\n"


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "".join(f"| {' | '.join(map(cell, line))} |\n" for line in lines)


def cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def code(text: object) -> str:
    return f"`{text}`"


def codes(values: Iterable[object]) -> str:
    return ", ".join(map(code, values))


def page(*parts: str) -> str:
    """A page of these parts, with one blank line between them and one line end after the last."""
    return "\n\n".join([MADE.rstrip(), *(part.strip("\n") for part in parts)]) + "\n"
