"""How is a backup brought back so that nothing is lost? It is proved, mended and made whole before it is put in force.

It is unpacked beside what is there, and Django is led to it: every database is whole and of a version known here, the
keys at hand open it, who was erased since is erased again, who has stopped us since is stopped again, what was found of
addresses and who was taken for one since is known again, each trail tells of it, and what was not written yet is due
again. Only then does it take the place of what is there, which is kept, and comes back where that fails.
"""

from __future__ import annotations

import json
import shutil
import tarfile
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from dataclasses import replace as replaced
from pathlib import Path
from typing import Any, Final

from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connections, router
from django.db.migrations.loader import MigrationLoader

from leadwell.server import environment, starting
from leadwell.server.access.models import Organization
from leadwell.server.backup import ABOUT, BESIDE, DUMP
from leadwell.server.base.postgresql import Failed
from leadwell.server.consent.noted import STOPS_FILE, noted_before, stop_again
from leadwell.server.consent.noted_findings import FoundAgain, find_again
from leadwell.server.intake.unwritten import due_again
from leadwell.server.outreach.restoring import hold_back
from leadwell.server.privacy import anchors, keyring, lines, restored
from leadwell.server.privacy.held import ERASED_FILE, erase_again
from leadwell.server.replacing import InTheWay, Place, place
from leadwell.server.signin import sealing

UNREAD: Final = "unread.jsonl"


class CannotRestore(RuntimeError):  # noqa: N818  its message is for the person who asked
    pass


@dataclass(frozen=True)
class Restored:
    """`again`: submissions that will be judged again; `erased`: people erased again; `stopped`: stops and withdrawals
    that the backup did not have; `found`: what else closes somebody that it did not have; `unread`: lines of what was
    erased, stopped or anchored that no one can read; `kept`: where what stood there before is, '' where there was
    nothing."""

    again: int
    erased: int
    stopped: int
    found: FoundAgain
    unread: int
    kept: str


def bring_back(archive: Path, *, replace: bool = False) -> Restored:
    """Puts a backup in the place of what is there. Raises CannotRestore, and then nothing has changed."""
    home = environment.home()
    for left in home.glob("restore-*"):  # by one that was killed
        shutil.rmtree(left, ignore_errors=True)
    with tempfile.TemporaryDirectory(dir=home, prefix="restore-") as folder:
        here = Path(folder)
        about = _unpacked(archive, here)
        try:
            where = place(here)
            where.look(replace=replace)
            with where.led_there():
                done = _made_whole(archive.name, about, here)
            kept = _in_force(where, here)
        except (InTheWay, Failed) as error:
            raise CannotRestore(str(error)) from error
        except DatabaseError as error:
            raise CannotRestore(f"{archive.name} is not whole: its databases cannot be read.") from error
        except OSError as error:
            raise CannotRestore(f"It could not be written: {error.strerror}. Nothing was changed.") from error
    keyring.forget_keyrings()
    sealing.forget_keys()
    return replaced(done, kept=kept)


def _unpacked(archive: Path, here: Path) -> dict[str, Any]:
    """What the archive says of itself, its parts unpacked. Nothing but parts of a backup is written."""
    databases = {Path(str(one["NAME"])).name for one in connections.settings.values()}
    names = {ABOUT, DUMP, *BESIDE, *databases, "leadwell.sqlite3", "inbox.sqlite3"}
    try:
        with tarfile.open(archive) as opened:
            for member in opened:
                if member.name not in names or not member.isfile():
                    raise CannotRestore(f"{archive.name} is no backup of Leadwell.")
                opened.extract(member, here, filter="data")
        about = json.loads((here / ABOUT).read_text(encoding="utf-8"))
        parts = dict(about.get("parts", {}))
    except FileNotFoundError as error:
        raise CannotRestore(f"{archive.name} is no backup of Leadwell.") from error
    except (tarfile.TarError, EOFError, zlib.error, OSError, ValueError, AttributeError, TypeError) as error:
        raise CannotRestore(f"{archive.name} is no backup of Leadwell that can be read to its end.") from error
    for name, size in parts.items():
        if name not in names or not (here / name).exists() or (here / name).stat().st_size != size:
            raise CannotRestore(f"{archive.name} is not whole: {name} is missing or cut.")
    return dict(about)


def _made_whole(name: str, about: dict[str, Any], here: Path) -> Restored:
    """Proves what was unpacked, to which Django is led, and makes it ready. The database that is in force is not
    touched, nor are the files beside it."""
    _of_this_version(name)
    _opens(name)
    starting.migrate()
    _complete(name)
    erasures, stops, anchored = (_joined(here, file) for file in (ERASED_FILE, STOPS_FILE, anchors.ANCHORS))
    told = restored.tell(str(about.get("at", "")), [*anchored.whole, *anchors.noted()])
    lines.rewrite(here / anchors.ANCHORS, _once(told))
    lines.rewrite(here / ERASED_FILE, erasures.whole)
    lines.rewrite(here / STOPS_FILE, stops.whole)
    unread = [*erasures.unread, *stops.unread, *anchored.unread]
    lines.replace(here / UNREAD, b"".join(line + b"\n" for line in unread))
    hold_back()
    stopped, found = stop_again(stops.whole), find_again(stops.whole)
    with noted_before():
        erased = erase_again(erasures.whole)
    again = due_again()
    heads = [one for number in Organization.objects.values_list("pk", flat=True) if (one := anchors.head(number))]
    lines.rewrite(here / anchors.HEADS, heads)
    return Restored(again, erased, stopped, found, len(unread), "")


def _of_this_version(name: str) -> None:
    for alias in connections:
        loader = MigrationLoader(connections[alias])
        if not any(app == "access" for app, _ in loader.applied_migrations):
            raise CannotRestore(f"{name} is no backup of Leadwell: its databases are of something else.")
        replaced = {one for made in loader.disk_migrations.values() for one in made.replaces}
        if loader.applied_migrations.keys() - loader.disk_migrations.keys() - replaced:
            raise CannotRestore(f"{name} was made by a newer Leadwell than this one. Bring this one up to date first.")


def _opens(name: str) -> None:
    """The keys at hand open every key of the backup, also where it was made under an earlier master key."""
    if not keyring.is_given():
        raise CannotRestore(
            "There is no master key here. Put the one of this backup into keys/master.key, or set LEADWELL_MASTER_KEY."
        )
    keyring.forget_keyrings()
    sealing.forget_keys()
    try:
        keyring.opens_all()
        sealing.opens_all()
    except (keyring.LostKey, ImproperlyConfigured) as error:
        raise CannotRestore(
            f"The keys at hand do not open {name}. {error} A former master key may also lie in keys/ as master-old.key."
        ) from error


def _complete(name: str) -> None:
    for alias in connections:
        there = set(connections[alias].introspection.table_names())
        models = [one for one in apps.get_models() if router.allow_migrate_model(alias, one) and one._meta.managed]
        if missing := sorted(one._meta.db_table for one in models if one._meta.db_table not in there):
            raise CannotRestore(f"{name} is not whole: the table {missing[0]} is missing.")


def _joined(here: Path, file: str) -> lines.Lines:
    """The lines of the archive and of the data folder, each once: what was erased later stays erased."""
    theirs, ours = lines.read(here / file), lines.read(environment.home() / file)
    return lines.Lines(_once([*theirs.whole, *ours.whole]), list(dict.fromkeys([*theirs.unread, *ours.unread])))


def _once(given: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [dict(json.loads(text)) for text in dict.fromkeys(json.dumps(line, sort_keys=True) for line in given)]


def _in_force(where: Place, here: Path) -> str:
    """Puts databases and files in place, or leaves all as it was."""
    files = [anchors.ANCHORS, ERASED_FILE, STOPS_FILE, anchors.HEADS]
    before = {name: path.read_bytes() if (path := environment.home() / name).exists() else None for name in files}
    with _all_or_nothing(where, before):
        kept = where.in_force()
        for name in files:
            (here / name).replace(environment.home() / name)
        for line in (here / UNREAD).read_bytes().splitlines():
            with (environment.home() / UNREAD).open("ab") as file:
                file.write(line + b"\n")
    return kept


@contextmanager
def _all_or_nothing(where: Place, before: dict[str, bytes | None]) -> Iterator[None]:
    try:
        yield
    except BaseException:
        where.back()
        for name, content in before.items():
            if content is None:
                (environment.home() / name).unlink(missing_ok=True)
            else:
                lines.replace(environment.home() / name, content)
        raise
