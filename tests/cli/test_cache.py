"""Is the compiled search of a playbook kept between two runs, and never believed where it must not be?"""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from leadwell import playbook as playbooks
from leadwell.engines import compiled
from leadwell.playbook import Playbook
from leadwell.reading import packed, read, wanted
from leadwell.reading.search import Search

NAME = "diagnostics-occupational"
SOURCE = playbooks.find(NAME)
LEADS = pl.DataFrame(
    {"message": ["Necesito una resonancia de la rodilla", "no MRI befor my dot phisical", "chest pain, call my mother"]}
).with_columns(received_date=pl.date(2026, 11, 2))


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A cache in which the search of `NAME` is kept."""
    with pytest.MonkeyPatch.context() as patch:
        folder = tmp_path_factory.mktemp("kept")
        patch.setenv("XDG_CACHE_HOME", str(folder))
        compiled.ready(playbooks.load(SOURCE), SOURCE)
        (file,) = (folder / "leadwell").iterdir()
        yield file


@pytest.fixture
def home(tmp_path: Path, kept: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of that file, in a cache of its own; compiling is forbidden."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    (tmp_path / "leadwell").mkdir()
    file = tmp_path / "leadwell" / kept.name
    file.write_bytes(kept.read_bytes())
    monkeypatch.setattr(wanted, "_compiled", [])
    return file


class CompilesError(Exception):
    pass


@pytest.fixture
def never(monkeypatch: pytest.MonkeyPatch) -> None:
    def build(*_: object) -> Search:
        raise CompilesError

    monkeypatch.setattr(wanted, "build", build)
    wanted._of_words.cache_clear()


def ready() -> Playbook:
    playbook = playbooks.load(SOURCE)
    compiled.ready(playbook, SOURCE)
    return playbook


@pytest.mark.usefixtures("home", "never")
def test_a_second_run_does_not_compile() -> None:
    assert read(LEADS, ready()).height == LEADS.height


def test_what_was_kept_reads_as_what_was_compiled(home: Path) -> None:
    fresh = playbooks.load(SOURCE)
    again = ready()
    assert wanted.search(again) is not wanted.search(fresh)
    assert read(LEADS, again).equals(read(LEADS, fresh), null_equal=True)
    one, other = packed.pack(wanted.search(again)), packed.pack(wanted.search(fresh))
    assert one.keys() == other.keys()
    differing = [name for name in one if one[name].dtype != np.uint8 and not np.array_equal(one[name], other[name])]
    assert differing == []


def test_what_was_read_in_leads_is_not_kept(home: Path) -> None:
    playbook = ready()
    read(pl.DataFrame({"message": ["xyzzyquux knee"]}).with_columns(received_date=pl.date(2026, 11, 2)), playbook)
    arrays = packed.pack(wanted.search(playbook))
    assert not any(b"xyzzyquux" in array.tobytes() for array in arrays.values())


@pytest.mark.usefixtures("never")
@pytest.mark.parametrize("content", [b"", b"not a file of arrays", b"PK\x03\x04 broken"])
def test_what_cannot_be_read_is_compiled_anew(home: Path, content: bytes) -> None:
    home.write_bytes(content)
    with pytest.raises(CompilesError):
        ready()


@pytest.mark.usefixtures("never")
def test_half_a_file_is_compiled_anew(home: Path) -> None:
    whole = home.read_bytes()
    home.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(CompilesError):
        ready()


@pytest.mark.usefixtures("never")
def test_a_changed_bit_is_compiled_anew(home: Path) -> None:
    whole = bytearray(home.read_bytes())
    whole[len(whole) // 2] ^= 1
    home.write_bytes(whole)
    with pytest.raises(CompilesError):
        ready()


@pytest.mark.usefixtures("never")
def test_what_could_run_is_never_loaded(home: Path) -> None:
    with np.load(home) as arrays:
        parts = {name: arrays[name] for name in arrays.files}
    np.savez(home, **(parts | {"search.bits": np.array([{"a": "pickle"}], dtype=object)}))
    with pytest.raises(CompilesError):
        ready()


@pytest.mark.usefixtures("home", "never")
def test_another_playbook_is_compiled_for_itself() -> None:
    edited = SOURCE + b"\n# one more word\n"
    with pytest.raises(CompilesError):
        compiled.ready(playbooks.load(edited), edited)


@pytest.mark.usefixtures("never")
def test_another_user_s_is_not_taken(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "getuid", lambda: home.stat().st_uid + 1)
    with pytest.raises(CompilesError):
        ready()


@pytest.mark.usefixtures("home", "never")
def test_it_can_be_turned_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEADWELL_CACHE", "off")
    ready()  # neither taken nor compiled before it is needed
    assert wanted._compiled == []


def test_a_folder_that_cannot_be_written_is_no_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    assert read(LEADS, ready()).height == LEADS.height


def test_it_is_only_ours_and_does_not_grow_for_ever(kept: Path, tmp_path: Path) -> None:
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    arrays = {"search.bits": np.zeros(3)}
    for number in range(12):
        compiled._keep(tmp_path / "there" / f"search-{number}.npz", arrays)
    assert len(list((tmp_path / "there").iterdir())) == compiled._KEPT
