"""How quickly are leads taken in, acknowledged, judged and drained, against the least that Django can do?

Everything in one run, so that its ratios hold on any machine. Aims are printed, never enforced.
"""

from __future__ import annotations

import asyncio
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
from tests.journeys.running import free_port, until

from benchmarks.intake import counting, databases, submissions
from benchmarks.intake.client import Answer, Client, closed_loop, request
from benchmarks.intake.service import WEB, Service, installed
from benchmarks.intake.steady import Steady, steady
from benchmarks.speed import Board

_ROUNDS = 3
_AT_ONCE = 8  # senders of the closed loop: as many as the server has threads
_CHUNK = 1_000  # leads of a request, for a backlog
_SAMPLE = 60  # submissions of the backlog that are asked after
_PATIENCE = 1_800.0
_GRANIAN = "--interface wsgi --workers 1 --blocking-threads 8 --log-level error --no-ws".split()


@dataclass(frozen=True, slots=True)
class Size:
    requests: int = 3_000  # of a closed loop, each round
    rate: float = 100.0
    seconds: float = 60.0
    backlog: int = 100_000


class _Board(Board):
    def over(self) -> None:
        print(f"{sum(self.aims)} of {len(self.aims)} aims are met.")


def main(size: Size, postgresql: str) -> None:
    board = _Board()
    _measured(board, size, "SQLite", "", 1)
    if postgresql:
        _measured(board, size, "PostgreSQL", postgresql, 1)
        _measured(board, size, "PostgreSQL", postgresql, 2)
    board.over()


def _measured(board: _Board, size: Size, kind: str, url: str, workers: int) -> None:
    named = f"{kind}, {workers} worker{'s'[: workers - 1]}"
    with tempfile.TemporaryDirectory(prefix="leadwell-rates-") as name, databases.own(url) as database:
        folder = Path(name)
        (folder / "home").mkdir()
        with installed(folder, home=folder / "home", database=database, workers=workers) as service:
            service.begin(WEB)
            until(lambda: httpx.get(f"{service.url}/healthz").status_code == 200, "the web server")
            if workers == 1:
                _intake(board, size, kind, service, folder, url)
            _at_rest(board, size, named, service)
            _draining(board, size, named, service, folder)


def _intake(board: _Board, size: Size, kind: str, service: Service, folder: Path, url: str) -> None:
    """No worker runs meanwhile: nor has the bare view one."""
    with databases.own(url) as database, _bare(folder, database) as port:
        ratios, rates, bare_rates = [], [], []
        for turn in range(_ROUNDS):
            posts = _posts(service, size.requests, seed=100 + turn)
            bare_rates.append(_rate(port, posts))
            rates.append(_rate(service.installation.port, posts))
            ratios.append(rates[-1] / bare_rates[-1])
    ratio = statistics.median(ratios)
    board.show(f"{kind}: a bare Django view, rows committed", f"{statistics.median(bare_rates):.0f}/s")
    figures = f"{statistics.median(rates):.0f}/s, {ratio:.2f}x (of rounds {min(ratios):.2f} to {max(ratios):.2f})"
    board.show(f"{kind}: durable intake over HTTP", figures, ("at least 0.5x", ratio >= 0.5))


def _posts(service: Service, count: int, *, seed: int) -> list[bytes]:
    return [
        request("POST", submissions.PATH, {**service.headers, "Idempotency-Key": one.key}, one.body)
        for one in submissions.made(count, seed=seed)
    ]


def _rate(port: int, posts: list[bytes]) -> float:
    start = time.perf_counter()
    answers = asyncio.run(_closed(port, posts))
    seconds = time.perf_counter() - start
    if refused := [one.status for one in answers if one.status != 202]:
        raise SystemExit(f"{len(refused)} of {len(posts)} requests were not accepted, the first with {refused[0]}")
    return len(posts) / seconds


async def _closed(port: int, posts: list[bytes]) -> list[Answer]:
    client = Client(port)
    answers = await closed_loop(client, posts, at_once=_AT_ONCE)
    client.close()
    return answers


@contextmanager
def _bare(folder: Path, database: str) -> Iterator[int]:
    """The bare view, served as Leadwell is. Its port."""
    port = free_port()
    env = {**os.environ, "BARE_DATABASE": database or str(folder / "bare.sqlite3")}
    subprocess.run([sys.executable, "-m", "benchmarks.intake.bare"], env=env, check=True)
    where = ["--host", "127.0.0.1", "--port", str(port), "benchmarks.intake.bare:application"]
    process = subprocess.Popen([sys.executable, "-m", "granian", *_GRANIAN, *where], env=env)
    try:
        until(lambda: httpx.get(f"http://127.0.0.1:{port}/").status_code == 404, "the bare view")
        yield port
    finally:
        process.terminate()
        process.wait()


def _at_rest(board: _Board, size: Size, named: str, service: Service) -> None:
    """What the closed loop left is drained first."""
    service.start_workers()
    counting.drained(service.installation, patience=_PATIENCE)
    _shown(board, f"{named}: at {size.rate:.0f}/s", asyncio.run(_steady(size, service, seed=200)))
    counting.drained(service.installation, patience=_PATIENCE)


async def _steady(size: Size, service: Service, *, seed: int) -> Steady:
    count = int(size.rate * size.seconds)
    return await steady(service, _posts(service, count, seed=seed), rate=size.rate)


def _shown(board: _Board, named: str, found: Steady) -> None:
    middle, high = found.acknowledged
    met = high < 0.060 and not found.refused
    board.show(
        f"{named}: acknowledged", f"p50 {middle * 1e3:.0f} ms, p99 {high * 1e3:.0f} ms", ("p99 under 60 ms", met)
    )
    middle, high = found.assessed
    met = high < 1.5 and not found.unassessed
    figures = f"p50 {middle:.2f} s, p99 {high:.2f} s (of {found.sampled} sampled)"
    board.show(f"{named}: acknowledged to assessed", figures, ("p99 under 1.5 s", met))
    told = f"{found.share:.0%} of a core; {found.refused} not accepted, {found.unassessed} not assessed in time"
    board.show(f"{named}: the sender itself", told)


def _draining(board: _Board, size: Size, named: str, service: Service, folder: Path) -> None:
    service.stop_workers()
    ids = asyncio.run(_piled_up(service, size.backlog))
    where = service.installation.database or str(service.installation.home / "leadwell.sqlite3")
    before = databases.row_counts(where)
    start = time.perf_counter()
    service.start_workers()
    found, end = asyncio.run(_watched(size, service, ids[:: max(1, len(ids) // _SAMPLE)] + ids[-1:]))
    counting.drained(service.installation, patience=_PATIENCE)
    _shown(board, f"{named}: while {size.backlog:,} drain, {size.rate:.0f}/s", found)
    during = min(size.rate * size.seconds, size.rate * (end - start))
    rate = (size.backlog + during) / (end - start)
    grown = _grown(before, databases.row_counts(where), size)
    floor = (size.backlog + size.rate * size.seconds) / _copied(folder, where, list(grown))
    board.show(f"{named}: bulk_create alone", f"{floor:,.0f} leads/s, rows of {', '.join(grown)}")
    aims = (("at least 800/s", rate >= 800), ("at least 0.35x", rate >= 0.35 * floor))
    board.show(f"{named}: drained", f"{rate:,.0f} leads/s, {rate / floor:.2f}x", *aims)


async def _piled_up(service: Service, count: int) -> list[str]:
    """Ids of a backlog, in the order in which it came."""
    client, ids = Client(service.installation.port), list[str]()
    rows = submissions.rows(count, seed=300)
    for start in range(0, count, _CHUNK):
        body = json.dumps({"leads": rows[start : start + _CHUNK]}).encode()
        answer = await client.send(request("POST", submissions.PATH, service.headers, body))
        if answer.status != 202:
            raise SystemExit(f"a list of {_CHUNK} leads was not accepted: {answer.status}")
        ids += [one["id"] for one in json.loads(answer.body)["submissions"]]
    client.close()
    return ids


async def _watched(size: Size, service: Service, sample: list[str]) -> tuple[Steady, float]:
    """The steady load beside the drain; and when the last of the sample was assessed."""
    load = asyncio.ensure_future(_steady(size, service, seed=400))
    client, left = Client(service.installation.port), sample
    while left:
        left = [one for one in left if not await _is_assessed(service, client, one)]
        end = time.perf_counter()
        await asyncio.sleep(1)
    client.close()
    return await load, end


async def _is_assessed(service: Service, client: Client, submission: str) -> bool:
    answer = await client.send(request("GET", f"/api/v1/submissions/{submission}", service.headers))
    return answer.status == 200 and json.loads(answer.body)["state"] not in ("received", "")


def _grown(before: dict[str, int], after: dict[str, int], size: Size) -> dict[str, int]:
    """The tables of which the drain wrote about a row a lead, or more."""
    more = {name: after[name] - before.get(name, 0) for name in after}
    return {name: count for name, count in more.items() if count >= 0.5 * (size.backlog + size.rate * size.seconds)}


def _copied(folder: Path, where: str, tables: list[str]) -> float:
    """Seconds of bulk_create for the rows of the drain; the tables hold some from before too, which count in proportion."""
    target = where if "://" in where else str(folder / "copied.sqlite3")
    command = [sys.executable, "-m", "benchmarks.intake.copied", where, target, *tables]
    return float(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
