"""Who sends? A few threads beside a worker's own work, each with a connection of its own.

A provider that answers slowly holds up one thread and no more: it has one message at a time, and while it is slow the
others go on.
"""

from __future__ import annotations

import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Final

from django.db import close_old_connections, connections

from leadwell.server.base.logs import log
from leadwell.server.outreach.channels.email.smtp import cut_all, hang_up
from leadwell.server.outreach.claiming import claim, give_back
from leadwell.server.outreach.confirming import queue_owed
from leadwell.server.outreach.models import Message
from leadwell.server.outreach.sending import ready, send

_HANDS: Final = 4
_IDLE: Final = 0.25  # seconds
_AFTER_TROUBLE: Final = 2.0
_CONFIRMS: Final = 5.0
_LOG: Final = log("leadwell.outreach")


class Postman:
    def __init__(self) -> None:
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._busy: dict[Future[None], bytes] = {}
        self._confirmed_at = -1e9

    def start(self) -> None:
        self._thread.start()

    def stop(self, patience: float = 10.0) -> None:
        """Finishes what is leaving and gives back the rest; who takes longer than that is not waited for."""
        self._stop.set()
        self._thread.join(patience)
        cut_all()
        self._thread.join(patience)
        give_back()
        connections.close_all()

    def _run(self) -> None:
        hands = ThreadPoolExecutor(_HANDS, thread_name_prefix="postman")
        while not self._stop.is_set():
            try:
                wait = self._round(hands)
            except Exception as error:  # noqa: BLE001  a database that is away, a setting that is wrong: it goes on
                _LOG.error("nothing can be sent now", error=type(error).__name__, exc_info=error)
                connections.close_all()
                wait = _AFTER_TROUBLE
            self._stop.wait(wait)
        hands.shutdown(wait=True, cancel_futures=True)
        connections.close_all()

    def _round(self, hands: ThreadPoolExecutor) -> float:
        """Gives each free hand a message; returns how long to wait before the next look."""
        self._busy = {future: domain for future, domain in self._busy.items() if not future.done()}
        free = _HANDS - len(self._busy)
        if not free or not ready():
            return _IDLE
        close_old_connections()
        self._confirm()
        given = claim(free, busy=set(self._busy.values()))
        for one in given:
            self._busy[hands.submit(_sent, one)] = bytes(one.domain)
        return 0.02 if given else _IDLE

    def _confirm(self) -> None:
        """Stops that came by mail are confirmed within minutes, so they are looked for often."""
        if time.monotonic() - self._confirmed_at >= _CONFIRMS:
            self._confirmed_at = time.monotonic()
            queue_owed()


def _sent(message: Message) -> None:
    """In a thread of its own: whatever goes wrong with one is told, and comes due again."""
    try:
        close_old_connections()
        send(message)
    except Exception as error:  # noqa: BLE001  one that fails never holds up the others
        _LOG.error("a message failed", message=str(message.pk), error=type(error).__name__, exc_info=error)
        hang_up()
        connections.close_all()
