"""How soon is it known who somebody is, among so many? Newcomers looked up one by one, beside what the database needs.

The floor is as many reads by an index as each look-up made, of the same rows, through the driver alone. In a process of
its own (`python -m benchmarks.identity.lookups COUNT PROCESSES`), with LEADWELL_HOME and LEADWELL_DATABASE_URL as its
parent set them.
"""

from __future__ import annotations

import sqlite3
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import numpy as np

from benchmarks.identity import crowd
from leadwell.identity.keys import MOST
from leadwell.identity.recognising import Mark

SLUG: Final = "crowd"
AIM_MS: Final = 8.0  # p99, with a million people
_TOKENS: Final = "SELECT person_id FROM people_persontoken WHERE organization_id = {mark} AND token = {mark} LIMIT 21"
_PEOPLE: Final = "SELECT sealed FROM people_person WHERE id = {mark}"


def main(count: int, processes: int) -> None:
    from leadwell.server import starting

    starting.start()
    starting.migrate()
    from leadwell.server.access.actions import add_organization

    ours = add_organization(SLUG).pk
    people = crowd.crowd(count)
    there = crowd.known(ours)
    if 0 < there < count:
        sys.exit(f"{there:,} of {count:,} people are there: the making was broken off. Delete the folder.")
    if not there:
        start, took = time.perf_counter(), time.process_time()
        crowd.fill(ours, people[:count], processes=processes)
        print(f"  {count:,} people made in {time.perf_counter() - start:.0f} s,"
              f" {time.process_time() - took:.0f} s of this processor", flush=True)  # fmt: skip
    _measure(ours, people[count:].head(count // 100), count)


@dataclass(frozen=True)
class Asked:
    """What looking one up asked of the database: tokens, and the people who were opened."""

    tokens: Sequence[bytes]
    people: Sequence[UUID]

    @property
    def reads(self) -> int:
        return len(self.tokens) + len(self.people)


def _measure(ours: int, newcomers: Any, count: int) -> None:
    from django.db import connection
    from django.utils import timezone

    from leadwell.server.people import recognising
    from leadwell.server.people.actions import prepared_people
    from leadwell.server.privacy.tokens import Blind

    blind, now = Blind(ours), timezone.now()
    asked = [(one, crowd.judged(one)) for one in crowd.filled_in(newcomers)]
    made = [one.patient.newcomer for one in prepared_people(ours, asked, now, blind)]
    arrivals = [recognising.arrivals_of([one]) for one in made]
    wanted = [_asked(ours, blind, one.marks[0]) for one in arrivals]
    floor, close = _driver()

    def of_the_database(at: int) -> None:
        floor(_TOKENS, [(ours, token) for token in wanted[at].tokens])
        floor(_PEOPLE, [(one,) for one in wanted[at].people])

    def found(at: int) -> None:
        _candidates(recognising.Candidates(ours, blind), arrivals[at].marks[0])

    def looked_up(at: int) -> None:
        recognising.look_up(ours, recognising.arrivals_of([made[at]]), blind)

    reads = np.array([one.reads for one in wanted])
    print(f"  {count:,} people, {connection.vendor}; {len(made):,} looked up one by one,"
          f" {reads.mean():.1f} reads each, {reads.max()} at most", flush=True)  # fmt: skip
    _tell("floor, these reads alone", _timed(of_the_database, len(made)))
    _tell("candidates found and opened", _timed(found, len(made)))
    _tell(f"looked up (aim: p99 {AIM_MS:.0f} ms)", _timed(looked_up, len(made)))
    close()


def _candidates(known: Any, marks: Sequence[Mark]) -> list[UUID]:
    """Who shares a mark, and whoever is one person with them: those who are opened."""
    holders = known.holders(marks)
    groups = known.groups({one for them in holders.values() if len(them) <= MOST for one in them})
    people = sorted({member for group in groups.values() for member in group})
    if people:
        known.read(people)
    return people


def _asked(ours: int, blind: Any, marks: Sequence[Mark]) -> Asked:
    from leadwell.server.people.recognising import Candidates

    return Asked([blind.token(*mark) for mark in marks], _candidates(Candidates(ours, blind), marks))


def _driver() -> tuple[Callable[[str, Sequence[tuple[Any, ...]]], None], Callable[[], None]]:
    """The same database through its driver alone: reads many of one statement, one by one."""
    from django.db import connection

    sqlite = connection.vendor == "sqlite"
    if sqlite:
        raw: Any = sqlite3.connect(connection.settings_dict["NAME"])
        mark = "?"
    else:
        import psycopg

        raw, mark = psycopg.connect(**connection.get_connection_params() | {"cursor_factory": psycopg.Cursor}), "%s"
    cursor = raw.cursor()

    def read(statement: str, each: Sequence[tuple[Any, ...]]) -> None:
        for values in each:
            told = [one.hex if sqlite and isinstance(one, UUID) else one for one in values]
            cursor.execute(statement.format(mark=mark), told)
            cursor.fetchall()

    return read, raw.close


Times = list[tuple[float, float]]  # milliseconds of each by the clock, and of this process's processor


def _timed(does: Callable[[int], None], count: int) -> Times:
    """A first one is left out."""
    does(0)
    told = []
    for at in range(count):
        start, busy = time.perf_counter(), time.process_time()
        does(at)
        told.append(((time.perf_counter() - start) * 1e3, (time.process_time() - busy) * 1e3))
    return told


def _tell(what: str, told: Times) -> None:
    (clock, busy), (worst, busiest) = np.percentile(told, [50, 99], axis=0)
    print(f"    {what}: p50 {clock:.2f} p99 {worst:.2f} ms; of processor {busy:.2f} and {busiest:.2f}", flush=True)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
