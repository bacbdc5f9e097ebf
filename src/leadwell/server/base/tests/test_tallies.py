"""The counts that the database keeps are those that counting would find, whoever wrote the rows."""

from collections import Counter
from typing import Any
from uuid import uuid4

import pytest
from django.db import connections, router, transaction
from django.utils import timezone

from leadwell.server.base import bulk, tallies
from leadwell.server.conftest import Clinic
from leadwell.server.intake.models import State, Submission, SubmissionTally
from leadwell.server.leads.models import Lead, LeadTally
from leadwell.server.people.models import Person

pytestmark = pytest.mark.django_db(databases="__all__")

PLACES = ("disposition", "safety", "queue", "erased")


def _leads(whose: Clinic, count: int, **told: Any) -> list[Lead]:
    person = Person.objects.create(organization_id=whose.number, created_at=timezone.now(), sealed=b"")
    values = {"source": 1, "received_at": timezone.now(), "sealed": b"", "queue": "front-desk", "person": person} | told
    made = [Lead(organization_id=whose.number, submission=uuid4(), **values) for _ in range(count)]
    bulk.insert(made)
    return made


def _counted(whose: Clinic) -> dict[tuple[Any, ...], int]:
    ours = Lead.objects.of(whose.number).values_list("disposition", "safety", "queue", "person")
    return dict(Counter((*codes, person is None) for *codes, person in ours))


def _tallied(whose: Clinic) -> dict[tuple[Any, ...], int]:
    return tallies.tallied(LeadTally, whose.number, *PLACES)


@pytest.mark.parametrize("count", [1, 30])
def test_what_comes_moves_and_goes_is_counted(lakeside: Clinic, count: int) -> None:
    leads = _leads(lakeside, count, disposition="verify")
    _leads(lakeside, 2, disposition="review", safety="crisis")
    assert _tallied(lakeside) == _counted(lakeside) != {}
    Lead.objects.of(lakeside.number).filter(pk=leads[0].pk).update(queue="scheduling", safety="emergency")
    bulk.update_values(Lead, ("disposition",), [(one.pk, "schedule") for one in leads])
    assert _tallied(lakeside) == _counted(lakeside)
    Lead.objects.of(lakeside.number).filter(pk=leads[0].pk).update(person=None)
    assert _tallied(lakeside) == _counted(lakeside)
    Lead.objects.of(lakeside.number).filter(disposition="schedule").delete()
    assert _tallied(lakeside) == _counted(lakeside) == {("review", "crisis", "front-desk", False): 2}


def test_what_moves_nothing_writes_no_line(lakeside: Clinic) -> None:
    leads = _leads(lakeside, 3)
    before = LeadTally.objects.of(lakeside.number).count()
    Lead.objects.of(lakeside.number).filter(pk=leads[0].pk).update(answered_at=timezone.now(), queue="front-desk")
    assert LeadTally.objects.of(lakeside.number).count() == before


def test_what_is_undone_was_never_counted(lakeside: Clinic) -> None:
    _leads(lakeside, 1)
    with transaction.atomic():
        _leads(lakeside, 5)
        transaction.set_rollback(True)
    assert sum(_tallied(lakeside).values()) == 1


def test_each_organization_has_its_own_counts(lakeside: Clinic, harbor: Clinic) -> None:
    _leads(lakeside, 2)
    _leads(harbor, 1)
    assert [sum(_tallied(one).values()) for one in (lakeside, harbor)] == [2, 1]


def test_many_lines_are_folded_to_one_a_place(lakeside: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tallies, "_FEW", 5)
    for at in range(6):
        leads = _leads(lakeside, 2, queue=f"queue-{at % 2}")
        Lead.objects.of(lakeside.number).filter(pk=leads[0].pk).update(queue="elsewhere")
        Lead.objects.of(lakeside.number).filter(pk=leads[0].pk).update(queue=f"queue-{at % 2}")
    assert tallies.fold(LeadTally) > 5
    assert _tallied(lakeside) == _counted(lakeside)
    assert LeadTally.objects.of(lakeside.number).count() == 2
    assert tallies.fold(LeadTally) == 0


def test_what_waits_in_the_inbox_is_counted_by_its_state(lakeside: Clinic) -> None:
    made = [
        Submission(
            organization_id=lakeside.number, source=1, received_at=timezone.now(), content=bytes([n] * 16), size=1
        )
        for n in range(12)
    ]
    for one in made:
        one.sealed = b"x"
    bulk.insert(made)
    Submission.objects.of(lakeside.number).filter(pk__in=[one.pk for one in made[:5]]).update(state=State.ASSESSED)
    assert tallies.tallied(SubmissionTally, lakeside.number, "state") == {("received",): 7, ("assessed",): 5}


@pytest.mark.parametrize(("model", "table"), [(LeadTally, "leads_lead"), (SubmissionTally, "intake_submission")])
def test_the_triggers_stand_after_all_migrations(model: type[tallies.Tally], table: str) -> None:
    """A migration that remakes the table on SQLite loses them: it has to name `tallies.operation` again."""
    connection = connections[router.db_for_write(model)]
    sqlite = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s"
    postgresql = "SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass AND NOT tgisinternal"
    with connection.cursor() as cursor:
        cursor.execute(sqlite if connection.vendor == "sqlite" else postgresql, [table])
        names = {name for (name,) in cursor.fetchall()}
    assert names == {f"{model._meta.db_table}_{kind}" for kind in ("came", "went", "moved")}
