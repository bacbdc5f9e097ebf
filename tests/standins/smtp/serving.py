"""How does the server run: one loop, many connections, until it is told to stop?"""

import asyncio
import contextlib
import itertools
import signal
import sys
from collections.abc import Coroutine
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .behaviour import Memory, Wish
from .certificate import server_context
from .conversation import Conversation
from .delivery import Delivery, HungUpError
from .log import Log, beside
from .options import Options, certificate_of
from .reporting import Reports

LINE_OCTETS = 2**24


@dataclass
class Server:
    """The listening side: numbers the connections and holds what outlives one of them."""

    wire: Path
    options: Options
    memory: Memory = field(default_factory=Memory)
    tasks: set[asyncio.Task[None]] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.numbers = itertools.count(1)
        self.log, self.attempts = Log(self.wire), Log(beside(self.wire, "attempts"))
        told = self.options
        self.reports = Reports(Log(beside(self.wire, "reports")), told.bounce_to, told.complaints_to, told.report_after)
        tls = told.starttls or told.implicit_tls
        self.context = server_context(certificate_of(self.wire)) if tls else None

    async def serve(self, port: int, *, while_stdin_open: bool) -> None:
        """Says `listening on HOST:PORT` on standard output, then serves until told to stop."""
        context = self.context if self.options.implicit_tls else None
        listening = await asyncio.start_server(self._connected, "127.0.0.1", port, ssl=context, limit=LINE_OCTETS)
        host, bound = listening.sockets[0].getsockname()
        sys.stdout.write(f"listening on {host}:{bound}\n")
        sys.stdout.flush()
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, stop.set)
        if while_stdin_open:
            loop.add_reader(sys.stdin.fileno(), stop.set)
        await stop.wait()
        listening.close()
        for task in self.tasks:
            task.cancel()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        number = next(self.numbers)
        delivery = Delivery(number, self.options, self.memory, self.log, self.attempts, self._report_later)
        conversation = Conversation(reader, writer, number, self.options, self.context, delivery)
        try:
            with contextlib.suppress(HungUpError, OSError):
                await conversation.run()
        finally:
            writer.close()

    def _report_later(self, asked: Wish, sender: str, message: bytes) -> None:
        self._spawn(self.reports.about(asked, sender=sender, message=message))

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)
