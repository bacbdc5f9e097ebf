"""When all is quiet: is each acknowledged submission there exactly once, and every other at most once?"""

from __future__ import annotations

import json
import re
import time
from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import httpx
from tests.journeys.running import Installation

from benchmarks.intake.offering import Told
from benchmarks.intake.service import Service
from benchmarks.intake.submissions import Submission

_LINE = re.compile(r"(?P<id>\S+)\s+\S+ \S+\s+\S+\s+(?P<state>\S+)")
_ENDS = ("repeats", "needs_mending", "set_aside", "refused", "joined", "not_leads", "made_leads")
_READERS = 4
_MOST = 10_000_000


@dataclass
class Verdict:
    """Each question with its answer; `wrong` where it is not the right one. `tell` hears of each as it comes."""

    tell: Callable[[str, str, bool], None] = lambda *_: None
    lines: list[tuple[str, str, bool]] = field(default_factory=list)

    def note(self, what: str, figure: object, *, good: bool = True) -> None:
        self.lines.append((what, str(figure), good))
        self.tell(*self.lines[-1])

    def zero(self, what: str, found: Iterable[object]) -> None:
        """Nothing may be found; of what is, the first few are named."""
        all_found = list(found)
        few = " ".join(str(one) for one in all_found[:3])
        self.note(what, f"{len(all_found)} {few}".strip(), good=not all_found)

    @property
    def wrong(self) -> list[str]:
        return [what for what, _, good in self.lines if not good]


def ledger(installation: Installation) -> dict[str, Any]:
    """Answers also where a difference is left: the command's exit status then is 1."""
    said: dict[str, Any] = json.loads(installation.ran("ledger", "--json").stdout)
    return said


def drained(installation: Installation, *, patience: float) -> dict[str, Any]:
    """The ledger, once nothing waits any more; as it is then where that never comes."""
    end = time.monotonic() + patience
    while True:
        told = ledger(installation)
        quiet = told["received"] == sum(told[name] for name in _ENDS) and told["leads"] == told["assessed"]
        if quiet or time.monotonic() > end:
            return told
        time.sleep(1)


def inbox(installation: Installation) -> dict[str, str]:
    """id -> state of everything that was ever taken in."""
    listed = installation.command("inbox", "list", "--most", str(_MOST)).splitlines()
    found = [_LINE.match(line) for line in listed]
    return {one["id"]: one["state"] for one in found if one}


def became(service: Service, ids: list[str]) -> dict[str, dict[str, Any] | None]:
    """What GET status_url answers; None where it does not."""
    with (
        httpx.Client(base_url=service.url, headers=service.headers, timeout=30) as client,
        ThreadPoolExecutor(_READERS) as readers,
    ):
        answers = readers.map(lambda one: client.get(f"/api/v1/submissions/{one}"), ids)
        return {one: got.json() if got.status_code == 200 else None for one, got in zip(ids, answers, strict=True)}


def judge_acknowledged(
    verdict: Verdict, service: Service, submissions: dict[int, Submission], told: dict[int, Told]
) -> None:
    """Each has one id, under which one lead stands, nobody else's, and it is what was sent."""
    ids = {number: one.ids[0] for number, one in told.items() if one.ids}
    answers = became(service, list(ids.values()))
    verdict.zero("acknowledged, and its status does not answer (lost)", [i for i, a in answers.items() if a is None])
    there = {i: a for i, a in answers.items() if a is not None}
    verdict.zero("acknowledged, and no assessed lead", [i for i, a in there.items() if not _assessed(a)])
    leads = Counter(a["lead"] for a in there.values() if a["lead"])
    verdict.zero("leads that several submissions claim", [lead for lead, count in leads.items() if count > 1])
    sent = {ids[number]: submissions[number].email for number in ids}
    mixed = [i for i, a in there.items() if _assessed(a) and a["assessment"]["contact"]["email"] != sent[i]]
    verdict.zero("leads that are not what was sent", mixed)


def _assessed(answer: dict[str, Any]) -> bool:
    return answer["state"] == "assessed" and bool(answer["lead"]) and answer["assessment"] is not None


def judge_told(verdict: Verdict, told: dict[int, Told]) -> None:
    """What the senders alone can see."""
    verdict.zero("acknowledged under two ids (doubled)", [n for n, one in told.items() if len(set(one.ids)) > 1])
    verdict.zero("said twice to be new", [n for n, one in told.items() if one.first > 1])
    verdict.zero(
        "turned away for good (4xx)", [f"{n}:{one.turned_away[0]}" for n, one in told.items() if one.turned_away]
    )


def judge_inbox(verdict: Verdict, installation: Installation, told: dict[int, Told]) -> None:
    """Beside what was acknowledged there is at most one for each that was not."""
    states = inbox(installation)
    known = {i for one in told.values() for i in one.ids}
    strays = {i for i, state in states.items() if state != "repeat"} - known
    unknown = sum(not one.ids for one in told.values())
    more = len(strays) > unknown
    verdict.note("in the inbox, acknowledged to nobody", f"{len(strays)} of {unknown} possible", good=not more)


def judge_ledger(verdict: Verdict, book: dict[str, Any], told: dict[int, Told]) -> None:
    """The service's own account agrees with what the senders counted."""
    acknowledged = sum(bool(one.ids) for one in told.values())
    repeats = sum(len(one.ids) - one.first for one in told.values())
    verdict.note("the ledger's difference", book["difference"], good=book["difference"] == 0)
    verdict.note("made leads, of those acknowledged", book["made_leads"], good=book["made_leads"] == acknowledged)
    aside = book["needs_mending"] + book["set_aside"] + book["refused"] + book["joined"] + book["not_leads"]
    verdict.note("anything else than leads and repeats", aside, good=aside == 0)
    whole = book["leads"] == book["assessed"] == book["in_queues"] + book["resting"] == book["made_leads"]
    verdict.note("leads = assessed = in a queue + resting", book["leads"], good=whole)
    verdict.note(
        "repeats in the ledger, at least as many as told",
        f"{book['repeats']} of {repeats}",
        good=book["repeats"] >= repeats,
    )


def judge_trail(verdict: Verdict, installation: Installation) -> None:
    done = installation.ran("audit", "verify")
    verdict.note("the trail", (done.stdout or done.stderr).strip().splitlines()[-1], good=done.returncode == 0)
