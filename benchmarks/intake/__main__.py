"""What does `python -m benchmarks.intake` run? `lost`: nothing is lost or doubled; `rates`: how quick it is."""

from __future__ import annotations

import argparse
import signal
import sys

from benchmarks.intake import rates
from benchmarks.intake.counting import Verdict
from benchmarks.intake.harm import Plan
from benchmarks.intake.lost import Run, judged

_WHAT = 52  # columns of a line for what was counted


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.intake", description=__doc__)
    kinds = parser.add_subparsers(required=True)
    _lost_arguments(kinds.add_parser("lost", help="harm it under load, and count"))
    _rates_arguments(kinds.add_parser("rates", help="how quick it is, as ratios of one run"))
    chosen = parser.parse_args(arguments)
    answer: int = chosen.run(chosen)
    return answer


def _lost_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--count", type=int, default=10_000, help="submissions, each delivered twice")
    parser.add_argument("--kills", type=int, default=30)
    parser.add_argument("--fills", type=int, default=4, help="times the disk is full")
    parser.add_argument("--locks", type=int, default=4, help="times somebody else holds the database")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--postgresql", default="", metavar="URL", help="a database is made beside it, and dropped")
    parser.add_argument("--no-backup", action="store_true")
    parser.add_argument("--no-mount", action="store_true", help="fill the disk by limits on the processes")
    parser.add_argument("--no-breaks", action="store_true", help="no connection breaks off in the middle of a body")
    parser.add_argument("--patience", type=float, default=Run().patience, help="seconds to wait until nothing waits")
    parser.set_defaults(run=_lost)


def _lost(chosen: argparse.Namespace) -> int:
    run = Run(
        count=chosen.count,
        plan=Plan(kills=chosen.kills, fills=chosen.fills, locks=chosen.locks),
        seed=chosen.seed,
        database=chosen.postgresql,
        workers=chosen.workers,
        backup=not chosen.no_backup,
        breaks=not chosen.no_breaks,
        mount=not chosen.no_mount,
        patience=chosen.patience,
    )
    return ended(judged(run, Verdict(line)))


def _rates_arguments(parser: argparse.ArgumentParser) -> None:
    usual = rates.Size()
    parser.add_argument("--requests", type=int, default=usual.requests, help="requests of each round as fast as can be")
    parser.add_argument("--seconds", type=float, default=usual.seconds, help="how long the fixed rate is kept up")
    parser.add_argument("--rate", type=float, default=usual.rate, help="requests a second")
    parser.add_argument("--backlog", type=int, default=usual.backlog, help="leads that wait when the drain begins")
    parser.add_argument("--postgresql", default="", metavar="URL", help="there too: databases are made beside it")
    parser.set_defaults(run=_rates)


def _rates(chosen: argparse.Namespace) -> int:
    size = rates.Size(chosen.requests, chosen.rate, chosen.seconds, chosen.backlog)
    rates.main(size, chosen.postgresql)
    return 0


def line(what: str, figure: str, good: bool) -> None:
    print(f"{what:{_WHAT}s} {figure}{'' if good else '   WRONG'}", flush=True)


def ended(verdict: Verdict) -> int:
    if verdict.wrong:
        print(f"{len(verdict.wrong)} counts are wrong: something is lost, doubled or unaccounted for.")
        return 1
    print("Nothing is lost and nothing doubled.")
    return 0


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that what was started is stopped and taken away
    sys.exit(main(sys.argv[1:]))
