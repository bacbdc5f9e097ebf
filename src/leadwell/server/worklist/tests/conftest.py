"""Leads that wait: many at once, or one as it came."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

import orjson
import pytest
from django.utils import timezone

from leadwell.server.conftest import Clinic
from leadwell.server.intake.accepting import Delivery, accept
from leadwell.server.intake.draining import drain
from leadwell.server.intake.models import Submission
from leadwell.server.leads.models import Lead
from leadwell.server.worklist.models import Waiting

CHICAGO = ZoneInfo("America/Chicago")
# Of the sample playbook's surgical navigators, who work Mon-Fri 8 to 18; within four hours.
KNEE = "I need a knee replacement"
DANGER = "chest pain and I cannot breathe"
SPAM = "Click to claim your prize http://a.example http://b.example"


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=CHICAGO)


def came(clinic: Clinic, *messages: str, when: datetime | None = None) -> list[Lead]:
    """Somebody new for each message, all at one moment."""
    first = Submission.objects.count()
    said = [
        {"full_name": f"Sample {_named(n)}", "email": f"s{n}@example.com", "message": text}
        for n, text in enumerate(messages, first)
    ]
    receipts = accept(clinic.number, clinic.source, [Delivery(orjson.dumps(one)) for one in said])
    Submission.objects.filter(pk__in=[one.id for one in receipts]).update(received_at=when or timezone.now())
    while drain().submissions:
        pass
    found = {lead.submission: lead for lead in Lead.objects.of(clinic.number)}
    return [found[one.id] for one in receipts]


@pytest.fixture(autouse=True)
def _the_worklist_says_who_has_what(_django_db_marker: None, request: pytest.FixtureRequest) -> Iterator[None]:
    """Whatever a test did: of whoever has a lead the worklist says so too."""
    yield
    if request.node.get_closest_marker("django_db"):
        rows = Waiting.objects.values_list("owner", "lead__owner")
        assert all(here == there for here, there in rows), "the worklist says otherwise who has a lead"


def _named(n: int) -> str:
    return "Person" + chr(97 + n // 26) + chr(97 + n % 26)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], datetime]:
    """Sets what time it is."""

    def sets(text: str) -> datetime:
        now = at(text)
        monkeypatch.setattr(timezone, "now", lambda: now)
        return now

    return sets
