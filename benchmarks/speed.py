"""How fast is `leadwell assess`, as a ratio to the floor of the same run? Aims are printed, never enforced."""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks import measure
from benchmarks.measure import Cost

MILLION = 1_000_000
_LEAD = {
    "received_at": "2026-11-18T15:05:00Z",
    "message": "My knees are bone on bone, I would like a consult next month. I have Aetna PPO.",
    "phone": "312-555-0147",
    "zip": "60201",
    "birth_date": "03/04/1961",
}
_WHAT = 52  # columns of a line for what was measured
_LINEAR = 3.3  # times the seconds of a third, a tenth for the noise of the machine


@dataclass
class Board:
    """Figures as they come, each aim beside its own, and at the end how many are met."""

    aims: list[bool] = field(default_factory=list)

    def show(self, what: str, figures: str, *aims: tuple[str, bool]) -> None:
        told = ", ".join(f"{aim}: {'met' if met else 'NOT met'}" for aim, met in aims)
        print(f"{what:{_WHAT}s} {figures}{f'   (aim {told})' if told else ''}", flush=True)
        self.aims += [met for _, met in aims]

    def ended(self, rows: int) -> None:
        left = "" if rows >= MILLION else f" Those of bulk are of {MILLION:,} leads, and were not measured."
        print(f"{sum(self.aims)} of {len(self.aims)} aims are met.{left}")


def main(rows: int = MILLION) -> None:
    board = Board()
    with tempfile.TemporaryDirectory() as folder:
        here = Path(folder)
        _bulk(board, here, rows)
        _small(board, here)
    _library(board)
    board.ended(rows)


def _bulk(board: Board, here: Path, rows: int) -> None:
    source, env = here / "leads.csv", _installed(here)
    _list(source, rows)
    floor = measure.best([sys.executable, "-m", "benchmarks.floor", str(source), str(here / "floor")], times=2)
    board.show(f"floor, {rows:,} leads (read, parse phones, write)", _figures(floor, floor))
    parquet = measure.process(_assessing(source, here / "out.parquet"), env)
    ratio = parquet.seconds / floor.seconds
    aims = ("at most 6x", ratio <= 6), ("under 3 GiB", parquet.peak_gib < 3)
    board.show(f"assess {rows:,} leads to Parquet", _figures(parquet, floor), *(aims if rows >= MILLION else ()))
    lines = measure.process(_assessing(source, here / "out.jsonl"), env)
    ratio = lines.seconds / floor.seconds
    aims = ("at most 10x", ratio <= 10), ("under 3 GiB", lines.peak_gib < 3)
    board.show(f"assess {rows:,} leads to JSON Lines", _figures(lines, floor), *(aims if rows >= MILLION else ()))
    source.unlink()
    (here / "out.jsonl").unlink()
    if rows >= MILLION:
        _list(source, 3 * rows)
        long = measure.process(_assessing(source, here / "out.parquet"), env)
        grown = long.seconds / parquet.seconds
        aim = f"linear, at most {_LINEAR} times a third; {grown:.1f}", grown <= _LINEAR
        board.show(f"assess {3 * rows:,} leads to Parquet", _figures(long, floor), aim)


def _small(board: Board, here: Path) -> None:
    """Whole processes, beside the floor of starting Python with Polars."""
    env = _installed(here)
    start = measure.best([sys.executable, "-c", "import polars"], times=5)
    board.show("floor: python, import polars", _figures(start, start))
    hundred = here / "hundred.csv"
    _list(hundred, 100)
    assessing = _assessing(hundred, here / "hundred.parquet")
    first = measure.best(assessing, times=3, env=env | {"LEADWELL_CACHE": "off"})
    board.show("assess 100 leads, whole process, playbook unknown", _figures(first, start))
    again = measure.best(assessing, times=5, env=env)
    board.show("assess 100 leads, whole process", _figures(again, start), ("under 1.5 s", again.seconds < 1.5))
    bare = measure.best([sys.executable, "-c", "pass"], times=5)
    board.show("floor: python", _figures(bare, bare))
    shown = measure.best([_command(), "--help"], times=5, env=env)
    board.show("leadwell --help", _figures(shown, bare), ("under 0.4 s", shown.seconds < 0.4))


def _library(board: Board) -> None:
    import leadwell

    playbook = leadwell.load_playbook("lakeside-orthopedics")
    leadwell.assess([_LEAD], playbook)
    times = []
    for _ in range(30):
        start = time.perf_counter()
        leadwell.assess([_LEAD], playbook)
        times.append(time.perf_counter() - start)
    median, least = 1000 * statistics.median_high(times), 1000 * min(times)
    figures = f"{median:8.1f} ms median, {least:.1f} ms least"
    board.show("one lead through the library, once loaded", figures, ("under 10 ms", median < 10))


def _installed(here: Path) -> dict[str, str]:
    """As where Leadwell is installed and was used before: its code is compiled, and what it keeps is kept."""
    env = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return env | {"PYTHONPYCACHEPREFIX": str(here / "code"), "XDG_CACHE_HOME": str(here / "cache")}


def _list(path: Path, rows: int) -> None:
    measure.process([sys.executable, "-m", "benchmarks.leads", str(path), str(rows)])


def _assessing(source: Path, target: Path) -> list[str]:
    return [_command(), "assess", str(source), "--playbook", "lakeside-orthopedics", "--out", str(target)]


def _command() -> str:
    return str(Path(sys.executable).with_name("leadwell"))


def _figures(cost: Cost, floor: Cost) -> str:
    ratio = cost.seconds / floor.seconds
    return f"{cost.seconds:8.2f} s {ratio:6.1f}x {cost.cpu:8.2f} CPU s {cost.peak_gib:6.2f} GiB"


if __name__ == "__main__":
    main(int(sys.argv[1].replace("_", "")) if len(sys.argv) > 1 else MILLION)
