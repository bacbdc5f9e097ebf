"""`python -m benchmarks.worklist [--leads N] [--open N] [--postgresql URL] [--keep FOLDER] [--keep-database]
[--processes N] [--rounds N]`

How soon each page is there among N leads, of which some are open, for fifty people who work there; on SQLite and, with
an address, on PostgreSQL in a database made beside it and dropped, or kept. SQLite's files are kept for another run: a
million leads are 9 GB on either.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.kept import kept

KEPT = Path(tempfile.gettempdir()) / "leadwell-clinic"


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.worklist", description=__doc__)
    parser.add_argument("--leads", type=int, default=20_000, metavar="N")
    parser.add_argument("--open", type=int, default=0, metavar="N", help="of these leads (default: one in fifty)")
    parser.add_argument("--postgresql", default="", metavar="URL")
    parser.add_argument("--only-postgresql", action="store_true")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", default=KEPT, help="where (default: %(default)s)")
    parser.add_argument("--keep-database", action="store_true", help="that of PostgreSQL, too")
    parser.add_argument("--processes", type=int, default=1, metavar="N", help="that make the leads")
    parser.add_argument("--rounds", type=int, default=200, metavar="N", help="of each page")
    chosen = parser.parse_args(arguments)
    open_ = chosen.open or max(1, chosen.leads // 50)
    asked = [str(one) for one in (chosen.leads, open_, chosen.processes, chosen.rounds)]
    for url in dict.fromkeys(("", chosen.postgresql)):
        if url or not chosen.only_postgresql:
            with kept(chosen.keep, f"leads-{chosen.leads}", url, database=chosen.keep_database) as settings:
                command = [sys.executable, "-m", "benchmarks.worklist.pages", *asked]
                subprocess.run(command, env=os.environ | settings, check=True)


if __name__ == "__main__":
    main(sys.argv[1:])
