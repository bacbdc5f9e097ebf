"""What is left when a run is stopped, killed, out of space, or not alone?"""

from __future__ import annotations

import csv
import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner

from leadwell.cli import app
from leadwell.formats import CannotWrite, open_sink

NAMES = ("Zorblatta", "Quixwimple", "zorb@example.com", "312-555-0147", "3125550147")
HEADER = "id,first_name,last_name,email,phone,received_at,message\n"
LEAD = (
    "{},Zorblatta,Quixwimple,zorb@example.com,312-555-0147,2026-11-02T09:00:00Z,I want a knee replacement at the Loop\n"
)
FORMS = ("jsonl", "csv", "tsv", "xlsx", "parquet")

# One lead a batch; `at(n)` is called once the nth is judged.
RUN = """
import os, signal, sys
from leadwell.engines import local
local.batch_size = lambda playbook: 1
judge, count = local.heard, []
def counted(frame, *args, **kwargs):
    found = judge(frame, *args, **kwargs)
    count.append(1)
    if len(count) == 2:
        {does}
    return found
local.heard = counted
sys.argv[:] = ["leadwell", "assess", *sys.argv[1:], "--playbook", "lakeside-orthopedics"]
from leadwell.cli import main
main()
"""

# At the second lead; or when a workbook's rows are all there and it is being put together.
KILLED = {
    "judging": "os.kill(os.getpid(), signal.SIGKILL)",
    "ending": """
        from xlsxwriter.packager import Packager
        create = Packager._create_package
        def killed(self):
            create(self)
            os.kill(os.getpid(), signal.SIGKILL)
        Packager._create_package = killed""",
}


@pytest.fixture
def leads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A list in a folder of its own; beside it the folder for temporary files, which must be empty in the end."""
    here, rough = tmp_path / "here", tmp_path / "rough"
    here.mkdir()
    rough.mkdir()
    monkeypatch.chdir(here)
    monkeypatch.setenv("TMPDIR", str(rough))
    monkeypatch.setattr(tempfile, "tempdir", None)
    path = here / "leads.csv"
    path.write_text(HEADER + "".join(LEAD.format(i) for i in range(8)))
    yield path
    assert left(rough) == []


def run(does: str, *args: str, limit: Callable[[], None] | None = None) -> subprocess.CompletedProcess[str]:
    code = RUN.format(does=does)
    return subprocess.run(
        [sys.executable, "-c", code, *args], capture_output=True, text=True, check=False, preexec_fn=limit
    )


def rows(path: Path) -> list[int]:
    """The rows of an output, which must be whole in its form."""
    if path.suffix == ".jsonl":
        return [json.loads(line)["row"] for line in path.read_text().splitlines()]
    if path.suffix == ".parquet":
        return pl.read_parquet(path)["row"].to_list()
    if path.suffix == ".xlsx":
        openpyxl = pytest.importorskip("openpyxl")
        return [row[0] for row in openpyxl.load_workbook(path)["Assessments"].iter_rows(min_row=2, values_only=True)]
    with path.open(newline="") as file:
        return [int(row["row"]) for row in csv.DictReader(file, delimiter="\t" if path.suffix == ".tsv" else ",")]


def left(folder: Path) -> list[str]:
    return sorted(p.name for p in folder.iterdir())


def nobody_is_named(*texts: str) -> None:
    for text in texts:
        assert not [name for name in NAMES if name.lower() in text.lower()]


@pytest.mark.slow
@pytest.mark.parametrize("how", ["SIGINT", "SIGTERM"])
@pytest.mark.parametrize("form", FORMS)
def test_a_run_that_is_stopped_leaves_a_valid_part(leads: Path, form: str, how: str) -> None:
    done = run(f"os.kill(os.getpid(), signal.{how})", "leads.csv", "--out", f"out.{form}")
    assert done.returncode == 130, done.stderr
    found = rows(Path(f"out.{form}"))
    assert found == list(range(1, len(found) + 1))
    assert 2 <= len(found) < 8
    assert f"Stopped after {len(found)} leads; out.{form} holds that much" in done.stderr
    assert left(leads.parent) == ["leads.csv", f"out.{form}"]
    nobody_is_named(done.stdout, done.stderr)


@pytest.mark.slow
@pytest.mark.parametrize(("form", "while_"), [*((form, "judging") for form in FORMS), ("xlsx", "ending")])
def test_a_run_that_is_killed_leaves_the_older_file_and_the_next_run_cleans_up(
    leads: Path, form: str, while_: str
) -> None:
    out = Path(f"out.{form}")
    out.write_text("of last week")
    done = run(KILLED[while_].strip(), "leads.csv", "--out", str(out))
    assert done.returncode == -signal.SIGKILL
    assert left(Path(tempfile.gettempdir())) == []
    waiting = [leads.parent / f".{out.name}.rough"] if form == "xlsx" else []
    assert [p for p in leads.parent.iterdir() if p.is_dir()] == waiting
    for rough in waiting:  # only we can read it
        assert rough.stat().st_mode & 0o077 == 0
        assert while_ == "judging" or list(rough.iterdir())
    assert out.read_text() == "of last week"
    assert CliRunner().invoke(app, ["assess", "leads.csv", "--out", str(out)]).exit_code == 0
    assert rows(out) == list(range(1, 9))
    assert left(leads.parent) == ["leads.csv", out.name]


@pytest.mark.parametrize("times", [1, 2])
def test_ctrl_c_while_a_spreadsheet_is_ended_waits_for_it_once(leads: Path, times: int) -> None:
    does = f"""
        from leadwell.formats.sinks import Workbook
        finish = Workbook._finish
        def interrupted(self):
            for _ in range({times}):
                os.kill(os.getpid(), signal.SIGINT)
            finish(self)
        Workbook._finish = interrupted"""
    done = run(does.strip(), "leads.csv", "--out", "out.xlsx")
    if times == 1:
        assert done.returncode == 0
        assert rows(Path("out.xlsx")) == list(range(1, 9))
    else:
        assert done.returncode == 130
        assert done.stderr.endswith("Stopped; nothing was written.\n")
        assert left(leads.parent) == ["leads.csv"]


@pytest.mark.parametrize("form", FORMS)
def test_a_full_disk_is_told_and_leaves_nothing_behind(leads: Path, form: str) -> None:
    leads.write_text(HEADER + "".join(LEAD.format(i) for i in range(60)))

    def small() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (12_000, 12_000))

    done = run("pass", "leads.csv", "--out", f"out.{form}", limit=small)
    assert done.returncode == 1
    assert "File too large" in done.stderr.splitlines()[-1]
    assert left(leads.parent) == ["leads.csv"]
    nobody_is_named(done.stdout, done.stderr)


@pytest.mark.parametrize("form", FORMS)
def test_two_runs_cannot_write_one_file_at_once(leads: Path, form: str) -> None:
    first = open_sink(f"out.{form}")
    with pytest.raises(CannotWrite, match="Another run is writing"):
        open_sink(f"out.{form}")
    done = CliRunner().invoke(app, ["assess", "leads.csv", "--out", f"out.{form}"])
    assert done.exit_code == 1
    assert "Another run is writing" in done.stderr
    first.abandon()
    assert CliRunner().invoke(app, ["assess", "leads.csv", "--out", f"out.{form}"]).exit_code == 0
    assert left(leads.parent) == ["leads.csv", f"out.{form}"]


@pytest.mark.parametrize("out", ["leads.csv", "./x/../leads.csv", "link.csv"])
def test_the_list_itself_is_never_written_over(leads: Path, out: str) -> None:
    Path("x").mkdir()
    Path("link.csv").symlink_to("leads.csv")
    before = leads.read_bytes()
    assert CliRunner().invoke(app, ["assess", "leads.csv", "--out", out]).exit_code == 2
    assert leads.read_bytes() == before


def test_a_list_of_rejected_rows_is_not_swept_away_by_its_own_run(leads: Path) -> None:
    again = leads.rename("out.rejected.csv")
    before = again.read_bytes()
    done = CliRunner().invoke(app, ["assess", "out.rejected.csv", "--out", "out.jsonl"])
    assert done.exit_code == 2
    assert "which is the list itself" in done.stderr
    assert again.read_bytes() == before


def test_a_folder_is_no_output(leads: Path) -> None:
    Path("out.csv").mkdir()
    done = CliRunner().invoke(app, ["assess", "leads.csv", "--out", "out.csv"])
    assert done.exit_code == 1
    assert "out.csv is a folder" in done.stderr
    assert left(leads.parent) == ["leads.csv", "out.csv"]


@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_reader_who_has_seen_enough_ends_the_run_quietly(leads: Path, unbuffered: str) -> None:
    leads.write_text(HEADER + "".join(LEAD.format(i) for i in range(300)))
    code = "import sys; sys.argv[0] = 'leadwell'; from leadwell.cli import main; main()"
    process = subprocess.Popen(
        [sys.executable, "-c", code, "assess", "leads.csv", "--out", "-"], stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, env=os.environ | {"PYTHONUNBUFFERED": unbuffered},
    )  # fmt: skip
    assert process.stdout and process.stderr
    assert process.stdout.readline().startswith(b'{"row":1,')
    process.stdout.close()
    said = process.stderr.read().decode()
    process.stderr.close()
    assert process.wait() == 1
    assert "rror" not in said
    assert "judged" not in said


def test_a_pipe_is_read_like_a_file(leads: Path) -> None:
    os.mkfifo("pipe")
    writer = subprocess.Popen(["/bin/sh", "-c", "cat leads.csv > pipe"])
    done = CliRunner().invoke(app, ["assess", "pipe", "--out", "out.jsonl"])
    assert writer.wait() == 0
    assert done.exit_code == 0, done.stderr
    assert rows(Path("out.jsonl")) == list(range(1, 9))


def test_what_goes_wrong_inside_names_nobody(leads: Path) -> None:
    done = run("raise ValueError(frame.to_dicts())", "leads.csv", "--out", "out.jsonl")
    assert done.returncode == 1
    assert "Something went wrong inside Leadwell (ValueError" in done.stderr
    assert "Traceback" not in done.stderr
    nobody_is_named(done.stdout, done.stderr)
    assert left(leads.parent) == ["leads.csv"]
