"""A connection that was lost is made anew, though not every request asks whether it is there."""

import pytest
from django.db import OperationalError, connection, transaction

from leadwell.server.base.trusting import base

pytestmark = pytest.mark.django_db(databases="__all__", transaction=True)


@pytest.fixture(autouse=True)
def _on_postgresql(transactional_db: None) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite's connection is a file")
    connection.close()
    connection._trusted_until = 0.0


def _request() -> int:
    """As between two requests, and then one that asks; returns which server process answered."""
    connection.close_if_unusable_or_obsolete()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return cursor.fetchone()[0]


def _cut(process: int) -> None:
    with base.base.Database.connect(**connection.get_connection_params()) as other:
        other.execute("SELECT pg_terminate_backend(%s, 5000)", [process])


def test_one_that_was_lost_while_nobody_asked_is_made_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(base, "TRUSTED", 0.0)
    first = _request()
    _cut(first)
    assert _request() != first


def test_one_that_was_lost_within_the_second_fails_once() -> None:
    first = _request()
    assert _request() == _request() == first
    _cut(first)
    with pytest.raises(OperationalError):
        _request()
    assert _request() != first


def test_it_is_asked_once_a_second(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    usable = base.base.DatabaseWrapper.is_usable
    monkeypatch.setattr(base.base.DatabaseWrapper, "is_usable", lambda self: [asked.append(1), usable(self)][1])
    now = [0.0]
    monkeypatch.setattr(base.time, "monotonic", lambda: now[0])
    _request()
    asked.clear()
    for moment in (10.0, 10.5, 10.9, 11.1, 11.9):
        now[0] = moment
        _request()
    assert len(asked) == 2
