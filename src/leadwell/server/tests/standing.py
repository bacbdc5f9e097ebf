"""What many tests begin with is made once for all in a row that share it, and stands in a transaction of its own.

What a test does is a transaction within that, which pytest-django rolls back; what the next test does not begin with is
rolled back before it. The first test of a session, and one whose own transactions are real, have it made anew.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import ExitStack
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime
from inspect import signature
from typing import Any, Final

import pytest
from django.db import connections, transaction
from django.utils import timezone

Makes = Callable[..., Any]
_BY_ITSELF: Final = {"live_server", "transactional_db", "django_db_reset_sequences", "from_noon_on"}
_NOW: Final = timezone.now


@dataclass(frozen=True)
class _Standing:
    name: str
    value: Any
    undo: ExitStack


@dataclass
class Stage:
    """`makes`: what may stand, the lower first. `clocks`: fixture that stops the clock -> when."""

    makes: dict[str, Makes] = field(default_factory=dict)
    clocks: dict[str, datetime] = field(default_factory=dict)
    _blocker: Any = None
    _standing: list[_Standing] = field(default_factory=list)

    def opens(self, blocker: Any) -> None:
        """There is a database, with this guard before it."""
        self._blocker = blocker

    def wanted(self, item: pytest.Item) -> tuple[str, ...] | None:
        """What this test begins with, the lowest first; None where it may not touch the database at all."""
        marker, names = item.get_closest_marker("django_db"), set(getattr(item, "fixturenames", ()))
        if not touches_a_database(item):
            return None
        if names & _BY_ITSELF or (marker and (marker.args or marker.kwargs.keys() - {"databases"})):
            return ()
        asked = self._with_what_they_need(names)
        return tuple(name for name in (*self.clocks, *self.makes) if name in asked) if asked & self.makes.keys() else ()

    def _with_what_they_need(self, names: Iterable[str]) -> set[str]:
        found = {name for name in names if name in self.makes or name in self.clocks}
        below = {need for name in found for need in _needs(self.makes.get(name))}
        return found if below <= found else self._with_what_they_need(found | below)

    def keep(self, wanted: tuple[str, ...] | None) -> None:
        """Rolls back what is not wanted, and all where a test broke the transaction that it stands in."""
        if not self._standing:
            return
        broken = any(one.needs_rollback or one.closed_in_transaction for one in connections.all(initialized_only=True))
        while self._standing and (broken or not self._begins(wanted)):
            with self._blocker.unblock():
                self._standing.pop().undo.close()

    def begin(self, wanted: tuple[str, ...] | None) -> None:
        """Makes what is wanted and does not stand yet."""
        self.keep(wanted)
        if self._blocker is None:
            return
        for name in (wanted or ())[len(self._standing) :]:
            with self._blocker.unblock():
                self._standing.append(self._made(name))

    def given(self, name: str) -> Any:
        """A copy of what stands under this name. LookupError where it does not stand."""
        return deepcopy(self._values()[name])

    def _begins(self, wanted: tuple[str, ...] | None) -> bool:
        held = tuple(one.name for one in self._standing)
        return wanted is None or wanted[: len(held)] == held

    def _values(self) -> Mapping[str, Any]:
        return {one.name: one.value for one in self._standing}

    def _made(self, name: str) -> _Standing:
        needs = {need: self.given(need) for need in _needs(self.makes.get(name))}
        now = next((self.clocks[one] for one in (*self._values(), name) if one in self.clocks), None)
        with ExitStack() as undo, pytest.MonkeyPatch.context() as patch:
            if now is not None:
                patch.setattr(timezone, "now", lambda: now)
            for using in connections:
                _within(undo, using)
            value = self.makes[name](**needs) if name in self.makes else now
            return _Standing(name, value, undo.pop_all())


def _within(undo: ExitStack, using: str) -> None:
    """A transaction that is never committed."""
    one = transaction.atomic(using=using)
    one._from_testcase = True  # as TestCase marks its own, so that durable ones may begin within it
    undo.enter_context(one)
    undo.callback(transaction.set_rollback, True, using=using)


def _needs(make: Makes | None) -> list[str]:
    return list(signature(make).parameters) if make else []


def touches_a_database(item: pytest.Item) -> bool:
    """pytest-django lets no other test near one."""
    asks = {"db", *_BY_ITSELF} & set(getattr(item, "fixturenames", ()))
    return bool(asks) or item.get_closest_marker("django_db") is not None


STAGE: Final = Stage()


def stands(make: Makes) -> Any:
    """The fixture of this function's name, which gives each test a copy of what the function makes. Its parameters are
    of the same kind."""
    name = make.__name__
    assert name not in STAGE.makes, f"something else stands as {name}"
    STAGE.makes[name] = make

    def fixture(request: pytest.FixtureRequest, db: None) -> Any:
        try:
            value = STAGE.given(name)
        except LookupError:
            return make(**{need: request.getfixturevalue(need) for need in _needs(make)})
        clock = next((STAGE.clocks[one] for one in request.fixturenames if one in STAGE.clocks), None)
        assert timezone.now is _NOW or clock == timezone.now(), "the clock was set before what stands was made"
        return value

    return pytest.fixture(name=name)(fixture)
