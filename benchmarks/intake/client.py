"""How are requests sent so that sending costs next to nothing, and a slow answer delays no later request?

One process, plain sockets, requests built beforehand. In an open loop each request has a due time fixed in advance, and
its latency counts from then: a server that stalls cannot hide it by holding the sender up.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

_LENGTH: Final = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_END: Final = b"\r\n\r\n"
_MOST: Final = 64  # connections


@dataclass(frozen=True, slots=True)
class Answer:
    """`at`: when it was whole, on the clock of `time.perf_counter`. Status 0: the connection broke."""

    status: int
    body: bytes
    at: float


def request(method: str, path: str, headers: Mapping[str, str], body: bytes = b"") -> bytes:
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", *(f"{name}: {value}" for name, value in headers.items())]
    return "\r\n".join([*lines, f"Content-Length: {len(body)}", "", ""]).encode() + body


class _Connection(asyncio.Protocol):
    def __init__(self) -> None:
        self.open = False
        self._transport: asyncio.Transport | None = None
        self._came, self._waiting = b"", asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport, self.open = transport, True

    def send(self, whole: bytes) -> asyncio.Future[Answer]:
        assert self._transport is not None
        self._came, self._waiting = b"", asyncio.get_running_loop().create_future()
        self._transport.write(whole)
        return self._waiting

    def data_received(self, data: bytes) -> None:
        self._came += data
        head, end, body = self._came.partition(_END)
        if not end:
            return
        length = _LENGTH.search(head)
        if length is None:  # in pieces, or until the end: nothing we ask answers so
            self.close()
        elif len(body) >= int(length[1]) and not self._waiting.done():
            self._waiting.set_result(Answer(int(head[9:12]), body, time.perf_counter()))

    def connection_lost(self, exc: Exception | None) -> None:
        self.open = False
        if not self._waiting.done():
            self._waiting.set_result(Answer(0, b"", time.perf_counter()))

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()


class Client:
    def __init__(self, port: int) -> None:
        self._port, self._idle = port, list[_Connection]()
        self._free = asyncio.Semaphore(_MOST)

    async def send(self, whole: bytes) -> Answer:
        async with self._free:
            one = await self._connection()
            answer = await one.send(whole)
            if one.open:
                self._idle.append(one)
            return answer

    async def _connection(self) -> _Connection:
        while self._idle:
            if (one := self._idle.pop()).open:
                return one
        _, made = await asyncio.get_running_loop().create_connection(_Connection, "127.0.0.1", self._port)
        return made

    def close(self) -> None:
        for one in self._idle:
            one.close()


async def closed_loop(client: Client, requests: list[bytes], *, at_once: int) -> list[Answer]:
    """As fast as they are answered, so many at a time."""
    left, answers = iter(requests), list[Answer]()

    async def sender() -> None:
        for whole in left:
            answers.append(await client.send(whole))

    await asyncio.gather(*(sender() for _ in range(at_once)))
    return answers


async def open_loop(
    client: Client, requests: list[bytes], *, rate: float, on_answer: Callable[[Answer], None]
) -> list[tuple[float, Answer]]:
    """Each with when it was due; `rate` of them a second, whatever becomes of the others."""

    async def sent(whole: bytes) -> Answer:
        answer = await client.send(whole)
        on_answer(answer)
        return answer

    start = time.perf_counter() + 0.1
    due = [start + number / rate for number in range(len(requests))]
    tasks = []
    for moment, whole in zip(due, requests, strict=True):
        await asyncio.sleep(max(0.0, moment - time.perf_counter()))
        tasks.append(asyncio.ensure_future(sent(whole)))
    return list(zip(due, await asyncio.gather(*tasks), strict=True))
