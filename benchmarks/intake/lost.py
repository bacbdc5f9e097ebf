"""Is anything lost or doubled, whatever happens to the processes, the disk, the database and the connections?"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from benchmarks.intake import counting, databases, disk, restored, service, submissions
from benchmarks.intake.counting import Verdict
from benchmarks.intake.harm import Harm, Plan
from benchmarks.intake.offering import Delivery, Offering, Told, planned
from benchmarks.intake.service import Service, Supervisor
from benchmarks.intake.submissions import Submission


@dataclass(frozen=True, slots=True)
class Run:
    """What is done in one run. `database`: a PostgreSQL server's address; a database is made beside it.

    `breaks`: some connections break off. `mount`: the disk is filled by a mount of its own, where that is permitted.
    `newly_made`: the data folder of a clinic that nobody has used yet, to be copied where it is given.
    """

    count: int = 10_000
    plan: Plan = field(default_factory=lambda: Plan(kills=30, fills=4, locks=4))
    seed: int = 1
    database: str = ""
    workers: int = 1
    backup: bool = True
    mount: bool = True
    breaks: bool = True
    patience: float = 300.0  # seconds to wait until nothing waits
    newly_made: Path | None = None


@dataclass(frozen=True, slots=True)
class _Scene:
    clinic: Service
    disk: disk.Disk
    folder: Path


def judged(run: Run, verdict: Verdict) -> Verdict:
    """Loads, harms, waits, counts; notes what it finds."""
    with _set(run) as scene:
        sent = submissions.made(run.count, seed=run.seed)
        offering = Offering(scene.clinic, planned(sent, Random(run.seed), breaks=run.breaks), seed=run.seed)
        backup = restored.Backup(scene.clinic, offering, scene.folder / "backup.tar.gz") if run.backup else None
        _loaded(verdict, run, scene, offering, backup)
        by_number = {one.number: one for one in sent}
        _counted(verdict, run, scene, by_number, offering)
        scene.clinic.installation.stop()
        if backup:
            restored.judge(verdict, backup, by_number, offering.told, run.database)
    return verdict


@contextmanager
def _set(run: Run) -> Iterator[_Scene]:
    with tempfile.TemporaryDirectory(prefix="leadwell-intake-") as name, databases.own(run.database) as database:
        folder = Path(name)
        home = folder / "home"
        home.mkdir()
        with (
            disk.prepared(home, database=database, mount=run.mount) as full,
            service.installed(
                folder, home=home, database=database, workers=run.workers, newly_made=run.newly_made
            ) as clinic,
        ):
            yield _Scene(clinic, full, folder)


def _loaded(verdict: Verdict, run: Run, scene: _Scene, offering: Offering, backup: restored.Backup | None) -> None:
    scene.clinic.start()
    supervisor = Supervisor(scene.clinic, run.seed)
    supervisor.start()
    if backup:
        backup.start()
    harm = Harm(scene.clinic, supervisor, scene.disk, offering)
    harm.begin(run.plan, seed=run.seed)
    start = time.monotonic()
    try:
        offering.run()
    finally:
        harm.end()
        supervisor.end()
    seconds = time.monotonic() - start
    verdict.note("submissions, each delivered twice", f"{run.count} in {seconds:.0f} s, seed {run.seed}")
    for answer, count in sorted(offering.answers.items()):
        verdict.note(f"  tries that were told: {answer}", count)
    verdict.zero("kinds of errors that are no problem details", offering.shapeless)
    kills = ", ".join(f"{name} {count}" for name, count in sorted(supervisor.kills.items()))
    verdict.note("times killed with -9", f"{harm.done['kill']}: {kills}", good=harm.done["kill"] == run.plan.kills)
    verdict.note("ended by themselves, started again", sum(supervisor.unasked.values()))
    verdict.note("times the disk was full", harm.done["fill"], good=harm.done["fill"] == run.plan.fills)
    verdict.note("  how", scene.disk.says)
    held = harm.done["lock"] + harm.done["lock refused"]
    verdict.note("times somebody else held the database", harm.done["lock"], good=held == run.plan.locks)


def _counted(verdict: Verdict, run: Run, scene: _Scene, sent: dict[int, Submission], offering: Offering) -> None:
    clinic, told = scene.clinic, offering.told
    for name in clinic.names:
        if name not in clinic.installation.processes:
            clinic.begin(name)
    clinic.wait()
    start = time.monotonic()
    counting.drained(clinic.installation, patience=run.patience)
    verdict.note("seconds until nothing waited", f"{time.monotonic() - start:.0f}")
    verdict.note("acknowledged", sum(bool(one.ids) for one in told.values()))
    counting.judge_inbox(verdict, clinic.installation, told)
    _offered_again(verdict, clinic, sent, told)
    book = counting.drained(clinic.installation, patience=run.patience)
    counting.judge_told(verdict, told)
    counting.judge_inbox(verdict, clinic.installation, told)
    counting.judge_acknowledged(verdict, clinic, sent, told)
    counting.judge_ledger(verdict, book, told)
    counting.judge_trail(verdict, clinic.installation)


def _offered_again(verdict: Verdict, clinic: Service, sent: dict[int, Submission], told: dict[int, Told]) -> None:
    """What nobody acknowledged is sent once more, now that all is quiet: its key must still be good."""
    again = [Delivery(sent[number], careful=True) for number, one in told.items() if not one.ids]
    last = Offering(clinic, again, seed=0)
    last.run()
    for number, one in last.told.items():
        told[number].ids += one.ids
        told[number].first += one.first
        told[number].turned_away += one.turned_away
    known = f"{len(again)}, {last.answers['202, a repeat']} of them known"
    verdict.note("never acknowledged, offered again when quiet", known)
    verdict.zero("not taken even then", [number for number, one in told.items() if not one.ids])
