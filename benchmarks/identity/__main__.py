"""`python -m benchmarks.identity [--people N ...] [--postgresql URL] [--keep FOLDER] [--no-stream]`

How soon somebody is looked up among N people, on SQLite and, with an address, on PostgreSQL in a database made beside
it and dropped; then the public lists arriving a few at a time. `--keep`: the folder of people made before is used.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.identity import stream
from benchmarks.intake.databases import own
from benchmarks.right.identity import DATA


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.identity", description=__doc__)
    parser.add_argument("--people", type=int, nargs="*", default=[20_000])
    parser.add_argument("--postgresql", default="", metavar="URL")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="keep SQLite's people here for another run")
    parser.add_argument("--no-stream", action="store_true")
    chosen = parser.parse_args(arguments)
    for count in chosen.people:
        for url in dict.fromkeys(("", chosen.postgresql)):
            _look_up(count, url, chosen.keep)
    if chosen.no_stream:
        return
    if DATA.is_dir():
        stream.main()
    else:
        print("../shared/data is absent: nothing arrived")


def _look_up(count: int, url: str, keep: Path | None) -> None:
    with tempfile.TemporaryDirectory() as folder, own(url) as database:
        home = Path(folder) if url or keep is None else keep / f"people-{count}"
        environment = os.environ | {"LEADWELL_HOME": str(home), "LEADWELL_DATABASE_URL": database}
        command = [sys.executable, "-m", "benchmarks.identity.lookups", str(count)]
        subprocess.run(command, env=environment, check=True)


if __name__ == "__main__":
    main(sys.argv[1:])
