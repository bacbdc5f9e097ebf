"""Who hears and judges the batches of a long list? As many processes as there are cores, each with the engine once.

Threads would hold Python's lock in turns: two of them judge at the pace of one and a half. A process is handed a batch
and keeps what it hears; later it is told who is who and hands back what the sink takes. Only that travels. Each is
spoken to by one thread, one question at a time.
"""

from __future__ import annotations

import io
import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from multiprocessing.connection import Connection
from typing import Any, Final

import polars as pl

from leadwell import memory
from leadwell.engines import compiled
from leadwell.engines.batch import Made, Wanted, heard, made
from leadwell.engines.cores import JudgeGoneError, at_once
from leadwell.formats import Part
from leadwell.playbook import load

_PIECE: Final = 1 << 20  # bytes: whoever receives asks for room for all that is still to come, with every read


class Judge:
    """One process, as whoever asks it sees it."""

    def __init__(self, source: bytes, wanted: Wanted) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=serve, args=(theirs, source, wanted), daemon=True)
        self._process.start()
        theirs.close()
        self._asking = ThreadPoolExecutor(1)

    def hear(self, number: int, leads: pl.DataFrame) -> Future[None]:
        """Hands it a batch; it keeps what it hears under this number."""
        return self._asking.submit(self._ask, "hear", number, leads)

    def make(self, number: int, linked: pl.DataFrame) -> Future[Made]:
        """Tells it who is who in a batch that it has heard."""
        return self._asking.submit(self._ask, "make", number, linked)

    def _ask(self, what: str, number: int, frame: pl.DataFrame) -> Any:
        try:
            self._pipe.send((what, number, frame))
            answer = self._pipe.recv()
            if isinstance(answer, BaseException):
                raise answer
            if isinstance(answer, Made):
                return Made(list(_received(self._pipe)), answer.shown, answer.summary)
        except (EOFError, OSError) as problem:
            raise JudgeGoneError("A process that judges has ended; perhaps there is too little memory") from problem
        return answer

    def close(self) -> None:
        """Whatever it is doing, it stops."""
        self._process.kill()
        self._process.join()
        self._asking.shutdown(cancel_futures=True)
        self._pipe.close()


@contextmanager
def judges(source: bytes, wanted: Wanted) -> Iterator[list[Judge]]:
    """Processes that judge by the playbook whose file is `source`, each on one core."""
    with ExitStack() as stack:
        started = []
        with _environment({"POLARS_MAX_THREADS": "1"} | memory.always_kept()):
            for _ in range(at_once()):
                started.append(judge := Judge(source, wanted))
                stack.callback(judge.close)
        yield started


@contextmanager
def _environment(theirs: dict[str, str]) -> Iterator[None]:
    """For processes that are started meanwhile; this one's libraries have long read theirs."""
    before = {name: os.environ[name] for name in theirs if name in os.environ}
    os.environ.update(theirs)
    try:
        yield
    finally:
        for name in theirs:
            del os.environ[name]
        os.environ.update(before)


def serve(pipe: Connection, source: bytes, wanted: Wanted) -> None:
    """What such a process does until nobody asks any more. When to stop is its starter's business."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    memory.keep()
    memory.seldom_look()
    playbook = load(source)
    compiled.ready(playbook, source)
    batches: dict[int, pl.DataFrame] = {}
    known: dict[int, pl.DataFrame] = {}

    def hear(number: int, leads: pl.DataFrame) -> None:
        batches[number], known[number] = leads, heard(leads, playbook, wanted)
        pipe.send(None)

    def make(number: int, linked: pl.DataFrame) -> None:
        done = made(batches.pop(number), known.pop(number), linked, playbook, wanted)
        pipe.send(Made((), done.shown, done.summary))
        _send(pipe, done.parts)

    _until_nobody_asks(pipe, {"hear": hear, "make": make})


def _until_nobody_asks(pipe: Connection, does: dict[str, Callable[[int, pl.DataFrame], None]]) -> None:
    while True:
        try:
            what, number, frame = pipe.recv()
        except (EOFError, OSError):  # whoever started us is gone
            return
        try:
            does[what](number, frame)
        except Exception as error:  # noqa: BLE001  it is raised again by whoever asked
            pipe.send(error)


def _send(pipe: Connection, parts: Any) -> None:
    """Text as it is; a table as compressed Arrow, which is a tenth of it; nothing at the end."""
    for part in parts:
        if isinstance(part, pl.DataFrame):
            packed = io.BytesIO()
            part.write_ipc_stream(packed, compression="zstd", compat_level=pl.CompatLevel.newest())
            pipe.send(pl.DataFrame)
            pipe.send_bytes(packed.getbuffer())
        else:
            for at in range(0, len(part), _PIECE):
                pipe.send(bytes)
                pipe.send_bytes(part[at : at + _PIECE])
    pipe.send(None)


def _received(pipe: Connection) -> Iterator[Part]:
    while kind := pipe.recv():
        if isinstance(kind, BaseException):
            raise kind
        part = pipe.recv_bytes()
        yield pl.read_ipc_stream(io.BytesIO(part)) if kind is pl.DataFrame else part
