"""Who keeps our patterns compiled between two batches? Threads that do nothing else.

Polars keeps the last 32 patterns that it compiled, on each thread its own, and a batch asks for several times as many.
Of a batch of 200 leads, compiling them anew took a third of the time. So every pattern has its thread, and none of
these has more patterns than are kept there. A longer column than that of a batch is searched where it is asked for:
compiling is little of that, and others may wait for the thread.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Lock
from typing import Final

import polars as pl

_EACH: Final = 28  # patterns of a thread
_THREADS: Final = 8  # patterns beyond these have none
_LONG: Final = 100_000  # rows of a column

_threads: Final[list[ThreadPoolExecutor]] = []
_thread_of: Final[dict[str, ThreadPoolExecutor]] = {}
_giving_out: Final = Lock()

Search = Callable[[pl.Series, str], pl.Series]


def searched(texts: pl.Series, pattern: str, search: Search) -> pl.Series:
    """`search` of these texts for a pattern, which is compiled already where one of the threads was asked before."""
    thread = None if len(texts) > _LONG else _thread(pattern)
    try:
        asked = thread and thread.submit(search, texts, pattern)
    except RuntimeError:  # the program is ending, and what still judges beside it is let finish
        asked = None
    return asked.result() if asked else search(texts, pattern)


def _thread(pattern: str) -> ThreadPoolExecutor | None:
    if thread := _thread_of.get(pattern):
        return thread
    with _giving_out:
        if len(_thread_of) >= _EACH * _THREADS:
            return _thread_of.get(pattern)
        if len(_thread_of) == _EACH * len(_threads):
            _threads.append(ThreadPoolExecutor(1, thread_name_prefix="patterns"))
        return _thread_of.setdefault(pattern, _threads[-1])
