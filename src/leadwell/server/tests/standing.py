"""What many tests begin with is made once for all in a row that share it, and stands in a transaction of its own.

What a test does is a transaction within that, which pytest-django rolls back; what the next test does not begin with is
rolled back before it. The first test of a session has it made anew, so has one whose transactions are real, and one of
the mark `anew`: whose clock, or whatever else what is made depends on, is set before.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime
from inspect import Parameter, Signature, signature
from typing import Any, Final

import pytest
from django.db import connections, transaction
from django.utils import timezone

Makes = Callable[..., Any]
Wanted = tuple[Makes, ...]
_REAL_TRANSACTIONS: Final = {"live_server", "transactional_db", "django_db_reset_sequences"}
_NOW: Final = timezone.now


@dataclass(frozen=True)
class _Standing:
    make: Makes
    clock: str
    value: Any
    undo: ExitStack


@dataclass
class Stage:
    """`makes`: what may stand, the lower first. `clocks`: fixture that stops the clock -> when."""

    makes: list[Makes] = field(default_factory=list)
    clocks: dict[str, datetime] = field(default_factory=dict)
    _blocker: Any = None
    _standing: list[_Standing] = field(default_factory=list)

    def opens(self, blocker: Any) -> None:
        """There is a database, with this guard before it."""
        self._blocker = blocker

    def keep(self, item: pytest.Item | None) -> None:
        """Rolls back what this test (None: nobody) does not begin with, and all where one broke the transactions."""
        if not self._standing or (item and not touches_a_database(item)):
            return
        wanted, clock = (_wanted(item), self._clock(item)) if item else ((), "")
        broken = any(one.needs_rollback or one.closed_in_transaction for one in connections.all(initialized_only=True))
        held = tuple(one.make for one in self._standing)
        with self._blocker.unblock():
            while self._standing and (broken or wanted[: len(held)] != held or self._standing[0].clock != clock):
                self._standing.pop().undo.close()
                held = held[:-1]

    def begin(self, item: pytest.Item) -> None:
        """Makes what this test begins with and does not stand yet."""
        self.keep(item)
        if self._blocker is not None and touches_a_database(item):
            for make in _wanted(item)[len(self._standing) :]:
                with self._blocker.unblock():
                    self._standing.append(self._made(make, self._clock(item)))

    def given(self, make: Makes) -> Any:
        """A copy of what stands. LookupError where it does not."""
        return deepcopy(next(one.value for one in self._standing if one.make is make))

    def stands(self, make: Makes) -> bool:
        return any(one.make is make for one in self._standing)

    def _clock(self, item: pytest.Item) -> str:
        return next((name for name in self.clocks if name in _fixtures(item)), "")

    def _made(self, make: Makes, clock: str) -> _Standing:
        below = {one.make.__name__: one.make for one in self._standing}
        with ExitStack() as undo, pytest.MonkeyPatch.context() as patch:
            if clock:
                patch.setattr(timezone, "now", lambda: self.clocks[clock])
            for using in connections:
                _within(undo, using)
            needs = signature(make).parameters
            value = make(**{need: None if need in self.clocks else self.given(below[need]) for need in needs})
            return _Standing(make, clock, value, undo.pop_all())


STAGE: Final = Stage()


def touches_a_database(item: pytest.Item) -> bool:
    """pytest-django lets no other test near one."""
    return item.get_closest_marker("django_db") is not None or bool({"db", *_REAL_TRANSACTIONS} & set(_fixtures(item)))


def _wanted(item: Any) -> Wanted:
    """What this test begins with, the lowest first."""
    marker, names = item.get_closest_marker("django_db"), _fixtures(item)
    real = _REAL_TRANSACTIONS & set(names) or (marker and (marker.args or marker.kwargs.keys() - {"databases"}))
    if real or item.get_closest_marker("anew"):
        return ()
    known = item._fixtureinfo.name2fixturedefs
    asked = {getattr(one.func, "makes", None) for name in names for one in known.get(name, ())}
    return tuple(make for make in STAGE.makes if make in asked)


def _fixtures(item: pytest.Item) -> list[str]:
    return getattr(item, "fixturenames", [])


def _within(undo: ExitStack, using: str) -> None:
    """A transaction that is never committed."""
    one: Any = transaction.atomic(using=using)
    one._from_testcase = True  # as TestCase marks its own, so that durable ones may begin within it
    undo.enter_context(one)
    undo.callback(transaction.set_rollback, True, using=using)


def stands(make: Makes) -> Any:
    """The fixture of this function's name, which gives each test a copy of what the function makes. Its parameters are
    others of this kind, or a clock."""
    STAGE.makes.append(make)

    def fixture(request: pytest.FixtureRequest, db: None, **below: Any) -> Any:
        if not STAGE.stands(make):
            return make(**below)
        now = STAGE.clocks.get(STAGE._clock(request.node))
        assert timezone.now is _NOW or now == timezone.now(), (
            "its clock is set before what stands: mark the test `anew`"
        )
        return STAGE.given(make)

    own = [Parameter(name, Parameter.POSITIONAL_OR_KEYWORD) for name in ("request", "db")]
    named: Any = fixture
    named.__signature__ = Signature([*own, *signature(make).parameters.values()])
    named.makes = make
    return pytest.fixture(name=make.__name__)(named)
