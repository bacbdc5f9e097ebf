"""Is a long list judged by several processes as by one, and what if one of them, or whoever started them, ends?"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest

from leadwell import playbook
from leadwell.assessing import MissingTime
from leadwell.engines import JudgeGoneError, Run, local, processes
from leadwell.formats import open_list, open_sink

SOURCE = playbook.find("lakeside-orthopedics")
POLICY = playbook.load(SOURCE)
SAMPLE = Path(playbook.__file__).parents[1] / "playbooks" / "lakeside-orthopedics" / "leads.csv"
FORMS = ("jsonl", "csv", "tsv", "parquet", "xlsx")
NOW = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def several(monkeypatch: pytest.MonkeyPatch) -> None:
    """Short lists as if they were long: batches of forty, two processes."""
    monkeypatch.setattr(local, "ALONE", 0)
    monkeypatch.setattr(local, "batch_size", lambda policy: 40)
    for module in (local, processes):
        monkeypatch.setattr(module, "at_once", lambda: 2)


def run(path: Path, out: Path | None = None, *, source: bytes | None = SOURCE, **more: object) -> Run:
    leads = open_list(path)
    sink = open_sink(out) if out else None
    try:
        done = local.run(leads, POLICY, source=source, sink=sink, **more)  # type: ignore[arg-type]
    finally:
        leads.close()
    if sink:
        sink.close()
    return done


def content(path: Path) -> object:
    if path.suffix == ".xlsx":
        return pl.read_excel(path, sheet_id=0)
    return path.read_bytes()


@pytest.mark.slow
@pytest.mark.parametrize("form", FORMS)
def test_several_processes_write_what_one_does(tmp_path: Path, form: str) -> None:
    one = run(SAMPLE, tmp_path / f"one.{form}", source=None)
    several = run(SAMPLE, tmp_path / f"several.{form}")
    assert one.rows == several.rows > 90
    assert one.summary == several.summary
    first, second = content(tmp_path / f"one.{form}"), content(tmp_path / f"several.{form}")
    if isinstance(first, dict) and isinstance(second, dict):
        assert all(first[sheet].equals(second[sheet]) for sheet in first)
    else:
        assert first == second


def test_rows_that_are_shown_come_with_their_leads() -> None:
    seen: dict[int, tuple[int, str]] = {}

    def keep(leads: pl.DataFrame, assessments: pl.DataFrame) -> None:
        for row, disposition in assessments.select("row", "disposition").iter_rows():
            seen[row] = (leads["row"].search_sorted(row), disposition)

    run(SAMPLE, seen=keep, shown=(2, 50))
    assert seen.keys() == {2, 50}
    assert (seen[2][0], seen[50][0]) == (1, 9)  # their places in batches of forty


def test_leads_without_a_time_are_taken_as_now_or_refused(tmp_path: Path) -> None:
    path = tmp_path / "leads.csv"
    path.write_text("id,message\n" + "".join(f"{i},I want a knee replacement\n" for i in range(20)))
    assert run(path, tmp_path / "out.jsonl", now=NOW).taken_as_now == 20
    assert '"2026-11-18T09:00:00Z"' in (tmp_path / "out.jsonl").read_text()
    with pytest.raises(MissingTime):
        run(path)


def test_a_process_that_ends_is_told_and_leaves_nothing_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    """As where the system takes it for its memory."""
    make = processes.Judge.make

    def killed(judge: processes.Judge, number: int, linked: pl.DataFrame) -> object:
        judge._process.kill()
        return make(judge, number, linked)

    monkeypatch.setattr(processes.Judge, "make", killed)
    with pytest.raises(JudgeGoneError):
        run(SAMPLE)
    assert children(os.getpid()) == []


CODE = """
import sys
from leadwell.engines import local, processes
local.ALONE = 0
local.batch_size = lambda policy: 20
local.at_once = processes.at_once = lambda: 2
{more}
sys.argv[:] = ["leadwell", "assess", {sample!r}, "--playbook", "lakeside-orthopedics", "--out", "out.jsonl"]
from leadwell.cli import main
if __name__ == "__main__":
    main()
"""


def started(folder: Path, more: str) -> subprocess.Popen[str]:
    code = CODE.format(more=more, sample=str(SAMPLE))
    return subprocess.Popen(
        [sys.executable, "-c", code],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


@pytest.mark.slow
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_stopping_the_whole_group_leaves_a_valid_part(tmp_path: Path, how: signal.Signals) -> None:
    """A terminal sends Ctrl-C to all of its processes, and a service is ended with all of its own."""
    more = f"""
import os, signal
add = local.Summary.add
def stopped(self, other):
    add(self, other)
    if self.leads == 20:
        os.killpg(0, signal.{how.name})
local.Summary.add = stopped
"""
    process = started(tmp_path, more)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 130
    count = len((tmp_path / "out.jsonl").read_text().splitlines())
    assert 20 <= count < 200
    assert f"Stopped after {count} leads" in said


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks for processes in /proc")
def test_nobody_is_left_when_whoever_started_them_is_killed(tmp_path: Path) -> None:
    more = """
import time
local.Summary.add = lambda self, other: time.sleep(60)
"""
    process = started(tmp_path, more)
    until(lambda: len(children(process.pid)) == 2)
    found = children(process.pid)
    process.kill()
    process.communicate(timeout=10)
    until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in found))


def until(holds: Callable[[], bool], seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "in vain"
        time.sleep(0.05)


def children(pid: int) -> list[int]:
    """Processes that judge, started by this one."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            _, _, rest = stat.read_text().rpartition(") ")
            line = (stat.parent / "cmdline").read_text()
        except OSError:
            continue
        if int(rest.split()[1]) == pid and "spawn_main" in line:
            found.append(int(stat.parent.name))
    return found
