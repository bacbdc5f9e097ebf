"""Is SQLite's log moved into its file, does nobody wait long for it, and does no file lose its locks?"""

import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from django.db.backends.sqlite3.base import DatabaseWrapper
from django.db.utils import ConnectionHandler, DatabaseError

from leadwell.server import environment
from leadwell.server.base import embedded
from leadwell.server.base.embedded import _move, on_disk, unsound
from leadwell.server.base.turns import alone_moving


@pytest.fixture
def connection(db: None, tmp_path: Path) -> Iterator[DatabaseWrapper]:
    settings = environment._sqlite("here.sqlite3", "FULL") | {"NAME": tmp_path / "here.sqlite3"}
    made = ConnectionHandler({"default": settings})["default"]
    with made.cursor() as cursor:
        cursor.execute("CREATE TABLE it (n)")
        cursor.executemany("INSERT INTO it VALUES (%s)", [(n,) for n in range(1_000)])
    yield made
    made.close()


def _in_file(folder: Path) -> int:
    """The rows that a copy of the file without its log has."""
    copy = folder / "copy.sqlite3"
    copy.write_bytes(_without_its_log(folder / "here.sqlite3"))
    with closing(sqlite3.connect(copy)) as one:
        there = one.execute("SELECT 1 FROM sqlite_master WHERE name = 'it'").fetchone()
        return len(one.execute("SELECT n FROM it").fetchall()) if there else 0


def _without_its_log(path: Path) -> bytes:
    """By a process of its own: whoever closes the file here drops SQLite's locks on it."""
    read = "import sys; sys.stdout.buffer.write(open(sys.argv[1], 'rb').read())"
    return subprocess.run([sys.executable, "-c", read, str(path)], capture_output=True, check=True).stdout


def test_the_log_is_moved_into_the_file(connection: DatabaseWrapper, tmp_path: Path) -> None:
    assert _in_file(tmp_path) == 0
    _move(connection)
    assert _in_file(tmp_path) == 1_000


def test_the_most_is_moved_beside_writers_and_the_rest_while_they_wait(
    connection: DatabaseWrapper, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    moved, could_write = embedded._moved, []

    def watched(mover: sqlite3.Connection) -> None:
        moved(mover)
        could_write.append(_writes(tmp_path / "here.sqlite3"))

    monkeypatch.setattr(embedded, "_moved", watched)
    _move(connection)
    assert could_write == [True, False]
    assert _in_file(tmp_path) == 1_001


def _writes(path: Path) -> bool:
    with closing(sqlite3.connect(path, timeout=0, isolation_level=None)) as writer:
        writer.execute("PRAGMA wal_autocheckpoint=0")
        try:
            writer.execute("INSERT INTO it VALUES (1)")
        except sqlite3.OperationalError:
            return False
        return True


def test_nobody_sets_about_a_log_of_which_nothing_is_left_to_move(
    connection: DatabaseWrapper, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a writer then began anew could be lost; so it has begun anew already, by a page of ours."""
    _move(connection)
    moved, salts = embedded._moved, [_salt(tmp_path)]

    def watched(mover: sqlite3.Connection) -> None:
        salts.append(_salt(tmp_path))
        moved(mover)

    monkeypatch.setattr(embedded, "_moved", watched)
    _move(connection)
    assert salts[0] != salts[1] == salts[2]


def _salt(folder: Path) -> bytes:
    """What changes in the head of a log as it is begun anew (sqlite.org/fileformat.html, 4.1)."""
    return (folder / "here.sqlite3-wal").read_bytes()[16:24]


def test_of_two_workers_one_moves_the_logs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, db: None) -> None:
    monkeypatch.setenv("LEADWELL_HOME", str(tmp_path))
    with alone_moving() as first, alone_moving() as second:
        assert (first, second) == (True, False)
    with alone_moving() as again:
        assert again


def test_nobody_waits_long_for_whoever_reads(connection: DatabaseWrapper, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "here.sqlite3", isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT n FROM it").fetchone()
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO it VALUES (1)")
        start = time.monotonic()
        _move(connection)
        assert time.monotonic() - start < 5  # the connection's own patience is 20
    with connection.cursor() as cursor:
        assert cursor.execute("PRAGMA busy_timeout").fetchone() == (20_000,)


def test_nothing_is_moved_beside_a_writer(connection: DatabaseWrapper, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "here.sqlite3", isolation_level=None)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        _move(connection)
        assert _in_file(tmp_path) == 0
    _move(connection)
    assert _in_file(tmp_path) == 1_000


def test_a_disk_that_refuses_is_told_as_any_trouble_of_the_database(connection: DatabaseWrapper) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    connection.settings_dict["NAME"] = Path("/nowhere/here.sqlite3")
    with pytest.raises(DatabaseError):
        _move(connection)


_TAKES_IT = """
import sqlite3, sys
with sqlite3.connect(sys.argv[1], timeout=0) as one:
    try:
        print(one.execute("PRAGMA journal_mode=DELETE").fetchone()[0])
    except sqlite3.OperationalError as error:
        print(error)
"""


@pytest.mark.parametrize("does", [on_disk, _move])
def test_a_file_in_use_stays_in_use_for_every_other_process(
    does: Callable[[DatabaseWrapper], None], connection: DatabaseWrapper, tmp_path: Path
) -> None:
    does(connection)
    whole = [sys.executable, "-c", _TAKES_IT, str(tmp_path / "here.sqlite3")]
    assert subprocess.run(whole, capture_output=True, text=True, check=True).stdout.strip() == "database is locked"


def test_a_damaged_file_is_found(connection: DatabaseWrapper, tmp_path: Path) -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE INDEX by_n ON it (n)")
    assert unsound(connection) == ""
    _move(connection)
    connection.close()
    path = tmp_path / "here.sqlite3"
    whole = bytearray(path.read_bytes())
    whole[-4096:] = bytes(4096)  # a page that was never written
    path.write_bytes(whole)
    assert unsound(connection)
