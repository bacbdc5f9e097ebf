"""How is everything kept elsewhere, so that nothing is lost? One archive, taken while Leadwell runs (`restoring`).

The main database is copied as it stood at one moment, then the inbox: every lead in the copy has its submission there.
What was judged between the two moments is judged again after a restore. The master key is left out on purpose: an
archive that holds it would open itself.
"""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
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
from leadwell.server.base import postgresql
from leadwell.server.consent.noted import STOPS_FILE
from leadwell.server.privacy.anchors import ANCHORS
from leadwell.server.privacy.held import ERASED_FILE

BESIDE: Final = (ANCHORS, ERASED_FILE, STOPS_FILE)
ABOUT: Final = "about.json"
DUMP: Final = "leadwell.pgdump"
_PAGES: Final = 2_000


class CannotBackUp(RuntimeError):  # noqa: N818  its message is for the person who asked
    pass


def back_up(target: Path) -> int:
    """Writes the archive, readable by its owner only; returns its size in bytes. Raises CannotBackUp."""
    with tempfile.TemporaryDirectory(dir=environment.home(), prefix="backup-") as folder:
        here, at = Path(folder), timezone.now()
        parts = _dumped(here) if connections["default"].vendor == "postgresql" else _copied(here)
        beside = [environment.home() / name for name in BESIDE if (environment.home() / name).exists()]
        parts += [Path(shutil.copyfile(path, here / path.name)) for path in beside]
        about = {
            "leadwell": __version__,
            "at": at.isoformat(),
            "parts": {part.name: part.stat().st_size for part in parts},
        }
        (here / ABOUT).write_text(json.dumps(about), encoding="utf-8")
        partly = target.with_name(target.name + ".part")
        with open(os.open(partly, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:  # noqa: PTH123
            with tarfile.open(fileobj=file, mode="w:gz", compresslevel=1) as archive:
                for path in (here / ABOUT, *parts):
                    archive.add(path, arcname=path.name)
            file.flush()
            os.fsync(file.fileno())
        partly.replace(target)
    return target.stat().st_size


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
    try:
        postgresql.run("pg_dump", "--format=custom", f"--file={here / DUMP}")
    except postgresql.Failed as error:
        raise CannotBackUp(str(error)) from error
    return [here / DUMP]
