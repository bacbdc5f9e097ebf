"""A patient of whom a later notice says that they have died is called no more than one of whom the first said so.
(promises A7, D22)"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import orjson
import pytest
from django.urls import reverse

from leadwell.server.conftest import Clinic, browser
from leadwell.server.consent.models import Suppression
from leadwell.server.consent.tests.test_known import CLOSED, answers
from leadwell.server.intake.accepting import Delivery, accept
from leadwell.server.intake.draining import drain
from leadwell.server.intake.tests.test_dead_or_tried import died
from leadwell.server.intake.tests.test_numbered import TOMAS, Sender, hospital, leads
from leadwell.server.intake.tests.test_orders_again import ORDER, Fhir, system

__all__ = ["hospital", "system"]

pytestmark = [pytest.mark.django_db(databases="__all__"), pytest.mark.usefixtures("at_noon")]

PATIENT: Mapping[str, Any] = ORDER["contained"][0]


def dead(**told: object) -> dict[str, Any]:
    return ORDER | {"contained": [{**PATIENT, **told}]}


def calls(clinic: Clinic, person: UUID | None) -> str:
    assert person is not None
    return answers(clinic, person)["call"]


def head(clinic: Clinic) -> str:
    (lead,) = leads()
    return browser(clinic.organization, "coordinator").get(reverse("lead", args=[lead.pk])).content.decode()


@pytest.mark.parametrize("told", [{"deceasedBoolean": True}, {"deceasedDateTime": "2026-11-20"}])
@pytest.mark.parametrize("method", ["POST", "PUT"])
def test_an_order_that_comes_again_of_a_patient_who_has_died(
    lakeside: Clinic, system: Fhir, told: dict[str, object], method: str
) -> None:
    _, number = system.posts(ORDER)
    (lead,) = leads()
    before = calls(lakeside, lead.person_id)
    body = dead(**told) | ({"id": number} if method == "PUT" else {})
    status, *_ = system.asks(method, "/ServiceRequest" + (f"/{number}" if method == "PUT" else ""), body)
    assert (before, status, calls(lakeside, lead.person_id)) == ("yes", 200, "never")
    assert "The patient is deceased" in head(lakeside)


@pytest.mark.parametrize("change", ["I12", "I13", "I14"])
def test_a_message_that_follows_of_a_patient_who_has_died(lakeside: Clinic, hospital: Sender, change: str) -> None:
    hospital.sends(TOMAS)
    (lead,) = leads()
    before = calls(lakeside, lead.person_id)
    assert b"|AA|" in hospital.sends(died(TOMAS, b""), change)
    assert (before, calls(lakeside, lead.person_id)) == ("yes", "never")
    assert "The patient is deceased" in head(lakeside)


def test_it_holds_for_every_lead_of_theirs(lakeside: Clinic, hospital: Sender) -> None:
    asked = {
        "full_name": "Tomas Sample", "phone": "312-555-0149", "birth_date": "1958-03-14", "zip": "60201",
        "message": "I would like physical therapy for my sprained ankle",
    }  # fmt: skip
    accept(lakeside.number, lakeside.source, [Delivery(orjson.dumps(asked))])
    drain()
    hospital.sends(TOMAS)
    hospital.sends(died(TOMAS, b"20260102"), "I13")
    assert [calls(lakeside, one.person_id) for one in leads()] == ["never", "never"]


def test_it_is_asked_once_and_not_by_each_notice(lakeside: Clinic, hospital: Sender) -> None:
    hospital.sends(TOMAS)
    hospital.sends(died(TOMAS, b""), "I13")
    assert Suppression.objects.of(lakeside.number).count() == 1
    hospital.sends(died(TOMAS, b"").replace(b"555-0149", b"555-0151"), "I13")
    assert Suppression.objects.of(lakeside.number).count() == 1


def test_a_wish_in_a_later_notice_is_heard_as_in_the_first(lakeside: Clinic, hospital: Sender) -> None:
    hospital.sends(TOMAS)
    (lead,) = leads()
    lines = TOMAS.replace(b"\n", b"\r").split(b"\r")
    noted = b"\r".join([*filter(None, lines), b"NTE|9||Never contact me again, please."])
    hospital.sends(noted, "I13")
    assert lead.person_id is not None
    assert answers(lakeside, lead.person_id) == CLOSED
