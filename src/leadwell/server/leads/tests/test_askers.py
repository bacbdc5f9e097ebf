"""Everybody who asked for a lead stands on it, and whoever of them may be called is called. (promises B8, D22, D23)"""

from __future__ import annotations

from uuid import UUID

import pytest
from django.utils import timezone

from leadwell.server.access.roles import ALLOWED, May, Role
from leadwell.server.base.ids import new_id
from leadwell.server.conftest import Clinic, browser, member
from leadwell.server.consent.actions import stop
from leadwell.server.consent.models import Suppression, Way
from leadwell.server.consent.queries import stops_in_force
from leadwell.server.consent.saying import Saying
from leadwell.server.consent.tests.test_two_who_ask import FATHER, MOTHER, both
from leadwell.server.leads.askers import askers, called
from leadwell.server.leads.joining import ANSWER, Policy, join
from leadwell.server.leads.models import Lead
from leadwell.server.leads.tests.test_asking_again import sent
from leadwell.server.playbooks.queries import in_force
from leadwell.server.worklist.models import Waiting
from leadwell.server.worklist.rows import rows
from leadwell.server.worklist.sweeping import refresh

pytestmark = pytest.mark.django_db(databases="__all__")

BLIND = next(role for role in Role if May.SEE_LEADS in ALLOWED[role] and May.SEE_IDENTITIES not in ALLOWED[role])


def leave_alone(clinic: Clinic, person: UUID | None) -> None:
    stop(clinic.number, person, Saying(Way.STAFF, "user:1", "leave me alone"))


def waiting_all(clinic: Clinic) -> list[Waiting]:
    return list(Waiting.objects.of(clinic.number).select_related("lead", "lead__owner", "lead__current"))


def whom(clinic: Clinic, lead: Lead) -> str:
    found = called(clinic.number, [lead]).get(lead.pk)
    return found.name if found else "whoever asked first"


def test_both_parents_stand_on_the_page_with_how_each_is_reached(lakeside: Clinic) -> None:
    lead, joined = both(lakeside)
    page = browser(lakeside.organization, "coordinator").get(f"/leads/{lead.pk}").content.decode()
    for said in ("Perenelle Aster", "perenelle@example.com", "Lorcan Aster", "312-555-0184", "lorcan@example.com"):
        assert said in page
    assert "Lorcan Aster asked too" in page
    assert f"/persons/{joined.person_id}/consent" in page


def test_whoever_stopped_is_not_called_and_the_other_is_everywhere(lakeside: Clinic) -> None:
    lead, joined = both(lakeside)
    assert whom(lakeside, lead) == "whoever asked first"
    leave_alone(lakeside, lead.person_id)
    assert whom(lakeside, lead) == "Lorcan Aster"
    client = browser(lakeside.organization, "coordinator")
    told = client.get(f"/leads/{lead.pk}").context["page"]
    assert (told.gate.person, told.whose) == (joined.person_id, "Lorcan Aster")
    assert [(one.name, one.calls) for one in told.askers] == [("Perenelle Aster", False), ("Lorcan Aster", True)]
    assert [contact.link for contact in told.askers[0].contacts] == ["", ""]
    assert f"mailto:{MOTHER['email']}" not in client.get(f"/leads/{lead.pk}").content.decode()
    bar = client.get(f"/leads/{lead.pk}/call").context["page"].bar
    assert bar.number == "Lorcan Aster, 312-555-0184"
    refresh(lakeside.number)
    (row,) = rows(member(lakeside.organization, "coordinator"), waiting_all(lakeside), timezone.now())
    assert (row.id, row.calls, row.person) == (lead.pk, "Lorcan Aster", joined.person_id)
    assert "Call Lorcan Aster" in client.get("/worklist").content.decode().replace("<b>Call:</b>", "Call")


def test_nobody_else_is_called_where_all_have_stopped(lakeside: Clinic) -> None:
    lead, joined = both(lakeside)
    leave_alone(lakeside, lead.person_id)
    leave_alone(lakeside, joined.person_id)
    assert whom(lakeside, lead) == "whoever asked first"


def test_a_stop_in_an_answer_is_theirs_from_whose_address_it_comes(lakeside: Clinic) -> None:
    lead, joined = both(lakeside)
    version, playbook = in_force(lakeside.number)
    said = {"email": FATHER["email"], "message": "Leave me alone, do not contact me again"}
    assert join(lakeside.number, lead.pk, new_id(), said, policy=Policy(version, playbook), later=ANSWER)
    assert {one.person for one in Suppression.objects.all()} == {joined.person_id}
    assert stops_in_force(lakeside.number, lead.person_id) == []


def test_whoever_asks_twice_stands_once(lakeside: Clinic) -> None:
    sent(lakeside, MOTHER, MOTHER | {"message": "My son has knee pain still, please book"}, FATHER)
    lead = Lead.objects.of(lakeside.number).get()
    (they,) = askers(lakeside.number, [lead]).values()
    assert [(one.name, len(one.submissions)) for one in they] == [("Perenelle Aster", 2), ("Lorcan Aster", 1)]


def test_one_who_asks_alone_is_not_listed_and_no_name_is_shown_to_a_role_that_sees_none(lakeside: Clinic) -> None:
    sent(lakeside, MOTHER)
    lead = Lead.objects.of(lakeside.number).get()
    assert askers(lakeside.number, [lead]) == {}
    sent(lakeside, FATHER)
    page = browser(lakeside.organization, BLIND).get(f"/leads/{lead.pk}").content.decode()
    assert "Lorcan" not in page


def test_the_other_parent_is_found_by_name_with_the_lead(lakeside: Clinic) -> None:
    lead, _ = both(lakeside)
    found = browser(lakeside.organization, "coordinator").post("/leads/find", {"sought": "Lorcan Aster"})
    assert lead.pk in {one.id for who in found.context["page"].people for one in who.leads}
