"""`python -m benchmarks.identity [--people N ...] [--postgresql URL] [--keep FOLDER] [--keep-database]
[--processes N] [--no-stream] [--halves] [--orders N]`

How soon somebody is looked up among N people, on SQLite and, with an address, on PostgreSQL in a database made beside
it and dropped, or kept; then the public lists arriving a few at a time. SQLite's people are kept for another run.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.identity import orders, stream
from benchmarks.kept import kept
from benchmarks.right.identity import DATA

KEPT = Path(tempfile.gettempdir()) / "leadwell-crowd"


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.identity", description=__doc__)
    parser.add_argument("--people", type=int, nargs="*", default=[20_000], metavar="N")
    parser.add_argument("--postgresql", default="", metavar="URL")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", default=KEPT, help="where (default: %(default)s)")
    parser.add_argument("--keep-database", action="store_true", help="that of PostgreSQL, too")
    parser.add_argument("--processes", type=int, default=1, metavar="N", help="that make the people")
    parser.add_argument("--no-stream", action="store_true")
    parser.add_argument("--halves", action="store_true", help="of the historical list each half by itself, too")
    parser.add_argument("--orders", type=int, default=0, metavar="N", help="the lists in N orders of arrival instead")
    chosen = parser.parse_args(arguments)
    for count in chosen.people:
        for url in dict.fromkeys(("", chosen.postgresql)):
            _look_up(count, url, chosen)
    if chosen.no_stream:
        return
    if DATA.is_dir():
        orders.main(chosen.orders) if chosen.orders else stream.main(halves=chosen.halves)
    else:
        print("../shared/data is absent: nothing arrived")


def _look_up(count: int, url: str, chosen: argparse.Namespace) -> None:
    with kept(chosen.keep, f"people-{count}", url, database=chosen.keep_database) as settings:
        command = [sys.executable, "-m", "benchmarks.identity.lookups", str(count), str(chosen.processes)]
        subprocess.run(command, env=os.environ | settings, check=True)


if __name__ == "__main__":
    main(sys.argv[1:])
