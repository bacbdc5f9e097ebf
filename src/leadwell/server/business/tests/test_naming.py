"""Whoever decides is named, called instead, and stays a person of their own. (promises B15, D23)"""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from leadwell.server.business.models import Colleague
from leadwell.server.business.naming import CannotName, Named, call_this, name_colleague, take_back
from leadwell.server.business.queries import others_of, told_by
from leadwell.server.business.tests.conftest import came
from leadwell.server.calls.actions import begin
from leadwell.server.conftest import Clinic, browser
from leadwell.server.consent.actions import stop
from leadwell.server.consent.models import Way
from leadwell.server.consent.saying import Saying
from leadwell.server.leads.dealings import called
from leadwell.server.leads.models import Event, Lead
from leadwell.server.leads.queries import current_assessment, lead_of
from leadwell.server.leads.verifying import Answer, Gone, verify
from leadwell.server.people.linking import linked
from leadwell.server.people.models import Person
from leadwell.server.privacy.held import erase, export

pytestmark = pytest.mark.django_db(databases="__all__")

RUTH = Named("Ruth Sample", "HR director", "614-555-0177", "", decides=True, agreed="Please call Ruth, she decides.")


def _finding(lead: Lead) -> str:
    said = current_assessment(lead.organization_id, lead.pk) or {}
    return str(said["dimensions"]["decision_maker"]["finding"])


def test_whoever_decides_is_called_from_then_on_and_the_first_is_kept(lead: Lead, actor: str) -> None:
    one, new = name_colleague(lead.organization_id, lead.pk, RUTH, actor=actor)
    assert new
    assert one.called
    whom = called(lead.organization_id, [lead.pk])[lead.pk]
    assert (whom.name, whom.phone) == ("Ruth Sample", "+16145550177")
    assert _finding(lead) == "not met"  # of whoever asked
    begun = begin(lead.organization_id, lead.pk, actor=actor)
    assert begun.attempt is not None
    assert begun.attempt.person == one.person != lead.person_id
    now = lead_of(lead.organization_id, lead.pk)
    assert now is not None
    assert now.person_id == lead.person_id


def test_the_first_is_called_again_with_one_button(lead: Lead, actor: str) -> None:
    one, _ = name_colleague(lead.organization_id, lead.pk, RUTH, actor=actor)
    assert call_this(lead.organization_id, lead.pk, None, actor=actor)
    assert called(lead.organization_id, [lead.pk]) == {}
    assert not call_this(lead.organization_id, lead.pk, None, actor=actor)
    assert call_this(lead.organization_id, lead.pk, one.pk, actor=actor)
    assert called(lead.organization_id, [lead.pk])[lead.pk].person == one.person


def test_a_second_click_names_nobody_twice(lead: Lead, actor: str) -> None:
    first, _ = name_colleague(lead.organization_id, lead.pk, RUTH, actor=actor)
    again, new = name_colleague(lead.organization_id, lead.pk, RUTH, actor=actor)
    assert (again.pk, new) == (first.pk, False)
    assert Person.objects.of(lead.organization_id).count() == 2


def test_they_are_never_one_person_with_whoever_asked_though_they_share_a_number(lead: Lead, actor: str) -> None:
    shared = Named("Ruth Sample", "HR director", "614-555-0112", "sample.asker@brightpallets.example", decides=True)
    one, _ = name_colleague(lead.organization_id, lead.pk, shared, actor=actor)
    assert one.person is not None
    assert lead.person_id not in linked(lead.organization_id, [one.person])[one.person]


def test_without_a_word_that_we_may_the_gate_says_no(lead: Lead, actor: str) -> None:
    name_colleague(lead.organization_id, lead.pk, Named("Ruth Sample", phone="614-555-0177"), actor=actor)
    begun = begin(lead.organization_id, lead.pk, actor=actor)
    assert begun.attempt is None
    assert begun.verdict is not None
    assert begun.verdict.answer == "never"


def test_nothing_said_by_another_opens_what_they_have_stopped(lead: Lead, actor: str) -> None:
    one, _ = name_colleague(lead.organization_id, lead.pk, RUTH, actor=actor)
    assert one.person is not None
    stop(lead.organization_id, one.person, Saying(Way.STAFF, actor, "never call me", address="614-555-0177"))
    other = Named("Ruth Sample", "owner", "614-555-0177", decides=True, agreed="Do call Ruth")
    name_colleague(lead.organization_id, lead.pk, other, actor=actor)
    begun = begin(lead.organization_id, lead.pk, actor=actor)
    assert begun.attempt is None


def test_one_without_a_number_is_named_and_nobody_else_is_called(lead: Lead, actor: str) -> None:
    one, _ = name_colleague(lead.organization_id, lead.pk, Named("Ruth Sample", decides=True), actor=actor)
    assert not one.called
    assert not call_this(lead.organization_id, lead.pk, one.pk, actor=actor)
    assert called(lead.organization_id, [lead.pk]) == {}


def test_naming_is_taken_back_within_ten_minutes(lead: Lead, actor: str) -> None:
    one, _ = name_colleague(lead.organization_id, lead.pk, RUTH, actor=actor)
    assert take_back(lead.organization_id, lead.pk, one.pk, actor=actor)
    assert not take_back(lead.organization_id, lead.pk, one.pk, actor=actor)
    assert called(lead.organization_id, [lead.pk]) == {}
    names = Event.objects.of(lead.organization_id).filter(lead=lead).values_list("name", flat=True)
    assert {"colleague.named", "colleague.taken-back"} <= set(names)


@pytest.mark.parametrize(
    ("named", "key"),
    [
        (Named(""), "name"),
        (Named("x" * 201), "name"),
        (Named("Ruth", "y" * 201), "role"),
        (Named("Ruth", phone="555"), "phone"),
        (Named("Ruth", phone="ruth@example.com"), "phone"),
        (Named("Ruth", email="nowhere"), "email"),
    ],
)
def test_what_cannot_be_is_said_at_its_field(lead: Lead, actor: str, named: Named, key: str) -> None:
    with pytest.raises(CannotName) as error:
        name_colleague(lead.organization_id, lead.pk, named, actor=actor)
    assert error.value.key == key
    assert not Colleague.objects.of(lead.organization_id).exists()


def test_a_patient_has_no_colleagues(alder: Clinic, actor: str) -> None:
    patient = came(alder, organization="", message="I need an MRI of my knee, the order is done", type="patient")
    with pytest.raises(Gone):
        name_colleague(alder.number, patient.pk, RUTH, actor=actor)


def test_nothing_of_anybodys_health_is_asked(lead: Lead, actor: str, dana: Client) -> None:
    answer = dana.post(reverse("verify_fact", args=[lead.pk]), {"column": "payer", "answer": "Aetna"})
    assert answer.status_code == 400
    page = dana.get(reverse("call", args=[lead.pk])).content.decode()
    assert "insurance" not in page.lower()
    assert "date of birth" not in page.lower()
    assert "Does the offer fit?" in dana.get(reverse("lead", args=[lead.pk])).content.decode()


def test_who_decides_is_answered_with_one_button_and_judged_at_once(lead: Lead, dana: Client) -> None:
    sent = {"column": "contact_decides", "answer": "yes", "to": "call"}
    answer = dana.post(reverse("verify_fact", args=[lead.pk]), sent)
    assert answer["Location"] == reverse("call", args=[lead.pk])
    assert _finding(lead) == "met"
    assert "decision maker known" in dana.get(reverse("lead", args=[lead.pk])).content.decode()


def test_who_decides_is_heard_from_their_words_and_shown_in_them(alder: Clinic, dana: Client) -> None:
    words = "We want an employer account for our drivers. Our HR director Ruth Sample decides. Thank you"
    lead = came(alder, message=words)
    assert _finding(lead) == "not met"
    page = dana.get(reverse("lead", args=[lead.pk])).content.decode()
    assert "Somebody else: “Our HR director Ruth Sample decides”" in page


def test_other_leads_of_the_organisation_are_shown_by_name_or_domain(alder: Clinic, lead: Lead, harbor: Clinic) -> None:
    by_name = came(alder, organization="BRIGHT PALLETS", email="", phone="614-555-0139", full_name="Another Sample")
    by_domain = came(
        alder, organization="", type="business", email="third@brightpallets.example", phone="614-555-0138",
        full_name="Third Sample",
    )  # fmt: skip
    other = came(alder, organization="Dark Pallets", email="a@gmail.com", phone="614-555-0137", full_name="No Kin")
    same_mail = came(
        alder, organization="", type="business", email="b@gmail.com", phone="614-555-0136", full_name="B B"
    )
    came(harbor)
    assert {one.pk for one in others_of(alder.number, lead.pk)} == {by_name.pk, by_domain.pk}
    assert others_of(alder.number, other.pk) == []
    assert others_of(alder.number, same_mail.pk) == []
    assert {one.person_id for one in (lead, by_name, by_domain)} == {
        by_name.person_id,
        by_domain.person_id,
        lead.person_id,
    }


def test_the_pages_show_and_take_it(lead: Lead, dana: Client) -> None:
    url = reverse("name_colleague", args=[lead.pk])
    page = dana.get(f"{url}?to=call").content.decode()
    assert "hr director" in page  # who decides on this offer
    wrong = dana.post(url, {"name": "Ruth Sample", "phone": "12"})
    assert wrong.status_code == 400
    assert "Write the whole number" in wrong.content.decode()
    sent = {"name": "Ruth Sample", "role": "HR director", "phone": "614-555-0177", "decides": "on", "to": "call"}
    done = dana.post(url, sent)
    assert done["Location"] == reverse("call", args=[lead.pk])
    shown = dana.get(reverse("lead", args=[lead.pk])).content.decode()
    assert "Somebody else: Ruth Sample, HR director" in shown
    one = Colleague.objects.of(lead.organization_id).get()
    assert dana.post(reverse("call_colleague", args=[lead.pk]), {}).status_code == 302
    assert dana.post(reverse("call_colleague", args=[lead.pk]), {"colleague": "nonsense"}).status_code == 404
    assert dana.post(reverse("take_back_colleague", args=[lead.pk]), {"colleague": str(one.pk)}).status_code == 302
    assert not Colleague.objects.of(lead.organization_id).filter(undone_at=None).exists()


def test_names_are_hidden_from_who_may_not_see_them(alder: Clinic, lead: Lead, actor: str) -> None:
    name_colleague(alder.number, lead.pk, RUTH, actor=actor)
    page = browser(alder.organization, "marketing").get(reverse("lead", args=[lead.pk])).content.decode()
    assert "Ruth" not in page
    assert "Bright Pallets" not in page


def test_an_erasure_of_whoever_asked_takes_their_colleague_along(lead: Lead, actor: str) -> None:
    one, _ = name_colleague(lead.organization_id, lead.pk, RUTH, actor=actor)
    assert lead.person_id is not None
    assert one.person is not None
    told = export(lead.organization_id, one.person, actor=actor)
    assert "Ruth Sample" in str(told)
    erase(lead.organization_id, lead.person_id, actor=actor)
    assert not Person.objects.of(lead.organization_id).exists()
    row = Colleague.objects.of(lead.organization_id).get()
    assert (bytes(row.sealed), row.person) == (b"", None)


def test_an_erasure_of_the_colleague_leaves_the_lead(lead: Lead, actor: str) -> None:
    one, _ = name_colleague(lead.organization_id, lead.pk, RUTH, actor=actor)
    assert one.person is not None
    erase(lead.organization_id, one.person, actor=actor)
    assert called(lead.organization_id, [lead.pk]) == {}
    now = lead_of(lead.organization_id, lead.pk)
    assert now is not None
    assert now.sealed
    assert begin(lead.organization_id, lead.pk, actor=actor).attempt is not None  # whoever asked is called again


def test_after_the_called_one_is_erased_the_one_before_is_called(lead: Lead, actor: str) -> None:
    first, _ = name_colleague(lead.organization_id, lead.pk, RUTH, actor=actor)
    silent = Named("Sample Silent")
    name_colleague(lead.organization_id, lead.pk, silent, actor=actor)
    second, _ = name_colleague(lead.organization_id, lead.pk, Named("Sample Later", phone="614-555-0178"), actor=actor)
    assert second.person is not None
    assert called(lead.organization_id, [lead.pk])[lead.pk].person == second.person
    erase(lead.organization_id, second.person, actor=actor)
    assert called(lead.organization_id, [lead.pk])[lead.pk].person == first.person


def test_who_names_a_second_who_decides_is_told_of_the_first(lead: Lead, actor: str, dana: Client) -> None:
    name_colleague(lead.organization_id, lead.pk, RUTH, actor=actor)
    said = {"name": "Sample Other", "decides": "on", "phone": "614-555-0179"}
    page = dana.post(reverse("name_colleague", args=[lead.pk]), said, follow=True).content.decode()
    assert "Ruth Sample was named before as who decides. Both stand here: say whom to call." in page


def test_signs_that_turn_text_round_are_left_out(lead: Lead, actor: str) -> None:
    turned = Named("Ruth\u202e \u200bSam\x07ple", "HR\u2066 director", "614-555-0177")
    one, _ = name_colleague(lead.organization_id, lead.pk, turned, actor=actor)
    told = told_by(one)
    assert told is not None
    assert (told["name"], told["role"]) == ("Ruth Sam ple", "HR director")


def test_a_role_is_a_fact_that_decides(lead: Lead, actor: str) -> None:
    assert _finding(lead) == "unknown"
    verify(lead.organization_id, lead.pk, Answer("contact_role", "Fleet manager"), actor=actor)
    assert _finding(lead) == "met"
