"""Nothing leaves before what came in has been read: it may ask us to stop. (rule 1.12)"""

from datetime import timedelta

import orjson
import pytest
from django.urls import reverse
from django.utils import timezone

from leadwell.server.conftest import Clinic, browser
from leadwell.server.consent.models import Contact
from leadwell.server.intake.accepting import Delivery, accept
from leadwell.server.intake.draining import drain
from leadwell.server.intake.models import State as Stage
from leadwell.server.intake.models import Submission
from leadwell.server.outreach.models import State
from leadwell.server.outreach.tests.sent import ADDRESS, FakeWay, again, counted, queued, tick

pytestmark = pytest.mark.django_db(databases="__all__")


def came(clinic: Clinic, words: str, *, seconds: float = 2, **columns: str) -> None:
    """So long ago, and nobody has read it."""
    (receipt,) = accept(clinic.number, clinic.source, [Delivery(orjson.dumps({"message": words, **columns}))])
    Submission.objects.filter(pk=receipt.id).update(received_at=timezone.now() - timedelta(seconds=seconds))


def test_nothing_leaves_while_a_stop_waits_to_be_read(lakeside: Clinic, way: FakeWay) -> None:
    message = queued(lakeside)
    came(lakeside, "STOP contacting me", email=ADDRESS)
    assert tick() == 0
    page = browser(lakeside.organization, "coordinator").get(reverse("outbox")).content.decode()
    assert "It waits until what came in has been read." in page
    drain()
    tick()
    assert (again(message).state, way.left) == (State.CANCELLED, [])


def test_what_is_read_and_says_nothing_of_it_lets_it_leave(lakeside: Clinic, way: FakeWay) -> None:
    message = queued(lakeside)
    came(lakeside, "I need an MRI", email="someone.else@example.org")
    assert tick() == 0
    drain()
    assert tick() == 1
    assert (again(message).state, len(way.left)) == (State.SENT, 1)


def test_what_came_between_the_gate_and_the_words_keeps_them_here(lakeside: Clinic, way: FakeWay) -> None:
    message = queued(lakeside)
    way.before = lambda: came(lakeside, "I need an MRI", email="someone.else@example.org")
    assert tick() == 1
    waits = again(message)
    assert (waits.state, waits.tries, waits.first_tried_at, waits.unsure) == (State.QUEUED, 0, None, False)
    assert (way.left, way.dropped, counted()) == ([], 1, 0)
    way.before = lambda: None
    drain()
    assert tick() == 1
    assert (again(message).state, again(message).problem, counted()) == (State.SENT, "", 1)
    assert Contact.objects.count() == 2


def test_what_cannot_be_read_holds_up_nobody_for_long(lakeside: Clinic, way: FakeWay) -> None:
    queued(lakeside)
    came(lakeside, "I need an MRI", email="someone.else@example.org")
    Submission.objects.filter(state=Stage.RECEIVED).update(tries=3, due_at=timezone.now() + timedelta(hours=1))
    assert tick() == 1


def test_what_came_this_very_second_is_being_read_and_holds_up_nothing(lakeside: Clinic, way: FakeWay) -> None:
    queued(lakeside)
    came(lakeside, "I need an MRI", seconds=0, email="someone.else@example.org")
    assert tick() == 1


def test_of_another_organisation_nothing_is_waited_for(lakeside: Clinic, harbor: Clinic, way: FakeWay) -> None:
    queued(lakeside)
    came(harbor, "STOP")
    assert tick() == 1
