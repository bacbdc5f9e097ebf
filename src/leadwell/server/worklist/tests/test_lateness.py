"""A lead is late by itself within the minute, and whoever leads intake is told before and when it is. (promise D20)"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from leadwell.server.alerts.kinds import KINDS
from leadwell.server.alerts.models import Alert
from leadwell.server.alerts.queries import open_alerts
from leadwell.server.conftest import Clinic, member
from leadwell.server.jobs import JOBS
from leadwell.server.leads.models import Lead
from leadwell.server.worklist import sweeping
from leadwell.server.worklist.actions import answer, take
from leadwell.server.worklist.changing import how_often
from leadwell.server.worklist.models import Lane, Waiting
from leadwell.server.worklist.sweeping import Refreshed, refresh
from leadwell.server.worklist.tests.conftest import KNEE, at, came

pytestmark = pytest.mark.django_db(databases="__all__")

Sets = Callable[[str], datetime]
URGENT = "I need a knee replacement this week, it is urgent"  # within 5 minutes; the intake lead is told before


def swept() -> None:
    for name in ("order", "worklist", "lateness"):
        JOBS[name].does()


def told(clinic: Clinic) -> dict[str, int]:
    return {one.about: one.codes["count"] for one in open_alerts(clinic.number, ("late", "nearly-late"))}


def lanes(clinic: Clinic) -> set[str]:
    return set(Waiting.objects.of(clinic.number).values_list("lane", flat=True))


def test_both_are_looked_at_within_the_minute() -> None:
    asked = timedelta(seconds=15)  # how often a worker asks for jobs that are due
    assert all(JOBS[name].every + asked < timedelta(minutes=1) for name in ("order", "worklist", "lateness"))


def test_before_and_when_it_is_late_whoever_leads_intake_is_told(lakeside: Clinic, clock: Sets, harbor: Clinic) -> None:
    clock("2026-11-18T10:00")
    (lead,) = came(lakeside, URGENT, when=at("2026-11-18T10:00"))
    swept()
    assert (told(lakeside), lanes(lakeside)) == ({}, {Lane.TO_DO})
    clock("2026-11-18T10:04")
    swept()
    swept()
    assert (told(lakeside), lanes(lakeside)) == ({"nearly-late/intake-lead/surgical-navigators": 1}, {Lane.DUE})
    clock("2026-11-18T10:06")
    swept()
    assert told(lakeside) == {"late/surgical-navigators": 1}
    assert told(harbor) == {}
    one = open_alerts(lakeside.number, KINDS).get()
    assert KINDS["late"].title(one.codes) == "1 lead is late"
    assert "surgical navigators" in KINDS["late"].says(one.codes)
    dana = member(lakeside.organization, "coordinator")
    assert take(dana, lead.pk)
    assert answer(dana, lead.pk)
    swept()
    assert told(lakeside) == {}
    assert Alert.objects.of(lakeside.number).count() == 2


def test_before_what_may_wait_is_late_nobody_is_told(lakeside: Clinic, clock: Sets) -> None:
    clock("2026-11-18T10:00")
    came(lakeside, KNEE, when=at("2026-11-18T10:00"))
    clock("2026-11-18T13:30")
    swept()
    assert (told(lakeside), lanes(lakeside)) == ({}, {Lane.DUE})


def test_only_what_holds_no_longer_is_placed_anew(
    lakeside: Clinic, clock: Sets, django_capture_on_commit_callbacks: Any
) -> None:
    clock("2026-11-18T10:00")
    came(lakeside, KNEE, KNEE + " soon", when=at("2026-11-18T10:00"))
    before = how_often(lakeside.number)
    clock("2026-11-18T10:10")
    assert refresh(lakeside.number).moved == 0
    assert how_often(lakeside.number) == before  # pages that look are told that nothing has changed
    clock("2026-11-18T10:15")
    with django_capture_on_commit_callbacks(execute=True):
        assert refresh(lakeside.number).moved == 2
    assert how_often(lakeside.number) == before + 1
    later = clock("2026-11-18T10:16")
    assert all(one.holds_until > later for one in Waiting.objects.of(lakeside.number))


def test_a_full_hour_moves_many_and_what_comes_meanwhile_has_its_turn(
    lakeside: Clinic, clock: Sets, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock("2026-11-18T10:00")
    came(lakeside, KNEE, KNEE + " soon", KNEE + " too", when=at("2026-11-18T10:00"))
    now = clock("2026-11-18T10:15")
    monkeypatch.setattr(sweeping, "PAGE", 2)
    assert refresh(lakeside.number, most=2) == Refreshed(2, more=True)
    assert Waiting.objects.of(lakeside.number).filter(holds_until__gt=now).count() == 2
    assert refresh(lakeside.number, most=2).moved == 1
    assert refresh(lakeside.number, most=2) == Refreshed(0, more=False)


def test_a_stopped_worker_loses_nothing(lakeside: Clinic, clock: Sets) -> None:
    """What became late in the meantime is late at the first sweep, and on its page before that."""
    clock("2026-11-17T10:00")
    came(lakeside, KNEE, when=at("2026-11-17T10:00"))
    clock("2026-11-19T10:00")
    swept()
    assert (list(told(lakeside)), lanes(lakeside)) == (["late/surgical-navigators"], {Lane.DUE})
    assert Lead.objects.get().due_at == at("2026-11-17T14:00")
