"""Is memory kept between batches where that can be, and left alone where somebody decided or it cannot be?"""

import ctypes
import os
import sys
from typing import Any

import pytest

from leadwell import memory


class Library:
    """Stands in for the C library: notes what is set."""

    def __init__(self) -> None:
        self.told: list[tuple[int, int]] = []

    def mallopt(self, setting: int, value: int) -> int:
        self.told.append((setting, value))
        return 1


@pytest.fixture
def library(monkeypatch: pytest.MonkeyPatch) -> Library:
    found = Library()
    for name in [n for n in os.environ if n.startswith(("MALLOC_", "_RJEM_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("_RJEM_MALLOC_CONF", "")
    monkeypatch.delenv("_RJEM_MALLOC_CONF")  # so that it is put back as it was
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(ctypes, "CDLL", lambda _: found)
    return found


def test_what_a_batch_gives_back_is_kept(library: Library) -> None:
    memory.keep()
    assert dict(library.told)[-3] == 32 << 20
    assert "dirty_decay_ms" in os.environ["_RJEM_MALLOC_CONF"]


def test_whoever_decided_is_obeyed(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MALLOC_ARENA_MAX", "4")
    monkeypatch.setenv("_RJEM_MALLOC_CONF", "dirty_decay_ms:0")
    memory.keep()
    assert library.told == []
    assert os.environ["_RJEM_MALLOC_CONF"] == "dirty_decay_ms:0"


def test_a_process_that_judges_batch_after_batch_returns_nothing(library: Library) -> None:
    memory.keep()
    assert library.told
    assert memory.always_kept() == {"_RJEM_MALLOC_CONF": "dirty_decay_ms:-1,muzzy_decay_ms:0"}


@pytest.mark.usefixtures("library")
def test_whoever_decided_is_obeyed_in_a_process_that_judges_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("_RJEM_MALLOC_CONF", "dirty_decay_ms:0")
    assert memory.always_kept() == {}


@pytest.mark.parametrize("platform", ["darwin", "win32"])
def test_other_systems_are_left_alone(library: Library, monkeypatch: pytest.MonkeyPatch, platform: str) -> None:
    monkeypatch.setattr(sys, "platform", platform)
    memory.keep()
    assert library.told == []


@pytest.mark.usefixtures("library")
def test_a_c_library_without_such_settings_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ctypes, "CDLL", lambda _: object())
    memory.keep()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="settings of glibc")
def test_glibc_takes_each_value() -> None:
    library: Any = ctypes.CDLL(None)
    if not hasattr(library, "mallopt"):
        pytest.skip("no glibc")
    assert [library.mallopt(setting, value) for setting, value in memory._GLIBC.items()] == [1, 1, 1, 1]
