"""How is everything kept elsewhere, and brought back so that nothing is lost? One archive, taken while Leadwell runs.

The main database is copied as it stood at one moment, then the inbox: every lead in the copy has its submission there.
What was judged between the two moments is judged again after a restore (`reconcile`). The master key is left out on
purpose: an archive that holds it would open itself.
"""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import tarfile
import tempfile
from contextlib import closing
from pathlib import Path
from typing import Final

from django.conf import settings
from django.db import connections
from django.utils import timezone

from leadwell import __version__
from leadwell.server import environment
from leadwell.server.intake.models import State, Submission
from leadwell.server.leads.models import Lead

_BESIDE: Final = ("anchors.jsonl", "erased.jsonl")
_ABOUT: Final = "about.json"
_DUMP: Final = "leadwell.pgdump"
_PAGES: Final = 2_000
_CHUNK: Final = 5_000


class CannotBackUp(RuntimeError):  # noqa: N818  its message is for the person who asked
    pass


def back_up(target: Path) -> int:
    """Writes the archive, readable by its owner only; returns its size in bytes. Raises CannotBackUp."""
    with tempfile.TemporaryDirectory(dir=environment.home(), prefix="backup-") as folder:
        here = Path(folder)
        parts = _dumped(here) if _on_postgresql() else _copied(here)
        (here / _ABOUT).write_text(json.dumps({"leadwell": __version__, "at": timezone.now().isoformat()}))
        beside = [environment.home() / name for name in _BESIDE if (environment.home() / name).exists()]
        partly = target.with_name(target.name + ".part")
        with open(os.open(partly, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:  # noqa: PTH123
            with tarfile.open(fileobj=file, mode="w:gz", compresslevel=1) as archive:
                for path in (here / _ABOUT, *parts, *beside):
                    archive.add(path, arcname=path.name)
            file.flush()
            os.fsync(file.fileno())
        partly.replace(target)
    return target.stat().st_size


def _on_postgresql() -> bool:
    return connections["default"].vendor == "postgresql"


def _copied(here: Path) -> list[Path]:
    """SQLite's own online copies, the main database before the inbox."""
    copies = []
    for database in ("default", "inbox"):
        source = Path(settings.DATABASES[database]["NAME"])
        copy = here / source.name
        with closing(sqlite3.connect(source)) as origin, closing(sqlite3.connect(copy)) as made:
            origin.backup(made, pages=_PAGES)
        copies.append(copy)
    return copies


def _dumped(here: Path) -> list[Path]:
    if shutil.which("pg_dump") is None:
        raise CannotBackUp("pg_dump is not installed here (Debian: postgresql-client); it is what backs PostgreSQL up.")
    target = here / _DUMP
    _run(["pg_dump", "--format=custom", f"--file={target}"])
    return [target]


def _run(command: list[str]) -> None:
    given = settings.DATABASES["default"]
    names = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD", "PGDATABASE": "NAME"}
    variables = {name: str(given[key]) for name, key in names.items() if given.get(key)}
    done = subprocess.run(command, env={**os.environ, **variables}, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise CannotBackUp(
            f"{command[0]} failed: {done.stderr.strip().splitlines()[-1] if done.stderr else done.returncode}"
        )


def bring_back(archive: Path, *, replace: bool = False) -> None:
    """Puts an archive's databases in place, before Django is used. Raises CannotBackUp where there are some already."""
    home = environment.home()
    with tempfile.TemporaryDirectory(dir=home, prefix="restore-") as folder:
        here = Path(folder)
        try:
            with tarfile.open(archive) as opened:
                opened.extractall(here, filter="data")
        except (tarfile.TarError, OSError) as error:
            raise CannotBackUp(f"{archive.name} is no backup of Leadwell that can be read.") from error
        if not (here / _ABOUT).exists():
            raise CannotBackUp(f"{archive.name} is no backup of Leadwell.")
        if _on_postgresql():
            _run(
                [
                    "pg_restore",
                    "--clean",
                    "--if-exists",
                    "--no-owner",
                    f"--dbname={settings.DATABASES['default']['NAME']}",
                    str(here / _DUMP),
                ]
            )
        else:
            _in_place(here, replace=replace)
        for name in _BESIDE:
            _merged(here / name, home / name)


def _in_place(here: Path, *, replace: bool) -> None:
    for database in ("default", "inbox"):
        target = Path(settings.DATABASES[database]["NAME"])
        if target.exists() and not replace:
            raise CannotBackUp(f"There is data in {target.parent} already. --replace puts the backup in its place.")
    connections.close_all()
    for database in ("default", "inbox"):
        target = Path(settings.DATABASES[database]["NAME"])
        for suffix in ("-wal", "-shm"):
            target.with_name(target.name + suffix).unlink(missing_ok=True)
        shutil.move(here / target.name, target)


def _merged(old: Path, kept: Path) -> None:
    """Lines of the archive that the data folder does not have: what was erased later stays erased."""
    if not old.exists():
        return
    there = kept.read_text().splitlines() if kept.exists() else []
    lines = dict.fromkeys([*old.read_text().splitlines(), *there])
    kept.write_text("".join(f"{line}\n" for line in lines))


def reconcile() -> int:
    """Makes due again what was assessed but has no lead, as after a restore; returns how many."""
    count = 0
    assessed = Submission.objects.filter(state=State.ASSESSED, leads__gt=0).order_by("pk")
    last = None
    while page := list((assessed.filter(pk__gt=last) if last else assessed).values_list("pk", flat=True)[:_CHUNK]):
        last = page[-1]
        there = set(Lead.objects.filter(submission__in=page).values_list("submission", flat=True))
        missing = [one for one in page if one not in there]
        count += Submission.objects.filter(pk__in=missing).update(
            state=State.RECEIVED, due_at=timezone.now(), lead=None, leads=0
        )
    return count
