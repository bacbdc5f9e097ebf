"""A backup is brought back whole, or refused before anything is touched; what it takes away stays told. (F33)"""

from __future__ import annotations

import io
import json
import shutil
import sqlite3
import tarfile
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from tests.journeys.running import Installation, until

pytestmark = pytest.mark.slow

_LEADS = """
from leadwell.server.intake.accepting import Delivery, accept
from leadwell.server.intake.draining import drain
from leadwell.server.intake.queries import source_of_kind
source = source_of_kind(ours.pk, "api")
for name in sys.argv[1:]:
    said = {"full_name": f"Anabel {name}", "email": f"{name}@example.com", "message": f"a new knee, {name}"}
    accept(ours.pk, source, [Delivery(orjson.dumps(said))])
drain()
"""
_ERASE = """
from leadwell.server.leads.models import Lead
from leadwell.server.privacy.held import erase
for lead in Lead.objects.of(ours.pk).exclude(person=None).order_by("received_at")[:int(sys.argv[1])]:
    erase(ours.pk, lead.person_id, actor="command")
"""
_COUNT = """
from leadwell.server.leads.models import Lead
print(Lead.objects.of(ours.pk).count(), Lead.objects.of(ours.pk).exclude(person=None).count())
"""
_ANCHOR = """
from leadwell.server.privacy.anchors import anchor, note_heads
anchor(ours.pk); note_heads()
"""


def state(clinic: Installation) -> dict[str, str]:
    """What may not change by a restore that is refused."""
    home = {
        path.relative_to(clinic.home).as_posix(): path.read_bytes().hex()
        for path in clinic.home.rglob("*")
        if path.is_file() and path.name.endswith((".key", ".jsonl"))
    }
    names = sorted(path.name for path in clinic.home.iterdir() if "sqlite3-" not in path.name)
    return home | {
        "names": ",".join(names),
        "leads": clinic.within(_COUNT),
        "trail": clinic.command("audit", "verify"),
    }


def refused(clinic: Installation, archive: Path, says: str) -> None:
    before = state(clinic)
    done = clinic.ran("restore", str(archive), "--replace")
    assert done.returncode == 1, done.stdout
    assert says in done.stderr
    assert "Traceback" not in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1, done.stderr
    assert state(clinic) == before


Members = dict[str, bytes]


def members(archive: Path) -> Members:
    with tarfile.open(archive) as opened:
        return {one.name: opened.extractfile(one).read() for one in opened}


def packed(target: Path, parts: Members) -> Path:
    with tarfile.open(target, "w:gz") as archive:
        for name, content in parts.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return target


def without(name: str) -> Callable[[Members], Members]:
    return lambda parts: {one: content for one, content in parts.items() if one != name}


def old(parts: Members) -> Members:
    """Says nothing of its parts, like one made before they were named."""
    return {**parts, "about.json": json.dumps({"leadwell": "0", "at": "2026-11-26T08:00:00+00:00"}).encode()}


def with_(name: str, change: Callable[[bytes], bytes]) -> Callable[[Members], Members]:
    return lambda parts: {**old(parts), name: change(parts[name])}


def statement(sql: str) -> Callable[[bytes], bytes]:
    """A database after one more statement."""

    def changed(content: bytes) -> bytes:
        with closing(sqlite3.connect(":memory:")) as opened:
            opened.deserialize(content[:18] + b"\x01\x01" + content[20:])  # no log, for it is in memory
            opened.execute(sql)
            opened.commit()
            return bytes(opened.serialize())

    return changed


def _torn(content: bytes) -> bytes:
    """Pages in the middle of it are of nothing."""
    middle = len(content) // 2 // 4096 * 4096
    return content[:middle] + b"\x55" * 4096 * 3 + content[middle + 4096 * 3 :]


_NEWER = "INSERT INTO django_migrations (app, name, applied) VALUES ('leads', '9999_of_next_year', '2027-01-01')"
BROKEN: dict[str, tuple[Callable[[Members], Members], str]] = {
    "no inbox": (lambda parts: without("inbox.sqlite3")(old(parts)), "inbox.sqlite3 is missing"),
    "about alone": (lambda parts: {"about.json": parts["about.json"]}, "is missing or cut"),
    "nothing said of it": (without("about.json"), "is no backup of Leadwell"),
    "a part that it names": (without("inbox.sqlite3"), "inbox.sqlite3 is missing or cut"),
    "no database": (with_("leadwell.sqlite3", lambda content: b"junk" * 999), "is no database"),
    "torn": (with_("leadwell.sqlite3", _torn), "does not pass SQLite's own check"),
    "another's": (with_("inbox.sqlite3", lambda content: b""), "its databases are of something else"),
    "a newer one's": (with_("leadwell.sqlite3", statement(_NEWER)), "was made by a newer Leadwell"),
    "a table less": (with_("leadwell.sqlite3", statement("DROP TABLE leads_event")), "leads_event is missing"),
    "a way out": (lambda parts: {**parts, "../outside": b"x"}, "is no backup of Leadwell"),
}  # fmt: skip


@pytest.fixture
def backup(clinic: Installation, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Of three leads; two came after it, and the trail went on and was anchored."""
    folder = tmp_path_factory.mktemp("backups")
    clinic.within(_LEADS, "Aaa", "Bbb", "Ccc")
    clinic.command("backup", str(folder / "one.tar.gz"))
    clinic.within(_LEADS, "Ddd", "Eee")
    clinic.within(_ERASE, "1")
    clinic.within(_ANCHOR)
    yield folder / "one.tar.gz"
    shutil.rmtree(folder)


def test_a_backup_that_is_not_whole_or_not_ours_is_refused_untouched(clinic: Installation, backup: Path) -> None:
    if not clinic.database:
        for name, (change, says) in BROKEN.items():
            refused(clinic, packed(backup.with_name(f"{name}.tar.gz".replace(" ", "-")), change(members(backup))), says)
    else:
        refused(
            clinic,
            packed(backup.with_name("none.tar.gz"), without("leadwell.pgdump")(old(members(backup)))),
            "has no dump",
        )
        torn = with_("leadwell.pgdump", lambda content: content[: len(content) // 2])
        refused(clinic, packed(backup.with_name("torn.tar.gz"), torn(members(backup))), "pg_restore failed")
    cut = backup.with_name("cut.tar.gz")
    cut.write_bytes(backup.read_bytes()[: backup.stat().st_size // 2])
    refused(clinic, cut, "that can be read to its end")
    (clinic.home / "keys" / "master.key").rename(clinic.home / "keys" / "aside")
    (clinic.home / "keys" / "master.key").write_text("Zm9yZWlnbmZvcmVpZ25mb3JlaWduZm9yZWlnbmZvcmU=")
    done = clinic.ran("restore", str(backup), "--replace")
    assert (done.returncode, "The keys at hand do not open one.tar.gz" in done.stderr) == (1, True)
    (clinic.home / "keys" / "master.key").unlink()
    done = clinic.ran("restore", str(backup), "--replace")
    assert (done.returncode, "There is no master key here" in done.stderr) == (1, True)
    assert not (clinic.home / "keys" / "master.key").exists()
    (clinic.home / "keys" / "aside").rename(clinic.home / "keys" / "master.key")
    assert clinic.within(_COUNT) == "5 4"
    done = clinic.ran("restore", str(backup))
    assert (done.returncode, "There is data in" in done.stderr) == (1, True)


def test_it_comes_back_and_says_so_and_who_was_erased_stays_so(clinic: Installation, backup: Path) -> None:
    erased = clinic.home / "erased.jsonl"
    erased.write_bytes(erased.read_bytes() + erased.read_bytes()[:50])
    for _ in range(2):  # under the third master key the first still opens it
        clinic.command("rotate", "master", "--make")
    done = clinic.ran("restore", str(backup), "--replace")
    assert (done.returncode, "1 people stay erased" in done.stdout) == (0, True), done.stderr
    assert "1 lines of erased.jsonl, stops.jsonl or anchors.jsonl could not be read" in done.stderr
    assert "is kept in" in done.stdout
    assert "before a restore is still kept" in clinic.ran("doctor").stdout
    assert clinic.within(_COUNT) == "3 2"
    said = clinic.command("audit", "verify")
    assert "was brought back: entries" in said
    assert erased.read_bytes().count(b"\n") == 1
    clinic.within(_LEADS, "Fff")
    clinic.within(_ANCHOR)
    assert "was brought back: entries" in clinic.command("audit", "verify")
    assert clinic.ledger()["difference"] == 0
    clinic.command("restore", str(backup), "--replace")
    assert "was brought back: entries" in clinic.command("audit", "verify")
    assert clinic.within(_COUNT) == "3 2"


def test_what_fails_in_the_last_step_puts_back_what_was_there(clinic: Installation, backup: Path) -> None:
    before = state(clinic)
    failing = """
from pathlib import Path
from leadwell.server import replacing, restoring
real = Path.replace
def fails(self, target):
    if Path(target).name == "heads.jsonl" and self.parent != Path(target).parent:
        raise OSError(28, "No space left on device")
    return real(self, target)
Path.replace = fails
try:
    restoring.bring_back(Path(sys.argv[1]), replace=True)
except restoring.CannotRestore as error:
    print(error)
"""
    assert "No space left on device" in clinic.within(failing, str(backup))
    assert state(clinic) == before


def test_while_leadwell_runs_nothing_is_brought_back(clinic: Installation, backup: Path) -> None:
    clinic.start_worker()
    until(lambda: "1 running" in clinic.ran("doctor").stdout, "the worker")
    done = clinic.ran("restore", str(backup), "--replace")
    clinic.stop("worker")
    assert (done.returncode, "Stop it first" in done.stderr) == (1, True), done.stderr
    assert clinic.within(_COUNT) == "5 4"
