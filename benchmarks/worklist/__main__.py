"""The page, a look that finds nothing new, and take-next, at so many leads of which a fifth are open.

`python -m benchmarks.worklist [LEADS]`, with LEADWELL_HOME a folder that may be filled, and LEADWELL_DATABASE_URL for
PostgreSQL. Milliseconds of the clock and of this process's processor, p50 and p99, beside a floor: one SELECT of fifty
rows of the index through Django. Also how long the worker needs to place anew all whose place holds no longer.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

from leadwell.server import starting

PEOPLE, OPEN, ROUNDS, BATCH = 400, 5, 200, 2_000


def main(leads: int) -> None:
    starting.start()
    starting.migrate()
    from django.db import connection

    from leadwell.server.worklist.models import Waiting
    from leadwell.server.worklist.sweeping import refresh

    ours, member = _clinic(leads)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    waiting = Waiting.objects.of(ours).count()
    print(f"{connection.vendor}, {leads:,} leads, {waiting:,} of them on the worklist")
    page = _page(member)
    floor = _told("floor: 50 rows of the index", lambda: list(_rows(ours)))
    _told("the worklist", page, floor)
    state = page()["ETag"]
    _told("a look that finds nothing new", lambda: page(headers={"X-Live": "1", "If-None-Match": state}), floor)
    _told("take-next", lambda: _take(member), floor)
    began, spent = time.perf_counter(), time.process_time()
    Waiting.objects.of(ours).exclude(holds_until=None).update(holds_until=None)
    Waiting.objects.of(ours).exclude(lane="answered").update(holds_until="2020-01-01T00:00:00Z")
    moved = refresh(ours).moved
    print(f"all {waiting:,} placed anew ({moved:,} moved): {time.perf_counter() - began:.1f} s, of the processor "
          f"{time.process_time() - spent:.1f} s")  # fmt: skip


def _rows(ours: int) -> Any:
    from leadwell.server.worklist.models import Waiting

    return Waiting.objects.of(ours).filter(lane="to-do").order_by("-cost", "pk")[:50]


def _take(member: Any) -> None:
    from leadwell.server.worklist.actions import take_next

    assert take_next(member) is not None


def _page(member: Any) -> Callable[..., Any]:
    from django.conf import settings
    from django.test import Client

    settings.ALLOWED_HOSTS = ["*"]
    settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
    client = Client()
    client.force_login(member.user, backend=settings.AUTHENTICATION_BACKENDS[-1])

    def asked(**more: Any) -> Any:
        answer = client.get("/worklist?lane=to-do", **more)
        assert answer.status_code in (200, 304), answer.status_code
        return answer

    return asked


def _told(what: str, does: Callable[[], object], floor: float = 0.0) -> float:
    """Prints how long it takes; returns the middle one, of the processor."""
    clocks, spent = [], []
    for _ in range(5):
        does()
    for _ in range(ROUNDS):
        begun, used = time.perf_counter(), time.process_time()
        does()
        clocks.append(1_000 * (time.perf_counter() - begun))
        spent.append(1_000 * (time.process_time() - used))
    (c50, c99), (s50, s99) = ((sorted(x)[ROUNDS // 2], sorted(x)[ROUNDS * 99 // 100]) for x in (clocks, spent))
    beside = f", {s50 / floor:.1f} times the floor" if floor else ""
    print(f"{what}: p50 {c50:.1f} ms, p99 {c99:.1f} ms; of the processor {s50:.1f} and {s99:.1f} ms{beside}")
    return s50


def _clinic(leads: int) -> tuple[int, Any]:
    """Lakeside with some people who asked, each of whose leads stands there many times over."""
    import orjson
    from django.utils import timezone

    from leadwell import playbook
    from leadwell.server.access.actions import add_member, add_organization
    from leadwell.server.base import bulk
    from leadwell.server.intake.accepting import Delivery, accept
    from leadwell.server.intake.draining import drain
    from leadwell.server.intake.queries import source_of_kind
    from leadwell.server.leads.models import Lead
    from leadwell.server.playbooks.actions import publish, upload
    from leadwell.server.privacy.sealing import seal

    organization = add_organization(f"bench-{uuid4().hex[:8]}", time_zone="America/Chicago")
    publish(upload(organization, playbook.find("lakeside-orthopedics")))
    source = source_of_kind(organization.pk, "api")
    said = [
        {"full_name": f"Sample {_named(n)}", "phone": f"312-555-01{n % 100:02}", "email": f"s{n}@example.com",
         "message": f"I need {('a knee replacement', 'physical therapy', 'spine care', 'an MRI')[n % 4]}", "age": "54"}
        for n in range(PEOPLE)
    ]  # fmt: skip
    accept(organization.pk, source, [Delivery(orjson.dumps(one)) for one in said])
    while drain().submissions:
        pass
    chance, now = random.Random(5), timezone.now()
    seen = list(Lead.objects.of(organization.pk).select_related("person"))
    while leads > 0:
        made = []
        for nth in range(min(BATCH, leads)):
            like = seen[nth % len(seen)]
            lead = Lead(**{f.attname: getattr(like, f.attname) for f in Lead._meta.concrete_fields if f.name != "id"})
            lead.submission, lead.received_at = uuid4(), now - timedelta(minutes=chance.randrange(60 * 24 * 10))
            lead.due_at, lead.warns_at = (lead.received_at + timedelta(hours=h) for h in (40, 30))
            lead.answered_at = None if nth % OPEN == 0 else now
            lead.sealed = seal(organization.pk, orjson.dumps(said[nth % PEOPLE]), place=f"leads.lead/{lead.pk}")
            made.append(lead)
        bulk.insert(made)
        _wait(organization.pk, [lead for lead in made if lead.answered_at is None])
        leads -= len(made)
    member = add_member(
        organization.slug,
        f"{organization.slug}@example.com",
        role="coordinator",
        name="Sample",
        password="quiet harbour",
    )
    return organization.pk, member


def _wait(ours: int, leads: list[Any]) -> None:
    from leadwell.server.worklist.followed import arrived

    arrived(ours, leads)


def _named(n: int) -> str:
    return "Person" + "".join(chr(97 + n // 26**place % 26) for place in range(3))


if __name__ == "__main__":
    main(int(sys.argv[1].replace("_", "")) if len(sys.argv) > 1 else 100_000)
