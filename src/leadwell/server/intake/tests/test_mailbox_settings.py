"""What may be said of a mailbox that we read?"""

import contextlib
import imaplib
import socket
import threading
import time

import pytest

from leadwell.server import jobs
from leadwell.server.base import imap
from leadwell.server.intake.jobs import read_mailboxes
from leadwell.server.intake.sources.email.form import Form

KNOWN = {"host": "imap.example.com", "user": "intake", "password": "horse"}


def errors(**said: object) -> set[str]:
    return set(Form.of(KNOWN, {"host": "imap.example.com", "user": "intake", **said}).errors)


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "::1"])
def test_without_tls_only_this_machine_is_asked(host: str) -> None:
    assert errors(host=host, plain="on", password="new") == set()
    assert errors(plain="on") == {"plain"}


def test_a_password_goes_to_no_other_server_than_it_was_typed_for() -> None:
    assert errors() == set()
    assert errors(host="imap.example.org") == errors(user="other") == {"password"}
    assert errors(host="imap.example.org", password="new") == set()


def test_a_mailbox_that_answers_a_letter_at_a_time_is_hung_up_on() -> None:
    with socket.create_server(("127.0.0.1", 0)) as slow:
        done = threading.Event()
        threading.Thread(target=_drips, args=(slow, done), daemon=True).start()
        box = imaplib.IMAP4("127.0.0.1", slow.getsockname()[1], timeout=20)
        before = time.monotonic()
        with pytest.raises((OSError, imaplib.IMAP4.abort)), imap._hung_up_after(box, 0.5):
            box.login("a", "b")
        assert time.monotonic() - before < 10
        done.set()
        with contextlib.suppress(OSError):
            box.shutdown()


def _drips(slow: socket.socket, done: threading.Event) -> None:
    line, _ = slow.accept()
    with line, contextlib.suppress(OSError):
        line.sendall(b"* OK ready\r\n")
        tag = line.recv(1_000).split()[0]  # of CAPABILITY, asked for before anything else
        line.sendall(b"* CAPABILITY IMAP4rev1\r\n" + tag + b" OK done\r\n")
        while not done.wait(0.1):
            line.sendall(b"a")


def test_mailboxes_have_a_turn_of_their_own() -> None:
    assert "mailboxes" not in jobs.JOBS
    assert jobs.ELSEWHERE["mailboxes"].does is read_mailboxes
