"""A worker says that it is there once it can judge at once, and is there all the same where it cannot."""

from threading import Event

import pytest
from polars.exceptions import PanicException

from leadwell.server import worker
from leadwell.server.base.models import Heartbeat
from leadwell.server.conftest import Clinic
from leadwell.server.leads.models import Lead
from leadwell.server.worker import Worker

pytestmark = pytest.mark.django_db(databases="__all__")


@pytest.fixture
def steps(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What a worker does, as it does it; it stops after the first round."""
    done: list[str] = []
    monkeypatch.setattr(worker.connections, "close_all", lambda: None)
    monkeypatch.setattr(worker.signal, "signal", lambda *_: None)
    monkeypatch.setattr(Worker, "_renewing", lambda _: None)
    monkeypatch.setattr(Worker, "_meanwhile", lambda *_: None)
    monkeypatch.setattr(Worker, "_round", lambda self: done.append("round") or self.stop() or 0.0)
    return done


def test_a_worker_judges_before_its_first_round_and_remembers_nothing(
    lakeside: Clinic, steps: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    warm = worker.warm
    monkeypatch.setattr(worker, "warm", lambda playbook: steps.append(playbook.name) or warm(playbook))
    Worker().run()
    assert steps == ["lakeside-orthopedics", "round"]
    assert (Lead.objects.count(), Heartbeat.objects.count()) == (0, 0)


@pytest.mark.parametrize("error", [RuntimeError, PanicException])
def test_where_that_fails_it_begins_all_the_same(
    lakeside: Clinic, steps: list[str], monkeypatch: pytest.MonkeyPatch, error: type[BaseException]
) -> None:
    def failing(playbook):
        raise error("a playbook's words")

    monkeypatch.setattr(worker, "warm", failing)
    Worker().run()
    assert steps == ["round"]


def test_no_lead_waits_for_a_log_that_is_being_moved(
    lakeside: Clinic, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    meanwhile = Worker._meanwhile
    request.getfixturevalue("steps")
    monkeypatch.setattr(Worker, "_meanwhile", meanwhile)
    monkeypatch.setattr(worker, "run_due", lambda _: None)
    monkeypatch.setattr(worker, "warm", lambda _: None)
    begun, worked, heard = Event(), Event(), []

    def moved() -> None:
        begun.set()
        heard.append(worked.wait(10))

    def done(self: Worker) -> float:
        heard.append(begun.wait(10))
        worked.set()
        self.stop()
        return 0.0

    monkeypatch.setattr(worker, "_MOVES", 0.001)
    monkeypatch.setattr(worker, "move_logs", moved)
    monkeypatch.setattr(Worker, "_round", done)
    Worker().run()
    assert heard[:2] == [True, True]
