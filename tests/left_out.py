"""What will the tests leave out on this machine, and how could it be had? Run by `make test` before them.

With --nothing-left-out anything missing is an error: so CI runs it.
"""

from __future__ import annotations

import sys
from pathlib import Path

from on_postgresql import binaries

CHROMIUM = Path("/usr/bin/chromium")
DOVECOT = Path("/usr/sbin/dovecot")
DATA = Path(__file__).resolve().parents[2] / "shared" / "data"


def missing() -> list[str]:
    """A sentence for each thing that is not here."""
    absent = []
    if not DATA.is_dir():
        absent.append("tests on public data skip: the data sets are not in ../shared/data, beside this checkout")
    if binaries() is None:
        absent.append("the server's tests on PostgreSQL do not run (Debian: apt-get install postgresql)")
    if not CHROMIUM.exists():
        absent.append("tests in a browser skip: there is no /usr/bin/chromium (Debian: apt-get install chromium)")
    if not DOVECOT.exists():
        absent.append("mail is not fetched from a real mailbox (Debian: apt-get install dovecot-imapd)")
    return absent


def main(arguments: list[str]) -> int:
    left_out = missing()
    for sentence in left_out:
        sys.stderr.write(f"Left out: {sentence}\n")
    return int(bool(left_out) and "--nothing-left-out" in arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
