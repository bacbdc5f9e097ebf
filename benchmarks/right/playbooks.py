"""How many sample leads of the three playbooks come out as a coordinator expects? (--unseen: the other half)

The leads and expectations were written by people who had seen the playbook and not the engine.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import polars as pl

from leadwell import assessing, playbook
from leadwell.playbook import examples

HERE = Path(__file__).parents[2] / "src/leadwell/playbooks"


def main() -> None:
    half = "unseen-" if "--unseen" in sys.argv else ""
    for name in playbook.shipped():
        measure(name, HERE / name / f"{half}leads.csv", HERE / name / f"{half}expected.jsonl")


def measure(name: str, leads: Path, expectations: Path) -> None:
    policy = playbook.load(playbook.find(name))
    expected = [json.loads(line) for line in expectations.read_text(encoding="utf-8").splitlines()]
    outcome = examples.run(policy, pl.read_csv(leads, infer_schema=False), expected, assess=assessing.assess)
    values = sum(_leaves(entry) for entry in expected)
    right = values - len(outcome.differences)
    print(f"{leads.name} of {name}: leads wholly as expected {outcome.tried - outcome.failed} of {outcome.tried}")
    print(f"{leads.name} of {name}: single findings {right / values:.4f} ({right} of {values})")
    for difference in outcome.differences:
        print(f"    {difference.id} {difference.path}: expected {difference.expected}, found {difference.found}")


def _leaves(entry: Any) -> int:
    return sum(map(_leaves, entry.values())) if isinstance(entry, dict) else 1


if __name__ == "__main__":
    main()
