"""Is everything that exists described, and is every generated page what the code would write today?"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import typer

import leadwell
from leadwell import contract
from leadwell.playbook.shape import PLAYBOOK
from leadwell.playbook.vocabulary import BUILT_IN

DOCS = Path(__file__).parents[2] / "docs"


def text(page: str) -> str:
    return (DOCS / page).read_text(encoding="utf-8")


def section(page: str, heading: str) -> str:
    """What stands below a heading, up to the next one of its level."""
    found = re.search(rf"(?ms)^## {re.escape(heading)}$(.*?)(?=^## |\Z)", text(page))
    assert found, f"docs/{page} has no heading “{heading}”"
    return found[1]


def rows(markdown: str) -> set[str]:
    """The first cell of every row of its tables, as code."""
    return set(re.findall(r"(?m)^\| `([^`|]+)`", markdown.replace("\\|", "¦")))


def page_names() -> list[str]:
    import generate

    return list(generate.PAGES)


@pytest.mark.parametrize("page", page_names())
def test_a_committed_page_is_what_the_code_writes(page: str) -> None:
    import generate

    assert text(page) == generate.PAGES[page](), f"docs/{page} is out of date: run `make docs` and commit"


def test_every_command_has_a_heading_and_every_option_a_row() -> None:
    from generating.commands import commands

    from leadwell.cli import app

    for name, command in commands(typer.main.get_command(app), "leadwell"):
        about = section("reference/commands.md", name)
        for option in (o for p in command.params for o in p.opts if o.startswith("--") and o != "--help"):
            assert option in about, f"{name} {option} is not described"


def test_every_key_of_a_playbook_has_a_row_in_its_section() -> None:
    from generating.playbook_keys import sections

    found = sections()
    assert {key.name for key in PLAYBOOK.keys} == rows(section("reference/playbook.md", "The top of the file"))
    for one in found[1:]:
        assert {key.name for key in one.keys} == rows(section("reference/playbook.md", f"`{one.heading}`"))


def test_every_kind_of_table_in_the_example_playbook_is_described() -> None:
    import tomllib

    from generating.playbook_keys import sections

    from leadwell.playbook import find

    described = {one.path.removesuffix(".NAME") for one in sections()}
    for key, value in tomllib.loads(find("lakeside-orthopedics").decode()).items():
        assert key in described or not isinstance(value, (dict, list)), f"[{key}] has no section"


def test_every_fact_has_a_row() -> None:
    assert rows(text("reference/facts.md")) == set(BUILT_IN)


def test_every_fact_with_closed_values_shows_them() -> None:
    lines = {line.split("`")[1]: line for line in text("reference/facts.md").splitlines() if line.startswith("| `")}
    for name in BUILT_IN.values():
        assert all(f"`{option}`" in lines[name.name] for option in name.options)
        assert ("protected" in lines[name.name]) == name.protected


def test_every_key_of_an_assessment_has_a_row() -> None:
    from generating.assessment_keys import keys

    assert rows(text("reference/assessment.md")) == set(keys())


def test_every_column_of_a_lead_is_told() -> None:
    told = set(re.findall(r"`([^`]+)`", text("lead.md")))
    assert not set(contract.INCOMING) - told
    assert rows(text("reference/headers.md")) >= set(contract.INCOMING)


def test_every_disposition_and_dimension_is_told_to_people() -> None:
    told = rows(text("assessment.md"))
    assert told >= {*contract.DISPOSITIONS, *contract.DIMENSIONS}


def test_every_provenance_is_told() -> None:
    assert rows(section("how-it-judges.md", "Facts, and how they are known")) == set(contract.PROVENANCES)


def test_everything_the_library_shows_is_told() -> None:
    told = section("library.md", "Everything there is")
    for name in leadwell.__all__:
        assert name.startswith("__") or f"`{name}" in told, f"leadwell.{name} is not described"


def test_every_promise_has_its_state() -> None:
    states = re.findall(r"(?m)^\| \d+ \| [^|]+ \| (\w+)", text("promises.md"))
    assert len(states) == 35 + 10
    assert set(states) <= {"Kept", "Begun", "To"}


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md"])
def test_a_page_outside_the_site_leads_only_to_what_is_there(page: str) -> None:
    written = (DOCS.parent / page).read_text(encoding="utf-8")
    named = re.findall(r"\]\(([^)#]+)\)|(?:src|srcset)=\"([^\"]+)\"", written)
    for target in (a or b for a, b in named):
        assert target.startswith("https://") or (DOCS.parent / target).exists(), f"{page} leads to {target}"


def test_the_readme_names_targets_that_the_makefile_has() -> None:
    makefile = (DOCS.parent / "Makefile").read_text(encoding="utf-8")
    named = re.findall(r"\bmake ([a-z]+)\b", (DOCS.parent / "README.md").read_text(encoding="utf-8"))
    assert {"run", "test", "docs"} <= set(named)
    for target in named:
        assert re.search(rf"(?m)^{target}:", makefile), f"there is no `make {target}`"
