"""Does `leadwell playbook …` say what a person needs, on the right stream, with the right exit status?"""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner, Result

from leadwell import assessing
from leadwell.cli.playbook import app
from leadwell.playbook import find, load, shipped

EXAMPLE = find("lakeside-orthopedics").decode()


def run(*arguments: str | Path, typed: str | None = None) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments], input=typed)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_check_tells_every_problem_with_file_line_and_column_and_fails(here: Path) -> None:
    text = EXAMPLE.replace("age >= 16", "agee >= 16").replace("review = true", "revue = true")
    (here / "mine.toml").write_text(text)
    result = run("check", "mine.toml")
    assert result.exit_code == 1
    assert result.stdout == ""
    lines = result.stderr.splitlines()
    assert len(lines) == 2
    assert lines[0].startswith(f"mine.toml:{text[: text.index('agee')].count(chr(10)) + 1}:9: criteria.age.when:")
    assert 'Did you mean "review"?' in lines[1]


def test_check_says_that_a_playbook_is_right_and_notes_what_is_odd(here: Path) -> None:
    (here / "playbook.toml").write_text(EXAMPLE.replace('"advise"', '"blend"'))
    result = run("check")
    assert result.exit_code == 0
    assert "no problems" in result.stdout
    assert "Playbook: playbook.toml" in result.stderr
    assert "note: score.learned" in result.stderr


def test_without_a_playbook_here_lakeside_is_taken_and_said(here: Path) -> None:
    result = run("check")
    assert result.exit_code == 0
    assert "No playbook.toml here; this is the example clinic lakeside-orthopedics." in result.stderr


@pytest.mark.parametrize(
    ("name", "says"),
    [("lakeside", "There is no playbook called"), ("gone.toml", "cannot be read"), ("../gone/x", "cannot be read")],
)
def test_a_playbook_that_is_not_there_is_told_in_one_line(here: Path, name: str, says: str) -> None:
    result = run("check", name)
    assert result.exit_code == 1
    assert says in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_show_reads_aloud_and_makes_a_page() -> None:
    assert "age is at least 16" in run("show", "lakeside-orthopedics").stdout
    assert run("show", "lakeside-orthopedics", "--html").stdout.startswith("<!doctype html>")


def test_schema_is_json() -> None:
    assert "playbook" in json.loads(run("schema").stdout)["required"]


def test_diff_tells_meaning(here: Path) -> None:
    (here / "a.toml").write_text(EXAMPLE)
    (here / "b.toml").write_text(EXAMPLE.replace("age >= 16", "age >= 18"))
    assert run("diff", "a.toml", "b.toml").stdout == "Criterion “age”: minimum age rises from 16 to 18.\n"
    assert run("diff", "a.toml", "a.toml").stdout == "Nothing changed in meaning.\n"


TYPED = (
    "My Clinic\n312-555-0100\n\nNowhere\nAmerica/Chicago\nen,es\nMain\n606\n60606\n\n\n"
    "Knee care\nspecialty\nknee\n\naetna\ny\n18\n60\n"
)


def test_new_asks_again_until_an_answer_can_be_used_and_writes_a_right_playbook(here: Path) -> None:
    result = run("new", typed=TYPED)
    assert result.exit_code == 0
    assert "no time zone" in result.stderr
    assert "five digits" in result.stderr
    assert load((here / "playbook.toml").read_bytes()).name == "my-clinic"


def test_new_never_writes_over_a_file(here: Path) -> None:
    (here / "playbook.toml").write_text("mine")
    assert run("new", typed=TYPED).exit_code == 1
    assert (here / "playbook.toml").read_text() == "mine"


# --- test ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def beside(here: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A playbook with two leads, and an engine that verifies everybody."""
    (here / "playbook.toml").write_text(EXAMPLE)
    (here / "leads.csv").write_text("id,message\n1,knee\n2,mri\n")

    def verify(leads: pl.DataFrame, playbook: object) -> pl.DataFrame:
        return leads.select("id", disposition=pl.lit("verify"), criteria=pl.struct(age=pl.lit("met")))

    monkeypatch.setattr(assessing, "assess", verify)
    return here


def test_test_passes_and_names_what_no_example_exercises(beside: Path) -> None:
    (beside / "expected.jsonl").write_text('{"id": "1", "disposition": "verify"}\n\n')
    result = run("test")
    assert result.exit_code == 0
    assert "criterion age: never not met nor unknown" in result.stdout
    assert "1 lead tried, 1 as expected, 0 otherwise." in result.stdout


@pytest.mark.parametrize("name", shipped())
def test_the_leads_of_every_shipped_playbook_come_out_as_expected(name: str) -> None:
    result = run("test", name)
    assert result.exit_code == 0, result.stdout
    assert " 0 otherwise." in result.stdout


def test_test_fails_with_a_trace(beside: Path) -> None:
    (beside / "expected.jsonl").write_text('{"id": "2", "disposition": "schedule"}\n')
    result = run("test")
    assert result.exit_code == 1
    assert '2:\n    disposition: expected "schedule", found "verify"\n' in result.stdout


def test_test_fails_where_nothing_ran(beside: Path) -> None:
    (beside / "expected.jsonl").write_text("")
    result = run("test")
    assert result.exit_code == 1
    assert "Nothing was tried" in result.stdout


@pytest.mark.parametrize(("text", "says"), [("{", "expected.jsonl:1:2: this line is no JSON"), ("[]", "no object")])
def test_a_broken_expectation_is_told_in_its_line(beside: Path, text: str, says: str) -> None:
    (beside / "expected.jsonl").write_text(text)
    result = run("test")
    assert result.exit_code == 1
    assert says in result.stderr


@pytest.mark.parametrize(
    ("header", "row"),
    [
        ("Lead ID,Created Date,Comments,Zip Code", "1,2026-11-18T09:00:00,my knee hurts,60201"),
        ("id;Fecha de recepción;Mensaje;Código postal", "1;2026-11-18T09:00:00;me duele la rodilla;60201"),
    ],
)
def test_leads_beside_a_playbook_are_read_as_any_list(here: Path, header: str, row: str) -> None:
    (here / "playbook.toml").write_text(EXAMPLE)
    (here / "leads.csv").write_bytes(f"{header}\n{row}\n".encode("cp1252"))
    (here / "expected.jsonl").write_text('{"id": "1", "criteria": {"area": "met"}, "as_of": "2026-11-18T15:00:00Z"}')
    result = run("test")
    assert result.exit_code == 0, result.stdout
    assert "1 lead tried, 1 as expected, 0 otherwise." in result.stdout
    assert "taken as received now" not in result.stderr


def test_headers_that_mean_nothing_to_us_are_named(beside: Path) -> None:
    (beside / "leads.csv").write_text("id,received_at,Shoe size\n1,2026-11-18T09:00,44\n")
    (beside / "expected.jsonl").write_text('{"id": "1", "disposition": "verify"}')
    result = run("test")
    assert result.exit_code == 0
    assert result.stderr.splitlines()[1:] == ["carried through, not judged: Shoe size"]


def test_leads_without_a_time_are_named_by_row_and_column_and_taken_as_received_now(here: Path) -> None:
    (here / "playbook.toml").write_text(EXAMPLE)
    (here / "leads.csv").write_text("id,Created Date,message\n1,2026-11-18T09:00,knee\n2,,knee\n3,soon,knee\n")
    (here / "expected.jsonl").write_text('{"id": "1", "services": []}\n{"id": "2", "services": []}')
    result = run("test")
    assert "2 leads tried" in result.stdout
    assert result.stderr.splitlines()[1:] == [
        f"Row {row} tells no time in Created Date (received_at); it is taken as received now." for row in (2, 3)
    ]


def test_rows_that_cannot_be_read_are_named_and_the_others_tried(beside: Path) -> None:
    (beside / "leads.csv").write_text("id,received_at\n1,2026-11-18T09:00\n2,2026-11-18T09:00,knee,x\n")
    (beside / "expected.jsonl").write_text('{"id": "1", "disposition": "verify"}')
    result = run("test")
    assert "1 lead tried, 1 as expected" in result.stdout
    assert "Row 2 has 4 cells where the header has 2" in result.stderr


def test_missing_leads_are_told_by_name(beside: Path) -> None:
    (beside / "leads.csv").unlink()
    (beside / "expected.jsonl").write_text("{}")
    result = run("test")
    assert result.exit_code == 1
    assert (
        "There are no example leads beside this playbook yet: put leads.csv and expected.jsonl here." in result.stderr
    )
    assert "gone.csv" in run("test", "--leads", "gone.csv").stderr
