"""What is done to the service while it works, and when?

Kills, full disks and locks are spread over the load by its progress, so that each meets work; which comes when follows
from the seed. A kill may well meet a full disk or a lock.
"""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from benchmarks.intake import locks
from benchmarks.intake.disk import Disk
from benchmarks.intake.offering import Offering
from benchmarks.intake.service import WEB, Service, Supervisor


@dataclass(frozen=True, slots=True)
class Plan:
    kills: int
    fills: int
    locks: int
    seconds: tuple[float, float] = (2.0, 7.0)  # how long a full disk or a lock lasts


class Harm:
    """Two threads, beside the load: one kills; the other fills the disk and locks the database."""

    def __init__(self, service: Service, supervisor: Supervisor, disk: Disk, offering: Offering) -> None:
        self.done: Counter[str] = Counter()
        self._service, self._supervisor, self._disk, self._offering = service, supervisor, disk, offering
        self._over = threading.Event()
        self._threads: list[threading.Thread] = []

    def begin(self, plan: Plan, *, seed: int) -> None:
        dice = random.Random(seed)
        kills = [self._kill(dice) for _ in range(plan.kills)]
        conditions = [self._fill(dice.uniform(*plan.seconds)) for _ in range(plan.fills)]
        conditions += [self._lock(dice.uniform(*plan.seconds)) for _ in range(plan.locks)]
        dice.shuffle(conditions)
        for harms in (kills, conditions):
            moments = sorted(dice.uniform(0.05, 0.95) for _ in harms)
            pairs = list(zip(moments, harms, strict=True))
            self._threads.append(threading.Thread(target=self._spread, args=(pairs,)))
        for thread in self._threads:
            thread.start()

    def end(self) -> None:
        """When the load is over: what was not done by then is done no more."""
        self._over.set()
        for thread in self._threads:
            thread.join()

    def _spread(self, harms: list[tuple[float, Callable[[], None]]]) -> None:
        for moment, harm in harms:
            while self._offering.share < moment:
                if self._over.wait(0.01):
                    return
            harm()

    def _kill(self, dice: random.Random) -> Callable[[], None]:
        """The web server, or a worker, or everything, as when the power fails."""
        one = dice.choice((WEB, dice.choice(self._service.names[1:]), None))
        pause = dice.uniform(0, 0.3)

        def kill() -> None:
            time.sleep(pause)
            self._supervisor.kill(*([one] if one else self._service.names))
            self.done["kill"] += 1

        return kill

    def _fill(self, seconds: float) -> Callable[[], None]:
        def fill() -> None:
            self._disk.fill(self._service)
            time.sleep(seconds)
            self._disk.relieve(self._service)
            self.done["fill"] += 1

        return fill

    def _lock(self, seconds: float) -> Callable[[], None]:
        def lock() -> None:
            self.done["lock" if locks.held(self._service, seconds) else "lock refused"] += 1

        return lock
