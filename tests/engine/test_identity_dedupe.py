"""`leadwell dedupe A [B]`: one line a record, the truth never read, and plain words where nothing can be done."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
import typer
from typer.testing import CliRunner

from leadwell.cli.dedupe import dedupe

A = """id,first name,last name,phone,email,person
a1,Renata,Okafor,312-555-0147,renata@example.com,1
a2,Grace,Liu,773-555-0108,grace@example.com,2
"""
B = """key,name,telephone,mail,person
b1,"Okafor, Renata",(312) 555-0147,renata@example.com,1
"""


@pytest.fixture
def lists(tmp_path: Path) -> Path:
    (tmp_path / "a.csv").write_text(A, encoding="utf-8")
    (tmp_path / "b.csv").write_text(B, encoding="utf-8")
    return tmp_path


def run(*arguments: str) -> tuple[int, str]:
    app = typer.Typer()
    app.command()(dedupe)
    result = CliRunner().invoke(app, list(arguments))
    return result.exit_code, result.output


def test_two_lists_are_looked_at_as_one(lists: Path) -> None:
    out = lists / "out.csv"
    status, said = run(str(lists / "a.csv"), str(lists / "b.csv"), "--out", str(out), "--ignore", "person")
    assert status == 0, said
    records = pl.read_csv(out)
    assert records.columns == ["source", "row", "id", "cluster", "weight", "link", "possible_with", "because"]
    assert records.select("source", "row", "id", "cluster", "link").rows() == [
        ("A", 1, "a1", 1, "link"),
        ("A", 2, "a2", 2, "none"),
        ("B", 1, "b1", 1, "link"),
    ]
    assert "same e-mail (+" in records["because"][0]
    assert "2 people" in said


def test_what_was_taken_for_what_is_said(lists: Path) -> None:
    _, said = run(str(lists / "a.csv"), "--ignore", "person")
    assert "first name = given" in said
    assert "person" not in said.split("(")[1].split(")")[0]


def test_a_list_that_names_nobody_is_refused_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "shoes.csv").write_text("size,colour\n9,red\n10,blue\n", encoding="utf-8")
    status, said = run(str(tmp_path / "shoes.csv"))
    assert status == 1
    assert "no column tells who a person is" in said


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    status, said = run(str(tmp_path / "none.csv"))
    assert status == 1
    assert "no file" in said


def test_headers_that_assess_understands_are_used_and_the_others_named(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    path.write_text(
        "Your name,Best phone number,Your e-mail address,Favourite colour\n"
        "Ann Low,312-555-0147,ann@example.com,red\nAnn Low,312-555-0147,ann@example.com,blue\n"
    )
    status, said = run(str(path))
    assert status == 0
    assert "Your e-mail address = email" in said
    assert "A: not looked at: Favourite colour" in said
    assert "2 records linked with another" in said


def test_a_form_that_cannot_be_written_is_told_before_the_work(lists: Path) -> None:
    status, said = run(str(lists / "a.csv"), "--out", str(lists / "out.doc"))
    assert status == 1
    assert "Cannot tell the form" in said
    assert "records" not in said
