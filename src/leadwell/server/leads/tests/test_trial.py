"""A version of the playbook is tried on the leads that came last before it is published; nothing is written."""

import orjson
import pytest

from leadwell import playbook
from leadwell.server.conftest import Clinic, browser
from leadwell.server.intake.accepting import Delivery, accept
from leadwell.server.intake.draining import drain
from leadwell.server.leads.models import Assessment, Lead
from leadwell.server.leads.trial import Trial
from leadwell.server.playbooks.actions import upload
from leadwell.server.privacy.models import TrailEntry

pytestmark = pytest.mark.django_db(databases="__all__")

KNEE = {"full_name": "Sample Person", "phone": "312-555-0147", "zip": "60202", "birth_date": "1960-03-15",
        "message": "I want a knee replacement", "payer": "Medicare"}  # fmt: skip

NAMES = ("Sample Person", "Bruno Okafor")


def _leads(clinic: Clinic, *payers: str) -> None:
    """Each of another person."""
    people = [{**KNEE, "full_name": name, "payer": payer} for name, payer in zip(NAMES, payers, strict=False)]
    accept(clinic.number, clinic.source, [Delivery(orjson.dumps(one)) for one in people])
    drain()


def _without_medicare(clinic: Clinic) -> int:
    changed = playbook.find("lakeside-orthopedics").replace(b'"cigna", "medicare"', b'"cigna"')
    return upload(clinic.organization, changed).number


def _tried(clinic: Clinic, number: int) -> Trial:
    answer = browser(clinic.organization, "manager").get(f"/playbook/{number}/trial")
    page: Trial = answer.context["page"]
    assert "Sample Person" not in answer.content.decode()
    return page


def test_it_says_how_many_it_would_move_and_which(lakeside: Clinic) -> None:
    _leads(lakeside, "Medicare", "Aetna")
    number = _without_medicare(lakeside)
    before = list(Assessment.objects.values_list("pk", flat=True))
    page = _tried(lakeside, number)
    (move,) = page.moves
    assert (page.now, page.tried, page.moved) == (1, 2, 1)
    assert (move.before, move.after, move.count, move.more) == ("schedule", "decline", 1, 0)
    assert Lead.objects.get(pk=move.leads[0][0]).disposition == "schedule"
    assert list(Assessment.objects.values_list("pk", flat=True)) == before
    assert TrailEntry.objects.filter(action="playbook.tried", subject=f"playbook/{number}").count() == 1


def test_the_version_in_force_moves_nobody(lakeside: Clinic) -> None:
    _leads(lakeside, "Medicare")
    page = _tried(lakeside, 1)
    assert (page.tried, page.moved, page.moves) == (1, 0, ())


def test_with_no_lead_there_is_nothing_to_try_it_on(lakeside: Clinic) -> None:
    assert _tried(lakeside, _without_medicare(lakeside)).tried == 0


def test_one_that_is_damaged_is_passed_over(lakeside: Clinic) -> None:
    _leads(lakeside, "Medicare", "Aetna")
    Lead.objects.filter(pk=Lead.objects.first().pk).update(sealed=b"damaged")
    assert _tried(lakeside, _without_medicare(lakeside)).tried == 1


def test_it_is_offered_where_a_version_would_change_something(lakeside: Clinic) -> None:
    number = _without_medicare(lakeside)
    manager = browser(lakeside.organization, "manager")
    assert f"/playbook/{number}/trial" in manager.get(f"/playbook/{number}").content.decode()
    assert "/trial" not in manager.get("/playbook/1").content.decode()
