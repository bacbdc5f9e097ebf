"""Is what `docs/privacy.md` says true of the commands? Nothing leaves the machine, is kept elsewhere, or is logged."""

from __future__ import annotations

import logging
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

import pytest
from typer.testing import CliRunner

from leadwell.cli import app

LIST = (
    "id,received_at,first_name,last_name,phone,email,zip,message\n"
    'a,2026-11-18 09:05,Ana,Ruiz,312-555-0147,ana.ruiz@example.com,60201,"My knees are bone on bone, I want to book"\n'
    "b,2026-11-18 09:40,Tom,Okafor,+44 20 7946 0018,tom@exampel.org,60640,Do you take Aetna?\n"
    "c,2026-11-18 09:50,Thomas,Okafor,773-555-0122,tom@example.org,60640,An MRI of my back\n"
)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder with a list, an empty home and an empty folder for temporary files, and no way out."""
    for name in ("work", "home", "tmp"):
        (tmp_path / name).mkdir()
    monkeypatch.chdir(tmp_path / "work")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("TMPDIR", str(tmp_path / "tmp"))
    monkeypatch.setattr("tempfile.tempdir", None)
    for way in ("connect", "connect_ex", "sendto"):
        monkeypatch.setattr(socket.socket, way, _refused)
    monkeypatch.setattr(socket, "getaddrinfo", _refused)
    (tmp_path / "work" / "leads.csv").write_text(LIST)
    yield tmp_path


def _refused(*_: Any, **__: Any) -> NoReturn:
    raise AssertionError("a command tried to reach another machine")


def files(folder: Path) -> set[str]:
    return {str(file.relative_to(folder)) for file in folder.rglob("*") if file.is_file()}


COMMANDS = [
    (["assess", "leads.csv", "--explain", "1", "--playbook", "lakeside-orthopedics"], set()),
    (["assess", "leads.csv", "--playbook", "lakeside-orthopedics", "--out", "out.jsonl"], {"work/out.jsonl"}),
    (["assess", "-", "--playbook", "lakeside-orthopedics"], set()),
    (["dedupe", "leads.csv", "--out", "same.csv"], {"work/same.csv"}),
    (["playbook", "check", "lakeside-orthopedics"], set()),
]


@pytest.mark.slow
@pytest.mark.parametrize(("typed", "written"), COMMANDS, ids=[" ".join(typed[:2]) for typed, _ in COMMANDS])
def test_a_command_reaches_nobody_and_writes_only_what_it_was_told_to(
    here: Path, caplog: pytest.LogCaptureFixture, typed: list[str], written: set[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    done = CliRunner().invoke(app, typed, input=LIST)
    assert done.exit_code == 0, done.output
    assert files(here) == {"work/leads.csv"} | written
    assert "Ruiz" not in caplog.text
    assert "Okafor" not in caplog.text


@pytest.mark.slow
def test_a_summary_names_nobody(here: Path) -> None:
    said = CliRunner().invoke(app, ["assess", "leads.csv", "--playbook", "lakeside-orthopedics"]).output
    for word in ("Ruiz", "Okafor", "555-0147", "example", "bone"):
        assert word not in said
