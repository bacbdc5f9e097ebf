"""What is said in a call of ours is heard, though the call is no lead: a stop is obeyed, danger is seen.
(promises C18, D23)"""

from __future__ import annotations

import pytest

from leadwell.server.consent.models import Suppression
from leadwell.server.intake.models import State
from leadwell.server.intake.tests.test_calls import OURS, THEIRS, Phones, phones  # noqa: F401  a fixture
from leadwell.server.leads.models import Lead

pytestmark = pytest.mark.django_db(databases="__all__")

SPOKE = {"CallSid": "CA9", "To": THEIRS, "From": OURS, "Direction": "outbound-api"}


@pytest.mark.parametrize("leg", [{}, {"Direction": "outbound-dial", "ParentCallSid": "CA8"}], ids=["alone", "a leg"])
def test_a_stop_that_is_spoken_in_a_call_of_ours_is_obeyed(phones: Phones, leg: dict[str, str]) -> None:  # noqa: F811
    phones.text("Hi, can you do my knee replacement?")
    [spoken] = phones.told(SPOKE | leg | {"TranscriptionText": "Please stop calling me, take me off your list."})
    assert spoken.state == State.NOT_A_LEAD
    assert Suppression.objects.of(phones.clinic.number).count() > 0
    assert Lead.objects.of(phones.clinic.number).count() == 1


@pytest.mark.parametrize("known", [True, False])
def test_danger_that_is_spoken_in_a_call_of_ours_is_seen(phones: Phones, *, known: bool) -> None:  # noqa: F811
    if known:
        phones.text("Hi, can you do my knee replacement?")
    [spoken] = phones.told(SPOKE | {"TranscriptionText": "I took all my pills and I want to die."})
    [lead] = Lead.objects.of(phones.clinic.number)
    assert lead.safety == "emergency"
    assert spoken.state == (State.JOINED if known else State.ASSESSED)
