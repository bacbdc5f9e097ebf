"""A stop by mail is confirmed once, within five minutes, without a word of promotion. (rule 1.13)"""

from datetime import timedelta

import pytest
from django.utils import timezone

from leadwell.server.conftest import Clinic
from leadwell.server.consent.models import Confirmation, Way
from leadwell.server.outreach.channels import Answer
from leadwell.server.outreach.confirming import queue_owed
from leadwell.server.outreach.models import Message, State
from leadwell.server.outreach.tests.sent import ADDRESS, FakeWay, lead_of, stopped, tick

pytestmark = pytest.mark.django_db(databases="__all__")


def _stopped(clinic: Clinic, *, ago: float = 0.0, language: str = "en") -> None:
    """They answered a mail of ours with “stop”."""
    lead, at = lead_of(clinic), timezone.now() - timedelta(seconds=ago)
    stopped(clinic, lead.person_id, way=Way.EMAIL_REPLY, address=ADDRESS, at=at, language=language)


def test_one_leaves_though_they_are_stopped_and_no_second_one(lakeside: Clinic, way: FakeWay) -> None:
    _stopped(lakeside)
    assert queue_owed() == 1
    queue_owed()
    tick()
    queue_owed()
    tick()
    (left,) = way.left
    assert (left.recipient, b"stop" in left.raw) == (ADDRESS, True)
    message = Message.objects.get()
    assert (message.state, message.answer, message.rule) == (State.SENT, "yes", "1.13")


@pytest.mark.parametrize(("seconds", "leaves"), [(4 * 60 + 50, True), (5 * 60 + 1, False)])
def test_it_leaves_within_five_minutes_or_never(lakeside: Clinic, way: FakeWay, seconds: int, leaves: bool) -> None:
    _stopped(lakeside)
    queue_owed()
    Confirmation.objects.update(due_by=timezone.now() + timedelta(seconds=300 - seconds))
    tick(seconds=seconds)
    assert bool(way.left) is leaves


def test_put_off_by_the_server_it_still_leaves_in_time(lakeside: Clinic, way: FakeWay) -> None:
    _stopped(lakeside)
    queue_owed()
    way.answers = [Answer("later", "transient", "4.3.0"), Answer("accepted", "", "250")]
    tick()
    Message.objects.update(due_at=timezone.now())
    tick()
    assert Message.objects.get().state == State.SENT


def test_it_is_in_their_language(lakeside: Clinic, way: FakeWay) -> None:
    _stopped(lakeside, language="es")
    queue_owed()
    tick()
    assert "no le escribamos más" in way.left[0].raw.decode()
