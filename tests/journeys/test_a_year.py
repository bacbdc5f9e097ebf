"""A small invented year goes through the whole product: leads arrive, stops come in, and its mail leaves over SMTP.

The large ones are `benchmarks/gate`; this is the same driver and the same checker, so that they are there when wanted.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.slow

CHECKOUT = Path(__file__).parents[2]
ASKED = ("--seeds", "1", "--first", "4", "--people", "10", "--wishes", "6", "--plain")


def played(out: Path) -> tuple[subprocess.CompletedProcess[str], dict[str, Any]]:
    told = os.environ | {"PYTHONPATH": f"{CHECKOUT / 'src'}{os.pathsep}{CHECKOUT}"}
    command = [sys.executable, "-m", "benchmarks.gate.driver", *ASKED, "--out", str(out)]
    done = subprocess.run(command, cwd=CHECKOUT, env=told, capture_output=True, text=True, timeout=600, check=False)
    return done, json.loads((out / "seed-4.json").read_text(encoding="utf-8"))


def test_nothing_leaves_in_a_small_year_that_was_not_allowed(tmp_path: Path) -> None:
    done, year = played(tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.splitlines()[-1].startswith("1 years of 10 people passed the checker")
    assert year["against_plain"] == year["without_reason"] == 0
    assert year["messages"]["email"] > 0  # read from what the mail server's stand-in wrote down
    assert year["messages"]["call"] > 0
    assert year["counts"]["leads that arrived"] > 0
    assert year["refusals"]
    again, _ = played(tmp_path)  # what was found is kept
    assert "(kept)" in again.stdout
