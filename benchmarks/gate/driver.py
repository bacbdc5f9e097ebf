"""Plays invented years to the product, and has the checker read what left. (README of this folder)

    python -m benchmarks.gate.driver --seeds 20 --people 500 --plain --out year

Each seed has a process, a data folder, a database and a mail server's stand-in of its own. What came out of it is kept
in OUT, a file a seed: a run that was broken off goes on where it was, and the tables are of all its seeds.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import asdict, dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Final

from benchmarks.gate.arriving import told
from benchmarks.gate.checker import Report, check
from benchmarks.gate.installing import installed, prepared
from benchmarks.gate.world import generate

_SHOWN: Final = 6  # findings that are shown of a seed


@dataclass(frozen=True)
class Asked:
    people: int
    wishes: int


@dataclass
class Played:
    """One seed: what the checker says of it, and what it cost. `refusals`, `needless`: by rule; `findings`: the worst,
    one of a kind; `counts`: what else happened."""

    seed: int
    asked: dict[str, int]
    wishes: int
    messages: dict[str, int]
    refusals: dict[str, int]
    needless: dict[str, int]
    without_reason: int
    plain: dict[str, int]
    cautious: dict[str, int]
    readings: dict[str, int]
    against_plain: int
    against_cautious: int
    findings: list[str]
    counts: dict[str, int]
    seconds: float


def year(seed: int, asked: Asked, empty: Path) -> Played:
    began = time.process_time()
    events = list(told(generate(seed, asked.people, asked.wishes).events))
    with installed(empty, events) as lived:
        lived.play(events, progress=_Progress(seed, len(events)))
        report = check(lived.told, lived.sent, lived.refusals)
        return _played(seed, asked, lived, report, time.process_time() - began)


class _Progress:
    """Says each tenth of a year on standard error."""

    def __init__(self, seed: int, events: int) -> None:
        self._seed, self._events, self._began, self._tenths = seed, events, time.process_time(), 0

    def __call__(self, done: int) -> None:
        tenths = done * 10 // self._events
        if tenths > self._tenths:
            self._tenths = tenths
            spent = time.process_time() - self._began
            sys.stderr.write(f"  seed {self._seed}: {tenths}0 % after {spent:,.0f} s of CPU\n")


def _played(seed: int, asked: Asked, lived: Any, report: Report, seconds: float) -> Played:
    left = Counter(
        "stop confirmed by text" if one["purpose"] == "stop-confirmation" else one["channel"] for one in lived.sent
    )
    return Played(
        seed, asdict(asked), report.wishes, dict(left),
        dict(Counter(f"{one['rule']} {one['answer']}".strip() or "none" for one in lived.refusals)),
        dict(report.needless), report.plain["reason"], dict(report.plain), dict(report.cautious), dict(report.readings),
        report.against_plain, report.against_cautious, _worst(report), dict(lived.counts), round(seconds, 1),
    )  # fmt: skip


def _worst(report: Report) -> list[str]:
    """What is against every reading first; one of a kind is enough."""
    found = sorted(report.examples, key=lambda one: one[2].reading is not None)
    kinds = {(one[2].rule, one[2].says, one[2].reading): one for one in reversed(found)}
    return [
        f"{at} {said.rule}: {said.says}{f' (if {said.reading})' if said.reading else ''} {_named(row)}"
        for at, row, said in list(kinds.values())[::-1][:_SHOWN]
    ]


def _named(row: Any) -> str:
    return " ".join(str(row[name]) for name in ("wish", "channel", "purpose", "record", "rule") if name in row)


def _line(one: Played) -> str:
    return (
        f"seed {one.seed}: {one.wishes:,} wishes, {sum(one.messages.values()):,} messages left, "
        f"{sum(one.refusals.values()):,} refusals, {one.seconds:,.0f} s of CPU; {one.against_plain} against every "
        f"reading, {one.against_cautious} against the most cautious one"
    )


def _together(counts: Iterable[dict[str, int]]) -> Counter[str]:
    return sum((Counter(one) for one in counts), Counter())


def _tables(years: list[Played]) -> str:
    refusals, needless = _together(one.refusals for one in years), _together(one.needless for one in years)
    refused, over = sum(refusals.values()), sum(needless.values())
    lines = [f"wishes                        {sum(one.wishes for one in years):9,}"]
    lines += _table("messages that left", _together(one.messages for one in years))
    lines += _table("refused, by rule and answer", refusals)
    lines += _table("refused what no reading forbids", needless, f" ({over / max(refused, 1):.1%} of what was refused)")
    lines += _table("objected to on the strictest reading", _together(one.readings for one in years))
    lines += _table("objected to on every reading", _together(one.plain for one in years))
    lines += _table("also", _together(one.counts for one in years))
    return "\n".join(lines)


def _table(title: str, counts: Counter[str], more: str = "") -> list[str]:
    return [f"{title:42}{sum(counts.values()):9,}{more}"] + [f"  {name:40}{n:9,}" for name, n in counts.most_common()]


def _kept(out: Path, seed: int, asked: Asked) -> Played | None:
    """What an earlier run found of this very year."""
    path = _file(out, seed)
    if not path.exists():
        return None
    one = Played(**json.loads(path.read_text(encoding="utf-8")))
    return one if one.asked == asdict(asked) else None


def _file(out: Path, seed: int) -> Path:
    return out / f"seed-{seed}.json"


def _all(seeds: range, asked: Asked, out: Path, processes: int) -> list[Played]:
    years = [one for seed in seeds if (one := _kept(out, seed, asked))]
    left = sorted(set(seeds) - {one.seed for one in years})
    for one in years:
        print(f"{_line(one)} (kept)", flush=True)
    if not left:
        return years
    empty = out / "empty"
    if not empty.exists():
        prepared(empty)
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn"), max_tasks_per_child=1) as pool:
        for future in as_completed(pool.submit(year, seed, asked, empty) for seed in left):
            one = future.result()
            _file(out, one.seed).write_text(json.dumps(asdict(one)), encoding="utf-8")
            years.append(one)
            print(_line(one), *one.findings, sep="\n    ", flush=True)
    return years


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--first", type=int, default=1)
    parser.add_argument("--people", type=int, default=500, help="of each seed")
    parser.add_argument("--wishes", type=int, default=24, help="to reach each of them, on average")
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--out", type=Path, required=True, help="where what was found is kept, and gone on with")
    parser.add_argument("--plain", action="store_true", help="fail for what is against every reading alone")
    asked = parser.parse_args()
    asked.out.mkdir(parents=True, exist_ok=True)
    seeds = range(asked.first, asked.first + asked.seeds)
    years = _all(seeds, Asked(asked.people, asked.wishes), asked.out, asked.processes)
    print(_tables(years))
    failed = [one for one in years if one.against_plain or (one.against_cautious and not asked.plain)]
    reasons = sum(one.without_reason for one in years)
    print(_says(len(years), len(failed), reasons, asked.people * len(years)))
    sys.exit(bool(failed or reasons))


def _says(years: int, failed: int, reasons: int, people: int) -> str:
    if failed or reasons:
        return f"{failed} of {years} years have findings; {reasons} refusals have no reason."
    return (
        f"{years} years of {people:,} people passed the checker: nothing left that was not allowed, and every refusal "
        "has its reason."
    )


if __name__ == "__main__":
    main()
