"""The mailbox of bounces is read each minute; trouble with it is told, and ends by itself. (rule 2.6)"""

import imaplib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

import pytest
from aiosmtpd.smtp import Envelope
from asgiref.sync import async_to_sync
from django.db import OperationalError

from leadwell.formats.bounces import Returned
from leadwell.server.access.models import Organization
from leadwell.server.alerts.models import Alert
from leadwell.server.base.imap import MOST_BYTES, Mail, Trouble, Unseen
from leadwell.server.conftest import Clinic, browser
from leadwell.server.intake.sources.email.listener import Desk, Handler
from leadwell.server.intake.tests import dovecot
from leadwell.server.outreach import jobs, returned
from leadwell.server.outreach.channels.email.settings import bounce_mailbox
from leadwell.server.outreach.models import Message, State
from leadwell.server.outreach.tests.sent import FakeWay, by, queued, tick
from leadwell.server.outreach.tests.test_returned import report_of

pytestmark = pytest.mark.django_db(databases="__all__")


@pytest.fixture(autouse=True)
def given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEADWELL_BOUNCES_IMAP_HOST", "mail.clinic.example")


class Box:
    """A mailbox of these mails; what is done with each is noted, also at which one it hangs up."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *mails: tuple[bytes, int], trouble: str = "") -> None:
        self._mails, self._trouble = mails, trouble
        self.seen, self.aside = list[bytes](), list[bytes]()
        monkeypatch.setattr(jobs, "unseen", self.opened)

    @contextmanager
    def opened(self, settings: object) -> Iterator[Unseen]:
        if self._trouble:
            raise Trouble(self._trouble)
        mails = (Mail(b, n, partial(self.seen.append, b), partial(self.aside.append, b)) for b, n in self._mails)
        yield Unseen(mails, lambda: len(self.aside))


@pytest.fixture
def sent(lakeside: Clinic, monkeypatch: pytest.MonkeyPatch) -> Message:
    by(monkeypatch, FakeWay())
    message = queued(lakeside)
    tick()
    return Message.objects.get(pk=message.pk)


def _report(message: Message) -> bytes:
    return report_of("5.1.1", about=message.message_id)


def _state(message: Message) -> str:
    return str(Message.objects.get(pk=message.pk).state)


def _told(clinic: Clinic, kind: str) -> Alert | None:
    return Alert.objects.of(clinic.number).filter(kind=kind, ended_at=None).first()


AWAY = b"Subject: hello\n\nI am away"


def test_what_came_back_is_taken_and_marked_as_seen_whatever_it_is(
    sent: Message, monkeypatch: pytest.MonkeyPatch
) -> None:
    box = Box(monkeypatch, (AWAY, 30), (_report(sent), 900))
    assert jobs.read_bounces() == 2
    assert (box.seen, box.aside) == ([AWAY, _report(sent)], [])
    assert _state(sent) == State.BOUNCED


def test_one_that_cannot_be_read_is_set_aside_and_shown_and_the_others_are_taken(
    lakeside: Clinic, sent: Message, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    bad = b"Subject: Ana Quillfeather\n\nnobody can read this"
    read = returned.read

    def failing(raw: bytes) -> Returned:
        if raw == bad:
            raise ValueError("Ana Quillfeather")
        return read(raw)

    monkeypatch.setattr(returned, "read", failing)
    box = Box(monkeypatch, (bad, 40), (_report(sent), 900))
    assert jobs.read_bounces() == 2
    assert (box.aside, box.seen) == ([bad], [_report(sent)])
    assert _state(sent) == State.BOUNCED
    assert _told(lakeside, "bounces") is None
    page = browser(lakeside.organization, "manager").get("/alerts").content.decode()
    assert "1 mail that came back cannot be read" in page
    assert "Quillfeather" not in page + caplog.text
    Box(monkeypatch)  # somebody has taken the flag away
    jobs.read_bounces()
    assert _told(lakeside, "unread-bounces") is None


def test_of_one_that_is_too_large_the_beginning_is_read_and_what_that_leaves_open_is_shown(
    lakeside: Clinic, sent: Message, monkeypatch: pytest.MonkeyPatch
) -> None:
    box = Box(monkeypatch, (_report(sent), MOST_BYTES + 1), (AWAY, MOST_BYTES + 1), (AWAY, MOST_BYTES))
    assert jobs.read_bounces() == 3
    assert (box.seen, box.aside) == ([_report(sent), AWAY], [AWAY])
    assert _state(sent) == State.BOUNCED
    assert _told(lakeside, "unread-bounces").codes == {"count": 1}


def test_a_database_that_is_away_marks_nothing(sent: Message, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: object, **__: object) -> bool:
        raise OperationalError("locked")

    monkeypatch.setattr(returned, "note", away)
    box = Box(monkeypatch, (_report(sent), 900))
    with pytest.raises(OperationalError):
        jobs.read_bounces()
    assert (box.seen, box.aside) == ([], [])


@pytest.mark.skipif(not dovecot.PROGRAM.exists(), reason="no Dovecot (Debian: apt-get install dovecot-imapd)")
def test_a_real_mailbox_keeps_the_flag_and_one_that_it_cannot_give_holds_up_no_other(
    sent: Message, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = imaplib.IMAP4.uid

    def torn(box: imaplib.IMAP4, command: str, *rest: str) -> tuple[str, list[object]]:
        return ("NO", [b"torn"]) if (command, rest[0]) == ("FETCH", "1") else asked(box, command, *rest)

    with dovecot.running() as server:
        given = server.settings("bounces")
        for name, said in (("HOST", "127.0.0.1"), ("PORT", given["port"]), ("PLAIN", "yes"),
                           ("USER", "bounces"), ("PASSWORD", given["password"])):  # fmt: skip
            monkeypatch.setenv(f"LEADWELL_BOUNCES_IMAP_{name}", str(said))
        deep = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(80))
        server.deliver("bounces", AWAY, deep, _report(sent).replace(b"\n", b"\r\n"))
        with monkeypatch.context() as patched:
            patched.setattr(imaplib.IMAP4, "uid", torn)
            patched.setattr(returned, "NotReturned", ZeroDivisionError)  # so that what cannot be parsed is unexpected
            assert jobs.read_bounces() == 0
        assert (server.unseen("bounces"), _state(sent)) == (1, State.BOUNCED)
        ours = Organization.objects.get()
        told = {one.kind: one.codes for one in Alert.objects.of(ours.pk).filter(ended_at=None)}
        assert told == {
            "bounces": {"trouble": "1 of its mails cannot be fetched"}, "unread-bounces": {"count": 1},
        }  # fmt: skip
        assert jobs.read_bounces() == 1
        told = {one.kind: one.codes for one in Alert.objects.of(ours.pk).filter(ended_at=None)}
        assert told == {"unread-bounces": {"count": 1}}


@pytest.mark.parametrize("host", ["mail.clinic.example", "192.0.2.1"])
def test_without_tls_only_a_mailbox_of_this_machine_is_read(
    lakeside: Clinic, monkeypatch: pytest.MonkeyPatch, host: str
) -> None:
    monkeypatch.setenv("LEADWELL_BOUNCES_IMAP_HOST", host)
    assert (bounce_mailbox()["plain"], bounce_mailbox()["port"]) == (False, 993)
    monkeypatch.setenv("LEADWELL_BOUNCES_IMAP_PLAIN", "1")
    Box(monkeypatch, (AWAY, 30))
    assert jobs.read_bounces() == 0
    assert "this machine alone" in _told(lakeside, "bounces").codes["trouble"]
    monkeypatch.setenv("LEADWELL_BOUNCES_IMAP_HOST", "localhost")
    assert (bounce_mailbox()["plain"], bounce_mailbox()["port"]) == (True, 143)
    assert jobs.read_bounces() == 1


def test_a_mailbox_in_trouble_is_told_once_and_ends_by_itself(
    lakeside: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    Box(monkeypatch, trouble="it does not answer, or hung up")
    for _ in range(2):
        assert jobs.read_bounces() == 0
    assert Alert.objects.of(lakeside.number).get(kind="bounces").ended_at is None
    Box(monkeypatch)
    jobs.read_bounces()
    assert Alert.objects.of(lakeside.number).get(kind="bounces").ended_at is not None


def test_without_a_mailbox_nothing_is_read(lakeside: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LEADWELL_BOUNCES_IMAP_HOST", raising=False)
    Box(monkeypatch, trouble="it was asked")
    assert jobs.read_bounces() == 0


def test_the_listener_takes_what_comes_back_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEADWELL_MAIL_BOUNCES", "bounces@clinic.example")
    desk = Desk(returned.comes_back_to, returned.taken_in)
    assert desk.has("bounces@clinic.example")
    assert desk.has(f"Bounces+{'0' * 42}@clinic.example")
    assert not desk.has("bounces@elsewhere.example")
    assert not desk.has("intake@clinic.example")


@pytest.mark.parametrize(("reads", "answer"), [(True, "250"), (False, "554")])
def test_the_listener_says_so_of_one_that_cannot_be_read(*, reads: bool, answer: str) -> None:
    handler = Handler(Desk(lambda address: True, lambda body, address: reads))
    envelope = Envelope()
    envelope.content, envelope.rcpt_tos = b"x", ["bounces@clinic.example"]
    said = async_to_sync(handler.handle_DATA)(None, None, envelope)  # type: ignore[arg-type]
    assert said.startswith(answer)
