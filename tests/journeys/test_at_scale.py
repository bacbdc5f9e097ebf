"""The benchmark of the pages runs, at few leads; whether its figures are good a reader has to say."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

DATABASE = os.environ.get("LEADWELL_TEST_DATABASE_URL_OF_JOURNEYS", "")
BENCHMARK = (sys.executable, "-m", "benchmarks.worklist", "--leads", "1000", "--open", "300", "--rounds", "2", "--keep")


def test_every_page_is_measured(tmp_path: Path) -> None:
    asked = [*BENCHMARK, str(tmp_path), *(["--postgresql", DATABASE] if DATABASE else [])]
    told = subprocess.run(asked, check=True, capture_output=True, text=True).stdout
    for what in ("take-next", "lead", "call mode", "find by telephone", "leads?tab=verify", "inbox"):
        assert told.count(f"\n  {what}: p50 ") == (2 if DATABASE else 1), told
