"""What happens on Ctrl-C, or where the system ends us (SIGTERM)?

The batch at work is finished and the output closed; a second one ends at once.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any


class Stop:
    """Asked between batches. Before judging begins there is nothing to finish, so Ctrl-C ends at once."""

    def __init__(self) -> None:
        self.asked = False
        self.judging = False

    def __call__(self) -> bool:
        self.judging = True
        return self.asked

    def on_signal(self, number: int, frame: Any) -> None:
        if self.asked or not self.judging:
            raise KeyboardInterrupt
        self.asked = True


@contextmanager
def stopping() -> Iterator[Callable[[], bool]]:
    """A question for the engine: has somebody asked to stop?"""
    stop = Stop()
    if threading.current_thread() is not threading.main_thread():
        yield stop
        return
    before = {number: signal.signal(number, stop.on_signal) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
