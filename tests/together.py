"""What each test of a table asks by itself is answered for the whole table at once: a batch costs little more than one.

The engine promises that each lead is read and judged by itself; tests of that promise ask without this.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from functools import partial
from typing import Any

import pytest


class _NotedError(BaseException):
    """Ends a rehearsal."""


class Together:
    """Answers one, by a function that answers many. Arguments after the first are what those of a batch share.

    On the first question of a parametrised test, all its lines are rehearsed: each runs until it asks.
    """

    running: pytest.Item | None = None

    def __init__(self, many: Callable[..., Sequence[Any]]) -> None:
        self._many = many
        self._answers: dict[tuple[str, tuple[Any, ...]], Any] = {}
        self._rehearsed: set[str] = set()
        self._noted: list[tuple[Any, tuple[Any, ...]]] | None = None

    def __call__(self, asked: Any, *shared: Any) -> Any:
        if self._noted is not None:
            self._noted.append((asked, shared))
            raise _NotedError
        if isinstance(Together.running, pytest.Function):
            self._rehearse(Together.running)
        key = repr(asked), shared
        if key not in self._answers:
            self._answers[key] = self._many([asked], *shared)[0]
        return self._answers[key]

    def _rehearse(self, item: pytest.Function) -> None:
        table, _, line = item.nodeid.partition("[")
        if not line or table in self._rehearsed:
            return
        self._rehearsed.add(table)
        noted: list[tuple[Any, tuple[Any, ...]]] = []
        self._noted = noted
        try:
            for test in _lines(table, item):
                with suppress(_NotedError, Exception):  # what fails says so when it runs in earnest
                    test()
        finally:
            self._noted = None
        for shared in {shared for _, shared in noted}:
            batch = {repr(asked): asked for asked, others in noted if others == shared}
            with suppress(Exception):  # one that cannot be answered leaves each to ask by itself
                answers = zip(batch, self._many(list(batch.values()), *shared), strict=True)
                self._answers |= {(said, shared): answer for said, answer in answers}


def _lines(table: str, item: pytest.Function) -> Iterator[Callable[[], Any]]:
    """The selected tests of a table, each with its own parameters and the fixtures of the one that runs."""
    for other in item.session.items:
        if isinstance(other, pytest.Function) and other.nodeid.startswith(f"{table}["):
            values = item.funcargs | other.callspec.params
            yield partial(other.obj, **{name: values[name] for name in inspect.signature(other.obj).parameters})
