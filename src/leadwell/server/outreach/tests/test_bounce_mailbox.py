"""The mailbox of bounces is read each minute; trouble with it is told, and ends by itself. (rule 2.6)"""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from leadwell.server.alerts.models import Alert
from leadwell.server.base.imap import MOST_BYTES, Mail, Trouble
from leadwell.server.conftest import Clinic
from leadwell.server.intake.sources.email.listener import Desk
from leadwell.server.outreach import jobs, returned
from leadwell.server.outreach.models import Message, State
from leadwell.server.outreach.tests.sent import FakeWay, by, queued, tick
from leadwell.server.outreach.tests.test_returned import report_of

pytestmark = pytest.mark.django_db(databases="__all__")


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    monkeypatch.setenv("LEADWELL_BOUNCES_IMAP_HOST", "mail.clinic.example")
    return []


def _holds(monkeypatch: pytest.MonkeyPatch, *mails: Mail, trouble: str = "") -> None:
    @contextmanager
    def box(settings: object) -> Iterator[Iterator[Mail]]:
        if trouble:
            raise Trouble(trouble)
        yield iter(mails)

    monkeypatch.setattr(jobs, "unseen", box)


def test_what_came_back_is_taken_and_marked_as_seen_whatever_it_is(
    lakeside: Clinic, monkeypatch: pytest.MonkeyPatch, seen: list[str]
) -> None:
    by(monkeypatch, FakeWay())
    message = queued(lakeside)
    tick()
    raw = report_of("5.1.1", about=Message.objects.get(pk=message.pk).message_id)
    mails = [Mail(b, size, lambda name=name: seen.append(name)) for b, size, name in (
        (b"Subject: hello\n\nI am away", 30, "away"), (raw, len(raw), "bounce"), (b"x", MOST_BYTES + 1, "large"),
    )]  # fmt: skip
    _holds(monkeypatch, *mails)
    assert jobs.read_bounces() == 3
    assert seen == ["away", "bounce", "large"]
    assert Message.objects.get(pk=message.pk).state == State.BOUNCED


def test_a_mailbox_in_trouble_is_told_once_and_ends_by_itself(
    lakeside: Clinic, monkeypatch: pytest.MonkeyPatch, seen: list[str]
) -> None:
    _holds(monkeypatch, trouble="it does not answer, or hung up")
    for _ in range(2):
        assert jobs.read_bounces() == 0
    assert Alert.objects.of(lakeside.number).get(kind="bounces").ended_at is None
    _holds(monkeypatch)
    jobs.read_bounces()
    assert Alert.objects.of(lakeside.number).get(kind="bounces").ended_at is not None


def test_without_a_mailbox_nothing_is_read(lakeside: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LEADWELL_BOUNCES_IMAP_HOST", raising=False)
    _holds(monkeypatch, trouble="it was asked")
    assert jobs.read_bounces() == 0


def test_the_listener_takes_what_comes_back_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEADWELL_MAIL_BOUNCES", "bounces@clinic.example")
    desk = Desk(returned.comes_back_to, lambda body, address: None)
    assert desk.has("bounces@clinic.example")
    assert desk.has(f"Bounces+{'0' * 42}@clinic.example")
    assert not desk.has("bounces@elsewhere.example")
    assert not desk.has("intake@clinic.example")
