"""Do the examples on the pages do what the pages say?"""

from __future__ import annotations

from pathlib import Path

import examples
import pytest

PAGES = examples.pages()


@pytest.mark.slow
@pytest.mark.parametrize("page", PAGES, ids=[page.name for page in PAGES])
def test_what_a_page_shows_is_what_happens(page: Path, tmp_path: Path) -> None:
    differ = [
        f"$ {typed}\n--- on the page\n{expected}--- found\n{found}"
        for typed, expected, found in examples.check(page, tmp_path)
    ]
    assert not differ, "\n".join(differ) + "\n`python docs/examples.py --renew` writes what commands say into the pages"


@pytest.mark.parametrize("page", sorted(examples.HERE.glob("*.md")), ids=lambda page: page.name)
def test_no_page_shows_a_command_that_is_not_run(page: Path) -> None:
    """`sh` blocks are for what cannot be run here; they show no output, so nothing in them can be untrue."""
    body = page.read_text(encoding="utf-8")
    assert body.count("```console") == sum(one.kind == "console" for one in examples.examples(body))
    assert all("$ " not in block.split("```")[0] for block in body.split("```sh\n")[1:])


@pytest.mark.parametrize(
    ("expected", "found"),
    [
        ("a\n…\nd\n", "a\nb\nc\nd\n"),
        ("read … rows\n", "read 12 rows\n"),
        ("done in 1.2 s\n", "done in 0.9 s  \n"),
        ("lakeside@3f2a9c\n", "lakeside@000000\n"),
    ],
)
def test_what_may_vary_is_not_compared(expected: str, found: str) -> None:
    assert examples.same(expected, found)


@pytest.mark.parametrize(
    ("expected", "found"), [("a\n", "b\n"), ("a\n", "a\nb\n"), ("read … rows\n", "read 1\n2 rows\n")]
)
def test_anything_else_is(expected: str, found: str) -> None:
    assert not examples.same(expected, found)
