"""Does a backup that was taken under load, brought back elsewhere, hold everything acknowledged before it began?"""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.journeys.running import Installation

from benchmarks.intake import counting, databases
from benchmarks.intake.counting import Verdict
from benchmarks.intake.offering import Offering, Told
from benchmarks.intake.service import Service
from benchmarks.intake.submissions import Submission

_TRIES = 5
_MASTER_KEY = Path("keys") / "master.key"


class Backup(threading.Thread):
    """Taken once half of the load is behind; tried again where a kill, a lock or a full disk stopped it."""

    def __init__(self, service: Service, offering: Offering, archive: Path) -> None:
        super().__init__(daemon=True)
        self.archive, self.tries, self.seconds = archive, 0, 0.0
        self.before: set[int] = set()  # acknowledged when it began
        self.says, self.key = "", service.key
        self.key_file = archive.with_suffix(".key")
        self._service, self._offering = service, offering

    def run(self) -> None:
        while self._offering.share < 0.5:
            time.sleep(0.02)
        for self.tries in range(1, _TRIES + 1):
            self.before = self._offering.acknowledged()
            start = time.monotonic()
            done = self._service.installation.ran("backup", str(self.archive))
            self.seconds = time.monotonic() - start
            if done.returncode == 0:
                shutil.copy(self._service.installation.home / _MASTER_KEY, self.key_file)
                return
            self.says = done.stderr.strip()[-200:]
            self.archive.unlink(missing_ok=True)


def judge(
    verdict: Verdict, backup: Backup, submissions: dict[int, Submission], told: dict[int, Told], url: str
) -> None:
    backup.join()
    verdict.note(
        "backup under load: tries, seconds", f"{backup.tries}, {backup.seconds:.1f}", good=backup.archive.exists()
    )
    if not backup.archive.exists():
        verdict.note("what it said", backup.says, good=False)
        return
    before = {number: one for number, one in told.items() if number in backup.before}
    with databases.own(url) as database, _restored(backup, database) as service:
        book = counting.drained(service.installation, patience=120)
        verdict.note("restored: acknowledged before it began", len(before))
        counting.judge_acknowledged(verdict, service, submissions, before)
        states = counting.inbox(service.installation)
        kept = {i for i, state in states.items() if state != "repeat"} - {one.ids[0] for one in before.values()}
        verdict.note("restored: others that it caught", len(kept), good=len(kept) <= len(told) - len(before))
        verdict.note("restored: the ledger's difference", book["difference"], good=book["difference"] == 0)
        whole = book["leads"] == book["assessed"] == len(before) + len(kept)
        verdict.note("restored: leads = assessed = both together", book["leads"], good=whole)
        counting.judge_trail(verdict, service.installation)


@contextmanager
def _restored(backup: Backup, database: str) -> Iterator[Service]:
    folder = backup.archive.parent
    home = folder / "elsewhere"
    (home / _MASTER_KEY).parent.mkdir(parents=True)
    shutil.copy(backup.key_file, home / _MASTER_KEY)
    installation = Installation(home, database=database, logs=folder / "logs-elsewhere")
    (folder / "logs-elsewhere").mkdir()
    installation.command("restore", str(backup.archive))
    service = Service(installation, backup.key)
    try:
        service.start()
        yield service
    finally:
        installation.stop()
