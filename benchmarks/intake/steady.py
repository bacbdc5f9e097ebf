"""How long until a lead is acknowledged, and until it is assessed, at a rate that is fixed in advance?

That it was assessed is learnt by asking after every twentieth, ten times a second: so a figure is at most a tenth of a
second too high, and asking is little beside the load.
"""

from __future__ import annotations

import asyncio
import json
import time
from dataclasses import dataclass

import numpy as np

from benchmarks.intake.client import Answer, Client, open_loop, request
from benchmarks.intake.service import Service

_EVERY = 20  # of so many acknowledged, one is asked after
_PAUSE = 0.1  # seconds between asking
_PATIENCE = 60.0  # seconds until it counts as not assessed


@dataclass(frozen=True, slots=True)
class Steady:
    """Seconds as (p50, p99). `share`: processor time of the sender by the clock."""

    acknowledged: tuple[float, float]
    assessed: tuple[float, float]
    sampled: int
    refused: int
    unassessed: int
    share: float


async def steady(service: Service, posts: list[bytes], *, rate: float) -> Steady:
    client, asking = Client(service.installation.port), Client(service.installation.port)
    watched: list[asyncio.Task[float | None]] = []
    counter = iter(range(len(posts)))

    def acknowledged(answer: Answer) -> None:
        if answer.status == 202 and next(counter) % _EVERY == 0:
            watched.append(asyncio.ensure_future(_until_assessed(service, asking, answer)))

    wall, own = time.perf_counter(), time.process_time()
    answers = await open_loop(client, posts, rate=rate, on_answer=acknowledged)
    share = (time.process_time() - own) / (time.perf_counter() - wall)
    waits = await asyncio.gather(*watched)
    client.close()
    asking.close()
    latencies = [answer.at - due for due, answer in answers]
    known = [wait for wait in waits if wait is not None]
    refused = sum(answer.status != 202 for _, answer in answers)
    return Steady(_spread(latencies), _spread(known), len(waits), refused, len(waits) - len(known), share)


async def _until_assessed(service: Service, client: Client, accepted: Answer) -> float | None:
    """Seconds since it was acknowledged; None where something else became of it, or patience ended."""
    path = "/api/v1/submissions/" + json.loads(accepted.body)["id"]
    whole = request("GET", path, service.headers)
    while True:
        answer = await client.send(whole)
        state = json.loads(answer.body)["state"] if answer.status == 200 else "received"
        if state != "received":
            return answer.at - accepted.at if state == "assessed" else None
        if time.perf_counter() - accepted.at > _PATIENCE:
            return None
        await asyncio.sleep(_PAUSE)


def _spread(values: list[float]) -> tuple[float, float]:
    if not values:
        return float("nan"), float("nan")
    middle, high = np.percentile(values, [50, 99])
    return float(middle), float(high)
