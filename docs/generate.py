"""Which pages of the documentation are written by the code itself? Each is made from what it describes.

    python docs/generate.py

`make docs` runs it, and a test fails where a committed page is not what would be made.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from generating import assessment_keys, commands, conditions, contact_rules, facts, headers, pipeline, playbook_keys

HERE: Final = Path(__file__).parent

PAGES: Final[Mapping[str, Callable[[], str]]] = {
    "contact-rules.md": contact_rules.page_text,
    "reference/commands.md": commands.page_text,
    "reference/playbook.md": playbook_keys.page_text,
    "reference/facts.md": facts.page_text,
    "reference/conditions.md": conditions.page_text,
    "reference/assessment.md": assessment_keys.page_text,
    "reference/headers.md": headers.page_text,
    "reference/stages.md": pipeline.page_text,
    "reference/stages.svg": pipeline.picture,
}


def made() -> dict[str, str]:
    """Every generated page: its path below docs/ -> its text."""
    return {path: make() for path, make in PAGES.items()}


def write() -> list[str]:
    """Writes the pages that are not yet as they should be; which they were."""
    changed = [(path, text) for path, text in made().items() if _there(path) != text]
    for path, text in changed:
        (HERE / path).write_text(text, encoding="utf-8")
    return [path for path, _ in changed]


def _there(path: str) -> str | None:
    file = HERE / path
    return file.read_text(encoding="utf-8") if file.is_file() else None


if __name__ == "__main__":
    for path in write():
        sys.stdout.write(f"wrote docs/{path}\n")
