"""How soon is each page there, at so many leads, and how many questions does it ask of the database?

Whole requests through Django, with what each writes in the trail, of different people and leads each time. In a process
of its own (`python -m benchmarks.worklist.pages LEADS OPEN PROCESSES ROUNDS`), with LEADWELL_HOME and
LEADWELL_DATABASE_URL as its parent set them.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

import numpy as np

AIM_MS: Final = 100.0  # p99
WARM: Final = 5
LANES: Final = ("", "mine", "safety", "due", "to-do", "again", "review", "resting")
LISTS: Final = ("", "tab=danger", "tab=verify", "tab=redirect", "tab=review", "queue=scheduling",
                "tab=verify&queue=scheduling", "page=2", "page=200")  # fmt: skip
STATES: Final = ("", "state=assessed", "state=needs-mending")
Does = Callable[[int], object]


def main(leads: int, open_: int, processes: int, rounds: int) -> None:
    from leadwell.server import starting

    starting.start()
    starting.migrate()
    from django.db import connection

    from benchmarks.worklist.clinic import clinic

    began, spent = time.perf_counter(), time.process_time()
    ours, members = clinic(leads, open_, processes=processes)
    took, used = time.perf_counter() - began, time.process_time() - spent
    print(f"{connection.vendor}: {leads:,} leads, {open_:,} of them open, {len(members)} people;"
          f" there in {took:.0f} s, {used:.0f} s of this processor", flush=True)  # fmt: skip
    measuring = Measuring(ours, members, rounds)
    for what, does in measuring.every():
        measuring.tell(what, does)
    late = [what for what, worst in measuring.worst.items() if worst > AIM_MS]
    print(f"  p99 over {AIM_MS:.0f} ms by the clock: {', '.join(late) or 'none'}", flush=True)


class Measuring:
    """`worst`: the p99 of each, in milliseconds by the clock."""

    def __init__(self, ours: int, members: Sequence[Any], rounds: int) -> None:
        self._ours, self._members, self._rounds = ours, members, rounds
        self._chance, self._floor = random.Random(3), 0.0
        self._browsers = [_browser(member) for member in members]
        self.worst: dict[str, float] = {}

    def every(self) -> Iterator[tuple[str, Does]]:
        yield "floor: 50 rows of an index", lambda _: list(_rows(self._ours))
        for lane in LANES:
            yield f"worklist, {lane or 'as it opens'}", self._gets([f"/worklist?lane={lane}" if lane else "/worklist"])
        yield "worklist, a look that finds nothing new", self._looks()
        yield "take-next", self._takes()
        leads, people = self._leads(), self._people()
        yield "lead", self._gets([f"/leads/{one}" for one in leads])
        yield "call mode", self._gets([f"/leads/{one}/call" for one in leads])
        yield "person", self._gets([f"/persons/{one}" for one, _ in people])
        for what, sought in _sought(people).items():
            yield f"find by {what}", self._posts("/leads/find", [{"sought": one} for one in sought])
        for query in LISTS:
            yield f"leads{query and '?'}{query}", self._gets([f"/leads?{query}"])
        yield "are they one person?", self._gets(["/persons/doubts"])
        for query in STATES:
            yield f"inbox{query and '?'}{query}", self._gets([f"/inbox?{query}"])

    def tell(self, what: str, does: Does) -> None:
        for nth in range(WARM):
            does(nth)
        with _counted() as asked:
            does(WARM)
        told = np.array([_timed(does, WARM + 1 + nth) for nth in range(self._rounds)])
        (clock, busy), (slow, busiest) = np.percentile(told, [50, 99], axis=0)
        self._floor = self._floor or busy
        self.worst[what] = slow
        print(f"  {what}: p50 {clock:.1f} p99 {slow:.1f} ms; of the processor {busy:.1f} and {busiest:.1f} ms"
              f" ({busy / self._floor:.0f} times the floor); {len(asked)} questions", flush=True)  # fmt: skip

    def _gets(self, addresses: Sequence[str]) -> Does:
        def get(nth: int) -> None:
            browser = self._browsers[nth % len(self._browsers)]
            answer = browser.get(addresses[nth % len(addresses)])
            assert answer.status_code == 200, (answer.status_code, addresses[nth % len(addresses)])

        return get

    def _posts(self, address: str, said: Sequence[dict[str, str]]) -> Does:
        def post(nth: int) -> None:
            answer = self._browsers[nth % len(self._browsers)].post(address, said[nth % len(said)])
            assert answer.status_code == 200, answer.status_code

        return post

    def _looks(self) -> Does:
        def look(_: int) -> None:
            told = {"X-Live": "1", "If-None-Match": self._state}
            answer = self._browsers[0].get("/worklist?lane=to-do", headers=told)
            self._state = answer["ETag"]  # another each minute

        self._state = '""'
        return look

    def _takes(self) -> Does:
        """Each is given back the next time, so that as many are free afterwards."""
        from leadwell.server.worklist import actions

        taken: list[tuple[Any, UUID]] = []

        def take(nth: int) -> None:
            member = self._members[nth % len(self._members)]
            number = actions.take_next(member)
            assert number is not None
            taken.append((member, number))

        def once(nth: int) -> None:
            take(nth)

        once.after = lambda: [actions.give_back(*taken.pop()) for _ in list(taken)]  # type: ignore[attr-defined]
        return once

    def _leads(self) -> list[UUID]:
        """Open ones."""
        from leadwell.server.leads.models import Lead

        ours = Lead.objects.of(self._ours).filter(answered_at=None, person__isnull=False).exclude(queue="")
        found = list(ours.order_by("-received_at").values_list("pk", flat=True)[:2_000])
        return self._chance.sample(found, min(self._rounds, len(found)))

    def _people(self) -> list[tuple[UUID, dict[str, str]]]:
        """Of all times, with what they said of themselves."""
        from leadwell.server.leads.models import Lead
        from leadwell.server.people.models import Person
        from leadwell.server.people.queries import identity

        ours = Lead.objects.of(self._ours).order_by("received_at")
        first, last = (one.values_list("received_at", flat=True)[0] for one in (ours, ours.reverse()))
        found = []
        for _ in range(self._rounds):
            at = first + timedelta(seconds=self._chance.random() * (last - first).total_seconds())
            start = UUID(int=int(at.timestamp() * 1_000) << 80)
            person = Person.objects.of(self._ours).filter(pk__gte=start).order_by("pk").values_list("pk", flat=True)[0]
            found.append((person, identity(self._ours, person) or {}))
        return found


def _sought(people: Sequence[tuple[UUID, dict[str, str]]]) -> dict[str, list[str]]:
    told = [known for _, known in people]
    return {
        "telephone": [one["phone"] for one in told],
        "e-mail": [one["email"] for one in told],
        "whole name": [f"{one['first_name']} {one['last_name']}" for one in told],
        "name and birth date": [f"{one['last_name']} {one['birth_date']}" for one in told],
        "family name": [one["last_name"] for one in told],
        "a common name": ["Smith", "John Smith", "Mary Johnson", "Williams", "James", "Maria"],
    }


def _rows(ours: int) -> Any:
    from leadwell.server.worklist.models import Waiting

    return Waiting.objects.of(ours).filter(lane="to-do").order_by("-cost", "pk")[:50]


def _browser(member: Any) -> Any:
    from django.conf import settings
    from django.test import Client

    settings.ALLOWED_HOSTS = ["*"]
    settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
    client = Client()
    client.force_login(member.user, backend=settings.AUTHENTICATION_BACKENDS[-1])
    return client


@contextmanager
def _counted() -> Iterator[list[str]]:
    """The statements that are sent within, of every database."""
    from django.db import connections

    sent: list[str] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        sent.append(sql)
        return execute(sql, params, many, context)

    with ExitStack() as stack:
        for connection in connections.all():
            stack.enter_context(connection.execute_wrapper(note))
        yield sent


def _timed(does: Does, nth: int) -> tuple[float, float]:
    """Milliseconds by the clock, and of this process's processor."""
    begun, used = time.perf_counter(), time.process_time()
    does(nth)
    told = (time.perf_counter() - begun) * 1e3, (time.process_time() - used) * 1e3
    getattr(does, "after", list)()
    return told


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
