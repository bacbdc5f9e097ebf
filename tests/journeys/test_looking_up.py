"""The benchmark of looking people up runs, among twenty thousand; whether its figures are good a reader has to say."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

DATABASE = os.environ.get("LEADWELL_TEST_DATABASE_URL_OF_JOURNEYS", "")
BENCHMARK = (sys.executable, "-m", "benchmarks.identity", "--no-stream", "--keep")


def test_among_twenty_thousand(tmp_path: Path) -> None:
    asked = [*BENCHMARK, str(tmp_path), *(["--postgresql", DATABASE] if DATABASE else [])]
    told = subprocess.run(asked, check=True, capture_output=True, text=True).stdout
    assert "20,000 people made in" in told
    assert (
        told.count("floor, these reads alone") == told.count("looked up (aim: p99 8 ms)") == (2 if DATABASE else 1)
    ), told
