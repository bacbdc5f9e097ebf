"""The page of a lead dials no number that was found to be wrong, also where whoever asked has another."""

import pytest

from leadwell.server.calls.actions import Made, note_attempt
from leadwell.server.calls.ending import Ended
from leadwell.server.conftest import Clinic, browser, member
from leadwell.server.consent.tests.test_known import ANA, lead

pytestmark = [pytest.mark.django_db(databases="__all__"), pytest.mark.usefixtures("at_noon")]


def test_of_two_numbers_the_one_that_is_not_wrong_is_dialled_alone(lakeside: Clinic) -> None:
    asked = lead(lakeside, phone="312-555-0163", full_name="Somebody Else", email="else@example.com")
    other = lead(lakeside, phone="312-555-0163", phone_2=ANA["phone"])
    actor = member(lakeside.organization, "coordinator").actor
    note_attempt(lakeside.number, asked.pk, Made(Ended("wrong-number")), actor=actor)
    page = browser(lakeside.organization, "coordinator").get(f"/leads/{other.pk}").content.decode()
    assert "tel:+13125550163" not in page
    assert "No call: Somebody here tried this number" in page
