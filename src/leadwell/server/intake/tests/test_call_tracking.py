"""CallRail tells of a call when it rings, when it has ended and when more is known: one call is one lead. (promise A1)

The fields of each are those of CallRail's own list (“Information sent with webhooks”): one that only rings says
answered=false, duration=0 and call_type=missed, as one that nobody took.
"""

from __future__ import annotations

from itertools import permutations

import orjson
import pytest

from leadwell.server.conftest import Clinic
from leadwell.server.consent.models import Suppression
from leadwell.server.intake.accepting import Delivery, accept
from leadwell.server.intake.actions import add_source
from leadwell.server.intake.draining import drain
from leadwell.server.intake.ledger import ledger_of
from leadwell.server.intake.models import Source, State, Submission
from leadwell.server.leads.models import Lead
from leadwell.server.leads.queries import columns_of

pytestmark = pytest.mark.django_db(databases="__all__")

BEGINS = {
    "resource_id": "CAL1", "answered": False, "call_type": "missed", "customer_city": "Evanston",
    "customer_name": "Lopez Ana", "customer_phone_number": "+13125550147", "customer_state": "IL", "company_id": 1,
    "company_time_zone": "America/Chicago", "created_at": "2026-11-24T10:00:00-06:00", "direction": "inbound",
    "duration": 0, "formatted_duration": "0s", "first_call": True, "person_resource_id": "PER1", "prior_calls": 0,
    "source_name": "Knee page", "start_time": "2026-11-24T10:00:00-06:00", "total_calls": 1,
    "tracking_phone_number": "+13125550100", "voicemail": False,
}  # fmt: skip
ROUTED = BEGINS | {"business_phone_number": "+13125550101", "formatted_business_phone_number": "312-555-0101"}
MORE = {"recording": None, "recording_duration": None, "transcription": None, "note": None, "keywords": None,
        "medium": "Paid", "landing_page_url": "https://clinic.example/knee"}  # fmt: skip
ENDED = ROUTED | MORE | {"answered": True, "call_type": "first_call", "duration": 93}
MISSED = ROUTED | MORE | {"duration": 21}
HUNG_UP = ROUTED | MORE | {"call_type": "abandoned"}
TOLD_MORE = ENDED | {"recording": "https://app.callrail.example/r/1", "transcription": "I need a knee replacement"}
OLD = {"callernum": "+13125550147", "callername": "Lopez Ana", "id": 7, "datetime": "2026-11-24 16:00:00"}


@pytest.fixture
def source(lakeside: Clinic) -> Source:
    return add_source(lakeside.organization, "callrail", "Tracking", {"secrets": ["a-key"]})


def told(source: Source, *bodies: dict[str, object]) -> list[str]:
    made = [accept(source.organization_id, source.pk, [Delivery(orjson.dumps(one))])[0].id for one in bodies]
    while drain().submissions:
        pass
    assert ledger_of(source.organization_id).difference == 0
    return [Submission.objects.get(pk=one).state for one in made]


@pytest.mark.parametrize("body", [BEGINS, ROUTED, OLD, OLD | {"duration": "", "answered": ""}])
def test_a_call_that_only_rings_is_no_lead_yet_and_is_kept(source: Source, body: dict[str, object]) -> None:
    assert (told(source, body), Lead.objects.count()) == ([State.NOT_A_LEAD], 0)
    assert (Submission.objects.get().problem, bool(Submission.objects.get().sealed)) == ("a call under way", True)


@pytest.mark.parametrize(("body", "result"), [
    (ENDED, "completed"), (MISSED, "no-answer"), (HUNG_UP, "abandoned"), (MISSED | {"voicemail": True}, "voicemail"),
    (BEGINS | {"duration": 21}, "no-answer"), (OLD | {"duration": "34", "answered": "false"}, "no-answer"),
])  # fmt: skip
def test_once_it_has_ended_it_is_a_lead_whoever_took_it(source: Source, body: dict[str, object], result: str) -> None:
    assert told(source, BEGINS, body)[-1] == State.ASSESSED
    assert columns_of(Lead.objects.get())["extra.call_result"] == result


@pytest.mark.parametrize("order", list(permutations([BEGINS, ROUTED, ENDED, TOLD_MORE], 4))[::5])
def test_in_whatever_order_it_is_told_and_told_again_one_call_is_one_lead(
    source: Source, order: tuple[dict[str, object], ...]
) -> None:
    told(source, *order)
    told(source, *order[::-1])
    columns = columns_of(Lead.objects.get())
    assert (columns["message"], columns["extra.call_seconds"]) == ("I need a knee replacement", "93")
    assert (columns["extra.call_result"], columns["phone"]) == ("completed", "+13125550147")


def test_a_stop_that_is_spoken_in_a_call_of_ours_is_obeyed(source: Source) -> None:
    body = ENDED | {"direction": "outbound", "transcription": "Agent: hi. Caller: stop calling me"}
    assert (told(source, body), Lead.objects.count()) == ([State.NOT_A_LEAD], 0)
    assert Suppression.objects.of(source.organization_id).exists()
