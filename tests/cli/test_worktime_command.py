"""`leadwell worktime due` and `worked`, as somebody types them who checks a calendar."""

import pytest
from typer.testing import CliRunner

from leadwell.cli import app

CHECKED = [
    "worktime", "due", "--hours", "Mon-Fri 09:00-12:00 13:00-17:00", "--zone", "America/Chicago",
    "--holidays", "US-IL", "--from", "2026-11-21T18:30", "--within", "1 h",
]  # fmt: skip


def run(*arguments: str):
    return CliRunner().invoke(app, arguments)


def test_it_prints_one_moment() -> None:
    assert run(*CHECKED).output == "2026-11-23T10:00:00-06:00\n"


def test_how_much_has_passed() -> None:
    asked = [*CHECKED[:8], "--from", "2026-11-25T16:30", "--to", "2026-11-27T10:00:30"]
    assert run("worktime", "worked", *asked[2:]).output == "1 h 30 min 30 s\n"


@pytest.mark.parametrize(
    ("option", "typed", "says"),
    [
        ("--hours", "Mon-Fri 9-5", "cannot read"),
        ("--zone", "Chicago", "no time zone by its IANA name"),
        ("--holidays", "US-ZZ", "no calendar of public holidays"),
        ("--from", "Saturday", "is no time"),
        ("--within", "soon", "is no length of time"),
    ],
)
def test_what_cannot_be_read_says_how_it_is_written(option: str, typed: str, says: str) -> None:
    asked = list(CHECKED)
    asked[asked.index(option) + 1] = typed
    told = run(*asked)
    assert (told.exit_code, says in told.stderr, told.stdout) == (1, True, "")
