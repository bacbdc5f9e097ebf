"""The benchmark of looking people up runs, among twenty thousand; whether its figures are good a reader has to say."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

DATABASE = os.environ.get("LEADWELL_TEST_DATABASE_URL_OF_JOURNEYS", "")
BENCHMARK = (sys.executable, "-m", "benchmarks.identity", "--no-stream", "--keep")


def test_among_twenty_thousand_made_and_then_kept(tmp_path: Path) -> None:
    asked = [*BENCHMARK, str(tmp_path), *(["--postgresql", DATABASE] if DATABASE else [])]
    first, again = (subprocess.run(asked, check=True, capture_output=True, text=True).stdout for _ in range(2))
    assert "20,000 people made in" in first
    assert again.count("20,000 people made in") == first.count("20,000 people made in") - 1
    for told in (first, again):
        assert told.count("floor, these reads alone") == told.count("looked up (aim: p99 8 ms)") >= 1
