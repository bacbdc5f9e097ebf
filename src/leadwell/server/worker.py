"""What does a worker do? It takes what is due to its end, again and again, until it is told to stop."""

from __future__ import annotations

import os
import signal
import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from types import FrameType
from typing import Final

from django.db import DatabaseError, close_old_connections, connections
from django.utils import timezone

from leadwell.server.access.models import Organization
from leadwell.server.base.embedded import move_logs
from leadwell.server.base.logs import log
from leadwell.server.base.models import Heartbeat
from leadwell.server.base.recurring import run_due
from leadwell.server.intake.claiming import RENEWED, renew
from leadwell.server.intake.draining import drain
from leadwell.server.intake.pacing import Pace
from leadwell.server.jobs import ELSEWHERE, JOBS, give_out_leads, put_calls_through
from leadwell.server.leads.judging import warm
from leadwell.server.outreach import claiming as outgoing
from leadwell.server.outreach.postman import Postman
from leadwell.server.playbooks.queries import NoPlaybook, in_force
from leadwell.server.privacy.anchors import note_heads

_IDLE: Final = 0.15  # seconds
_MANY: Final = 50  # submissions; after fewer it waits for others: judging costs by the batch, and would fill a core
_BEAT: Final = 5.0
_MOVES: Final = 2.0  # how often the databases' logs are moved into their files
_AT_THE_END: Final = 5.0  # seconds that a log which is being moved has left
_WARMS: Final = 5.0  # seconds at most
_JOBS: Final = 15.0  # how often recurring jobs are asked whether they are due
_ASKS: Final = 5.0  # how often what is asked elsewhere is looked at
_AFTER_TROUBLE: Final = 2.0
_LOG: Final = log("leadwell.worker")


class Worker:
    def __init__(self) -> None:
        self.name: Final = f"{socket.gethostname()[:40]}-{os.getpid()}"
        self._stop = threading.Event()
        self._postman = Postman()
        self._pace = Pace()
        self._beat_at = self._jobs_at = -1e9

    def stop(self, signum: int = 0, frame: FrameType | None = None) -> None:
        """Finishes what is in hand, then ends."""
        self._stop.set()

    def run(self) -> None:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self.stop)
        _LOG.info("worker started", worker=self.name)
        threading.Thread(target=self._renewing, daemon=True).start()
        threading.Thread(target=self._meanwhile, args=(_ASKS, partial(run_due, ELSEWHERE)), daemon=True).start()
        moving = threading.Thread(target=self._meanwhile, args=(_MOVES, move_logs), daemon=True)
        moving.start()
        self._postman.start()
        self._warm()
        while not self._stop.is_set():
            self._stop.wait(self._round())
        self._postman.stop()
        moving.join(_AT_THE_END)
        Heartbeat.objects.filter(worker=self.name).delete()
        connections.close_all()
        _LOG.info("worker stopped", worker=self.name)

    def _warm(self) -> None:
        """Before it says that it is there. What is not warm by then will be at its first lead."""
        end = time.monotonic() + _WARMS
        try:
            for organization in Organization.objects.values_list("pk", flat=True):
                if self._stop.is_set() or time.monotonic() > end:
                    return
                with suppress(NoPlaybook):
                    warm(in_force(organization)[1])
        except (KeyboardInterrupt, SystemExit):
            raise
        except BaseException as error:  # noqa: BLE001  the first lead says so again, and is tried again
            _LOG.error("could not be warmed", error=type(error).__name__)

    def _renewing(self) -> None:
        """Keeps what is in hand ours, however long it takes."""
        while not self._stop.wait(RENEWED):
            try:
                renew()
                outgoing.renew()
            except DatabaseError:  # the lease runs out, and another takes it: the lead is still written once
                connections.close_all()

    def _meanwhile(self, every: float, work: Callable[[], object]) -> None:
        """What others are long in: a mailbox in answering, the disk in taking a log. No lead waits for them."""
        while not self._stop.wait(every):
            try:
                close_old_connections()
                work()
            except DatabaseError as error:  # locked, full or gone: tried again
                _LOG.error("the database refused", error=type(error).__name__, exc_info=error)
                connections.close_all()
        connections.close_all()

    def _round(self) -> float:
        """One round of work; returns how long to wait before the next."""
        try:
            close_old_connections()
            self._beat()
            if self._jobs_due() and run_due(JOBS).more:
                self._jobs_at = -1e9
            begun = time.monotonic()
            done = drain(most=self._pace.most, stopping=self._stop.is_set)
            self._pace.took(done.submissions, time.monotonic() - begun)
            if done.submissions:
                put_calls_through()
                give_out_leads()
        except DatabaseError as error:  # locked, full or gone: what was claimed comes due again
            _LOG.error("the database refused", error=type(error).__name__, exc_info=error)
            connections.close_all()
            return _AFTER_TROUBLE
        if done.submissions:
            _LOG.info("drained", submissions=done.submissions, leads=done.leads, **done.states)
        return 0.0 if done.submissions >= _MANY else _IDLE

    def _jobs_due(self) -> bool:
        if time.monotonic() - self._jobs_at < _JOBS:
            return False
        self._jobs_at = time.monotonic()
        return True

    def _beat(self) -> None:
        if time.monotonic() - self._beat_at < _BEAT:
            return
        self._beat_at = time.monotonic()
        Heartbeat.objects.update_or_create(worker=self.name, defaults={"at": timezone.now()})
        try:
            note_heads()
        except OSError as error:  # a full disk keeps nobody from being served
            _LOG.error("the end of the trails could not be noted", error=type(error).__name__)
