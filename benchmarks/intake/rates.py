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
from benchmarks.intake.processes import cpu_seconds
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


@dataclass(frozen=True, slots=True)
class _Served:
    """Where a server listens, and the process that leads its group."""

    port: int
    leader: int


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
                with databases.own(url) as another, _bare(folder, another) as bare:
                    _intake(board, size, kind, service, bare)
            _at_rest(board, size, named, service)
            _draining(board, size, named, service, folder)


def _intake(board: _Board, size: Size, kind: str, service: Service, bare: _Served) -> None:
    """No worker runs meanwhile: nor has the bare view one."""
    ours = _Served(service.installation.port, service.installation.processes[WEB].pid)
    rounds = []
    for turn in range(_ROUNDS):
        posts = _posts(service, size.requests, seed=100 + turn)
        rounds.append((_rate(bare, posts), _rate(ours, posts)))
    ratios = [rate / floor for (floor, _), (rate, _) in rounds]
    for what, found, aims in (
        ("a bare Django view, a row committed", [floor for floor, _ in rounds], ()),
        (
            "durable intake over HTTP",
            [rate for _, rate in rounds],
            (("at least 0.5x", statistics.median(ratios) >= 0.5),),
        ),
    ):
        rate, cpu = (statistics.median(column) for column in zip(*found, strict=True))
        board.show(f"{kind}: {what}", f"{rate:.0f}/s, {cpu * 1e3:.1f} ms of processor each", *aims)
    spread = f"{statistics.median(ratios):.2f}x (of {_ROUNDS} rounds {min(ratios):.2f} to {max(ratios):.2f})"
    board.show(f"{kind}: its ratio", spread)


def _posts(service: Service, count: int, *, seed: int) -> list[bytes]:
    return [
        request("POST", submissions.PATH, {**service.headers, "Idempotency-Key": one.key}, one.body)
        for one in submissions.made(count, seed=seed)
    ]


def _rate(served: _Served, posts: list[bytes]) -> tuple[float, float]:
    """Requests a second, and processor seconds of the server for each."""
    start, cpu = time.perf_counter(), cpu_seconds(served.leader)
    answers = asyncio.run(_closed(served.port, posts))
    seconds, cpu = time.perf_counter() - start, cpu_seconds(served.leader) - cpu
    if refused := [one.status for one in answers if one.status != 202]:
        raise SystemExit(f"{len(refused)} of {len(posts)} requests were not accepted, the first with {refused[0]}")
    return len(posts) / seconds, cpu / len(posts)


async def _closed(port: int, posts: list[bytes]) -> list[Answer]:
    client = Client(port)
    answers = await closed_loop(client, posts, at_once=_AT_ONCE)
    client.close()
    return answers


@contextmanager
def _bare(folder: Path, database: str) -> Iterator[_Served]:
    """The bare view, served as Leadwell is."""
    port = free_port()
    env = {**os.environ, "BARE_DATABASE": database or str(folder / "bare.sqlite3")}
    subprocess.run([sys.executable, "-m", "benchmarks.intake.bare"], env=env, check=True)
    where = ["--host", "127.0.0.1", "--port", str(port), "benchmarks.intake.bare:application"]
    process = subprocess.Popen([sys.executable, "-m", "granian", *_GRANIAN, *where], env=env, start_new_session=True)
    try:
        until(lambda: httpx.get(f"http://127.0.0.1:{port}/").status_code == 404, "the bare view")
        yield _Served(port, process.pid)
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
    cpu = _cpu_of_workers(service)
    found, moments = asyncio.run(_watched(size, service, ids[:: max(1, len(ids) // _SAMPLE)] + ids[-1:]))
    book = counting.drained(service.installation, patience=_PATIENCE)
    cpu = _cpu_of_workers(service) - cpu
    _shown(board, f"{named}: while {size.backlog:,} drain, {size.rate:.0f}/s", found)
    seconds = [moment - start for moment in moments]
    rate = (size.backlog + size.rate * min(size.seconds, seconds[-1])) / seconds[-1]
    grown = _grown(before, databases.row_counts(where), size)
    alone, alone_cpu = (spent / book["leads"] for spent in _copied(folder, where, grown))
    figures = f"{1 / alone:,.0f} leads/s, {alone_cpu * 1e3:.2f} ms of processor each, rows of {', '.join(grown)}"
    board.show(f"{named}: bulk_create alone", figures)
    aims = (("at least 800/s", rate >= 800), ("at least 0.35x", rate * alone >= 0.35))
    board.show(f"{named}: drained", f"{rate:,.0f} leads/s, {rate * alone:.2f}x", *aims)
    each = cpu / (size.backlog + size.rate * size.seconds)
    told = f"half after {statistics.median(seconds):.0f} s, the last after {seconds[-1]:.0f} s"
    board.show(f"{named}: the drain itself", f"{told}; {each * 1e3:.1f} ms of processor each")


def _cpu_of_workers(service: Service) -> float:
    return sum(cpu_seconds(service.installation.processes[name].pid) for name in service.names[1:])


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


async def _watched(size: Size, service: Service, sample: list[str]) -> tuple[Steady, list[float]]:
    """The steady load beside the drain; and when each of the sample was found assessed, asked once a second."""
    load = asyncio.ensure_future(_steady(size, service, seed=400))
    client, left, moments = Client(service.installation.port), sample, list[float]()
    while left:
        left = [one for one in left if not await _is_through(service, client, one)]
        moments += [time.perf_counter()] * (len(sample) - len(left) - len(moments))
        await asyncio.sleep(1)
    client.close()
    return await load, moments


async def _is_through(service: Service, client: Client, submission: str) -> bool:
    answer = await client.send(request("GET", f"/api/v1/submissions/{submission}", service.headers))
    return answer.status == 200 and json.loads(answer.body)["state"] != "received"


def _grown(before: dict[str, int], after: dict[str, int], size: Size) -> list[str]:
    """The tables of which the drain wrote about a row a lead, or more."""
    least = 0.5 * (size.backlog + size.rate * size.seconds)
    return [name for name in after if after[name] - before.get(name, 0) >= least]


def _copied(folder: Path, where: str, tables: list[str]) -> tuple[float, ...]:
    """Seconds of bulk_create for all rows of these tables: by the clock, and of the processor."""
    target = where if "://" in where else str(folder / "copied.sqlite3")
    command = [sys.executable, "-m", "benchmarks.intake.copied", where, target, *tables]
    said = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout
    return tuple(map(float, said.split()))
