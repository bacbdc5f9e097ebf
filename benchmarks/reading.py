"""Where does the time of reading go? `python -m benchmarks.reading [ROWS]`: seconds a million leads, and one lead.

The messages are those of the generated list. Aims are printed, never enforced.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl

from benchmarks import leads
from leadwell import playbook, reading
from leadwell.reading import context, wanted
from leadwell.reading.finding import Texts, find

BATCH = 50_000
AIM_MILLION = 10.0
AIM_ONE = 4.0


def frame(rows: int) -> pl.DataFrame:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "leads.csv"
        leads.write(path, rows)
        received = pl.date(2026, 11, 2).alias("received_date")
        return pl.read_csv(path, infer_schema=False).with_columns(received)


def timed(do: Callable[[], Any], times: int) -> tuple[float, Any]:
    best, result = float("inf"), None
    for _ in range(times):
        before = time.perf_counter()
        result = do()
        best = min(best, time.perf_counter() - before)
    return best, result


def stages(some: pl.DataFrame, policy: playbook.Playbook, *, times: int) -> dict[str, float]:
    """Seconds of each stage, the whole last."""
    search = wanted.search(policy)
    took: dict[str, float] = {}
    took["fold"], texts = timed(lambda: Texts.of(some), times)
    took["find"], found = timed(lambda: find(texts, search), times)
    took["context"], _ = timed(lambda: context.mentions(found), times)
    mentions = reading.mentions_in(some, policy)
    for rule in reading.RULES:
        took[rule.__name__], _ = timed(lambda rule=rule: rule(mentions, some, policy), times)  # type: ignore[misc]
    took["read"], _ = timed(lambda: reading.read(some, policy), times)
    return took


def main(rows: int = BATCH) -> None:
    policy = playbook.load(playbook.find("lakeside-orthopedics"))
    compiling, _ = timed(lambda: wanted.search(policy), 1)
    print(f"compile the lexicons and a playbook {compiling:.2f} s")
    some = frame(rows)
    words = some["message"].str.split(" ").list.len().mean()
    print(f"{rows:,} leads, {words:.0f} words a message; seconds a million leads, milliseconds one lead")
    many, one = stages(some, policy, times=3), stages(some[:1], policy, times=30)
    for name, seconds in many.items():
        aim = f"   (aim: at most {AIM_MILLION:.0f} s, {AIM_ONE:.0f} ms)" if name == "read" else ""
        print(f"{name:12s} {seconds * 1_000_000 / rows:7.2f} s {one[name] * 1000:7.2f} ms{aim}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else BATCH)
