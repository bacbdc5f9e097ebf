"""Another policy while leads wait: every place says the same clock, and it is that of the policy in force. (promise
D20)"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from leadwell import playbook
from leadwell.routing.service_levels import Clock, State
from leadwell.server.alerts.queries import open_alerts
from leadwell.server.conftest import Clinic, browser
from leadwell.server.jobs import JOBS
from leadwell.server.leads.models import Lead
from leadwell.server.playbooks.actions import publish, upload
from leadwell.server.playbooks.models import Publication
from leadwell.server.worklist.models import Lane, Waiting
from leadwell.server.worklist.sweeping import refresh
from leadwell.server.worklist.tests.conftest import KNEE, at, came

pytestmark = pytest.mark.django_db(databases="__all__")

Sets = Callable[[str], datetime]
Changes = tuple[tuple[bytes, bytes], ...]
URGENT = "I need a knee replacement this week, it is urgent"  # within 5 minutes
MOSCOW: Changes = ((b'time_zone = "America/Chicago"', b'time_zone = "Europe/Moscow"'),)
UNTIL_FIVE: Changes = ((b'hours = "Mon-Fri 08:00-18:00"', b'hours = "Mon-Fri 08:00-17:00"'),)
UNTIL_EIGHT: Changes = ((b'hours = "Mon-Fri 08:00-18:00"', b'hours = "Mon-Fri 08:00-20:00"'),)
IN_FIVE_HOURS: Changes = ((b'first_response = "5 min"', b'first_response = "5 h"'),)


def in_force(clinic: Clinic, since: str, changes: Changes = ()) -> None:
    """At `since`, and what waits is looked at."""
    source = playbook.find("lakeside-orthopedics")
    for before, after in changes:
        assert before in source
        source = source.replace(before, after)
    made = publish(upload(clinic.organization, source))
    Publication.objects.filter(pk=made.pk).update(at=at(since))
    Waiting.objects.of(clinic.number).filter(holds_until=made.at).update(holds_until=at(since))
    refresh(clinic.number)


@pytest.fixture
def lakeside(lakeside: Clinic) -> Clinic:
    Publication.objects.of(lakeside.number).update(at=at("2026-11-01T09:00"))
    return lakeside


def everywhere(clinic: Clinic, lead: Lead) -> list[Clock | None]:
    """What the page, the list and the worklist say of its clock."""
    manager = browser(clinic.organization, "manager")
    page, listed = manager.get(f"/leads/{lead.pk}").context["page"], manager.get("/leads").context["page"]
    told = [page.row.clock, *(row.clock for row in listed.rows if row.id == lead.pk)]
    for lane in ("due", "to-do"):
        rows: Any = browser(clinic.organization, "coordinator").get(f"/worklist?lane={lane}").context["page"].rows
        told += [row.clock for row in rows if row.id == lead.pk]
    assert len(told) == 3
    return told


def alerts(clinic: Clinic) -> list[str]:
    JOBS["order"].does()
    JOBS["lateness"].does()
    return [one.about for one in open_alerts(clinic.number, ("late", "nearly-late"))]


def test_a_team_that_closes_earlier_from_now_on_is_late_nowhere_while_it_is_closed(
    lakeside: Clinic, clock: Sets
) -> None:
    clock("2026-11-18T17:03")
    (lead,) = came(lakeside, URGENT, when=at("2026-11-18T17:03"))
    clock("2026-11-18T17:05")
    in_force(lakeside, "2026-11-18T17:05", UNTIL_FIVE)
    clock("2026-11-18T17:10")
    assert alerts(lakeside) == []
    (told,) = set(everywhere(lakeside, lead))
    assert told is not None
    assert (told.state, told.opens) == (State.RESTING, at("2026-11-19T08:00"))
    assert told.due == at("2026-11-19T08:03")  # two of the five minutes were over
    assert Waiting.objects.get().lane == Lane.TO_DO
    clock("2026-11-19T08:04")
    assert alerts(lakeside) == ["late/surgical-navigators"]
    assert {one.state for one in everywhere(lakeside, lead) if one} == {State.LATE}


def test_a_team_that_closes_later_from_now_on_was_not_late_before(lakeside: Clinic, clock: Sets) -> None:
    clock("2026-11-18T18:30")
    (lead,) = came(lakeside, URGENT, when=at("2026-11-18T18:30"))
    clock("2026-11-18T19:00")
    in_force(lakeside, "2026-11-18T19:00", UNTIL_EIGHT)
    (told,) = set(everywhere(lakeside, lead))
    assert told is not None
    assert (told.state, told.due) == (State.RUNNING, at("2026-11-18T19:05"))


def test_what_came_while_a_wrong_version_was_in_force_is_due_by_the_right_one(lakeside: Clinic, clock: Sets) -> None:
    clock("2026-11-18T10:00")
    in_force(lakeside, "2026-11-18T10:00", MOSCOW)
    (lead,) = came(lakeside, KNEE, when=at("2026-11-18T10:00"))
    clock("2026-11-18T10:01")
    assert Lead.objects.get().due_at > at("2026-11-19T00:00")
    in_force(lakeside, "2026-11-18T10:01")
    (told,) = set(everywhere(lakeside, lead))
    assert told is not None
    assert (told.state, told.due) == (State.RUNNING, at("2026-11-18T14:01"))


def test_how_soon_is_said_by_the_policy_in_force(lakeside: Clinic, clock: Sets) -> None:
    clock("2026-11-18T10:00")
    in_force(lakeside, "2026-11-18T10:00", IN_FIVE_HOURS)
    (lead,) = came(lakeside, URGENT, when=at("2026-11-18T10:00"))
    clock("2026-11-18T10:01")
    in_force(lakeside, "2026-11-18T10:01")
    (told,) = set(everywhere(lakeside, lead))
    assert told is not None
    assert told.due == at("2026-11-18T10:05")
    clock("2026-11-18T10:04")
    assert alerts(lakeside) == ["nearly-late/intake-lead/surgical-navigators"]


def test_what_was_answered_keeps_its_time(lakeside: Clinic, clock: Sets) -> None:
    clock("2026-11-18T10:00")
    (lead,) = came(lakeside, KNEE, when=at("2026-11-18T10:00"))
    Lead.objects.update(answered_at=at("2026-11-18T10:30"))
    in_force(lakeside, "2026-11-18T11:00", MOSCOW)
    assert Lead.objects.get().due_at == lead.due_at


def test_nothing_is_nearly_late_while_its_team_is_closed(lakeside: Clinic, clock: Sets) -> None:
    clock("2026-11-18T17:56")
    (lead,) = came(lakeside, URGENT, when=at("2026-11-18T17:56"))
    clock("2026-11-18T18:30")
    assert alerts(lakeside) == []
    assert {one.state for one in everywhere(lakeside, lead) if one} == {State.RESTING}
    clock("2026-11-19T08:00")
    assert alerts(lakeside) == ["nearly-late/intake-lead/surgical-navigators"]
