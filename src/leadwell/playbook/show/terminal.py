"""How is a policy read aloud on a terminal? Plain text with headings, wrapped to a width."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import wrap

from leadwell.playbook.model import Playbook
from leadwell.playbook.show.section import Section
from leadwell.playbook.show.sections import not_yet, sections


def as_text(playbook: Playbook, width: int = 100) -> str:
    lines = [playbook.title, "=" * len(playbook.title), f"version {playbook.version}"]
    if says := not_yet(playbook):
        lines += ["", *wrap(says, width)]
    for section in sections(playbook):
        lines += ["", section.title, "-" * len(section.title), *_body(section, width)]
    return "\n".join(lines) + "\n"


def _body(section: Section, width: int) -> Iterator[str]:
    for part in section.parts:
        if part.name:
            yield from wrap(part.name, width)
        for says in part.says:
            indent = "    " if part.name else ""
            yield from wrap(says, width, initial_indent=indent, subsequent_indent=indent + "  ")
