"""An employer who asks, and whoever answers them."""

from __future__ import annotations

from typing import Any

import orjson
import pytest
from django.test import Client

from leadwell import playbook
from leadwell.server.conftest import Clinic, browser, clinic, member
from leadwell.server.intake.accepting import Delivery, accept
from leadwell.server.intake.draining import drain
from leadwell.server.leads.models import Lead
from leadwell.server.playbooks.actions import publish, upload
from leadwell.server.tests.standing import stands

POLICY = "diagnostics-occupational"
ASKED = {
    "full_name": "Sample Asker", "phone": "614-555-0112", "email": "sample.asker@brightpallets.example",
    "organization": "Bright Pallets, Inc.", "zip": "43215",
    "message": "We want an employer account for our drivers: physicals and drug screens.",
}  # fmt: skip


def came(at: Clinic, **more: Any) -> Lead:
    """One more business lead."""
    before = set(Lead.objects.of(at.number).values_list("pk", flat=True))
    accept(at.number, at.source, [Delivery(orjson.dumps(ASKED | more))])
    drain()
    return Lead.objects.of(at.number).exclude(pk__in=before).get()


@stands
def alder(at_noon: None) -> Clinic:
    """A clinic with work health for employers, whose clocks stand in Chicago."""
    made = clinic("alder", POLICY)
    publish(upload(made.organization, playbook.find(POLICY).replace(b"America/New_York", b"America/Chicago")))
    return made


@stands
def lead(alder: Clinic) -> Lead:
    return came(alder)


@pytest.fixture
def dana(alder: Clinic) -> Client:
    return browser(alder.organization, "coordinator")


@pytest.fixture
def actor(alder: Clinic) -> str:
    return member(alder.organization, "coordinator").actor
