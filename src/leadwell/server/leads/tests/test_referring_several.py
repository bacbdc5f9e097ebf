"""However a mail names its patient, or where it names nobody, it never joins what the mailbox asked before. (A3, B8)"""

from __future__ import annotations

import pytest

from leadwell.server.leads.models import Joined, Lead
from leadwell.server.leads.tests.test_referring import Arriving, arriving, stays_anas_own  # noqa: F401  a fixture
from leadwell.server.people.finding import found, understood
from leadwell.server.people.models import Doubt

pytestmark = pytest.mark.django_db(databases="__all__")

CORA = "Cora Lindqvist <cora@millbrook.example.org>"
SIGNED = "Cora, Millbrook Clinic 847-555-0150"
NAMED = {
    "Ignatius Pell": "Mr. Ignatius Pell is a 67 y.o. with left knee OA and would benefit from a knee replacement.",
    "Benedict Farrow": "One more: Benedict Farrow, knee replacement, Aetna.",
    "C. Delacroix-Smythe": "pt: C. Delacroix-Smythe needs TKA consult, call pt at 773-555-0151.",
    "Hortensia O'Malley": "Could you get Lady Hortensia O'Malley in for a knee replacement? Her daughter Brigid drives",
    "Mortimer O'Malley": "Could you get Sir Mortimer O'Malley in for a knee replacement? His daughter Brigid drives",
    "Lucinda Amberly": "I would like to schedule Lucinda Amberly for a knee replacement",
    "Rufus Tansley": "I saw Rufus Tansley today, he needs a knee replacement",
}  # fmt: skip
HURTS = "I want a knee replacement, my left knee hurts"
TWO = (
    "Please schedule two patients for knee replacement consults: "
    "Abner Quill (DOB 3/4/1951) 773-555-0152 and Selma Voss (DOB 5/6/1948) 773-555-0153."
)
UNTOLD = (
    "He needs a knee replacement, Medicare",
    "Left knee OA, failed injections, would benefit from a knee replacement",
    "I have another one who needs a knee replacement",
    "Her knee is bad too. Knee replacement?",
    "Any openings for a knee replacement?",
)


def _people(one: Arriving, name: str) -> list[object]:
    return [who.person for who in found(one.organization.pk, understood(name)).people]


def test_each_is_a_lead_of_whom_it_names_and_found_by_that_name(arriving: Arriving) -> None:  # noqa: F811
    for text in NAMED.values():
        arriving.mail(f"{text} {SIGNED}", sender=CORA)
    assert [one.get("patient_full_name") for one in arriving.leads()] == list(NAMED)
    assert {(one["referrer_name"], one["referrer_email"]) for one in arriving.leads()} == {
        ("Cora Lindqvist", "cora@millbrook.example.org")
    }
    for name in ("Ignatius Pell", "Hortensia O'Malley"):
        assert len(_people(arriving, name)) == 1


@pytest.mark.parametrize("first", ["We have a patient who needs a knee replacement", NAMED["Rufus Tansley"]])
def test_one_more_is_another_whoever_was_named_before(arriving: Arriving, first: str) -> None:  # noqa: F811
    number = arriving.mail(f"{first}. {SIGNED}", sender=CORA)
    arriving.mail(NAMED["Benedict Farrow"], sender=CORA, In_Reply_To=number)
    assert [one.get("patient_full_name") for one in arriving.leads()][1:] == ["Benedict Farrow"]


def test_several_patients_of_one_mail_are_several_leads(arriving: Arriving) -> None:  # noqa: F811
    arriving.mail(TWO, sender=CORA)
    told = [(one["patient_full_name"], one["patient_birth_date"], one["dialled"]) for one in arriving.leads()]
    assert told == [("Abner Quill", "3/4/1951", "+17735550152"), ("Selma Voss", "5/6/1948", "+17735550153")]
    assert _people(arriving, "Selma Voss") == _people(arriving, "773-555-0153")
    arriving.fill_in(full_name="Selma Voss", phone="773-555-0153", zip="60201", message="I want a knee replacement")
    assert Lead.objects.of(arriving.organization.pk).count() == 2
    assert Joined.objects.of(arriving.organization.pk).count() == 1


def test_one_more_in_an_answer_is_a_lead_of_its_own(arriving: Arriving) -> None:  # noqa: F811
    first = arriving.mail(NAMED["Ignatius Pell"], sender=CORA)
    arriving.mail(NAMED["Benedict Farrow"], sender=CORA, In_Reply_To=first)
    arriving.mail(TWO, sender=CORA, In_Reply_To=first)
    arriving.mail("Mornings are best for him.", sender=CORA, In_Reply_To=first)
    told = [one["patient_full_name"] for one in arriving.leads()]
    assert told == ["Ignatius Pell", "Benedict Farrow", "Abner Quill", "Selma Voss"]


def test_a_mail_that_may_be_of_another_is_a_lead_of_its_own_in_doubt(arriving: Arriving) -> None:  # noqa: F811
    arriving.mail(HURTS, sender=CORA, subject="Knee")
    for text in UNTOLD:
        arriving.mail(f"{text}. {SIGNED}", sender=CORA, subject="Knee")
    leads = list(Lead.objects.of(arriving.organization.pk).order_by("received_at", "pk"))
    assert len(leads) == 1 + len(UNTOLD)
    asked = [one for one in leads[1:] if one.type != "referral"]
    assert asked
    assert all(one.may_repeat is not None for one in asked)
    assert Doubt.objects.of(arriving.organization.pk).exists()
    arriving.fill_in(full_name="Cora Lindqvist", email="cora@millbrook.example.org", message="knee replacement please")
    assert (
        Lead.objects.of(arriving.organization.pk).filter(joined__gt=0).values_list("pk", flat=True).get() == leads[0].pk
    )


@pytest.mark.parametrize(
    "again", ["Hello, I still want a knee replacement", "When can you see me for my knee? I have Medicare"]
)
def test_who_surely_asks_for_themselves_again_joins(arriving: Arriving, again: str) -> None:  # noqa: F811
    arriving.mail(HURTS, sender="Ana Ruiz <ana@example.com>", subject="Knee")
    arriving.mail(again, sender="Ana Ruiz <ana@example.com>", subject="Knee")
    assert Lead.objects.of(arriving.organization.pk).count() == 1


@pytest.mark.parametrize(
    "text",
    [
        "My doctor, Mr. Alan Fenwick, said I need a knee replacement",
        "I saw Jane Smith at her office and my knee needs a replacement",
        "My mother needs a knee replacement, she is 81",
        "Dr. Jane Smith has referred me for my knee",
    ],
)
def test_who_names_others_and_asks_for_their_own_is_no_referrer(arriving: Arriving, text: str) -> None:  # noqa: F811
    stays_anas_own(arriving, text)
