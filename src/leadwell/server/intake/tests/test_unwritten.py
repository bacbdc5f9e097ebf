"""After a restore no lead is missing that was written between the copies of the two databases. (promise A2)"""

import orjson
import pytest

from leadwell.server.conftest import Clinic
from leadwell.server.intake.accepting import Delivery, accept
from leadwell.server.intake.draining import drain
from leadwell.server.intake.ledger import ledger_of
from leadwell.server.intake.models import State, Submission
from leadwell.server.intake.unwritten import due_again
from leadwell.server.leads.models import Assessment, Event, Lead

pytestmark = pytest.mark.django_db(databases="__all__")


def arrived(clinic: Clinic, count: int, name: str = "Quillfeather") -> Submission:
    """One submission of many leads, each of which it has become."""
    leads = [{"full_name": f"Anabel {name}", "message": f"a new knee, number {n}"} for n in range(count)]
    (receipt,) = accept(clinic.number, clinic.source, [Delivery(orjson.dumps(leads[0]))])
    drain()
    submission = Submission.objects.get(pk=receipt.id)
    for n in range(1, count):
        (receipt,) = accept(clinic.number, clinic.source, [Delivery(orjson.dumps(leads[n]))])
        drain()
        Lead.objects.filter(submission=receipt.id).update(submission=submission.pk, nth=n)
        Submission.objects.filter(pk=receipt.id).delete()
    Submission.objects.filter(pk=submission.pk).update(leads=count)
    submission.refresh_from_db()
    return submission


def gone(leads: list[Lead]) -> None:
    numbers = [one.pk for one in leads]
    Lead.objects.filter(pk__in=numbers).update(current=None)
    for model in (Assessment, Event):
        model.objects.filter(lead__in=numbers).delete()
    Lead.objects.filter(pk__in=numbers).delete()


def test_where_all_is_there_nothing_is_due_again(lakeside: Clinic) -> None:
    arrived(lakeside, 2)
    assert due_again() == 0


@pytest.mark.parametrize("missing", [1, 2, 3])
def test_what_became_of_a_submission_only_in_part_is_due_again(lakeside: Clinic, missing: int) -> None:
    submission, other = arrived(lakeside, 3), arrived(lakeside, 1, "Other")
    gone(list(Lead.objects.filter(submission=submission.pk).order_by("nth"))[3 - missing :])
    assert due_again() == 1
    assert [Submission.objects.get(pk=one.pk).state for one in (submission, other)] == [State.RECEIVED, State.ASSESSED]
    assert due_again() == 0


def test_it_is_judged_again_and_the_ledger_closes(lakeside: Clinic) -> None:
    submission = arrived(lakeside, 1)
    gone(list(Lead.objects.filter(submission=submission.pk)))
    due_again()
    drain()
    assert Lead.objects.filter(submission=submission.pk).count() == 1
    assert ledger_of(lakeside.organization).difference == 0


@pytest.mark.parametrize("noted", [True, False])
def test_what_joined_a_lead_that_does_not_know_of_it_is_due_again(lakeside: Clinic, noted: bool) -> None:
    lead = Lead.objects.get(submission=arrived(lakeside, 1).pk)
    (receipt,) = accept(lakeside.number, lakeside.source, [Delivery(b'{"message": "it is worse"}')])
    Submission.objects.filter(pk=receipt.id).update(state=State.JOINED, lead=lead.pk)
    if noted:
        Event.objects.create(
            id=receipt.id, organization=lakeside.organization, lead=lead, name="lead.replied", at=lead.received_at
        )
    assert due_again() == int(not noted)
