"""How soon is it known who somebody is, among so many? Newcomers looked up one by one, beside one indexed select.

In a process of its own (`python -m benchmarks.identity.lookups COUNT`), with LEADWELL_HOME and LEADWELL_DATABASE_URL
as its parent set them.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import Any, Final

import numpy as np

from benchmarks.identity import crowd
from leadwell.identity.keys import MOST

SLUG: Final = "crowd"


def main(count: int) -> None:
    from leadwell.server import starting

    starting.start()
    starting.migrate()
    from leadwell.server.access.actions import add_organization

    ours = add_organization(SLUG).pk
    people = crowd.crowd(count)
    if crowd.known(ours) < count:
        took = time.process_time()
        crowd.fill(ours, people[:count])
        print(f"  {count:,} people made in {time.process_time() - took:.0f} s of processor", flush=True)
    _measure(ours, people[count:], count)


def _measure(ours: int, newcomers: Any, count: int) -> None:
    from django.db import connection
    from django.utils import timezone

    from leadwell.server.people import recognising
    from leadwell.server.people.actions import prepared_people
    from leadwell.server.privacy.tokens import Blind

    blind, now = Blind(ours), timezone.now()
    made = [one.patient for one in prepared_people(ours, list(crowd.rows(newcomers)), now, blind)]
    arrivals = [recognising.arrivals_of([one.newcomer]) for one in made]
    tokens = [[blind.token(*mark) for mark in one.marks[0]] for one in arrivals]
    recognising.look_up(ours, arrivals[0], blind)

    def floor(at: int) -> None:
        with connection.cursor() as cursor:
            wanted = [ours, tokens[at][0] if tokens[at] else b""]
            cursor.execute(_SELECT, wanted)
            cursor.fetchall()

    def look_up(at: int) -> None:
        known = recognising.Candidates(ours, blind)
        holders = known.holders(arrivals[at].marks[0])
        met = {one for them in holders.values() if len(them) <= MOST for one in them}
        groups = known.groups(met)
        if met:
            known.read(sorted({member for one in met for member in groups[one]}))

    def whole(at: int) -> None:
        recognising.look_up(ours, recognising.arrivals_of([made[at].newcomer]), blind)

    for name, does in (("one indexed select", floor), ("look-up", look_up), ("recognised in all", whole)):
        told = _timed(does, len(made))
        print(f"  {count:>9,} people, {connection.vendor}: {name}: p50 {told[0]:.2f} p99 {told[1]:.2f} ms", flush=True)


_SELECT: Final = "SELECT person_id FROM people_persontoken WHERE organization_id = %s AND token = %s LIMIT 21"


def _timed(does: Callable[[int], None], count: int) -> tuple[float, float]:
    """Milliseconds of the clock."""
    told = []
    for at in range(count):
        start = time.perf_counter()
        does(at)
        told.append((time.perf_counter() - start) * 1e3)
    p50, p99 = np.percentile(told, [50, 99])
    return float(p50), float(p99)


if __name__ == "__main__":
    main(int(sys.argv[1]))
