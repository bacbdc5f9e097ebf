"""One value that cannot be opened takes no page down: that part says so, the others are there. (promise C)"""

import pytest
from django.http import HttpResponse
from django.urls import reverse

from leadwell.server.conftest import Clinic, browser
from leadwell.server.consent.actions import Given, Proof, give
from leadwell.server.consent.models import Consent, ConsentEvent
from leadwell.server.leads.models import Assessment, Lead
from leadwell.server.outreach.tests.sent import lead_of, stopped
from leadwell.server.people.models import Person
from leadwell.server.privacy.held import UNOPENED, export
from leadwell.server.tests.standing import stands

pytestmark = pytest.mark.django_db(databases="__all__")


@stands
def lead(lakeside: Clinic) -> Lead:
    return lead_of(lakeside)


def _page(clinic: Clinic, lead: Lead) -> tuple[int, str]:
    answer: HttpResponse = browser(clinic.organization, "manager").get(reverse("lead", args=[lead.pk]))
    return answer.status_code, answer.content.decode()


def test_a_whole_one_says_nothing_of_it(lakeside: Clinic, lead: Lead) -> None:
    status, page = _page(lakeside, lead)
    assert (status, "cannot be opened" in page) == (200, False)


@pytest.mark.parametrize("doubt", [False, True])
def test_words_of_a_stop(lakeside: Clinic, lead: Lead, doubt: bool) -> None:
    stopped(lakeside, lead.person_id, doubt=doubt, words="do not write to me")
    ConsentEvent.objects.update(sealed=b"damaged")
    status, page = _page(lakeside, lead)
    assert status == 200
    assert "The words cannot be opened." in page
    assert "sked us to stop" in page if not doubt else "Did they ask us to stop?" in page
    assert "knee replacement" in page


def test_words_of_a_consent(lakeside: Clinic, lead: Lead) -> None:
    assert lead.person_id
    proof = Proof("You may send me news.", source="staff")
    give(lakeside.number, lead.person_id, Given("email", "marketing"), proof, actor="user:1")
    Consent.objects.update(sealed=b"damaged")
    answer = browser(lakeside.organization, "manager").get(reverse("consent", args=[lead.person_id]))
    assert answer.status_code == 200
    assert "The words cannot be opened." in answer.content.decode()


def test_what_they_said(lakeside: Clinic, lead: Lead) -> None:
    Lead.objects.update(sealed=b"damaged")
    status, page = _page(lakeside, lead)
    assert status == 200
    assert "What they said cannot be opened." in page
    assert "hidden for your role" not in page
    assert "How good, and why" in page


def test_its_judgement(lakeside: Clinic, lead: Lead) -> None:
    Assessment.objects.update(sealed=b"damaged")
    status, page = _page(lakeside, lead)
    assert status == 200
    assert "Its judgement cannot be opened." in page
    assert "Received" in page
    assert reverse("submission", args=[lead.submission]) in page


@pytest.mark.parametrize("page", ["person", "consent", "same_person"])
def test_who_they_are(lakeside: Clinic, lead: Lead, page: str) -> None:
    other = lead_of(lakeside, "somebody.else@example.org").person_id
    Person.objects.filter(pk=lead.person_id).update(sealed=b"damaged")
    answer = browser(lakeside.organization, "manager").get(reverse(page, args=[lead.person_id]), {"other": other})
    assert answer.status_code == 200
    assert page == "consent" or "Name cannot be opened" in answer.content.decode()


def test_a_file_of_theirs_says_what_cannot_be_opened_and_gives_the_rest(lakeside: Clinic, lead: Lead) -> None:
    assert lead.person_id
    proof = Proof("You may send me news.", source="staff", address="ana.quillfeather@example.org")
    give(lakeside.number, lead.person_id, Given("email", "marketing"), proof, actor="user:1")
    Person.objects.update(sealed=b"damaged")
    Consent.objects.update(sealed=b"damaged", address=b"damaged")
    ConsentEvent.objects.update(sealed=b"damaged")
    given = export(lakeside.number, lead.person_id, actor="user:1")
    assert given["person"] == UNOPENED
    (consent,) = given["consents"]
    assert (consent["shown"], consent["address"], consent["source"]) == (UNOPENED, UNOPENED, "staff")
    assert [one["said"] for one in given["consent_history"]] == [UNOPENED]
