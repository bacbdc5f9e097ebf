"""What is to be done every so often is done once each time, whatever the clocks did. (promise A2)"""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from leadwell.server.base.recurring import MORE, Job, run_due

pytestmark = pytest.mark.django_db(databases="__all__")

HOUR = timedelta(hours=1)


@pytest.fixture
def done() -> list[datetime]:
    return []


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch, done: list[datetime]):
    """Asks what is due, at so long after now; returns how often it was done by then."""
    began = timezone.now()
    jobs = {"one": Job(HOUR, lambda: done.append(timezone.now()))}

    def asked(later: timedelta) -> int:
        monkeypatch.setattr(timezone, "now", lambda: began + later)
        run_due(jobs)
        return len(done)

    return asked


def test_it_is_done_once_in_its_time(at) -> None:
    assert [at(HOUR * part) for part in (0, 0.5, 0.99, 1, 1.5, 2)] == [1, 1, 1, 2, 2, 3]


def test_a_clock_that_ran_ahead_for_a_while_puts_nothing_off_for_years(at) -> None:
    assert at(timedelta(days=3650)) == 1
    assert [at(HOUR * part) for part in (0, 0.5, 1)] == [2, 2, 3]


def test_a_clock_a_little_behind_anothers_does_nothing_twice(at) -> None:
    assert at(HOUR) == 1
    assert [at(HOUR - timedelta(seconds=ago)) for ago in (1, 60, 1800)] == [1, 1, 1]


def test_one_that_fails_holds_up_no_other(done: list[datetime]) -> None:
    def fails() -> None:
        raise ValueError

    assert run_due({"bad": Job(HOUR, fails), "good": Job(HOUR, lambda: done.append(timezone.now()))}).done == 1
    assert len(done) == 1


def test_one_that_has_more_to_do_comes_again_at_once_and_the_others_have_their_turn() -> None:
    left, said = 3, []

    def some() -> object:
        nonlocal left
        left -= 1
        said.append("some")
        return MORE if left else None

    jobs = {"some": Job(HOUR, some), "other": Job(HOUR, lambda: said.append("other"))}
    assert [run_due(jobs).more for _ in range(4)] == [True, True, False, False]
    assert said == ["some", "other", "some", "some"]
