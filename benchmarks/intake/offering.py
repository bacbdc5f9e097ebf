"""How is each submission offered twice, and what was it told?

Most senders try again until they are told 202, as a careful program does; some never do. A few break off in the
middle of a body, and come back; a few break off and are never heard of again.
"""

from __future__ import annotations

import random
import socket
import threading
import time
from collections import Counter
from dataclasses import dataclass, field

import httpx

from benchmarks.intake.service import Service
from benchmarks.intake.submissions import PATH, Submission

SENDERS = 8
CARELESS, BREAKS_OFF, VANISHES = 0.15, 0.05, 0.02  # shares of the submissions
PATIENCE = 90.0  # seconds in which a careful sender tries again
_WAIT = 10.0  # seconds for an answer
_AGAIN = (0.1, 0.5)  # seconds between tries
_PROBLEM = "application/problem+json"
_BUSY = frozenset({429, 500, 502, 503, 504, 507})  # "not now": try again


@dataclass
class Told:
    """What the senders of one submission were told. `ids`: with each acknowledgement."""

    ids: list[str] = field(default_factory=list)
    first: int = 0  # acknowledgements that said it was new
    turned_away: list[int] = field(default_factory=list)  # for good: 4xx


@dataclass(frozen=True, slots=True)
class Delivery:
    submission: Submission
    careful: bool
    breaks_off: bool = False
    whole: bool = True


def planned(submissions: list[Submission], dice: random.Random, *, breaks: bool = True) -> list[Delivery]:
    """Two of each, the second close behind the first (they often meet), a few of them late.

    `breaks`: whether some break off.
    """
    at: list[tuple[float, Delivery]] = []
    for place, one in enumerate(submissions):
        careful, off, gone = dice.random() >= CARELESS, dice.random() < BREAKS_OFF, dice.random() < VANISHES
        off, gone = off and breaks, gone and breaks
        gap = dice.expovariate(1 / 2) if dice.random() < 0.8 else dice.uniform(0, len(submissions) / 2)
        at.append((place, Delivery(one, careful, breaks_off=off or gone, whole=not gone)))
        at.append((place + gap, Delivery(one, careful, whole=not gone, breaks_off=gone)))
    return [delivery for _, delivery in sorted(at, key=lambda pair: pair[0])]


class Offering:
    """Sends deliveries from several threads. `share` says how much of them is behind it."""

    def __init__(self, service: Service, deliveries: list[Delivery], *, seed: int) -> None:
        self.answers: Counter[str] = Counter()
        self.shapeless: Counter[str] = Counter()  # errors that are no problem details
        self.told: dict[int, Told] = {one.submission.number: Told() for one in deliveries}
        self._service, self._deliveries, self._seed = service, deliveries, seed
        self._next, self._done, self._lock = 0, 0, threading.Lock()

    @property
    def share(self) -> float:
        return self._done / max(1, len(self._deliveries))

    def acknowledged(self) -> set[int]:
        with self._lock:
            return {number for number, told in self.told.items() if told.ids}

    def run(self) -> None:
        threads = [threading.Thread(target=self._sender, args=(n,)) for n in range(SENDERS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def _sender(self, number: int) -> None:
        dice = random.Random(self._seed * SENDERS + number)
        with httpx.Client(base_url=self._service.url, headers=self._service.headers, timeout=_WAIT) as client:
            while (delivery := self._taken()) is not None:
                self._delivered(client, delivery, dice)
                with self._lock:
                    self._done += 1

    def _taken(self) -> Delivery | None:
        with self._lock:
            if self._next == len(self._deliveries):
                return None
            self._next += 1
            return self._deliveries[self._next - 1]

    def _delivered(self, client: httpx.Client, delivery: Delivery, dice: random.Random) -> None:
        if delivery.breaks_off:
            self._note("broken off" if broken_off(self._service, delivery.submission, dice) else "no connection")
        if not delivery.whole:
            return
        end = time.monotonic() + PATIENCE
        while not self._tried(client, delivery.submission):
            time.sleep(dice.uniform(*_AGAIN))
            if not delivery.careful or time.monotonic() > end:
                return

    def _tried(self, client: httpx.Client, submission: Submission) -> bool:
        """One try; true where the answer is final."""
        try:
            answer = client.post(PATH, content=submission.body, headers={"Idempotency-Key": submission.key})
        except httpx.TransportError as error:
            self._note("no connection" if isinstance(error, httpx.ConnectError) else "no answer")
            return False
        told = self.told[submission.number]
        if answer.status_code == 202:
            said = answer.json()
            with self._lock:
                told.ids.append(said["id"])
                told.first += not said["repeat"]
            self._note("202, a repeat" if said["repeat"] else "202")
            return True
        self._note(str(answer.status_code))
        if answer.headers.get("Content-Type") != _PROBLEM:
            self.shapeless[f"{answer.status_code} {answer.headers.get('Content-Type')}"] += 1
        if answer.status_code in _BUSY:
            return False
        told.turned_away.append(answer.status_code)
        return True

    def _note(self, answer: str) -> None:
        with self._lock:
            self.answers[answer] += 1


def broken_off(service: Service, submission: Submission, dice: random.Random) -> bool:
    """Sends the head and a part of the body, and hangs up. False where nobody listens."""
    lines = [f"POST {PATH} HTTP/1.1", f"Host: 127.0.0.1:{service.installation.port}"]
    lines += [f"{name}: {value}" for name, value in service.headers.items()]
    lines += [f"Idempotency-Key: {submission.key}", f"Content-Length: {len(submission.body)}", "", ""]
    part = submission.body[: dice.randrange(len(submission.body))]
    try:
        with socket.create_connection(("127.0.0.1", service.installation.port), timeout=_WAIT) as one:
            one.sendall("\r\n".join(lines).encode() + part)
            time.sleep(dice.choice((0.0, 0.01, 0.1)))
    except OSError:
        return False
    return True
