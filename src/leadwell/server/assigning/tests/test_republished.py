"""Another policy while leads wait: they are given out by its hours, and none waits with a team that is none any more.
(promise D19)"""

from __future__ import annotations

import pytest

from leadwell import playbook
from leadwell.server.access.models import Membership
from leadwell.server.assigning.tests.conftest import NAVIGATORS, Sets, works
from leadwell.server.conftest import Clinic, browser
from leadwell.server.jobs import JOBS
from leadwell.server.leads.models import Lead
from leadwell.server.playbooks.actions import publish, upload
from leadwell.server.playbooks.models import Publication
from leadwell.server.worklist.models import Responsible, Waiting
from leadwell.server.worklist.tests.conftest import KNEE, at, came

pytestmark = pytest.mark.django_db(databases="__all__", transaction=True)

DESK = "surgery-desk"


def in_force(clinic: Clinic, since: str, *changes: tuple[str, str]) -> None:
    source = playbook.find("lakeside-orthopedics")
    for before, after in changes:
        assert before.encode() in source
        source = source.replace(before.encode(), after.encode())
    made = publish(upload(clinic.organization, source))
    Publication.objects.filter(pk=made.pk).update(at=at(since))
    for name in ("holds_until", "give_at"):
        Waiting.objects.of(clinic.number).filter(**{name: made.at}).update(**{name: at(since)})


def work() -> None:
    JOBS["order"].does()
    JOBS["worklist"].does()


@pytest.fixture
def lakeside(lakeside: Clinic) -> Clinic:
    Publication.objects.of(lakeside.number).update(at=at("2026-11-01T09:00"))
    return lakeside


@pytest.mark.usefixtures("dana")
def test_what_came_at_night_is_given_out_once_the_team_works_day_and_night(lakeside: Clinic, clock: Sets) -> None:
    clock("2026-11-27T20:43")  # a Friday; they work until six
    (lead,) = came(lakeside, KNEE, when=at("2026-11-27T20:43"))
    work()
    assert Lead.objects.get(pk=lead.pk).owner_id is None

    clock("2026-11-27T21:10")
    in_force(lakeside, "2026-11-27T21:10", ('hours = "Mon-Fri 08:00-18:00"', 'hours = "24/7"'))
    clock("2026-11-27T21:11")
    work()
    assert Lead.objects.get(pk=lead.pk).owner_id is not None


def test_the_leads_of_a_team_that_has_another_name_now_wait_with_it(
    lakeside: Clinic, dana: Membership, clock: Sets
) -> None:
    clock("2026-11-27T10:00")
    mei = works(lakeside, "Mei", DESK)
    begun, free = came(lakeside, KNEE, "Knee replacement please, I can come any day", when=at("2026-11-27T10:00"))
    Lead.objects.filter(pk=free.pk).update(owner=None)
    Waiting.objects.filter(pk=free.pk).update(owner=None, given_at=None, give_at=None)
    assert Lead.objects.get(pk=begun.pk).queue == NAVIGATORS

    clock("2026-11-27T11:00")
    in_force(lakeside, "2026-11-27T11:00", (NAVIGATORS, DESK))
    clock("2026-11-27T11:01")
    work()
    queues = dict(Lead.objects.of(lakeside.number).values_list("pk", "queue"))
    assert queues == {begun.pk: DESK, free.pk: DESK}
    legs = Responsible.objects.of(lakeside.number).filter(lead=free.pk).order_by("since", "pk")
    assert legs.last() and legs.last().team == DESK  # type: ignore[union-attr]
    assert Lead.objects.get(pk=free.pk).owner_id == mei.user_id
    page = browser(lakeside.organization, "manager").get("/team").content.decode()
    assert "Surgical navigators (not in the playbook)" in page  # Dana's

    clock("2026-11-27T12:00")
    in_force(lakeside, "2026-11-27T12:00")
    clock("2026-11-27T12:01")
    work()
    assert set(Lead.objects.of(lakeside.number).values_list("queue", flat=True)) == {NAVIGATORS}
    assert dana.pk


def test_no_more_than_its_team_is_said_otherwise(lakeside: Clinic, clock: Sets) -> None:
    clock("2026-11-27T10:00")
    (lead,) = came(lakeside, KNEE, when=at("2026-11-27T10:00"))
    before = Lead.objects.get(pk=lead.pk)
    clock("2026-11-27T11:00")
    in_force(lakeside, "2026-11-27T11:00", (NAVIGATORS, DESK))
    work()
    after = Lead.objects.get(pk=lead.pk)
    assert after.queue == DESK
    assert (after.current_id, after.disposition, after.level) == (before.current_id, before.disposition, before.level)
    assert after.due_at == before.due_at
