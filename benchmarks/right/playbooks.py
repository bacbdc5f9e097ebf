"""How many leads come out as a coordinator expects? The samples of the three playbooks, sixty fresh ones, and two
clinics that nothing was tuned for.

`python -m benchmarks.right playbooks`. Leads and expectations were written by people who had seen the playbook and not
the engine. Half of the samples were kept unseen until the end, and all have taught the engine since: what they came to
at first stands in docs/measured.md.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import polars as pl

from leadwell import assessing, playbook
from leadwell.cli import beside
from leadwell.playbook import Playbook, examples

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "src" / "leadwell" / "playbooks"
TRUTH = ROOT / "tests" / "engine" / "truth"
FRESH = TRUTH / "leads-fresh.jsonl"


def main() -> None:
    fresh = pl.DataFrame(_lines(FRESH), schema={"playbook": pl.String, "lead": pl.Object, "expected": pl.Object})
    for name in playbook.shipped():
        policy = playbook.load(playbook.find(name))
        leads = pl.read_csv(SAMPLES / name / "leads.csv", infer_schema=False)
        measure(f"leads.csv of {name}", policy, leads, _lines(SAMPLES / name / "expected.jsonl"))
        own = fresh.filter(playbook=name)
        measure(f"{FRESH.name} of {name}", policy, pl.DataFrame(own["lead"].to_list()), own["expected"].to_list())
    _clinics()


def _lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def _clinics() -> None:
    for folder in sorted((TRUTH / "clinics").iterdir()):
        policy = playbook.load((folder / "playbook.toml").read_bytes())
        for half in ("seen", "unseen"):
            leads = beside.leads(folder / f"{half}-leads.csv", policy)
            measure(f"{half} half of {folder.name}", policy, leads, _lines(folder / f"{half}-expected.jsonl"))


def measure(file: str, policy: Playbook, leads: pl.DataFrame, expected: Sequence[Mapping[str, Any]]) -> None:
    outcome = examples.run(policy, leads, expected, assess=assessing.assess)
    values = sum(_leaves(entry) for entry in expected)
    right = values - len(outcome.differences)
    print(f"{file}: leads wholly as expected {outcome.tried - outcome.failed} of {outcome.tried}")
    print(f"{file}: single findings {right / values:.4f} ({right} of {values})")
    for difference in outcome.differences:
        print(f"    {difference.id} {difference.path}: expected {difference.expected}, found {difference.found}")


def _leaves(entry: Any) -> int:
    return sum(map(_leaves, entry.values())) if isinstance(entry, dict) else 1


if __name__ == "__main__":
    main()
