"""Of several who asked for one lead each takes back its own request: the others' stands, and so does the lead until all
are taken back. (promises A1, A2, D21)"""

from __future__ import annotations

import orjson
import pytest
from django.urls import reverse

from leadwell.server.conftest import Clinic, browser
from leadwell.server.intake.accepting import Delivery, accept
from leadwell.server.intake.draining import drain
from leadwell.server.intake.parting import part_from_lead
from leadwell.server.intake.tests.test_numbered import Sender
from leadwell.server.intake.tests.test_orders_again import Fhir
from leadwell.server.intake.tests.test_other_patients import JOHN, fhir_of, hl7_of
from leadwell.server.leads.models import Joined, Lead
from leadwell.server.leads.queries import columns_of, own_columns
from leadwell.server.leads.taken_back import taken_back

pytestmark = pytest.mark.django_db(databases="__all__")

A: bytes = hl7_of(JOHN)
B: bytes = hl7_of({**JOHN, "number": "zz9"}).replace(b"EHR|NORTH", b"EPIC|SOUTH").replace(b"R-17", b"99")
B = B.replace(b"^^^NORTH^", b"^^^SOUTH^").replace(b"North Clinic", b"South Clinic")


def asks_by_form(clinic: Clinic) -> None:
    said = {"full_name": "John Vance", "birth_date": JOHN["born"], "phone": JOHN["phone"], "zip": JOHN["zip"],
            "service": "Knee replacement consultation"}  # fmt: skip
    accept(clinic.number, clinic.source, [Delivery(orjson.dumps(said))])
    while drain().submissions:
        pass


def lead() -> Lead:
    return Lead.objects.get()


def page(clinic: Clinic) -> str:
    return browser(clinic.organization, "coordinator").get(reverse("lead", args=[lead().pk])).content.decode()


def stands(clinic: Clinic) -> tuple[bool, bool, bool]:
    """Whether it waits for somebody, is called withdrawn, and says that one of several took theirs back."""
    shown = page(clinic)
    return bool(lead().queue), "Withdrawn by the referrer" in shown, "South took its referral back" in shown


def test_what_one_hospital_takes_back_stays_the_others(lakeside: Clinic) -> None:
    north, south = Sender(lakeside), Sender(lakeside, "South")
    north.sends(A)
    south.sends(B)
    south.sends(B, "I14")
    assert columns_of(lead())["referrer_organization"] == "North Clinic"
    assert stands(lakeside) == (True, False, True)
    assert b"RF1|P" in north.sends(A, "I15")
    assert b"RF1|E" in south.sends(B, "I15")
    north.sends(A, "I14")
    assert (lead().resting, stands(lakeside)[:2]) == ("withdrawn", (False, True))
    assert b"RF1|E" in north.sends(A, "I15")
    south.sends(B)
    assert bool(lead().queue)
    assert b"RF1|P" in south.sends(B, "I15")
    assert b"RF1|E" in north.sends(A, "I15")


def test_the_hospital_that_came_first_takes_back_its_own_too(lakeside: Clinic) -> None:
    north, south = Sender(lakeside), Sender(lakeside, "South")
    north.sends(A)
    south.sends(B)
    north.sends(A, "I14")
    assert stands(lakeside)[:2] == (True, False)
    assert b"RF1|E" in north.sends(A, "I15")
    assert b"RF1|P" in south.sends(B, "I15")


def test_of_two_referrals_of_one_hospital_that_are_one_lead_one_is_taken_back(lakeside: Clinic) -> None:
    north, again = Sender(lakeside), A.replace(b"R-17", b"R-18")
    for body, change in ((A, "I12"), (again, "I12"), (again, "I14")):
        north.sends(body, change)
    assert stands(lakeside)[:2] == (True, False)
    assert b"RF1|P" in north.sends(A, "I15")
    assert b"RF1|E" in north.sends(again, "I15")


def test_an_order_that_is_revoked_leaves_what_came_by_hl7(lakeside: Clinic) -> None:
    north, system = Sender(lakeside), Fhir(lakeside)
    north.sends(A)
    order = fhir_of(JOHN)
    _, number = system.posts(order)
    system.asks("PUT", f"/ServiceRequest/{number}", order | {"status": "revoked"})
    assert (stands(lakeside), system.task(number)) == ((True, False, True), "cancelled")
    assert b"RF1|P" in north.sends(A, "I15")
    system.posts(order)
    assert system.task(number) == "received"


@pytest.mark.parametrize("first", ["form", "referral", "withdrawal"])
def test_a_patient_who_asked_by_form_goes_on_asking(lakeside: Clinic, first: str) -> None:
    south, steps = Sender(lakeside, "South"), ["referral", "withdrawal"]
    for step in [*steps[: ["form", "referral", "withdrawal"].index(first)], "form"]:
        asks_by_form(lakeside) if step == "form" else south.sends(B, "I12" if step == "referral" else "I14")
    for step in steps[["form", "referral", "withdrawal"].index(first) :]:
        south.sends(B, "I12" if step == "referral" else "I14")
    assert stands(lakeside)[:2] == (True, False)
    assert b"RF1|E" in south.sends(B, "I15")


@pytest.mark.parametrize("before", [True, False], ids=["withdrawn before", "withdrawn after"])
def test_what_is_parted_takes_its_number_and_what_was_said_of_it_along(lakeside: Clinic, *, before: bool) -> None:
    north = Sender(lakeside)
    asks_by_form(lakeside)
    north.sends(A)
    if before:
        north.sends(A, "I14")
    form = lead()
    parted = part_from_lead(lakeside.number, Joined.objects.get(lead=form.pk).pk, actor="user:1")
    assert parted is not None
    if not before:
        north.sends(A, "I14")
    form, referral = (Lead.objects.get(pk=one.pk) for one in (form, parted))
    assert (bool(form.queue), referral.resting) == (True, "withdrawn")
    assert set(taken_back(lakeside.number, [form.pk, parted.pk])) == {parted.pk}
    assert b"RF1|E" in north.sends(A, "I15")
    north.sends(A.replace(JOHN["phone"].encode(), b"773-555-0188"), "I13")
    assert columns_of(Lead.objects.get(pk=parted.pk))["phone"] == "773-555-0188"
    assert columns_of(Lead.objects.get(pk=form.pk))["phone"] == JOHN["phone"]
    assert b"RF1|P" in north.sends(A, "I15")
    assert Lead.objects.get(pk=parted.pk).queue


def test_what_another_hospital_corrects_is_its_own_referral(lakeside: Clinic) -> None:
    north, south = Sender(lakeside), Sender(lakeside, "South")
    north.sends(A)
    south.sends(B)
    south.sends(B.replace(JOHN["phone"].encode(), b"773-555-0188"), "I13")
    own = own_columns(lead())
    assert (own["phone"], own["referrer_organization"], own.get("phone_2")) == (JOHN["phone"], "North Clinic", None)
    assert columns_of(lead())["phone_2"] == "773-555-0188"
    parted = part_from_lead(lakeside.number, Joined.objects.get().pk, actor="user:1")
    assert parted is not None
    assert columns_of(parted)["phone"] == "773-555-0188"
    assert "773-555-0188" not in columns_of(Lead.objects.exclude(pk=parted.pk).get()).values()
