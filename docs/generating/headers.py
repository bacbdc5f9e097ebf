"""Which headers of other people's lists are understood? What stands in `headers.toml`, one row a column."""

from __future__ import annotations

import tomllib
from importlib import resources
from typing import Any, Final

from generating.markdown import code, page, table
from leadwell import contract

OPENING: Final = """
# Headers that are understood

What the headers of a list may be called, for each column of [a lead](../lead.md). Upper and lower case, accents,
punctuation, `FirstName` or `first_name` make no difference. Where two headers of a list want the same column, the
one that stands earlier here gets it. What is not understood is carried through unjudged, and `--map` corrects it.
"""
QUESTIONS: Final = """
## Whole questions as headers

Forms often give the question itself as the header. One of four words or more is understood where these words stand
in it in this order, whatever stands between them.
"""
EXPORTS: Final = """
## Exports that are tried

Headers of these systems' exports are kept with what each must mean, and a test runs them all:
"""


def page_text() -> str:
    words = _words()
    known = words["columns"]
    columns = [(code(column), "; ".join(known.get(column, ()))) for column in contract.INCOMING]
    questions = [
        (code(column), "; ".join(f"… {p} …".replace(" ", " ") for p in ps)) for column, ps in words["questions"].items()
    ]
    return page(
        OPENING,
        table(["column", "also known as"], columns),
        QUESTIONS,
        table(["column", "words of the question"], questions),
        EXPORTS,
        ", ".join(words["examples"]) + ".",
    )


def _words() -> dict[str, Any]:
    return tomllib.loads(resources.files("leadwell.formats").joinpath("headers.toml").read_text(encoding="utf-8"))
