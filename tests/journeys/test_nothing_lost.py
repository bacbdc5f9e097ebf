"""Whatever is done to processes, disk, database and connections: no lead is lost, none doubled. (promise A2)

The long run is `python -m benchmarks.intake lost`.
"""

import os
from pathlib import Path

import pytest
from benchmarks.intake.counting import Verdict
from benchmarks.intake.harm import Plan
from benchmarks.intake.lost import Run, judged

pytestmark = [
    pytest.mark.slow,
    # A server that is killed leaves its callers' sockets to the garbage collector.
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]

DATABASE = os.environ.get("LEADWELL_TEST_DATABASE_URL_OF_JOURNEYS", "")
SHORT = (0.5, 1.5)  # seconds of a full disk, of a lock


def test_killed_filled_and_locked_it_loses_and_doubles_nothing(newly_made: Path) -> None:
    plan = Plan(kills=3, fills=1, locks=1, seconds=SHORT)
    verdict = judged(Run(count=200, plan=plan, database=DATABASE, backup=False, newly_made=newly_made), Verdict())
    assert not verdict.wrong, verdict.lines


def test_where_nothing_may_be_mounted_the_disk_is_full_for_the_processes(newly_made: Path) -> None:
    plan = Plan(kills=0, fills=2, locks=0, seconds=SHORT)
    verdict = judged(
        Run(count=100, plan=plan, database=DATABASE, backup=False, mount=False, newly_made=newly_made), Verdict()
    )
    assert not verdict.wrong, verdict.lines


def test_a_backup_under_load_holds_what_was_acknowledged_before_it(newly_made: Path) -> None:
    verdict = judged(
        Run(count=100, plan=Plan(kills=0, fills=0, locks=0), database=DATABASE, newly_made=newly_made), Verdict()
    )
    assert not verdict.wrong, verdict.lines
