"""How does a hospital's interface engine reach us by MLLP? Messages in frames, over a connection that stays open.

A message is answered once it is durable. The port believes whoever reaches it: keep it within your network, or let TLS
ask for their certificate.
"""

from __future__ import annotations

import asyncio
import re
import signal
import ssl
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Final, NamedTuple

from asgiref.sync import sync_to_async
from django.db import DatabaseError, close_old_connections

from leadwell.server.base.logs import log
from leadwell.server.intake.accepting import accept
from leadwell.server.intake.models import Source
from leadwell.server.intake.queries import source_by_number
from leadwell.server.intake.sources.hl7v2.door import MOST_BYTES, answer, answer_without_end, deliveries, without_end

START: Final = b"\x0b"
END: Final = b"\x1c\r"
_BEGINS: Final = re.compile(rb"\x0b(?=MSH|[FB]HS)")  # alone it is a line break of whoever typed a text
MOST_CONNECTIONS: Final = 200
SLOWEST: Final = 60.0  # seconds that a message which has begun may take
IDLE: Final = 3_600.0  # seconds between messages, after which the sender may connect anew
_CHUNK: Final = 65_536
_GRACE: Final = 10.0
_LOG: Final = log("leadwell.intake.mllp")


class TooLong(ValueError):  # noqa: N818  the message within a frame is longer than we take
    pass


class Frame(NamedTuple):
    """`whole`: with its end."""

    body: bytes
    whole: bool


class Frames:
    """The messages in what comes, however it is cut into reads."""

    def __init__(self, reader: asyncio.StreamReader) -> None:
        self._reader, self._held = reader, bytearray()

    async def next(self) -> Frame | None:
        """None at the end. A frame that begins within another ends that, which came without its own. Raises TooLong;
        TimeoutError where the sender is too slow."""
        while (begins := self._held.find(START)) < 0:
            self._held.clear()  # between frames nothing is said
            if not await self._more(IDLE):
                return None
        del self._held[: begins + 1]
        async with asyncio.timeout(SLOWEST):
            return await self._to_its_end()

    async def _to_its_end(self) -> Frame | None:
        looked = 0
        while (ends := self._held.find(END, looked)) < 0 and not _BEGINS.search(self._held):
            looked = max(0, len(self._held) - 1)
            if len(self._held) > MOST_BYTES:
                raise TooLong
            if not await self._more(SLOWEST):
                return None
        begins = _BEGINS.search(self._held, 0, ends if ends >= 0 else len(self._held))
        if begins:
            return self._cut(begins.start(), b"", whole=False)
        return self._cut(ends, END, whole=True)

    def _cut(self, at: int, ends_with: bytes, *, whole: bool) -> Frame:
        frame = Frame(bytes(self._held[:at]), whole)
        del self._held[: at + len(ends_with)]
        return frame

    async def _more(self, seconds: float) -> bool:
        async with asyncio.timeout(seconds):
            came = await self._reader.read(_CHUNK)
        self._held += came
        return bool(came)


class Listener:
    """`take`: keeps what a frame holds and says what its sender is told, b"" for nothing; None where it could not be
    kept, and the connection ends, so that it comes again."""

    def __init__(self, take: Callable[[Frame], Awaitable[bytes | None]]) -> None:
        self._take = take
        self._open: set[asyncio.Task[None]] = set()
        self._busy: set[asyncio.Task[None]] = set()

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        if len(self._open) >= MOST_CONNECTIONS:
            writer.close()
            return
        self._open.add(task)
        try:
            await self._each(task, Frames(reader), writer)
        except (TimeoutError, ConnectionError, TooLong, ssl.SSLError) as error:
            _LOG.warning("a connection was ended", error=type(error).__name__)
        except asyncio.CancelledError:
            pass  # we stop
        finally:
            self._open.discard(task)
            self._busy.discard(task)
            writer.close()
            with suppress(ConnectionError, TimeoutError, ssl.SSLError):
                await asyncio.wait_for(writer.wait_closed(), 1)

    async def _each(self, task: asyncio.Task[None], frames: Frames, writer: asyncio.StreamWriter) -> None:
        while (frame := await frames.next()) is not None:
            if not frame.body.strip() and not frame.whole:
                continue  # a start that was sent twice
            self._busy.add(task)
            told = await self._take(frame)
            if told is None:
                return
            if told:
                writer.write(START + told + END)
            async with asyncio.timeout(SLOWEST):
                await writer.drain()
            self._busy.discard(task)

    async def stop(self) -> None:
        """What is being kept is kept and answered; the rest is let go."""
        if self._busy:
            await asyncio.wait(self._busy, timeout=_GRACE)
        for task in self._open:
            task.cancel()
        if self._open:
            await asyncio.wait(self._open, timeout=_GRACE)


def taken(source: Source, body: bytes, *, whole: bool = True) -> bytes | None:
    """Kept durably, then answered; None where the database is away or the source was closed. What came without its end
    (not `whole`) waits for somebody to mend it: nobody knows what it lacks."""
    try:
        ours = source_by_number(source.organization_id, source.pk)
        if ours is None or ours.closed_at is not None:
            _LOG.warning("the source was closed", source=source.pk)
            return None
        if not whole:
            (receipt,) = accept(source.organization_id, source.pk, [without_end(body)])
            return answer_without_end(body, receipt)
        return answer(body, source, accept(source.organization_id, source.pk, deliveries(body)))
    except DatabaseError as error:
        _LOG.error("a message could not be kept", error=type(error).__name__)
        return None


def _taken_anew(source: Source, frame: Frame) -> bytes | None:
    """What the database has cut off since the last message is connected again."""
    close_old_connections()
    return taken(source, frame.body, whole=frame.whole)


async def serve(  # noqa: PLR0913  where, for whom, and until when
    source: Source,
    host: str,
    port: int,
    *,
    ready: Callable[[int], object],
    stopping: asyncio.Event,
    tls: ssl.SSLContext | None = None,
) -> None:
    """Until `stopping` is set. `ready` is told the port."""
    listener = Listener(lambda frame: sync_to_async(_taken_anew, thread_sensitive=True)(source, frame))
    server = await asyncio.start_server(listener.talk, host, port, ssl=tls)
    ready(server.sockets[0].getsockname()[1])
    await stopping.wait()
    server.close()
    await listener.stop()


def listen(source: Source, host: str, port: int, *, ready: Callable[[int], object], tls: ssl.SSLContext | None) -> None:
    """Takes messages in until Ctrl-C or SIGTERM."""

    async def run() -> None:
        stopping = asyncio.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, stopping.set)
        await serve(source, host, port, ready=ready, stopping=stopping, tls=tls)

    asyncio.run(run())
