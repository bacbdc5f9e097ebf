"""A real mailbox is read: each mail once, whatever breaks between taking and marking it. (promises A1, A2)"""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils import timezone

from leadwell.server.conftest import Clinic, browser
from leadwell.server.intake.actions import add_source, change_settings
from leadwell.server.intake.draining import drain
from leadwell.server.intake.jobs import read_mailboxes
from leadwell.server.intake.ledger import ledger_of
from leadwell.server.intake.models import Source, State, Submission
from leadwell.server.intake.tests import dovecot
from leadwell.server.leads.models import Lead

pytestmark = [
    pytest.mark.django_db(databases="__all__"),
    pytest.mark.skipif(not dovecot.PROGRAM.exists(), reason="no Dovecot (Debian: apt-get install dovecot-imapd)"),
]


@pytest.fixture(scope="module")
def server() -> Iterator[dovecot.Server]:
    with dovecot.running() as one:
        yield one


def _mail(number: int, text: str = "I need a knee replacement consult") -> bytes:
    head = f"From: Sample {number} <sample{number}@example.com>\r\nSubject: Knee\r\nMessage-ID: <{number}@example.com>"
    return f"{head}\r\n\r\n{text}\r\n".encode()


def _source(clinic: Clinic, settings: dict[str, object]) -> Source:
    return add_source(clinic.organization, "email", "Intake mail", settings)


def _due(source: Source) -> None:
    Source.objects.filter(pk=source.pk).update(ask_again_at=timezone.now())


@pytest.mark.parametrize("tls", [False, True])
def test_each_mail_becomes_a_lead_once(
    server: dovecot.Server, lakeside: Clinic, monkeypatch: pytest.MonkeyPatch, tls: bool
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(server.certificate))
    user = f"once-{tls}"
    _source(lakeside, server.settings(user, tls=tls))
    server.deliver(user, *map(_mail, range(3)))
    assert read_mailboxes() == 3
    assert (read_mailboxes(), server.unseen(user)) == (0, 0)
    drain()
    assert Lead.objects.count() == 3
    server.deliver(user, _mail(4))
    assert read_mailboxes() == 1


def test_a_mailbox_that_is_numbered_anew_loses_and_doubles_nothing(server: dovecot.Server, lakeside: Clinic) -> None:
    _source(lakeside, server.settings("anew"))
    server.deliver("anew", _mail(1), _mail(2))
    read_mailboxes()
    server.number_anew("anew")
    server.deliver("anew", _mail(3))  # under a number that another mail had
    assert read_mailboxes() == 3
    drain()
    assert Lead.objects.count() == 3
    told = ledger_of(lakeside.organization).whole
    assert (told.received, told.repeats, told.made_leads, told.difference) == (5, 2, 3, 0)


def test_what_cannot_be_parsed_and_what_is_too_large_wait_for_somebody(
    server: dovecot.Server, lakeside: Clinic
) -> None:
    _source(lakeside, server.settings("odd"))
    nested = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(80))
    server.deliver(
        "odd", b"From: a@example.com\r\n" + nested, _mail(1, "x" * 70 + ("\r\n" + "y" * 70) * 430_000), _mail(2)
    )
    assert (read_mailboxes(), server.unseen("odd")) == (3, 0)
    drain()
    waiting = Submission.objects.filter(state=State.NEEDS_MENDING).values_list("problem", "size")
    (large,) = [(problem, size) for problem, size in waiting if "bytes" in problem]
    assert (len(waiting), large[1]) == (2, 64_000)
    assert "read it there" in large[0]
    assert Lead.objects.count() == 1


def test_a_refused_name_is_said_where_the_source_is_and_asked_later_and_later(
    server: dovecot.Server, lakeside: Clinic, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    source = _source(lakeside, server.settings("refused", password="wrong-horse"))
    well = _source(lakeside, server.settings("well"))
    server.deliver("well", _mail(1))
    assert read_mailboxes() == 1  # the one holds up no other
    assert read_mailboxes() == 0
    source.refresh_from_db()
    assert (source.trouble, source.troubles) == ("the name or password was refused", 1)
    for times in (2, 3):
        _due(source)
        read_mailboxes()
        source.refresh_from_db()
        assert source.troubles == times
    wait = source.ask_again_at - timezone.now()
    assert 3.5 < wait.total_seconds() / 60 < 4.5
    page = browser(lakeside.organization, "manager").get(f"/sources/{source.pk}").content.decode()
    assert "the name or password was refused" in page
    said = page + caplog.text + "".join(capfd.readouterr())
    assert "wrong-horse" not in said
    change_settings(source, server.settings("refused"))
    read_mailboxes()
    source.refresh_from_db()
    assert (source.trouble, source.troubles, source.ask_again_at) == ("", 0, None)
    well.refresh_from_db()
    assert well.troubles == 0


@pytest.mark.parametrize(("change", "why"), [
    ({"port": 1}, "it does not answer"),
    ({"folder": "nothing"}, "there is no folder"),
    ({"plain": False}, "it does not answer"),
    ({"port": "x"}, "not as a mailbox does"),
    ({"password": "\u00fc"}, "was refused"),
])  # fmt: skip
def test_why_a_mailbox_cannot_be_read_is_said_in_words(
    server: dovecot.Server, lakeside: Clinic, change: dict[str, object], why: str
) -> None:
    _source(lakeside, server.settings("why") | change)
    assert read_mailboxes() == 0
    assert why in Source.objects.get(kind="email").trouble


def test_a_certificate_that_nobody_knows_is_not_trusted(server: dovecot.Server, lakeside: Clinic) -> None:
    _source(lakeside, server.settings("tls", tls=True))
    assert read_mailboxes() == 0
    assert "certificate" in Source.objects.get(kind="email").trouble


_DIES = """
import os, signal
from leadwell.server import starting
starting.start()
from leadwell.server.intake.jobs import read_mailboxes
from leadwell.server.intake.sources.email import mailbox
import imaplib
asked = imaplib.IMAP4.uid
def dying(box, command, *rest):
    if command == "STORE":
        os.kill(os.getpid(), signal.SIGKILL)
    return asked(box, command, *rest)
imaplib.IMAP4.uid = dying
read_mailboxes()
"""
_BEGINS = """
import json, os
from leadwell import playbook
from leadwell.server import starting
starting.start()
starting.migrate()
from leadwell.server.access.actions import add_organization
from leadwell.server.intake.actions import add_source
from leadwell.server.playbooks.actions import publish, upload
made = add_organization("lakeside")
publish(upload(made, playbook.find("lakeside-orthopedics")))
add_source(made, "email", "Mail", json.loads(os.environ["MAILBOX"]))
"""
_ENDS = """
from leadwell.server import starting
starting.start()
from leadwell.server.intake.draining import drain
from leadwell.server.intake.jobs import read_mailboxes
from leadwell.server.access.models import Organization
from leadwell.server.intake.ledger import ledger_of
read_mailboxes()
drain()
told = ledger_of(Organization.objects.get()).whole
print(told.received, told.repeats, told.made_leads, told.difference)
"""


@pytest.mark.slow
def test_a_worker_killed_between_taking_and_marking_takes_each_once(server: dovecot.Server, tmp_path: Path) -> None:
    def ran(code: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=False)

    env = {name: value for name, value in os.environ.items() if not name.startswith(("LEADWELL_", "DJANGO_"))}
    env |= {"LEADWELL_HOME": str(tmp_path), "MAILBOX": json.dumps(server.settings("killed"))}
    begun = ran(_BEGINS)
    assert begun.returncode == 0, begun.stderr
    server.deliver("killed", _mail(1), _mail(2))
    for _ in range(2):
        assert ran(_DIES).returncode == -signal.SIGKILL
    assert server.unseen("killed") == 2
    ended = ran(_ENDS)
    assert ended.stdout.split() == ["4", "2", "2", "0"], ended.stderr
    assert server.unseen("killed") == 0
