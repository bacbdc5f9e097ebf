"""What need not be asked of the database again within a second? Answers kept for so long, in this process.

A program that sends a hundred leads a second asks with each of them who it is and which way it came.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable
from typing import Final, Generic, ParamSpec, TypeVar

P = ParamSpec("P")
V = TypeVar("V")

SECONDS: Final = 1.0
_MOST: Final = 1_000  # answers

_all: Final[list[Shortly]] = []  # type: ignore[type-arg]


class Shortly(Generic[P, V]):
    """A function whose answers are kept; None is not."""

    def __init__(self, asks: Callable[P, V]) -> None:
        self._asks = asks
        self._kept: dict[Hashable, tuple[float, V]] = {}
        _all.append(self)

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> V:
        now = time.monotonic()
        until, answer = self._kept.get(args, (0.0, None))
        if answer is not None and now < until:
            return answer
        answer = self._asks(*args, **kwargs)
        if answer is not None:
            if len(self._kept) >= _MOST:
                self._kept.clear()
            self._kept[args] = now + SECONDS, answer
        return answer

    def forget(self) -> None:
        """What changed here is known here at once."""
        self._kept.clear()


def forget_all() -> None:
    for one in _all:
        one.forget()
