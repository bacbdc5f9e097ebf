"""Organisations have a team and a service level of their own, and crowd out no patients. (promises D19, D20, D21)"""

from __future__ import annotations

import pytest
from django.urls import reverse

from leadwell.server.business.marking import domain_of, folded, says
from leadwell.server.business.tests.conftest import came
from leadwell.server.conftest import Clinic, browser, member
from leadwell.server.teams.actions import take_on
from leadwell.server.worklist.actions import take_next
from leadwell.server.worklist.models import Waiting

pytestmark = pytest.mark.django_db(databases="__all__")

PATIENT = {"organization": "", "email": "", "full_name": "Sample Patient", "phone": "312-555-0161", "zip": "60601",
           "message": "I need a knee replacement within two weeks, I have Medicare and I am 66"}  # fmt: skip
FIRM = {"phone": "312-555-0162", "zip": "60601", "message": "We have 200 employees, tell us about workplace injuries"}


def test_a_business_lead_waits_longer_than_a_patient_of_the_same_minute(lakeside: Clinic, at_noon: None) -> None:
    firm, patient = came(lakeside, **FIRM), came(lakeside, **PATIENT)
    assert (firm.type, patient.type) == ("business", "patient")
    assert firm.queue == "partnerships" != patient.queue
    assert firm.due_at is not None
    assert patient.due_at is not None
    assert firm.due_at > patient.due_at
    order = Waiting.objects.of(lakeside.number).order_by("-cost").values_list("lead", flat=True)
    assert list(order) == [patient.pk, firm.pk]


def test_whoever_answers_patients_is_given_no_organisation_while_somebody_works_for_those(
    lakeside: Clinic, at_noon: None
) -> None:
    firm = came(lakeside, **FIRM)
    coordinator, partner = (member(lakeside.organization, role) for role in ("coordinator", "intake-lead"))
    for who, team in ((coordinator, "surgical-navigators"), (partner, "partnerships")):
        take_on(who, {"teams": [team], "hours": "24/7"}, by="command")
    assert take_next(coordinator) is None
    assert take_next(partner) == firm.pk


def test_filters_are_links_with_true_counts(lakeside: Clinic, at_noon: None) -> None:
    firm, patient = came(lakeside, **FIRM), came(lakeside, **PATIENT)
    dana = browser(lakeside.organization, "coordinator")
    for name in ("worklist", "leads"):
        page = dana.get(reverse(name)).content.decode()
        assert "type=business" in page
    for path in ("/worklist?lane=to-do&type=business", "/leads?type=business"):
        page = dana.get(path).content.decode()
        rows = page.split("<tbody", 1)[1]
        assert str(firm.pk) in rows
        assert str(patient.pk) not in rows
    assert 'To do <span class="n">1</span>' in dana.get("/worklist?lane=to-do&type=business").content.decode()
    assert dana.get("/worklist?type=nonsense").status_code == 404
    assert dana.get("/leads?type=nonsense").status_code == 404


@pytest.mark.parametrize(
    ("name", "same"),
    [("The Acme Boxes, Inc.", "acme boxes"), ("ACME  BOXES", "acme boxes"), ("Bower & Sons LLC", "bower and sons"),
     ("Medical Center", ""), ("N/A", ""), ("", ""), ("Dueños Unidos", "duenos unidos")],
)  # fmt: skip
def test_a_name_is_folded_and_common_words_alone_are_none(name: str, same: str) -> None:
    assert folded(name) == same


@pytest.mark.parametrize(
    ("domain", "name", "whether"),
    [("acmeboxes.com", "acme boxes", True), ("acme-boxes.org", "acme boxes", True), ("boxes.net", "acme boxes", True),
     ("ab-inc.com", "acme boxes", True), ("post.example", "acme boxes", False), ("mailhost.net", "acme boxes", False)],
)  # fmt: skip
def test_a_domain_marks_as_far_as_it_says_the_name(domain: str, name: str, whether: bool) -> None:
    assert says(domain, name) is whether


def test_a_mail_providers_domain_is_nobodys() -> None:
    assert [domain_of(one) for one in ("a@gmail.com", "", "nothing", "a@acmeboxes.com")] == [
        "",
        "",
        "",
        "acmeboxes.com",
    ]
