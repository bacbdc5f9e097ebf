"""Two who take the same locks take them in one order (`base.alone`): neither waits for the other for ever.

On SQLite writers take turns by themselves.
"""

from collections.abc import Callable
from threading import Event, Thread, current_thread
from time import monotonic, sleep

import pytest
from django.db import connection, connections
from django.utils import timezone

from leadwell.server.calls.actions import Made, note_attempt
from leadwell.server.calls.ending import Ended
from leadwell.server.conftest import Clinic, clinic, member
from leadwell.server.consent.tests.test_known import lead
from leadwell.server.leads.joining import Later, Policy, join
from leadwell.server.leads.models import Lead
from leadwell.server.leads.verifying import Answer as Said
from leadwell.server.leads.verifying import verify
from leadwell.server.outreach.channels import Answer
from leadwell.server.outreach.models import Message, State
from leadwell.server.outreach.returned import take
from leadwell.server.outreach.sending import _settle
from leadwell.server.outreach.tests.sent import FakeWay, by, queued, tick
from leadwell.server.outreach.tests.test_returned import report_of
from leadwell.server.playbooks.queries import in_force
from leadwell.server.privacy.held import erase

pytestmark = [
    pytest.mark.django_db(databases="__all__", transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="on SQLite writers take turns by themselves"),
]


@pytest.fixture
def shared(transactional_db: None) -> Clinic:
    return clinic("lakeside", "lakeside-orthopedics")


def _at_once(monkeypatch: pytest.MonkeyPatch, first: Callable[[], object], *, after: str, second: Callable[[], object]):
    """`first` stops `after` a function, until `second`, which begins then, waits for it. What either raised."""
    held, go, raised = Event(), Event(), list[BaseException]()
    module, _, name = after.rpartition(".")
    of = __import__(module, fromlist=[name])
    real = getattr(of, name)

    def pausing(*args: object, **kwargs: object) -> object:
        told = real(*args, **kwargs)
        if current_thread() is threads[0]:
            held.set()
            go.wait(30)
        return told

    def run(work: Callable[[], object]) -> None:
        try:
            work()
        except BaseException as error:  # noqa: BLE001  whatever it is, it is told
            raised.append(error)
        finally:
            connections.close_all()

    monkeypatch.setattr(of, name, pausing)
    threads = [Thread(target=run, args=(work,)) for work in (first, second)]
    threads[0].start()
    assert held.wait(10)
    threads[1].start()
    until = monotonic() + 20
    while threads[1].is_alive() and not _somebody_waits() and monotonic() < until:
        sleep(0.01)
    go.set()
    for one in threads:
        one.join(20)
        assert not one.is_alive()
    return raised


def _somebody_waits() -> bool:
    with connection.cursor() as cursor:
        waiting = "SELECT 1 FROM pg_locks JOIN pg_stat_activity USING (pid) WHERE NOT granted"
        cursor.execute(f"SELECT EXISTS ({waiting} AND datname = current_database())")
        return cursor.fetchone()[0]


def _ends(asked: Lead) -> Callable[[], object]:
    actor = member(asked.organization, "coordinator").actor
    return lambda: note_attempt(asked.organization_id, asked.pk, Made(Ended("no-answer")), actor=actor)


def _replies(clinic: Clinic, asked: Lead) -> Callable[[], object]:
    version, playbook = in_force(clinic.number)
    said = {"message": "Please stop writing to me", "email": "anabel@example.com"}
    return lambda: join(
        clinic.number, asked.pk, asked.submission, said, policy=Policy(version, playbook), later=Later()
    )


def test_a_call_that_ends_and_an_erasure(shared: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = lead(shared)
    erases = lambda: erase(shared.number, asked.person_id, actor="x")  # noqa: E731
    assert _at_once(monkeypatch, _ends(asked), after="leadwell.server.calls.ending.keep", second=erases) == []
    assert not Lead.objects.get(pk=asked.pk).sealed


def test_a_call_that_ends_and_a_reply_that_asks_us_to_stop(shared: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = lead(shared)
    replies = _replies(shared, asked)
    assert _at_once(monkeypatch, _ends(asked), after="leadwell.server.calls.ending.keep", second=replies) == []


@pytest.mark.parametrize("other", ["a call that ends", "an erasure"])
def test_a_number_that_is_confirmed(shared: Clinic, monkeypatch: pytest.MonkeyPatch, other: str) -> None:
    asked = lead(shared)
    actor = member(asked.organization, "coordinator").actor
    confirms = lambda: verify(shared.number, asked.pk, Said("phone", "312-555-0182"), actor=actor)  # noqa: E731
    ends, erases = _ends(asked), lambda: erase(shared.number, asked.person_id, actor="x")
    second = ends if other == "a call that ends" else erases
    assert _at_once(monkeypatch, confirms, after="leadwell.server.leads.verifying.still_held", second=second) == []


def test_a_message_that_was_taken_and_a_reply_that_stops_it(shared: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = lead(shared)
    message = queued(shared, "anabel@example.com", lead=asked)
    Message.objects.filter(pk=message.pk).update(state=State.SENDING, first_tried_at=timezone.now())
    message.refresh_from_db()
    settles = lambda: _settle(message, Answer("accepted", "", "250"))  # noqa: E731
    after = "leadwell.server.leads.joining.still_held"
    assert _at_once(monkeypatch, _replies(shared, asked), after=after, second=settles) == []


def test_a_complaint_and_an_answer_about_the_same_message(shared: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = lead(shared)
    by(monkeypatch, FakeWay())
    message = queued(shared, "anabel@example.com", lead=asked)
    tick()
    Message.objects.filter(pk=message.pk).update(state=State.SENDING)
    message.refresh_from_db()
    complains = lambda: take(report_of("", about=message.message_id, kind="arf"))  # noqa: E731
    settles = lambda: _settle(message, Answer("accepted", "", "250"))  # noqa: E731
    assert _at_once(monkeypatch, complains, after="leadwell.server.outreach.returned.note", second=settles) == []
