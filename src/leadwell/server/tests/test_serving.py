"""A data folder is served once at a time, at a port that nobody else has; a command without one says so."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from leadwell.server import demo, environment, serving
from leadwell.server.commands import running


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LEADWELL_HOME", str(tmp_path / "data"))
    monkeypatch.delenv("LEADWELL_URL", raising=False)
    return tmp_path / "data"


@pytest.fixture
def taken() -> Iterator[int]:
    """A port on which somebody listens who would even share it."""
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield other.getsockname()[1]


@pytest.fixture
def free() -> int:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        return int(other.getsockname()[1])


def _ran(home: Path, *typed: str) -> subprocess.CompletedProcess[str]:
    env = {name: value for name, value in os.environ.items() if not name.startswith(("LEADWELL_", "DJANGO_"))}
    command = [sys.executable, "-m", "leadwell.cli", *typed]
    return subprocess.run(
        command, env=env | {"LEADWELL_HOME": str(home)}, capture_output=True, text=True, check=False, timeout=60
    )


@pytest.mark.parametrize("command", ["up", "web"])
def test_a_port_that_is_taken_is_said_before_anything_starts(home: Path, taken: int, command: str) -> None:
    ended = _ran(home, command, "--port", str(taken))
    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr == f"Port {taken} is taken; choose another with --port.\n"
    assert not home.exists()


def test_a_folder_is_served_once_at_a_time(home: Path, free: int) -> None:
    lock = serving.claim("127.0.0.1", free)
    with pytest.raises(serving.CannotServe, match=f"served already, at http://127.0.0.1:{free}. Stop that one"):
        serving.claim("127.0.0.1", free)
    os.close(lock)
    os.close(serving.claim("127.0.0.1", free))


def test_an_address_of_another_machine_is_refused(home: Path, free: int) -> None:
    with pytest.raises(serving.CannotServe, match=r"192\.0\.2\.1 is no address of this machine"):
        serving.claim("192.0.2.1", free)


@pytest.mark.parametrize(
    ("host", "said"),
    [("127.0.0.1", "http://127.0.0.1:81"), ("0.0.0.0", "http://127.0.0.1:81"), ("::1", "http://[::1]:81")],
)
def test_an_address_is_one_that_a_browser_here_finds(host: str, said: str) -> None:
    assert serving.address(host, 81) == said


def test_pages_and_commands_show_where_it_is_served(home: Path, free: int, monkeypatch: pytest.MonkeyPatch) -> None:
    assert environment.public_url() == "http://127.0.0.1:8000"
    os.close(serving.claim("127.0.0.1", free))
    assert environment.public_url() == f"http://127.0.0.1:{free}"
    monkeypatch.setenv("LEADWELL_URL", "https://leads.lakeside.example/")
    assert environment.public_url() == "https://leads.lakeside.example"


@pytest.mark.parametrize("said", ["", "nonsense", "http://a b:1", "https://other.example:1/x", "http://h:1\nx"])
def test_a_note_that_is_no_address_is_passed_over(home: Path, said: str) -> None:
    home.mkdir()
    (home / environment.SERVED).write_text(said)
    assert environment.served_at() == ""


_STAYS = """
import signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
print(child.pid, flush=True)
time.sleep(60)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells what a process has started")
def test_a_part_that_does_not_end_is_ended_with_what_it_started() -> None:
    with subprocess.Popen([sys.executable, "-c", _STAYS], stdout=subprocess.PIPE, text=True) as stays:
        assert stays.stdout is not None
        child = int(stays.stdout.readline())
        stays.terminate()
        running._ended([stays], by=time.monotonic() + 0.2)
        assert stays.returncode == -signal.SIGKILL
        end = time.monotonic() + 10
        while Path(f"/proc/{child}/stat").exists() and _state(child) != "Z" and time.monotonic() < end:
            time.sleep(0.05)
        assert not Path(f"/proc/{child}").exists() or _state(child) == "Z"


def _state(number: int) -> str:
    return Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0]


@pytest.mark.parametrize("typed", [["doctor"], ["ledger"], ["inbox", "list"], ["user", "code", "helen"]])
def test_a_command_where_there_is_no_leadwell_says_so_and_makes_nothing(home: Path, typed: list[str]) -> None:
    ended = _ran(home, *typed)
    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr.startswith(f"There is no Leadwell in {home}. Start one with `leadwell up`, or set")
    assert not home.exists()


def test_the_line_to_paste_names_the_folder_that_was_set(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert demo.command() == f"LEADWELL_HOME={home} leadwell"
    monkeypatch.setenv("LEADWELL_HOME", "/srv/two words")
    assert demo.command() == "LEADWELL_HOME='/srv/two words' leadwell"
    monkeypatch.delenv("LEADWELL_HOME")
    assert demo.command() == "leadwell"
