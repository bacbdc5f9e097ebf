"""What will the tests leave out on this machine, and how could it be had? Run by `make test` before them.

With --nothing-left-out anything missing is an error: so CI runs it.
"""

from __future__ import annotations

import sys
from pathlib import Path

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"


def missing() -> list[str]:
    """A sentence for each thing that is not here."""
    if DATA.is_dir():
        return []
    return ["tests on public data skip: the data sets are not in ../shared/data, beside this checkout"]


def main(arguments: list[str]) -> int:
    left_out = missing()
    for sentence in left_out:
        sys.stderr.write(f"Left out: {sentence}\n")
    return int(bool(left_out) and "--nothing-left-out" in arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
