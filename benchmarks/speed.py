"""How fast is `leadwell assess`, as a ratio to the floor of the same run? Aims are printed, never enforced."""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from pathlib import Path

from benchmarks import measure

MILLION = 1_000_000
_LEAD = {
    "received_at": "2026-11-18T15:05:00Z",
    "message": "My knees are bone on bone, I would like a consult next month. I have Aetna PPO.",
    "phone": "312-555-0147",
    "zip": "60201",
    "birth_date": "03/04/1961",
}


def main(rows: int = MILLION) -> None:
    with tempfile.TemporaryDirectory() as folder:
        here = Path(folder)
        source = here / "leads.csv"
        _list(source, rows)
        floor = _floor(source, here)
        _line(f"floor, {rows:,} leads (read, parse phones, write)", floor, floor)
        _line(f"assess {rows:,} leads to Parquet", _assess(source, here / "out.parquet"), floor, "at most 6x, 3 GiB")
        _line(f"assess {rows:,} leads to JSONL", _assess(source, here / "out.jsonl"), floor, "at most 10x")
        source.unlink()
        (here / "out.jsonl").unlink(missing_ok=True)
        if rows >= MILLION:
            _list(source, 3 * rows)
            cost = _assess(source, here / "out.parquet")
            _line(f"assess {3 * rows:,} leads to Parquet", cost, floor, "linear: 3x the time of one third")
        _small(here)
    _library()


def _list(path: Path, rows: int) -> None:
    """Written by a process of its own: a child's peak memory counts what its parent held when it was started."""
    measure.process([sys.executable, "-m", "benchmarks.leads", str(path), str(rows)])


def _floor(source: Path, here: Path) -> measure.Cost:
    return measure.best([sys.executable, "-m", "benchmarks.floor", str(source), str(here / "floor.parquet")], times=2)


def _assess(source: Path, target: Path) -> measure.Cost:
    return measure.process(_assessing(source, target))


def _assessing(source: Path, target: Path) -> list[str]:
    return [_command(), "assess", str(source), "--playbook", "lakeside-orthopedics", "--out", str(target)]


def _command() -> str:
    return str(Path(sys.executable).with_name("leadwell"))


def _line(what: str, cost: measure.Cost, floor: measure.Cost, aim: str = "") -> None:
    aimed = f"   (aim: {aim})" if aim else ""
    ratio = cost.seconds / floor.seconds
    print(f"{what:48s} {cost.seconds:8.2f} s {ratio:6.1f}x {cost.peak_gib:6.2f} GiB{aimed}", flush=True)


def _small(here: Path) -> None:
    """Whole processes, beside the floor of starting Python with Polars."""
    start = measure.best([sys.executable, "-c", "import polars"], times=5)
    _line("floor: python, import polars", start, start)
    hundred = here / "hundred.csv"
    _list(hundred, 100)
    cost = measure.best(_assessing(hundred, here / "hundred.parquet"), times=5)
    _line("assess 100 leads, whole process", cost, start, "under 1.5 s")
    bare = measure.best([sys.executable, "-c", "pass"], times=5)
    _line("floor: python", bare, bare)
    _line("leadwell --help", measure.best([_command(), "--help"], times=5), bare, "under 0.4 s")


def _library() -> None:
    import leadwell

    playbook = leadwell.load_playbook("lakeside-orthopedics")
    leadwell.assess([_LEAD], playbook)
    times = []
    for _ in range(30):
        start = time.perf_counter()
        leadwell.assess([_LEAD], playbook)
        times.append(time.perf_counter() - start)
    median, least = 1000 * statistics.median_high(times), 1000 * min(times)
    what = "one lead through the library, once loaded"
    print(f"{what:48s}{median:8.1f} ms median, {least:.1f} ms least   (aim: under 10 ms)")


if __name__ == "__main__":
    main(int(sys.argv[1].replace("_", "")) if len(sys.argv) > 1 else MILLION)
