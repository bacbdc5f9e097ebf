"""The ledger's page says whether anything was lost, by day and by source. (the daily ledger)"""

import orjson
import pytest

from leadwell.server.conftest import Clinic, browser
from leadwell.server.intake.accepting import Delivery, accept
from leadwell.server.intake.draining import drain
from leadwell.server.intake.ledger import ledger_of
from leadwell.server.intake.models import State, Submission
from leadwell.server.leads.models import Assessment, Lead

pytestmark = pytest.mark.django_db(databases="__all__")

KNEE = {"full_name": "Sample Person", "phone": "312-555-0147", "message": "knee replacement please"}


def test_it_says_that_nothing_is_lost(lakeside: Clinic) -> None:
    accept(lakeside.number, lakeside.source, [Delivery(orjson.dumps(KNEE)), Delivery(b"{", problem="not JSON")])
    drain()
    answer = browser(lakeside.organization, "manager").get("/ledger")
    assert "Nothing is lost" in answer.content.decode()
    today = answer.context["page"].rows[0]
    assert (today.received, today.leads, today.difference) == (2, 1, 0)


def test_a_day_on_which_nothing_came_is_one_quiet_line(lakeside: Clinic) -> None:
    accept(lakeside.number, lakeside.source, [Delivery(orjson.dumps(KNEE))])
    drain()
    answer = browser(lakeside.organization, "manager").get("/ledger")
    quiet = [row.quiet for row in answer.context["page"].rows]
    assert quiet == [False] + [True] * (len(quiet) - 1)
    assert answer.content.decode().count("Nothing came") == len(quiet) - 1


def test_what_is_lost_is_named_by_its_id(lakeside: Clinic) -> None:
    (receipt,) = accept(lakeside.number, lakeside.source, [Delivery(orjson.dumps(KNEE))])
    drain()
    Lead.objects.update(current=None)
    Assessment.objects.all().delete()
    Lead.objects.all().delete()
    page = browser(lakeside.organization, "manager").get("/ledger").content.decode()
    assert "cannot be accounted for" in page
    assert str(receipt.id) in page


def test_a_day_is_shown_by_source(lakeside: Clinic) -> None:
    accept(lakeside.number, lakeside.source, [Delivery(orjson.dumps(KNEE))])
    drain()
    client = browser(lakeside.organization, "analyst")
    today = client.get("/ledger").context["page"].rows[0].day
    page = client.get("/ledger", {"day": today.isoformat()}).context["page"]
    assert [(row.name, row.received) for row in page.by_source] == [("API", 1)]
    assert client.get("/ledger", {"to": "2026-01-15"}).context["page"].rows[0].day.isoformat() == "2026-01-15"


@pytest.mark.parametrize("query", ["day=nonsense", "day=2026-13-01", "to=1e9", "day=0001-01-01", "to=9999-12-31"])
def test_a_day_that_is_none_is_not_there(lakeside: Clinic, query: str) -> None:
    assert browser(lakeside.organization, "analyst").get(f"/ledger?{query}").status_code == 404


def test_leads_that_are_written_before_their_submission_is_marked_are_no_difference(lakeside: Clinic) -> None:
    accept(lakeside.number, lakeside.source, [Delivery(orjson.dumps(KNEE))])
    drain()
    Submission.objects.update(state=State.RECEIVED, leads=0)  # as while a worker writes, or after it died
    told = ledger_of(lakeside.organization)
    assert (told.whole.waiting, told.whole.leads, told.difference) == (1, 1, 0)
    assert told.by_source[f"api-{lakeside.number}"].difference == 0


def test_a_lead_that_no_submission_claims_is_a_difference_also_while_others_wait(lakeside: Clinic) -> None:
    accept(lakeside.number, lakeside.source, [Delivery(orjson.dumps(KNEE)), Delivery(orjson.dumps({"message": "mri"}))])
    drain()
    first, second = Submission.objects.order_by("pk")
    Submission.objects.filter(pk=first.pk).update(state=State.RECEIVED, leads=0)
    Submission.objects.filter(pk=second.pk).update(state=State.NOT_A_LEAD)
    told = ledger_of(lakeside.organization)
    assert (told.difference, told.unexplained) == (1, [second.pk])
